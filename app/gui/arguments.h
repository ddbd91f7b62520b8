// The command line of precordia.
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>

#include "core/base/result.h"
#include "ui/state/settings.h"

namespace cxr::gui {

struct Arguments {
    QStringList paths;            // films and folders
    bool sample = false;          // open the phantom
    QString screenshot;           // picture to write, then quit; empty: none
    QSize size{1600, 1000};       // of the window in a screenshot
    std::optional<ui::Theme> theme;
    bool traceStartup = false;
    bool noSettings = false;      // nothing is remembered
    bool showVersion = false;
    bool showHelp = false;
    // Runs that end by themselves start from the defaults, whatever the user chose.
    [[nodiscard]] bool isBatch() const { return !screenshot.isEmpty() || traceStartup; }
};

// `words` without the program's name. fails InvalidArgument with a sentence for stderr.
Result<Arguments> parseArguments(const QStringList& words);
QString helpText();

}  // namespace cxr::gui
