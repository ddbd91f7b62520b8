// CompanionBar: see companion_bar.h.
#include "ui/panels/companion_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/print/companion_painter.h"

namespace cxr::ui {

namespace {

QFrame* makeStrip(const QString& name, QWidget* parent) {
    auto* frame = new QFrame(parent);
    frame->setObjectName(name);
    frame->setFrameShape(QFrame::NoFrame);
    auto* layout = new QHBoxLayout(frame);
    layout->setContentsMargins(12, 4, 8, 4);
    frame->hide();
    return frame;
}

QString quoted(const std::string& text) { return text.empty() ? QString() : QStringLiteral(" \u201c%1\u201d").arg(QString::fromStdString(text)); }

// "Segmentation HEART_LUNGS by Precordia of 2026-11-21".
QString shortName(const ObjectFacts& facts, const QString& what) {
    QString name = what + quoted(facts.label);
    if (!facts.creator.empty()) name += CompanionBar::tr(" by %1").arg(QString::fromStdString(facts.creator));
    if (!facts.date.empty()) name += CompanionBar::tr(" of %1").arg(QString::fromStdString(facts.date));
    return name;
}

QString stateText(const CompanionPtr& object, bool isOn) {
    const ObjectFacts& facts = object->facts;
    switch (facts.kind) {
        case ObjectKind::PresentationState:
            return isOn ? appliedText(*object->presentation) : shortName(facts, CompanionBar::tr("Presentation state")) + CompanionBar::tr(": not applied");
        case ObjectKind::Segmentation:
            return shortName(facts, CompanionBar::tr("Segmentation")) +
                   (!isOn         ? CompanionBar::tr(": not shown")
                    : facts.isOwn ? CompanionBar::tr(" over the film, in place of the findings of now")
                                  : CompanionBar::tr(" over the film"));
        default:
            return shortName(facts, CompanionBar::tr("Parametric map")) + (isOn ? CompanionBar::tr(" over the film") : CompanionBar::tr(": not shown"));
    }
}

}  // namespace

CompanionBar::CompanionBar(Companions& companions, FilmSession& session, QWidget* parent)
    : QWidget(parent), m_companions(companions), m_session(session) {
    setObjectName(QStringLiteral("companionBar"));
    setAccessibleName(tr("What lies over the film"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_rows = {makeRow(ObjectKind::PresentationState, QStringLiteral("presentation"), tr("presentation state")),
              makeRow(ObjectKind::Segmentation, QStringLiteral("segmentation"), tr("segmentation")),
              makeRow(ObjectKind::ParametricMap, QStringLiteral("parametricMap"), tr("parametric map"))};
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        column->addWidget(m_rows[i].frame);
        connect(m_rows[i].choice, &QComboBox::activated, this, [this, i](int index) { choose(i, index); });
        connect(m_rows[i].onOff, &QCheckBox::clicked, this, [this, i](bool isOn) { toggle(i, isOn); });
    }
    column->addWidget(makeCalibrationRow());
    connect(&m_companions, &Companions::changed, this, &CompanionBar::refresh);
    connect(&m_session, &FilmSession::calibrationChanged, this, &CompanionBar::refresh);
    connect(&m_session, &FilmSession::filmChanged, this, &CompanionBar::refresh);
    refresh();
}

CompanionBar::Row CompanionBar::makeRow(ObjectKind kind, const QString& name, const QString& what) {
    Row row;
    row.kind = kind;
    row.frame = makeStrip(name + QStringLiteral("Strip"), this);
    row.text = new QLabel(row.frame);
    row.text->setObjectName(name + QStringLiteral("Text"));
    row.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row.text->setTextFormat(Qt::PlainText);
    row.choice = new QComboBox(row.frame);
    row.choice->setObjectName(name + QStringLiteral("Choice"));
    row.choice->setAccessibleName(tr("Which %1").arg(what));
    row.choice->setToolTip(tr("This film has more than one %1: choose which to show").arg(what));
    row.choice->setFocusPolicy(Qt::StrongFocus);
    row.onOff = new QCheckBox(tr("Show"), row.frame);
    row.onOff->setObjectName(name + QStringLiteral("Switch"));
    row.onOff->setAccessibleName(tr("Show the %1").arg(what));
    row.onOff->setToolTip(tr("Off: the film as it is without this %1").arg(what));
    auto* layout = static_cast<QHBoxLayout*>(row.frame->layout());
    layout->addWidget(row.text, 1);
    layout->addWidget(row.choice);
    layout->addWidget(row.onOff);
    return row;
}

QFrame* CompanionBar::makeCalibrationRow() {
    m_calibration = makeStrip(QStringLiteral("calibrationStrip"), this);
    m_calibrationText = new QLabel(m_calibration);
    m_calibrationText->setObjectName(QStringLiteral("calibrationText"));
    auto* clear = new QPushButton(tr("Clear calibration"), m_calibration);
    clear->setObjectName(QStringLiteral("clearCalibrationButton"));
    clear->setAccessibleName(tr("Clear calibration"));
    clear->setToolTip(tr("Lengths follow from the header again; Undo brings the calibration back"));
    clear->setProperty("plain", true);
    connect(clear, &QPushButton::clicked, this, [this] { (void)m_session.setCalibration(std::nullopt); });
    auto* layout = static_cast<QHBoxLayout*>(m_calibration->layout());
    layout->addWidget(m_calibrationText, 1);
    layout->addWidget(clear);
    return m_calibration;
}

void CompanionBar::refresh() {
    for (Row& row : m_rows) refreshRow(row);
    const auto calibration = m_session.isOpen() ? m_session.calibration() : std::nullopt;
    m_calibration->setVisible(calibration.has_value());
    if (calibration) m_calibrationText->setText(tr("Lengths: %1").arg(QString::fromStdString(originText(m_session.calibratedImage()->spacing))));
    setVisible(calibration || std::any_of(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.frame->isVisibleTo(row.frame->parentWidget()); }));
}

void CompanionBar::refreshRow(Row& row) {
    const std::vector<CompanionPtr> objects = m_session.isOpen() ? m_companions.of(row.kind) : std::vector<CompanionPtr>();
    row.frame->setVisible(!objects.empty());
    if (objects.empty()) return row.last.reset();
    const CompanionPtr shown = m_companions.shown(row.kind);
    if (shown) row.last = shown;
    if (!row.last || std::find(objects.begin(), objects.end(), row.last) == objects.end()) row.last = objects.back();
    row.text->setText(stateText(row.last, shown != nullptr));
    QString toolTip = QString::fromStdString(row.last->facts.description);
    if (row.last->facts.isOwn && row.kind != ObjectKind::ParametricMap)
        toolTip += tr("\nThis program wrote it. While it is shown, what the program finds now is not drawn; switch Show off to see that.");
    for (const std::string& note : row.last->facts.notes) toolTip += QLatin1Char('\n') + QString::fromStdString(note);
    row.text->setToolTip(toolTip.trimmed());
    const QSignalBlocker quiet(row.choice);
    row.choice->clear();
    for (const CompanionPtr& one : objects) {
        const std::string& label = one->facts.label.empty() ? one->facts.series : one->facts.label;
        row.choice->addItem(QStringLiteral("%1  %2").arg(QString::fromStdString(label), QString::fromStdString(one->facts.date)));
    }
    row.choice->setCurrentIndex(static_cast<int>(std::find(objects.begin(), objects.end(), row.last) - objects.begin()));
    row.choice->setVisible(objects.size() > 1);
    row.onOff->setChecked(shown != nullptr);
}

void CompanionBar::choose(std::size_t row, int index) {
    const auto objects = m_companions.of(m_rows[row].kind);
    if (index >= 0 && index < static_cast<int>(objects.size())) m_companions.show(m_rows[row].kind, objects[static_cast<std::size_t>(index)]);
}

void CompanionBar::toggle(std::size_t row, bool isOn) { m_companions.show(m_rows[row].kind, isOn ? m_rows[row].last : nullptr); }

}  // namespace cxr::ui
