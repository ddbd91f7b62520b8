// ViewLinks: film views that move together: pan, zoom, window and cursor.
//   place    each view knows where its picture lies on the film that all refer to: reference = offset + scale * picture
//   window   is shared by views of the reference film itself
//   loops    following emits nothing; a new size of the views is followed by all of them at once
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <optional>
#include <vector>

#include "core/base/geometry.h"
#include "core/image/image.h"

namespace cxr::ui {

class FilmView;

struct LinkedView {
    FilmView* view = nullptr;
    double scale = 1;    // reference px per picture px
    PointPx offset;      // of the picture's corner, reference px
    bool isReference = true;
};

class ViewLinks : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;

    // Views of before are let go.
    void setViews(std::vector<LinkedView> views);
    // All views show what fits, or what they showed before their size changed.
    void settle();
    void fit();

  Q_SIGNALS:
    // where the mouse is, reference px
    void cursorMoved(bool inside, cxr::PointPx reference);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;  // a view's size changes

  private:
    void follow(const LinkedView& leader);
    void followVoi(const LinkedView& leader, const VoiSetting& voi);
    void mark(const LinkedView& leader, bool inside, PointPx picture);
    void apply(const LinkedView& follower) const;

    std::vector<LinkedView> m_views;
    bool m_isFollowing = false;
    bool m_isSettling = false;  // sizes change: what views say of themselves is not the reader's wish
    bool m_isFitted = true;
    double m_zoom = 1;  // screen px per reference px
    PointPx m_centre;   // reference px
};

}  // namespace cxr::ui
