// Collects what a report says; see report.h. Reads the clock once, otherwise pure.
#include "core/report/report.h"

#include <cmath>
#include <ctime>

#include "core/report/report_text.h"

namespace cxr {
namespace {

std::string now() {
    const std::time_t seconds = std::time(nullptr);
    std::tm local{};
    localtime_r(&seconds, &local);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
    std::string result(text, length);
    if (result.size() == 24) result.insert(22, ":");  // +0100 -> +01:00
    return result;
}

using Values = std::vector<NamedValue>;

void addText(Values& values, const char* key, const char* label, const std::string& text) {
    if (!text.empty()) values.push_back({key, label, text, std::nullopt, ""});
}

void addNumber(Values& values, const char* key, const char* label, const std::string& text, double number,
               const char* unit) {
    values.push_back({key, label, text, number, unit});
}

std::string sexWord(const std::string& sex) {
    if (sex == "M") return "male";
    if (sex == "F") return "female";
    return sex == "O" ? "other" : sex;
}

Values patientValues(const Image& image, const ReportOptions& options) {
    Values values;
    if (options.identity == PatientIdentity::None) return values;
    if (options.identity == PatientIdentity::Pseudonym) {
        addText(values, "pseudonym", "Pseudonym", options.pseudonym);
    } else {
        addText(values, "patient_name", "Name", image.patient.name);
        addText(values, "patient_id", "Patient ID", image.patient.id);
        addText(values, "birth_date", "Date of birth", image.patient.birthDate);
    }
    addText(values, "sex", "Sex", sexWord(image.patient.sex));
    addText(values, "age", "Age", image.patient.age);
    if (options.identity == PatientIdentity::Banner) {
        addText(values, "study_date", "Study date", image.study.studyDate);
        addText(values, "accession_number", "Accession number", image.study.accessionNumber);
        addText(values, "institution", "Institution", image.study.institution);
    }
    return values;
}

std::string spacingText(const Spacing& spacing) {
    if (!spacing.isKnown()) return "unknown: lengths are in pixels";
    return fixedText(spacing.columnMm, 3) + " mm horizontally, " + fixedText(spacing.rowMm, 3) + " mm vertically (" +
           originText(spacing) + ")";
}

std::string windowText(const Image& image) {
    const VoiSetting& voi = image.defaultVoi;
    const std::string origin = image.defaultVoiOrigin.empty() ? "" : " (" + image.defaultVoiOrigin + ")";
    if (voi.table) return "VOI LUT " + voi.table->explanation + origin;
    return "centre " + fixedText(voi.center, 1) + ", width " + fixedText(voi.width, 1) + ", " + toString(voi.function) +
           origin;
}

std::string lossyText(const EncodingFacts& encoding) {
    if (!encoding.isLossy) return "none stated";
    return encoding.lossyRatio > 0 ? "lossy, ratio " + fixedText(encoding.lossyRatio, 1) + " : 1" : "lossy";
}

Values techniqueValues(const Image& image) {
    Values values;
    addText(values, "modality", "Modality", image.study.modality);
    addText(values, "view", "View", toString(image.view));
    addText(values, "laterality", "Laterality", toString(image.laterality));
    addText(values, "size", "Film size",
            std::to_string(image.width()) + " x " + std::to_string(image.height()) + " px");
    addText(values, "pixel_spacing", "Pixel spacing", spacingText(image.spacing));
    addText(values, "photometric", "Photometric interpretation", image.encoding.photometric);
    addNumber(values, "bits_stored", "Bits stored", std::to_string(image.encoding.bitsStored) + " bit",
              image.encoding.bitsStored, "bit");
    addText(values, "format", "File format", image.encoding.format);
    addText(values, "transfer_syntax", "Transfer syntax", image.encoding.transferSyntax);
    addText(values, "compression", "Loss by compression", lossyText(image.encoding));
    addText(values, "window", "Window", windowText(image));
    return values;
}

void addWidth(Values& values, const char* stem, const char* label, const LinePx& line, const Spacing& spacing) {
    const double px = std::abs(line.to.x - line.from.x);
    const std::string key(stem), inPixels = fixedText(px, 0) + " px";
    values.push_back({key + "_px", spacing.isKnown() ? std::string(label) + " (pixels)" : label, inPixels, px, "[px]"});
    if (spacing.isKnown())
        values.push_back({key + "_mm", label, lengthText(line, spacing), px * spacing.columnMm, "mm"});
}

void addRange(Values& values, const RatioRange& range) {
    if (range.high <= 0) return;  // set by hand
    addNumber(values, "cardiothoracic_ratio_low", "Ratio, outlines drawn narrow", ratioText(range.low), range.low, "1");
    addNumber(values, "cardiothoracic_ratio_high", "Ratio, outlines drawn wide", ratioText(range.high), range.high, "1");
}

Values findingValues(const ChestMeasurement& chest, const Spacing& spacing) {
    Values values;
    const bool isMeasured = chest.verdict != Verdict::NotMeasured && !chest.isUncertain;
    if (isMeasured) {
        addNumber(values, "cardiothoracic_ratio", "Cardiothoracic ratio", ratioText(chest.ratio), chest.ratio, "1");
        addRange(values, chest.ratioRange);
        addWidth(values, "heart_width", "Heart width", chest.heartLine, spacing);
        addWidth(values, "chest_width", "Inner chest width", chest.chestLine, spacing);
    }
    addText(values, "verdict", "Verdict", chest.isUncertain ? "mask uncertain" : toString(chest.verdict));
    addNumber(values, "quality", "Quality of the outlines (0 to 1)", fixedText(chest.quality, 2), chest.quality, "1");
    addText(values, "corrected", "Corrected by hand", chest.linesEdited ? "lines" : "");
    for (const Outline& outline : chest.outlines) {
        if (outline.edited)
            addText(values, "corrected", "Corrected by hand", std::string("outline of the ") + toString(outline.organ));
    }
    return values;
}

std::vector<std::string> allNotes(const Image& image, const ChestMeasurement& chest, const JudgementPtr& judgement) {
    std::vector<std::string> notes = image.notes;
    const auto append = [&notes](const std::vector<std::string>& more) { notes.insert(notes.end(), more.begin(), more.end()); };
    append(chest.notes);
    if (!judgement) return notes;
    append(judgement->notes);
    append(judgement->failures());
    return notes;
}

// A file name may hold the patient's name: without the banner the film goes by its hash.
std::string filmNameFor(const Image& image, const ReportOptions& options) {
    if (options.identity == PatientIdentity::Banner) return image.sourceName;
    return "chest-film-" + image.sourceSha256.substr(0, 6);
}

}  // namespace

Report buildReport(const Image& image, const ChestMeasurement& chest, const ModelStamp& model,
                   const ReportOptions& options, const JudgementPtr& judgement) {
    Report report;
    report.programVersion = CXR_VERSION;
    report.createdAt = now();
    report.filmName = filmNameFor(image, options);
    report.filmSha256 = image.sourceSha256;
    report.patient = patientValues(image, options);
    report.technique = techniqueValues(image);
    report.findings = findingValues(chest, image.spacing);
    report.verdict = verdictSentence(chest);
    report.notes = allNotes(image, chest, judgement);
    report.model = model;
    report.judgement = judgement;
    if (judgement) report.cardiomegaly = cardiomegalyReadings(chest, *judgement);
    report.prevalences = options.prevalences;
    report.text = options.text;
    addText(report.settings, "device", "Computed on", model.device);
    report.chest = chest;
    return report;
}

std::string heartSpotSentence(const HeartSpotFacts& facts) {
    const double percent = facts.cropPixels > 0 ? 100.0 * facts.keptPixels / facts.cropPixels : 0;
    return "The HeartSpot picture (" + facts.priorName + ") keeps " + fixedText(percent, 1) +
           " % of the pixels; re-identification risk not measured.";
}

}  // namespace cxr
