// DiseaseModel: see disease_model.h.
#include "ui/panels/disease_model.h"

#include <algorithm>

namespace cxr::ui {

namespace {

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString spoken(const FindingProbability& finding) {
    QString sentence = QStringLiteral("%1: %2, %3").arg(text(labelOf(finding)), text(percentText(finding.probability)),
                                                        text(decisionText(finding)));
    if (finding.isPositive()) sentence += DiseaseModel::tr(", positive");
    if (!finding.isCalibrated) sentence += DiseaseModel::tr(", not calibrated");
    return sentence;
}

}  // namespace

void DiseaseModel::setFindings(std::vector<FindingProbability> findings, const FindingPreferences& preferences) {
    beginResetModel();
    m_findings = std::move(findings);
    m_preferences = preferences;
    std::stable_sort(m_findings.begin(), m_findings.end(), [&](const auto& a, const auto& b) {
        if (preferences.order == DiseaseOrder::Name) return labelOf(a) < labelOf(b);
        return a.probability > b.probability;
    });
    endResetModel();
}

int DiseaseModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

QVariant DiseaseModel::data(const QModelIndex& index, int role) const {
    const FindingProbability* found = index.isValid() ? finding(index.row()) : nullptr;
    if (found == nullptr) return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(labelOf(*found));
        case Qt::ToolTipRole:
            return toolTip(*found);
        case Qt::AccessibleTextRole:
            return spoken(*found);
        case ProbabilityRole:
            return found->probability;
        case ThresholdRole:
            return found->point ? QVariant(found->point->threshold) : QVariant();
        case PositiveRole:
            return found->isPositive();
        case PercentRole:
            return text(percentText(found->probability));
        case NameRole:
            return text(found->name);
        default:
            return {};
    }
}

const FindingProbability* DiseaseModel::finding(int row) const {
    if (row < 0 || row >= static_cast<int>(m_findings.size())) return nullptr;
    return &m_findings[static_cast<std::size_t>(row)];
}

int DiseaseModel::rowOf(const std::string& name) const {
    for (std::size_t row = 0; row < m_findings.size(); ++row) {
        if (m_findings[row].name == name) return static_cast<int>(row);
    }
    return -1;
}

std::optional<double> DiseaseModel::prevalenceOf(const FindingProbability& finding) const {
    const auto set = m_preferences.prevalences.find(finding.name);
    return set == m_preferences.prevalences.end() ? finding.prevalence : std::optional(set->second);
}

QString DiseaseModel::toolTip(const FindingProbability& finding) const {
    QStringList lines{tr("The network's probability: %1, %2").arg(text(percentText(finding.probability)), text(decisionText(finding)))};
    if (finding.point) lines.last() += QStringLiteral(" (%1)").arg(text(labelOf(*finding.point)));
    if (!finding.isCalibrated) lines << tr("Not calibrated: the number orders films, it is no share of them");
    if (finding.auc) lines << tr("On films like those of the card: %1").arg(text(aucText(finding)));
    if (const auto prevalence = prevalenceOf(finding)) {
        const QString predictive = text(predictiveText(finding, *prevalence));
        if (!predictive.isEmpty()) lines << tr("%1, at a prevalence of %2").arg(predictive, text(percentText(*prevalence)));
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace cxr::ui
