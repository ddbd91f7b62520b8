// ModelSection: see model_section.h.
#include "ui/panels/model_section.h"

#include <QPushButton>
#include <QVBoxLayout>

#include "core/report/report.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

QString nameOf(const ModelStamp& model) {
    const std::string& name = model.name.empty() ? model.id : model.name;
    return QString::fromStdString(name + " " + model.version).trimmed();
}

QString shortHash(const ModelStamp& model) {
    const QString hash = QString::fromStdString(model.weightsSha256);
    return hash.isEmpty() ? QString() : ModelSection::tr("SHA-256 %1…").arg(hash.left(8));
}

// One line for each network that judged the film; their hashes in the tooltip.
void addOthers(const JudgementPtr& judgement, QStringList& names, QStringList& hashes) {
    if (!judgement) return;
    for (const PackJudgement& pack : judgement->packs) {
        if (!pack.error.empty()) continue;
        names << nameOf(pack.model);
        hashes << QStringLiteral("%1: SHA-256 %2").arg(nameOf(pack.model), QString::fromStdString(pack.model.weightsSha256));
    }
}

}  // namespace

ModelSection::ModelSection(QWidget* parent) : QWidget(parent), m_rows(nullptr) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2, 0, 2, 0);
    column->addWidget(sectionTitle(tr("Models"), this));
    m_rows = new FactRows(QStringLiteral("modelRows"), this);
    m_rows->addRow(QStringLiteral("modelName"), tr("Outlines"));
    m_rows->addRow(QStringLiteral("modelHash"), tr("Weights"));
    m_rows->addRow(QStringLiteral("otherModels"), tr("Also used"));
    m_rows->addRow(QStringLiteral("modelDevice"), tr("Ran on"), tr("Device, threads and time of all networks and the measurement"));
    column->addWidget(m_rows);
    auto* cards = new QPushButton(tr("Models and cards…"), this);
    cards->setObjectName(QStringLiteral("modelCardButton"));
    cards->setAccessibleName(tr("Open the models and their cards"));
    cards->setToolTip(tr("Which networks are used, their training data, measured accuracy and known failures"));
    connect(cards, &QPushButton::clicked, this, [this] { Q_EMIT modelsRequested(m_packId); });
    column->addWidget(cards, 0, Qt::AlignLeft);
    auto* notice = new QLabel(QLatin1String(kNotDiagnostic), this);
    notice->setObjectName(QStringLiteral("findingsNotice"));
    notice->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(notice);
}

void ModelSection::setModels(const ModelStamp& heartLungs, const JudgementPtr& judgement, double seconds) {
    m_packId = QString::fromStdString(heartLungs.id);
    if (m_packId.isEmpty()) return hide();
    m_rows->setValue(QStringLiteral("modelName"), nameOf(heartLungs));
    m_rows->setValue(QStringLiteral("modelHash"), shortHash(heartLungs),
                     tr("SHA-256 of the weights: %1").arg(QString::fromStdString(heartLungs.weightsSha256)));
    QStringList names, hashes;
    addOthers(judgement, names, hashes);
    m_rows->setValue(QStringLiteral("otherModels"), names.join(QLatin1Char('\n')), hashes.join(QLatin1Char('\n')));
    QString device = QString::fromStdString(heartLungs.device);
    if (seconds > 0) device += tr(", %1 s").arg(seconds, 0, 'f', seconds < 10 ? 1 : 0);
    m_rows->setValue(QStringLiteral("modelDevice"), device);
    show();
}

}  // namespace cxr::ui
