// Room for a text among others: the nearest place where it covers nothing that is there already.
//   ways    up, down, left and right past whatever is in the way; the shortest that ends inside of the area wins
//   none    where no way does, or the text lies outside from the beginning (a magnified film): it stays
// Pure function; thread-safe.
#pragma once

#include <QRectF>
#include <vector>

namespace cxr::ui {

// All in the same units. Empty rectangles in `taken` are nobody's.
QRectF freePlace(const QRectF& wanted, const std::vector<QRectF>& taken, const QRectF& area);

}  // namespace cxr::ui
