#include "core/io/dicom_facts.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace cxr {
namespace {

constexpr TagNumber kImagerSpacing = 0x00181164, kPixelSpacing = 0x00280030, kScannedSpacing = 0x00182010,
                    kMagnification = 0x00181114, kCalibration = 0x00280A02, kAspectRatio = 0x00280034,
                    kViewPosition = 0x00185101, kViewCode = 0x00540220, kLaterality = 0x00200060,
                    kImageLaterality = 0x00200062, kOrientation = 0x00200020;

bool areDigits(const std::string& text, std::size_t begin, std::size_t count) {
    return text.size() >= begin + count &&
           std::all_of(text.begin() + static_cast<long>(begin), text.begin() + static_cast<long>(begin + count),
                       [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

std::string without(std::string text, const std::string& characters) {
    std::erase_if(text, [&](char c) { return characters.find(c) != std::string::npos; });
    return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

// One group "Family^Given^Middle^Prefix^Suffix" -> "Family, Given Middle".
std::string shownGroup(const std::string& group) {
    const auto parts = split(group, '^');
    std::string given;
    for (std::size_t i = 1; i < std::min<std::size_t>(parts.size(), 3); ++i) {
        if (!parts[i].empty()) given += (given.empty() ? "" : " ") + parts[i];
    }
    if (parts.front().empty()) return given;
    return given.empty() ? parts.front() : parts.front() + ", " + given;
}

void fillPatient(const DicomHeader& header, PatientBanner& patient) {
    patient.name = personName(header.text(0x00100010));
    patient.id = header.text(0x00100020);
    patient.birthDate = isoDate(header.text(0x00100030));
    const std::string sex = header.text(0x00100040);
    patient.sex = sex == "M" || sex == "F" || sex == "O" ? sex : std::string();
    patient.age = header.text(0x00101010);
}

void fillStudy(const DicomHeader& header, StudyFacts& study) {
    study.studyDate = isoDate(header.text(0x00080020));
    study.studyTime = isoTime(header.text(0x00080030));
    study.studyDescription = header.text(0x00081030);
    study.seriesDescription = header.text(0x0008103E);
    study.bodyPart = header.text(0x00180015);
    study.institution = header.text(0x00080080);
    study.manufacturer = header.text(0x00080070);
    study.modelName = header.text(0x00081090);
    study.modality = header.text(0x00080060);
    study.accessionNumber = header.text(0x00080050);
    study.studyInstanceUid = header.text(0x0020000D);
    study.seriesInstanceUid = header.text(0x0020000E);
    study.sopInstanceUid = header.text(0x00080018);
    study.sopClassUid = header.text(0x00080016);
    study.kVp = header.text(0x00180060);
    study.exposureMas = header.text(0x00181152);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// PS3.3 C.8.1.1 (CR) and C.8.11.5.1 (DX). Decubitus views say how the patient lies, not where the beam goes.
ViewPosition viewNamed(const std::string& name) {
    if (name == "PA") return ViewPosition::PA;
    if (name == "AP") return ViewPosition::AP;
    for (const char* lateral : {"LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT"}) {
        if (name == lateral) return ViewPosition::Lateral;
    }
    for (const char* oblique : {"LLO", "RLO", "LAO", "RAO", "LPO", "RPO", "OBLIQUE", "OBL"}) {
        if (name == oblique) return ViewPosition::Oblique;
    }
    return ViewPosition::Unknown;
}

// CID 4010 "DX View": its SNOMED-RT codes, or the meaning in words.
ViewPosition viewCoded(const std::string& code, const std::string& meaning) {
    if (code == "R-10214") return ViewPosition::PA;
    if (code == "R-10206" || code == "399348003") return ViewPosition::AP;
    if (code == "R-10232" || code == "R-10236") return ViewPosition::Lateral;
    const std::string words = without(lower(meaning), "- ");
    if (words.find("oblique") != std::string::npos) return ViewPosition::Oblique;
    if (words.find("posteroanterior") != std::string::npos) return ViewPosition::PA;
    if (words.find("anteroposterior") != std::string::npos) return ViewPosition::AP;
    for (const char* lateral : {"lateral", "leftlateral", "rightlateral", "lateralprojection"}) {
        if (words == lateral) return ViewPosition::Lateral;
    }
    return ViewPosition::Unknown;
}

void fillView(const DicomHeader& header, Image& image) {
    const std::string position = header.text(kViewPosition);
    image.view = viewNamed(position);
    for (DcmItem* item : header.items(kViewCode)) {
        const ViewPosition coded = viewCoded(header.textIn(*item, 0x00080100), header.textIn(*item, 0x00080104));
        if (image.view == ViewPosition::Unknown) image.view = coded;
        if (coded != ViewPosition::Unknown && coded != image.view) {
            image.notes.push_back(std::string("The header names two views, ") + toString(image.view) + " and " +
                                  toString(coded) + ".");
        }
    }
    if (image.view == ViewPosition::Unknown && !position.empty()) {
        image.notes.push_back("The view position \"" + position.substr(0, 16) +
                              "\" of the header is not known; the view is unknown.");
    }
}

Laterality lateralityNamed(const std::string& name) {
    if (name == "L") return Laterality::Left;
    if (name == "R") return Laterality::Right;
    if (name == "B") return Laterality::Both;
    if (name == "U") return Laterality::Unpaired;
    return Laterality::Unknown;
}

// Directions are made of the letters A P L R H F, at most three of them (PS3.3 C.7.6.1.1.1).
bool isDirection(const std::string& text) {
    return !text.empty() && text.size() <= 3 && text.find_first_not_of("APLRHF") == std::string::npos;
}

void fillOrientation(const DicomHeader& header, Image& image) {
    const std::string ofImage = header.text(kImageLaterality);
    image.laterality = lateralityNamed(ofImage.empty() ? header.text(kLaterality) : ofImage);
    const auto directions = header.texts(kOrientation);
    if (directions.size() != 2 || !isDirection(directions[0]) || !isDirection(directions[1])) return;
    image.rowDirection = directions[0];
    image.columnDirection = directions[1];
}

std::optional<Spacing> spacingFrom(const DicomHeader& header, TagNumber tag, SpacingSource source, Image& image) {
    const auto values = header.numbers(tag);
    if (header.text(tag).empty()) return std::nullopt;
    constexpr double kSmallest = 1e-4, kLargest = 100;  // mm
    const bool isSane = values.size() == 2 && values[0] >= kSmallest && values[1] >= kSmallest &&
                        values[0] <= kLargest && values[1] <= kLargest;
    if (isSane) return Spacing{values[0], values[1], source};
    image.notes.push_back(std::string("The header's ") + toString(source) + " makes no sense and was not used.");
    return std::nullopt;
}

bool isProjection(const std::string& modality) {
    static constexpr std::array<const char*, 6> kProjections{"CR", "DX", "RF", "XA", "MG", "RG"};
    return std::find(kProjections.begin(), kProjections.end(), modality) != kProjections.end();
}

// PS3.3 10.7.1.3: Pixel Spacing equal to Imager Pixel Spacing has not been corrected for magnification.
void choosePixelSpacing(const DicomHeader& header, const Spacing& spacing, const std::optional<Spacing>& imager,
                        Image& image) {
    const std::string calibration = header.text(kCalibration);
    image.spacing = spacing;
    if (calibration == "GEOMETRY" || calibration == "FIDUCIAL") {
        image.notes.push_back("The header's pixel spacing is calibrated (" + calibration + ").");
    } else if (imager && imager->rowMm == spacing.rowMm && imager->columnMm == spacing.columnMm) {
        image.spacing.source = SpacingSource::ImagerPixelSpacing;
    } else if (!imager && isProjection(image.study.modality)) {
        image.spacing.isPlaceUnsaid = true;
    }
}

// PS3.3 C.8.7.1.1.3: a length at the detector is the patient's times Estimated Radiographic Magnification Factor. 1 is what
// machines write that know of none.
void divideByMagnification(const DicomHeader& header, Image& image) {
    if (image.spacing.source != SpacingSource::ImagerPixelSpacing) return;
    const auto factor = header.number(kMagnification);
    if (!factor || *factor <= 1 || *factor > 10) return;
    image.spacing.rowMm /= *factor;
    image.spacing.columnMm /= *factor;
    image.spacing.basis = static_cast<float>(*factor);
}

void fillSpacing(const DicomHeader& header, Image& image) {
    const auto pixel = spacingFrom(header, kPixelSpacing, SpacingSource::PixelSpacing, image);
    const auto imager = spacingFrom(header, kImagerSpacing, SpacingSource::ImagerPixelSpacing, image);
    const auto scanned = spacingFrom(header, kScannedSpacing, SpacingSource::NominalScannedPixelSpacing, image);
    if (pixel) {
        choosePixelSpacing(header, *pixel, imager, image);
    } else if (imager) {
        image.spacing = *imager;
    } else if (scanned) {
        image.spacing = *scanned;
    }
    divideByMagnification(header, image);
    const auto aspect = header.numbers(kAspectRatio);
    if (!image.spacing.isKnown() && aspect.size() == 2 && aspect[0] != aspect[1]) {
        image.notes.emplace_back(
            "The pixels of this film are not square; ratios of lengths in different directions are not reliable.");
    }
}

}  // namespace

bool isOwnPicture(const StudyFacts& facts) {
    constexpr const char* kOurs = "Precordia";  // Manufacturer and Manufacturer's Model Name, as core/dicom_out writes them
    return facts.sopClassUid == "1.2.840.10008.5.1.4.1.1.7" && facts.manufacturer == kOurs && facts.modelName == kOurs;
}

// Alphabetic group; ideographic one in brackets, when there are both.
std::string personName(const std::string& name) {
    const auto groups = split(name, '=');
    const std::string alphabetic = shownGroup(groups.front());
    const std::string ideographic = groups.size() > 1 ? shownGroup(groups[1]) : std::string();
    if (alphabetic.empty()) return ideographic;
    return ideographic.empty() ? alphabetic : alphabetic + " (" + ideographic + ")";
}

// "20210304", "2021.03.04", "2021-03-04". What is no day of a year, or has its parts in another order, stays as it is.
std::string isoDate(const std::string& date) {
    const bool isSplit = date.size() == 10 && (date[4] == '.' || date[4] == '-') && date[7] == date[4];
    const std::string plain = isSplit ? date.substr(0, 4) + date.substr(5, 2) + date.substr(8) : date;
    if (plain.size() != 8 || !areDigits(plain, 0, 8)) return date;
    const int month = std::stoi(plain.substr(4, 2)), day = std::stoi(plain.substr(6));
    if (month < 1 || month > 12 || day < 1 || day > 31) return date;
    return plain.substr(0, 4) + "-" + plain.substr(4, 2) + "-" + plain.substr(6, 2);
}

// Fractions are of no use here.
std::string isoTime(const std::string& time) {
    const std::string plain = without(time.substr(0, time.find('.')), ":");
    if (plain.size() == 4 && areDigits(plain, 0, 4)) return plain.substr(0, 2) + ":" + plain.substr(2, 2);
    if (plain.size() != 6 || !areDigits(plain, 0, 6)) return time;
    return plain.substr(0, 2) + ":" + plain.substr(2, 2) + ":" + plain.substr(4, 2);
}

void fillFacts(const DicomHeader& header, Image& image) {
    fillPatient(header, image.patient);
    fillStudy(header, image.study);
    fillView(header, image);
    fillOrientation(header, image);
    fillSpacing(header, image);
    if (header.hasUndecodedText()) {
        image.notes.emplace_back(
            "Some texts of the header are in a character set that cannot be read; unreadable letters are shown as ?.");
    }
}

}  // namespace cxr
