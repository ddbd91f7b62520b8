// JudgementSection: see judgement_section.h.
#include "ui/panels/judgement_section.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/panels/disease_table.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/readings_card.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

JudgementSection::JudgementSection(QWidget* parent)
    : QWidget(parent),
      m_warnings(new Card(QStringLiteral("judgementWarnings"), this)),
      m_warningSign(new QLabel(m_warnings)),
      m_warningText(wrappedText(QStringLiteral("judgementWarningText"), m_warnings)),
      m_readings(new ReadingsCard(this)),
      m_title(sectionTitle(tr("Diseases"), this)),
      m_diseases(new DiseaseTable(this)) {
    setObjectName(QStringLiteral("judgementSection"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto* row = new QHBoxLayout(m_warnings);
    row->setContentsMargins(14, 10, 14, 10);
    m_warningSign->setAccessibleName(tr("Warning"));
    row->addWidget(m_warningSign, 0, Qt::AlignTop);
    row->addWidget(m_warningText, 1);
    for (QWidget* part : std::initializer_list<QWidget*>{m_warnings, m_readings, m_title, m_diseases}) column->addWidget(part);
    connect(m_diseases, &DiseaseTable::preferencesChanged, this, &JudgementSection::preferencesChanged);
    connect(m_diseases, &DiseaseTable::findingChosen, this, &JudgementSection::findingChosen);
    setJudgement(nullptr, {});
}

void JudgementSection::setJudgement(const JudgementPtr& judgement, const FindingPreferences& preferences) {
    m_judgement = withPoint(judgement, preferences.operatingPoint);
    setVisible(m_judgement != nullptr);
    const PackJudgement* diseases = m_judgement ? m_judgement->of(ModelRole::Diseases) : nullptr;
    m_title->setVisible(diseases != nullptr);
    m_diseases->setVisible(diseases != nullptr);
    m_diseases->setJudgement(diseases, preferences);
    showWarnings();
    showReadings();
}

void JudgementSection::setMeasurement(const std::optional<ChestMeasurement>& chest) {
    m_chest = chest;
    showReadings();
}

void JudgementSection::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    const auto refresh = [this] {  // the cards have the new palette then
        showWarnings();
        showReadings();
    };
    QMetaObject::invokeMethod(this, refresh, Qt::QueuedConnection);
}

void JudgementSection::showWarnings() {
    QStringList lines;
    if (m_judgement) {
        if (m_judgement->view && !m_judgement->view->note.empty()) lines << QString::fromStdString(m_judgement->view->note);
        for (const auto& sentences : {m_judgement->notes, m_judgement->failures()}) {
            for (const std::string& sentence : sentences) lines << QString::fromStdString(sentence);
        }
    }
    m_warningText->setText(lines.join(QLatin1Char('\n')));
    m_warningText->setAccessibleName(m_warningText->text());
    m_warningSign->setPixmap(
        tonePixmap(FindingTone::Doubtful, toneColor(FindingTone::Doubtful, palette()), 20, devicePixelRatioF()));
    m_warnings->setVisible(!lines.isEmpty());
}

void JudgementSection::showReadings() {
    m_readings->setReadings(m_judgement && m_chest ? cardiomegalyReadings(*m_chest, *m_judgement) : CardiomegalyReadings{});
}

}  // namespace cxr::ui
