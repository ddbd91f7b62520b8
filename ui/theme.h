// The two looks of the program: Fusion with our palettes and a small style sheet (resources/themes/precordia.qss).
// Text on its ground has a contrast of at least 7 : 1, quiet text 4.5 : 1.
//   thread rule  GUI thread only
#pragma once

#include <QPalette>

#include "ui/state/settings.h"

class QApplication;

namespace cxr::ui {

QPalette paletteOf(Theme theme);
void applyTheme(QApplication& application, Theme theme);

}  // namespace cxr::ui
