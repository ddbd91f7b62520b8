// Palettes and style sheet. See theme.h.
#include "ui/theme.h"

#include <QApplication>
#include <QFile>
#include <QStyle>
#include <QStyleFactory>

#include "ui/icons.h"

namespace cxr::ui {

namespace {

struct ThemeColors {
    const char* window;      // panels, bars
    const char* base;        // lists, inputs
    const char* alternate;   // hovered rows, cards
    const char* button;
    const char* border;
    const char* text;
    const char* quietText;   // second lines, placeholders
    const char* disabled;
    const char* accent;      // selection, focus
    const char* accentText;  // on accent
    const char* link;
    const char* danger;      // errors
    const char* selection;   // ground of the selected row
};

constexpr ThemeColors kDark{"#1a1d21", "#131619", "#23272c", "#2a2f35", "#353b42", "#e4e8ec", "#a3adb8",
                            "#666f79", "#3aa6b9", "#06181b", "#6cc9d8", "#ff8a80", "#1f4a53"};
constexpr ThemeColors kLight{"#f1f3f5", "#ffffff", "#e6eaee", "#e9edf0", "#c3cad1", "#1b2127", "#515c67",
                             "#98a2ac", "#0b7285", "#ffffff", "#0b6475", "#b3261e", "#cfe8ed"};

const ThemeColors& colorsOf(Theme theme) { return theme == Theme::Light ? kLight : kDark; }

QString styleSheetOf(const ThemeColors& colors) {
    QFile file(QStringLiteral(":/themes/precordia.qss"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char*, const char*> names[] = {
        {"@window", colors.window},       {"@base", colors.base},     {"@alternate", colors.alternate},
        {"@button", colors.button},       {"@border", colors.border}, {"@quietText", colors.quietText},
        {"@disabled", colors.disabled},   {"@accentText", colors.accentText}, {"@accent", colors.accent},
        {"@danger", colors.danger},       {"@selection", colors.selection},   {"@text", colors.text},
    };
    for (const auto& [name, color] : names) sheet.replace(QLatin1String(name), QLatin1String(color));
    return sheet;
}

}  // namespace

QPalette paletteOf(Theme theme) {
    const ThemeColors& c = colorsOf(theme);
    QPalette palette{QColor(c.button), QColor(c.window)};
    const auto set = [&palette](QPalette::ColorRole role, const char* color) { palette.setColor(role, QColor(color)); };
    set(QPalette::Window, c.window);
    set(QPalette::WindowText, c.text);
    set(QPalette::Base, c.base);
    set(QPalette::AlternateBase, c.alternate);
    set(QPalette::Text, c.text);
    set(QPalette::PlaceholderText, c.quietText);
    set(QPalette::Button, c.button);
    set(QPalette::ButtonText, c.text);
    set(QPalette::BrightText, c.danger);
    set(QPalette::Mid, c.border);
    set(QPalette::Highlight, c.accent);
    set(QPalette::HighlightedText, c.accentText);
    set(QPalette::Link, c.link);
    set(QPalette::LinkVisited, c.link);
    set(QPalette::ToolTipBase, c.alternate);
    set(QPalette::ToolTipText, c.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, QColor(c.disabled));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(c.border));
    return palette;
}

void applyTheme(QApplication& application, Theme theme) {
    initResources();
    if (application.style()->objectName().compare("fusion", Qt::CaseInsensitive) != 0) {
        application.setStyle(QStyleFactory::create("Fusion"));
    }
    application.setPalette(paletteOf(theme));
    application.setStyleSheet(styleSheetOf(colorsOf(theme)));
}

}  // namespace cxr::ui
