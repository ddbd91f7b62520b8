// Parsing of precordia's arguments, without an application object. See arguments.h.
#include "app/gui/arguments.h"

#include <QCommandLineParser>
#include <QRegularExpression>

namespace cxr::gui {

namespace {

constexpr int kLeastSidePx = 320;
constexpr int kMostSidePx = 8192;

Error invalid(const QString& sentence) { return Error{ErrorCode::InvalidArgument, sentence.toStdString()}; }

void addOptions(QCommandLineParser& parser) {
    parser.addOptions({{"sample", "Open the synthetic sample film."},
                       {"screenshot", "Write a picture of the window after the analysis, then quit.", "file.png"},
                       {"size", "Size of the window in the picture, for example 1600x1000.", "WxH"},
                       {"theme", "dark or light.", "name"},
                       {"trace-startup", "Print milliseconds since the start of the process and the longest blocks of the window, then quit."},
                       {"no-settings", "Start from the defaults and remember nothing."},
                       {{"v", "version"}, "Print the version."},
                       {{"h", "help"}, "Print this help."}});
    parser.addPositionalArgument("films", "DICOM, PNG, TIFF or JPEG films, or folders of them.", "[FILE|FOLDER...]");
    parser.setApplicationDescription(
        "Precordia, a chest X-ray viewer that shows its reasons. Not for diagnostic use.\n\n"
        "Example: precordia film.dcm folder/\n"
        "Example: precordia --screenshot window.png --theme light film.dcm");
}

Result<Done> readSize(const QString& text, QSize& size) {
    const auto match = QRegularExpression(QStringLiteral("^(\\d{1,5})x(\\d{1,5})$")).match(text);
    const QSize wanted(match.captured(1).toInt(), match.captured(2).toInt());
    const bool isInRange = match.hasMatch() && std::min(wanted.width(), wanted.height()) >= kLeastSidePx &&
                           std::max(wanted.width(), wanted.height()) <= kMostSidePx;
    if (!isInRange) return invalid(QStringLiteral("--size needs WIDTHxHEIGHT, each from %1 to %2.").arg(kLeastSidePx).arg(kMostSidePx));
    size = wanted;
    return Done{};
}

Result<Done> readTheme(const QString& name, std::optional<ui::Theme>& theme) {
    if (name != "dark" && name != "light") return invalid(QStringLiteral("--theme is dark or light."));
    theme = name == "light" ? ui::Theme::Light : ui::Theme::Dark;
    return Done{};
}

}  // namespace

Result<Arguments> parseArguments(const QStringList& words) {
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"precordia"} + words)) return invalid(parser.errorText());
    Arguments arguments;
    arguments.paths = parser.positionalArguments();
    arguments.sample = parser.isSet("sample");
    arguments.screenshot = parser.value("screenshot");
    arguments.traceStartup = parser.isSet("trace-startup");
    arguments.noSettings = parser.isSet("no-settings");
    arguments.showVersion = parser.isSet("version");
    arguments.showHelp = parser.isSet("help");
    if (parser.isSet("size")) {
        const auto read = readSize(parser.value("size"), arguments.size);
        if (!read) return read.error();
    }
    if (parser.isSet("theme")) {
        const auto read = readTheme(parser.value("theme"), arguments.theme);
        if (!read) return read.error();
    }
    if (parser.isSet("screenshot") && arguments.screenshot.isEmpty()) return invalid("--screenshot needs the name of the picture.");
    return arguments;
}

QString helpText() {
    QCommandLineParser parser;
    addOptions(parser);
    return parser.helpText();
}

}  // namespace cxr::gui
