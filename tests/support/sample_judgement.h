// What networks might say about a film with a large heart: for tests and for the pictures of the manual. Numbers made up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/measure/finding.h"

namespace cxr::test {

inline FindingProbability sampleFinding(const std::string& name, double probability, double threshold, double auc,
                                        double prevalence) {
    FindingProbability finding;
    finding.name = name;
    finding.meaning = name;
    finding.codeScheme = "SCT";
    finding.code = "80891009";
    finding.logit = probability * 4 - 2;
    finding.probability = probability;
    finding.isCalibrated = true;
    finding.points = {{"youden", threshold, 0.74, 0.71},
                      {"sensitivity90", threshold * 0.6, 0.9, 0.48},
                      {"specificity90", threshold * 1.9, 0.45, 0.9}};
    finding.auc = {auc, auc - 0.05, auc + 0.04};
    finding.prevalence = prevalence;
    choosePoint(finding, kBalancedPoint);
    return finding;
}

inline PackJudgement samplePack(ModelRole role, const std::string& id, const std::string& name,
                                std::vector<FindingProbability> findings) {
    PackJudgement pack;
    pack.role = role;
    pack.model = {id, name, "1.0.0", std::string(63, 'b') + std::to_string(static_cast<int>(role)), "CPU, 2 threads"};
    pack.cams.assign(findings.size(), Plane{2, 2, {0, 1, 2, 3}});
    pack.hasGrid = true;
    pack.findings = std::move(findings);
    pack.seconds = 0.2;
    return pack;
}

inline std::vector<FindingProbability> sampleDiseases() {
    constexpr double probabilities[] = {0.11, 0.41, 0.22, 0.13, 0.03, 0.045, 0.012, 0.02, 0.06, 0.052, 0.017, 0.026, 0.038, 0.003};
    constexpr double thresholds[] = {0.13, 0.07, 0.16, 0.21, 0.05, 0.07, 0.03, 0.05, 0.05, 0.031, 0.03, 0.02, 0.04, 0.008};
    constexpr double aucs[] = {0.71, 0.86, 0.8, 0.66, 0.69, 0.67, 0.68, 0.75, 0.73, 0.82, 0.77, 0.71, 0.69, 0.78};
    std::vector<FindingProbability> findings;
    for (std::size_t i = 0; i < kChest14Diseases.size(); ++i)
        findings.push_back(sampleFinding(kChest14Diseases[i], probabilities[i], thresholds[i], aucs[i], thresholds[i]));
    return findings;
}

inline Judgement sampleJudgementValue() {
    Judgement judgement;
    judgement.packs = {
        samplePack(ModelRole::View, "view", "Frontal or lateral",
                   {sampleFinding("Lateral", 0.012, 0.5, 0.99, 0.02), sampleFinding("AP", 0.14, 0.5, 0.93, 0.4)}),
        samplePack(ModelRole::Diseases, "chest14", "14 diseases", sampleDiseases()),
        samplePack(ModelRole::Cardiomegaly, "cardiomegaly", "Cardiomegaly", {sampleFinding("Cardiomegaly", 0.47, 0.09, 0.88, 0.06)}),
        samplePack(ModelRole::HeartSpot, "heartspot-cardiomegaly", "Cardiomegaly from HeartSpot",
                   {sampleFinding("Cardiomegaly", 0.31, 0.1, 0.85, 0.06)})};
    judgement.view = readView(judgement.packs[0], ViewPosition::Unknown);
    judgement.seconds = 0.8;
    return judgement;
}

inline JudgementPtr sampleJudgement() { return std::make_shared<const Judgement>(sampleJudgementValue()); }

}  // namespace cxr::test
