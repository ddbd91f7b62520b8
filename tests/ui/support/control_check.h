// What every control of ours must have: a name for tests, a name for screen readers, a tooltip, a way in by keyboard.
#pragma once

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QSlider>
#include <QStringList>
#include <QToolButton>
#include <QWidget>

namespace cxr::ui::test {

inline bool isControl(const QWidget* widget) {
    if (widget->objectName().startsWith(QStringLiteral("qt_"))) return false;  // inner parts of Qt's own widgets
    if (qobject_cast<const QScrollBar*>(widget)) return false;
    if (widget->inherits("QLineEdit") && widget->parentWidget()->inherits("QAbstractSpinBox")) return false;
    if (widget->parentWidget() && widget->parentWidget()->inherits("QTabBar")) return false;
    if (widget->parentWidget() && widget->parentWidget()->inherits("QLineEdit")) return false;  // its clear button
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
           qobject_cast<const QComboBox*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
           qobject_cast<const QSlider*>(widget);
}

// One line for each fault; empty = all is well.
inline QStringList controlFaults(const QWidget& window) {
    QStringList faults;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        if (!isControl(widget)) continue;
        const QString who =
            QStringLiteral("%1 '%2'").arg(QLatin1String(widget->metaObject()->className()), widget->objectName());
        if (widget->objectName().isEmpty()) faults << who + QStringLiteral(": no objectName");
        if (widget->accessibleName().isEmpty()) faults << who + QStringLiteral(": no accessible name");
        if (widget->toolTip().isEmpty()) faults << who + QStringLiteral(": no tooltip");
        if (!(widget->focusPolicy() & Qt::TabFocus)) faults << who + QStringLiteral(": not reached by Tab");
    }
    return faults;
}

}  // namespace cxr::ui::test
