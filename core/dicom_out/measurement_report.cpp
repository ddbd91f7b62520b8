// Comprehensive SR of template TID 1500 "Measurement Report".   DICOM PS3.16 TID 1500, 1501, 300, 320, 1600, 4019
//   one measurement group (TID 1501) for the cardiothoracic ratio, its lines as SCOORD in film pixels, and one for each
//   finding of each network: the probability as "Certainty of Finding" in %, the operating point's threshold,
//   sensitivity and specificity, the answer at that point, the algorithm with the hash of its weights Flags: COMPLETE,
//   UNVERIFIED, PRELIMINARY: no human has signed it.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <algorithm>
#include <cmath>

#include "core/dicom_out/object_writers.h"
#include "core/dicom_out/sr_tree.h"
#include "core/dicom_out/uid.h"

namespace cxr {
namespace {

constexpr auto kContext = DSRTypes::RT_hasObsContext;
constexpr auto kModifier = DSRTypes::RT_hasConceptMod;
constexpr auto kContains = DSRTypes::RT_contains;
constexpr const char* kImpression = "121073";  // DCM

Code dcm(const char* value, const char* meaning) { return {value, "DCM", meaning}; }

// TID 1204 and TID 1001: English, observed by a device.
void addContext(SrTree& tree, const ObjectInput& input) {
    tree.code(kModifier, dcm("121049", "Language of Content Item and Descendants"), {"en", "RFC5646", "English"});
    tree.code(kContext, dcm("121005", "Observer Type"), dcm("121007", "Device"));
    tree.uid(kContext, dcm("121012", "Device Observer UID"),
             derivedUid("device Precordia " + input.run.programVersion));
    tree.text(kContext, dcm("121013", "Device Observer Name"), "Precordia");
    tree.text(kContext, dcm("121014", "Device Observer Manufacturer"), kManufacturer);
    tree.text(kContext, dcm("121015", "Device Observer Model Name"), "Precordia " + input.run.programVersion);
    tree.code(kModifier, dcm("121058", "Procedure reported"), codes::kChestXray);
}

// TID 1600: the film that everything is about.
void addImageLibrary(SrTree& tree, const ObjectInput& input) {
    tree.container(dcm("111028", "Image Library"));
    tree.container(dcm("126200", "Image Library Group"));
    if (input.film.modality == "DX")
        tree.code(DSRTypes::RT_hasAcqContext, dcm("121139", "Modality"), dcm("DX", "Digital Radiography"));
    if (input.film.modality == "CR")
        tree.code(DSRTypes::RT_hasAcqContext, dcm("121139", "Modality"), dcm("CR", "Computed Radiography"));
    tree.image(kContains, {}, input.film);
    tree.close();
    tree.close();
}

void openGroup(SrTree& tree, const ObjectInput& input, const std::string& identifier) {
    tree.container(dcm("125007", "Measurement Group"), "1501");
    tree.text(kContext, dcm("112039", "Tracking Identifier"), identifier);
    tree.uid(kContext, dcm("112040", "Tracking Unique Identifier"), trackingUid(input.film, identifier));
}

// TID 4019.
void addAlgorithm(SrTree& tree, const ModelStamp& model) {
    const AlgorithmFacts facts = algorithmOf(model);
    tree.text(kModifier, dcm("111001", "Algorithm Name"), facts.name);
    tree.text(kModifier, dcm("111003", "Algorithm Version"), facts.version);
    if (!facts.parameters.empty()) tree.text(kModifier, dcm("111002", "Algorithm Parameters"), facts.parameters);
}

void addWidth(SrTree& tree, const ObjectInput& input, const Code& name, const LinePx& line) {
    const Spacing& spacing = input.results.image->spacing;
    const double px = std::abs(line.to.x - line.from.x);
    if (spacing.isKnown()) {
        tree.openNumber(name, std::round(px * spacing.columnMm * 100) / 100, codes::kMillimetre);
    } else {
        tree.openNumber(name, std::round(px * 100) / 100, codes::kPixels);
    }
    tree.line(name, line, input.film);
    tree.close();
}

const Code& sizeCode(Verdict verdict) {
    if (verdict == Verdict::Enlarged) return codes::kEnlarged;
    return verdict == Verdict::Borderline ? codes::kBorderline : codes::kNormal;
}

bool isCorrected(const ChestMeasurement& chest) {
    for (const Outline& outline : chest.outlines) {
        if (outline.edited) return true;
    }
    return chest.linesEdited;
}

void addRatio(SrTree& tree, const ObjectInput& input) {
    const ChestMeasurement& chest = input.results.chest;
    openGroup(tree, input, "Cardiothoracic ratio");
    addAlgorithm(tree, input.results.model);
    tree.code(kModifier, codes::kFindingSite, codes::kHeart);
    tree.openNumber(codes::kRatio, std::round(chest.ratio * 1000) / 1000, codes::kNoUnits);
    tree.line(codes::kHeartWidth, chest.heartLine, input.film);
    tree.line(codes::kChestWidth, chest.chestLine, input.film);
    tree.close();
    if (chest.ratioRange.high > 0) {
        tree.number(codes::kRatioLow, std::round(chest.ratioRange.low * 1000) / 1000, codes::kNoUnits);
        tree.number(codes::kRatioHigh, std::round(chest.ratioRange.high * 1000) / 1000, codes::kNoUnits);
    }
    addWidth(tree, input, codes::kHeartWidth, chest.heartLine);
    addWidth(tree, input, codes::kChestWidth, chest.chestLine);
    tree.number(codes::kQuality, std::round(chest.quality * 1000) / 1000, codes::kNoUnits);
    tree.code(kContains, codes::kHeartSize, sizeCode(chest.verdict));
    if (isCorrected(chest)) tree.text(kContains, codes::kComment, "Corrected by the reader");
    tree.close();
}

Code findingCode(const FindingProbability& finding) {
    if (!finding.code.empty()) return {finding.code, finding.codeScheme, labelOf(finding)};
    return codes::ours("finding " + finding.name, labelOf(finding));
}

double percent(double share) { return std::round(share * 1e6) / 1e4; }

void addPoint(SrTree& tree, const FindingProbability& finding) {
    const FindingPoint& point = *finding.point;
    tree.number(codes::kThreshold, percent(point.threshold), codes::kPercent);
    if (point.sensitivity > 0 || point.specificity > 0) {
        tree.number(codes::kCaseSensitivity, percent(point.sensitivity), codes::kPercent);
        tree.number(codes::kCaseSpecificity, percent(point.specificity), codes::kPercent);
    }
    tree.text(kContains, codes::kOperatingPointDescription, labelOf(point));
    tree.code(kContains, codes::kHasInterpretation, finding.isPositive() ? codes::kPositive : codes::kNegative);
}

void addFinding(SrTree& tree, const ObjectInput& input, const PackJudgement& pack, const FindingProbability& finding) {
    openGroup(tree, input, labelOf(finding) + " by " + (pack.model.name.empty() ? pack.model.id : pack.model.name));
    addAlgorithm(tree, pack.model);
    tree.code(kContains, codes::kFinding, findingCode(finding));
    tree.openNumber(codes::kCertaintyOfFinding, percent(finding.probability), codes::kPercent);
    tree.image(DSRTypes::RT_inferredFrom, codes::kSourceOfMeasurement, input.film);
    tree.close();
    if (finding.point) addPoint(tree, finding);
    if (!finding.isCalibrated)
        tree.text(kContains, codes::kComment, "Not calibrated: the number orders films, it is no share of them");
    tree.close();
}

// Of a pack for one disease only that disease is shown, as on screen; the view is a property of the film, told among
// the notes.
void addFindings(SrTree& tree, const ObjectInput& input) {
    if (!input.results.judgement) return;
    for (const PackJudgement& pack : input.results.judgement->packs) {
        if (!pack.error.empty() || pack.role == ModelRole::View || pack.role == ModelRole::HeartLungs) continue;
        if (pack.role == ModelRole::Diseases) {
            for (const FindingProbability& finding : pack.findings) addFinding(tree, input, pack, finding);
        } else if (const FindingProbability* finding = pack.find("Cardiomegaly")) {
            addFinding(tree, input, pack, *finding);
        }
    }
}

bool isMeasured(const ChestMeasurement& chest) { return chest.verdict != Verdict::NotMeasured && !chest.isUncertain; }

bool hasGroups(const FilmResults& results) {
    if (isMeasured(results.chest)) return true;
    return results.judgement &&
           (results.judgement->of(ModelRole::Diseases) || results.judgement->of(ModelRole::Cardiomegaly) ||
            results.judgement->of(ModelRole::HeartSpot));
}

// A person's words in a device's report say whose they are.
std::string impressionText(const FilmResults& results) {
    return "Written by " + (results.reader.empty() ? std::string("the reader") : results.reader) + ": " + results.impression;
}

void addImpression(SrTree& tree, const FilmResults& results) {
    if (!results.impression.empty()) tree.text(kContains, dcm(kImpression, "Impression"), impressionText(results));
}

bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isImpression(DcmItem& item) {
    OFString code;
    DcmItem* name = nullptr;
    return item.findAndGetSequenceItem(DCM_ConceptNameCodeSequence, name).good() && name->findAndGetOFString(DCM_CodeValue, code).good() && code == kImpression;
}

// The program's texts are ASCII and fit every character set; the reader's need not be. The whole report becomes UTF-8 then.
void writeImpression(DcmDataset& dataset, const FilmResults& results) {
    if (results.impression.empty() || isAscii(impressionText(results)) || dataset.convertToUTF8().bad()) return;
    dataset.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
    DcmStack stack;
    while (dataset.nextObject(stack, OFTrue).good()) {
        auto* item = dynamic_cast<DcmItem*>(stack.top());
        if (item != nullptr && isImpression(*item)) item->putAndInsertString(DCM_TextValue, impressionText(results).c_str());
    }
}

void addContent(SrTree& tree, const ObjectInput& input) {
    addContext(tree, input);
    addImageLibrary(tree, input);
    if (hasGroups(input.results)) {
        tree.container(dcm("126010", "Imaging Measurements"));
        if (isMeasured(input.results.chest)) addRatio(tree, input);
        addFindings(tree, input);
        tree.close();
    }
    tree.container({"C0034375", "UMLS", "Qualitative Evaluations"});
    tree.text(kContains, codes::kComment,
              std::string(kNotice) + ". Probabilities are given by networks; none is a diagnosis.");
    if (!input.results.verdict.empty()) tree.text(kContains, codes::kComment, input.results.verdict);
    const Spacing& spacing = input.results.image->spacing;
    if (spacing.isKnown())
        tree.text(kContains, codes::kComment, "Lengths follow from: " + originText(spacing));
    for (const std::string& note : input.results.notes) tree.text(kContains, codes::kComment, note);
    for (const std::string& note : input.film.notes) tree.text(kContains, codes::kComment, note);
    addImpression(tree, input.results);
    tree.close();
}

}  // namespace

Result<Done> fillMeasurementReport(DcmDataset& dataset, const ObjectInput& input) {
    DSRDocument document(DSRTypes::DT_ComprehensiveSR);
    SrTree tree(document.getTree(), dcm("126000", "Imaging Measurement Report"), "1500");
    addContent(tree, input);
    if (!tree.problem().empty()) return outcome(tree.problem());
    std::string problem;
    ItemWriter root(dataset, problem);
    const SourceFilm& film = input.film;
    root.note(document.getCurrentRequestedProcedureEvidence().addItem(
                  film.studyUid.c_str(), film.seriesUid.c_str(), film.sopClassUid.c_str(), film.sopInstanceUid.c_str()),
              DCM_CurrentRequestedProcedureEvidenceSequence);
    root.note(document.setPreliminaryFlag(DSRTypes::PF_Preliminary), DCM_PreliminaryFlag);
    root.note(document.completeDocument(), DCM_CompletionFlag);
    root.note(document.write(dataset), DCM_ContentSequence);
    writeCommonModules(root, input, ResultKind::MeasurementReport);
    writeImpression(dataset, input.results);
    return outcome(problem);
}

}  // namespace cxr
