// Small parts that the panels and dialogs share.
#include "ui/panels/panel_parts.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QPainter>
#include <QScrollBar>

namespace cxr::ui {

Card::Card(const QString& objectName, QWidget* parent) : QFrame(parent) {
    setObjectName(objectName);
    setFrameShape(QFrame::NoFrame);
}

void Card::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::Mid), 1));
    painter.setBrush(palette().color(QPalette::AlternateBase));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

QLabel* wrappedText(const QString& objectName, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::ClickFocus);  // a reading text, not a stop of the Tab key
    label->setMinimumWidth(1);
    return label;
}

namespace {

class WheelGuard : public QObject {
  public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus()) return false;
        event->ignore();  // goes on to the parent
        return true;
    }
};

}  // namespace

void leaveWheelToPanel(QWidget* root) {
    auto* guard = new WheelGuard(root);
    for (QWidget* part : root->findChildren<QWidget*>()) {
        const bool hasValue = qobject_cast<QAbstractSlider*>(part) || qobject_cast<QAbstractSpinBox*>(part) || qobject_cast<QComboBox*>(part);
        if (!hasValue || qobject_cast<QScrollBar*>(part)) continue;
        if (part->focusPolicy() == Qt::WheelFocus) part->setFocusPolicy(Qt::StrongFocus);
        part->installEventFilter(guard);
    }
}

QLabel* sectionTitle(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setContentsMargins(0, 4, 0, 0);
    return label;
}

FactRows::FactRows(const QString& objectName, QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    setObjectName(objectName);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(0, 88);
}

void FactRows::addRow(const QString& objectName, const QString& key, const QString& toolTip) {
    auto* name = new QLabel(key, this);
    name->setForegroundRole(QPalette::PlaceholderText);
    name->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* text = wrappedText(objectName, this);
    text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    name->setBuddy(text);
    const int row = static_cast<int>(m_rows.size());
    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(text, row, 1);
    m_rows.push_back({name, text, toolTip});
    show(m_rows.back(), {}, {});
}

// A row that appears or goes makes the whole window lay itself out again, at once: only what is new is touched.
void FactRows::setValue(const QString& objectName, const QString& value, const QString& toolTip) {
    for (const Row& row : m_rows)
        if (row.value->objectName() == objectName && !isShown(row, value, toolTip)) show(row, value, toolTip);
}

QString FactRows::value(const QString& objectName) const {
    for (const Row& row : m_rows)
        if (row.value->objectName() == objectName) return row.value->text();
    return {};
}

bool FactRows::isShown(const Row& row, const QString& text, const QString& toolTip) {
    return row.value->text() == text && row.value->toolTip() == tipOf(row, toolTip);
}

QString FactRows::tipOf(const Row& row, const QString& toolTip) { return toolTip.isEmpty() ? row.defaultToolTip : toolTip; }

void FactRows::show(const Row& row, const QString& text, const QString& toolTip) {
    row.value->setText(text);
    row.value->setAccessibleName(row.key->text() + QStringLiteral(": ") + text);
    for (QLabel* label : {row.key, row.value}) {
        label->setToolTip(tipOf(row, toolTip));
        label->setVisible(!text.isEmpty());
    }
}

}  // namespace cxr::ui
