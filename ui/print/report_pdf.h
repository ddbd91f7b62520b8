// The report's PDF in memory; writeReportPdf (ui/print/findings_painter.h) writes the same to a file.
//   thread rule  a thread that may paint; needs a QGuiApplication
#pragma once

#include <cstddef>
#include <vector>

#include "core/report/report.h"

namespace cxr::ui {

// Empty if it could not be painted.
std::vector<std::byte> reportPdf(const Report& report);

}  // namespace cxr::ui
