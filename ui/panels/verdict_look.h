// How a verdict looks: a word, a sign and a colour that reads on the given background. Never colour alone.
//   thread rule  GUI thread only (pixmaps)
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

#include "core/measure/chest.h"

namespace cxr::ui {

// What the badge says; Uncertain hides the verdict.
enum class FindingTone { None, Good, Doubtful, Bad, Uncertain };

FindingTone toneOf(const ChestMeasurement& measurement);
// "Normal", "Borderline", "Enlarged", "Mask uncertain", "Not measured".
QString wordOf(const ChestMeasurement& measurement);
// Contrast of at least 4.5 : 1 against the palette's window colour.
QColor toneColor(FindingTone tone, const QPalette& palette);
// Circle with check, triangle with "!", octagon with "!", circle with "?", dash. `sizePx` in logical pixels.
QPixmap tonePixmap(FindingTone tone, const QColor& color, int sizePx, double devicePixelRatio);

bool isDark(const QPalette& palette);

}  // namespace cxr::ui
