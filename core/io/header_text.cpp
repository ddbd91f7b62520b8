#include "core/io/header_text.h"

#include <array>
#include <cstdio>

#include "core/image/pixel_chain.h"

namespace cxr {
namespace {

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", value);
    return text.data();
}

std::string voiText(const VoiSetting& voi) {
    if (voi.table) return "look-up table of " + std::to_string(voi.table->values.size()) + " entries";
    return "center " + number(voi.center) + ", width " + number(voi.width) + ", " + toString(voi.function);
}

std::string modalityText(const ModalityTransform& modality) {
    const std::string units = modality.units.empty() ? "" : " " + modality.units;
    if (modality.table) return "look-up table of " + std::to_string(modality.table->values.size()) + " entries" + units;
    if (modality.slope == 1 && modality.intercept == 0) return "none" + units;
    return number(modality.slope) + " x stored + " + number(modality.intercept) + units;
}

std::string spacingText(const Spacing& spacing) {
    if (!spacing.isKnown()) return "unknown; lengths are given in pixels";
    return number(spacing.rowMm) + " x " + number(spacing.columnMm) + " mm (rows x columns), from " +
           originText(spacing);
}

std::string bitsText(const EncodingFacts& encoding) {
    return std::to_string(encoding.bitsStored) + " of " + std::to_string(encoding.bitsAllocated) + " bits, " +
           (encoding.isSigned ? "signed" : "unsigned");
}

std::string lossText(const EncodingFacts& encoding) {
    if (!encoding.isLossy) return "no";
    return encoding.lossyRatio > 0 ? "yes, " + number(encoding.lossyRatio) + " : 1" : "yes";
}

class FactList {
  public:
    void add(const char* key, const char* label, const std::string& value) { m_facts.push_back({key, label, value}); }
    void addIfGiven(const char* key, const char* label, const std::string& value) {
        if (!value.empty()) add(key, label, value);
    }
    std::vector<NamedFact> take() { return std::move(m_facts); }

  private:
    std::vector<NamedFact> m_facts;
};

void addPatient(const PatientBanner& patient, FactList& facts) {
    facts.addIfGiven("patient_name", "Patient", patient.name);
    facts.addIfGiven("patient_id", "Patient ID", patient.id);
    facts.addIfGiven("birth_date", "Born", patient.birthDate);
    facts.addIfGiven("sex", "Sex", patient.sex);
    facts.addIfGiven("age", "Age", patient.age);
}

void addStudy(const StudyFacts& study, FactList& facts) {
    facts.addIfGiven("modality", "Modality", study.modality);
    facts.addIfGiven("study_date", "Study date",
                     study.studyTime.empty() ? study.studyDate : study.studyDate + " " + study.studyTime);
    facts.addIfGiven("study_description", "Study", study.studyDescription);
    facts.addIfGiven("series_description", "Series", study.seriesDescription);
    facts.addIfGiven("body_part", "Body part", study.bodyPart);
    facts.addIfGiven("institution", "Institution", study.institution);
    facts.addIfGiven("manufacturer", "Manufacturer", study.manufacturer);
    facts.addIfGiven("model_name", "Device", study.modelName);
    facts.addIfGiven("accession_number", "Accession number", study.accessionNumber);
    facts.addIfGiven("study_uid", "Study UID", study.studyInstanceUid);
    facts.addIfGiven("series_uid", "Series UID", study.seriesInstanceUid);
    facts.addIfGiven("sop_instance_uid", "Instance UID", study.sopInstanceUid);
    facts.addIfGiven("sop_class_uid", "SOP class UID", study.sopClassUid);
    facts.addIfGiven("kvp", "Tube voltage (kV)", study.kVp);
    facts.addIfGiven("exposure_mas", "Exposure (mAs)", study.exposureMas);
}

void addEncoding(const EncodingFacts& encoding, FactList& facts) {
    facts.add("format", "Format", encoding.format);
    facts.addIfGiven("transfer_syntax", "Transfer syntax", encoding.transferSyntax);
    facts.addIfGiven("transfer_syntax_uid", "Transfer syntax UID", encoding.transferSyntaxUid);
    facts.add("photometric", "Photometric", encoding.photometric);
    facts.add("bits", "Pixel depth", bitsText(encoding));
    facts.add("lossy", "Lossy compression", lossText(encoding));
    facts.add("frames", "Pictures in the file", std::to_string(encoding.frames));
}

void addPixelChain(const Image& image, FactList& facts) {
    const ValueRange range = modalityRange(image);
    facts.add("modality_transform", "Rescale", modalityText(image.modality));
    facts.add("value_range", "Values", number(range.low) + " to " + number(range.high));
    if (image.padding) {
        facts.add("padding", "Padding",
                  "stored " + std::to_string(image.padding->low) + " to " + std::to_string(image.padding->high));
    }
    facts.add("polarity", "Low values are", image.isInverse ? "bright" : "dark");
    for (std::size_t i = 0; i < image.presets.size(); ++i) {
        const std::string key = "window_" + std::to_string(i + 1);
        facts.add(key.c_str(), "Header window", image.presets[i].name + ": " + voiText(image.presets[i].setting));
    }
    facts.add("default_window", "Shown with", voiText(image.defaultVoi) + " (" + image.defaultVoiOrigin + ")");
}

void addGeometry(const Image& image, FactList& facts) {
    facts.add("size", "Size", std::to_string(image.width()) + " x " + std::to_string(image.height()) + " px");
    facts.add("pixel_spacing", "Pixel spacing", spacingText(image.spacing));
    facts.add("view", "View", toString(image.view));
    facts.add("laterality", "Laterality", toString(image.laterality));
    const bool isOriented = !image.rowDirection.empty();
    facts.add(
        "orientation", "Orientation",
        isOriented ? "right is " + image.rowDirection + ", down is " + image.columnDirection : std::string("unknown"));
    for (const OverlayPlane& plane : image.overlays) {
        std::array<char, 16> key{};
        std::snprintf(key.data(), key.size(), "overlay_%04x", static_cast<unsigned>(plane.group));
        facts.add(
            key.data(), "Overlay",
            std::to_string(plane.mask.cols) + " x " + std::to_string(plane.mask.rows) + " px " + plane.description);
    }
}

}  // namespace

std::vector<NamedFact> describe(const Image& image) {
    FactList facts;
    facts.add("file", "File", image.sourceName);
    facts.add("sha256", "SHA-256", image.sourceSha256);
    addPatient(image.patient, facts);
    addStudy(image.study, facts);
    addEncoding(image.encoding, facts);
    addPixelChain(image, facts);
    addGeometry(image, facts);
    for (const std::string& note : image.notes) facts.add("note", "Note", note);
    facts.addIfGiven("note", "Note", spacingDoubt(image.spacing));
    return facts.take();
}

}  // namespace cxr
