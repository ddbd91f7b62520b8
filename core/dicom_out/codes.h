// Coded concepts in the objects that we write. DCM, SCT, UCUM and UMLS codes are the standard's (PS3.16); what it has
// no code for has one of ours: scheme 99PRECORDIA, a URN that is nobody else's (URN Code Value), and a meaning that
// says it all.
//   Why URNs: dciodvfy takes short codes of schemes that it does not list for mistakes. dcmtk reads URNs with a scheme
//   only.
#pragma once

#include <string>

#include "core/dicom_out/uid.h"

namespace cxr {

struct Code {
    std::string value;    // at most 16 characters, or a URN
    std::string scheme;   // "DCM", "SCT", "UCUM", "99PRECORDIA"
    std::string meaning;  // at most 64 characters
    [[nodiscard]] bool isUrn() const { return value.rfind("urn:", 0) == 0; }
    bool operator==(const Code&) const = default;
};

namespace codes {

inline constexpr const char* kOurScheme = "99PRECORDIA";
// The same name gives the same code, whatever the version of the program.
inline Code ours(const std::string& name, const std::string& meaning) {
    return {"urn:oid:" + derivedUid("code " + name), kOurScheme, meaning};
}

inline const Code kHeart{"80891009", "SCT", "Heart"};
inline const Code kLung{"39607008", "SCT", "Lung"};
inline const Code kLeft{"7771000", "SCT", "Left"};
inline const Code kRight{"24028007", "SCT", "Right"};
inline const Code kThorax{"51185008", "SCT", "Thorax"};
inline const Code kAnatomicalStructure{"123037004", "SCT", "Anatomical Structure"};
inline const Code kChestXray{"399208008", "SCT", "Plain chest X-ray"};
inline const Code kHasInterpretation{"363713009", "SCT", "Has interpretation"};
inline const Code kPositive{"10828004", "SCT", "Positive"};
inline const Code kNegative{"260385009", "SCT", "Negative"};
inline const Code kFindingSite{"363698007", "SCT", "Finding Site"};

inline const Code kArtificialIntelligence{"123110", "DCM", "Artificial Intelligence"};
inline const Code kSegmentation{"113076", "DCM", "Segmentation"};
inline const Code kSourceImage{"121322", "DCM", "Source image for image processing operation"};
inline const Code kSourceOfMeasurement{"121112", "DCM", "Source of Measurement"};
inline const Code kCertaintyOfFinding{"111012", "DCM", "Certainty of Finding"};
inline const Code kCaseSensitivity{"111088", "DCM", "Case Sensitivity"};
inline const Code kCaseSpecificity{"111090", "DCM", "Case Specificity"};
inline const Code kOperatingPointDescription{"111081", "DCM", "CAD Operating Point Description"};
inline const Code kComment{"121106", "DCM", "Comment"};
inline const Code kFinding{"121071", "DCM", "Finding"};

inline const Code kNoUnits{"1", "UCUM", "no units"};
inline const Code kPercent{"%", "UCUM", "Percent"};
inline const Code kPixels{"{pixels}", "UCUM", "pixels"};
inline const Code kMillimetre{"mm", "UCUM", "millimeter"};

inline const Code kRatio = ours("CTR", "Cardiothoracic ratio");
inline const Code kRatioLow = ours("CTR_LOW", "Cardiothoracic ratio, outlines drawn narrow");
inline const Code kRatioHigh = ours("CTR_HIGH", "Cardiothoracic ratio, outlines drawn wide");
inline const Code kHeartWidth = ours("HEART_WIDTH", "Heart width");
inline const Code kChestWidth = ours("CHEST_WIDTH", "Inner chest width");
inline const Code kHeartSize = ours("HEART_SIZE", "Heart size by cardiothoracic ratio");
inline const Code kNormal = ours("NORMAL", "Normal: ratio up to 0.50");
inline const Code kBorderline = ours("BORDERLINE", "Borderline: ratio above 0.50 up to 0.55");
inline const Code kEnlarged = ours("ENLARGED", "Enlarged: ratio above 0.55");
inline const Code kQuality = ours("QUALITY", "Quality of the outlines, 0 to 1");
inline const Code kThreshold = ours("THRESHOLD", "Threshold of the operating point");
inline const Code kAttribution = ours("ATTRIBUTION", "Contribution to the network's answer");
inline const Code kExplanation = ours("EXPLANATION", "Explanation of a network's answer");

}  // namespace codes
}  // namespace cxr
