// ReadingsCard: see readings_card.h.
#include "ui/panels/readings_card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr int kSignPx = 16;

QString nameOf(ReadingMethod method) {
    switch (method) {
        case ReadingMethod::Ratio:
            return ReadingsCard::tr("Ratio");
        case ReadingMethod::Network:
            return ReadingsCard::tr("Network");
        case ReadingMethod::HeartSpot:
            return ReadingsCard::tr("HeartSpot");
    }
    return {};
}

FindingTone toneOf(const CardiomegalyReading& reading) {
    if (reading.isPositive) return *reading.isPositive ? FindingTone::Bad : FindingTone::Good;
    if (reading.finding) return FindingTone::None;  // a pack without an operating point
    return reading.decision == toString(Verdict::Borderline) ? FindingTone::Doubtful : FindingTone::Uncertain;
}

QString toolTipOf(const CardiomegalyReading& reading) {
    if (!reading.finding) return ReadingsCard::tr("Heart width by chest width. Borderline ratios decide neither way.");
    const FindingProbability& finding = *reading.finding;
    QStringList lines{reading.method == ReadingMethod::HeartSpot
                          ? ReadingsCard::tr("Probability of a network that sees the HeartSpot picture only")
                          : ReadingsCard::tr("Probability of a network that sees the film")};
    if (!finding.isCalibrated) lines << ReadingsCard::tr("Not calibrated: the number orders films, it is no share of them");
    if (finding.auc) lines << ReadingsCard::tr("On films like those of the card: %1").arg(QString::fromStdString(aucText(finding)));
    if (finding.point) lines << ReadingsCard::tr("Operating point: %1").arg(QString::fromStdString(labelOf(*finding.point)));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

ReadingsCard::ReadingsCard(QWidget* parent) : Card(QStringLiteral("readingsCard"), parent), m_sentence(nullptr) {
    setAccessibleName(tr("Cardiomegaly, read in several ways"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(6);
    auto* caption = new QLabel(tr("Cardiomegaly"), this);
    caption->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(caption);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    const char* names[] = {"ratioReading", "networkReading", "heartSpotReading"};
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_columns[i] = addColumn(names[i]);
        row->addWidget(m_columns[i].box, 1);
    }
    column->addLayout(row);
    m_sentence = wrappedText(QStringLiteral("agreementSentence"), this);
    column->addWidget(m_sentence);
}

ReadingsCard::Column ReadingsCard::addColumn(const char* objectName) {
    Column made;
    made.box = new QWidget(this);
    made.box->setObjectName(QLatin1String(objectName));
    auto* column = new QVBoxLayout(made.box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    made.name = new QLabel(made.box);
    made.sign = new QLabel(made.box);
    made.value = new QLabel(made.box);
    made.value->setObjectName(QLatin1String(objectName) + QStringLiteral("Value"));
    QFont strong = made.value->font();
    strong.setPointSizeF(strong.pointSizeF() * 1.35);
    strong.setWeight(QFont::DemiBold);
    made.value->setFont(strong);
    made.decision = new QLabel(made.box);
    made.decision->setObjectName(QLatin1String(objectName) + QStringLiteral("Decision"));
    made.decision->setWordWrap(true);
    made.decision->setForegroundRole(QPalette::PlaceholderText);
    made.decision->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* row = new QHBoxLayout;
    row->setSpacing(5);
    row->addWidget(made.sign);
    row->addWidget(made.value, 1);
    column->addWidget(made.name);
    column->addLayout(row);
    column->addWidget(made.decision, 1);
    return made;
}

void ReadingsCard::setReadings(const CardiomegalyReadings& readings) {
    setVisible(readings.readings.size() > 1);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_columns[i].box->setVisible(i < readings.readings.size());
        if (i < readings.readings.size()) fill(m_columns[i], readings.readings[i]);
    }
    const QString whole = QString::fromStdString(readings.sentence);
    m_sentence->setText(whole.section(QStringLiteral(": "), 0, 0) + QLatin1Char('.'));  // the numbers stand above
    m_sentence->setAccessibleName(whole);
    m_sentence->setToolTip(whole);
}

void ReadingsCard::fill(const Column& column, const CardiomegalyReading& reading) const {
    const FindingTone tone = toneOf(reading);
    column.name->setText(nameOf(reading.method));
    column.sign->setPixmap(tonePixmap(tone, toneColor(tone, palette()), kSignPx, devicePixelRatioF()));
    column.value->setText(QString::fromStdString(reading.value));
    QString decision = QString::fromStdString(reading.decision);
    if (reading.finding && !reading.finding->isCalibrated) decision += tr(", not calibrated");
    column.decision->setText(QString(decision).replace(QStringLiteral(" %"), QStringLiteral("\u00a0%")));  // stay together
    column.box->setToolTip(toolTipOf(reading));
    column.box->setAccessibleName(QStringLiteral("%1: %2, %3").arg(column.name->text(), column.value->text(), decision));
}

}  // namespace cxr::ui
