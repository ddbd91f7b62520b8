// Our icons: one-colour SVG drawings in resources/icons, painted in the text colour of the present palette, so that
// one file serves the dark and the light theme, enabled and disabled.
//   thread rule  GUI thread only
#pragma once

#include <QIcon>
#include <QString>

namespace cxr::ui {

// Makes the files of resources/cxr.qrc known (a static library's resources are not, by themselves). Cheap after the first call.
void initResources();

// REQUIRES: resources/icons/<name>.svg exists.
QIcon themedIcon(const QString& name);
[[nodiscard]] bool hasIcon(const QString& name);

}  // namespace cxr::ui
