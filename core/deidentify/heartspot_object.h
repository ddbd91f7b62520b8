// The HeartSpot picture of a de-identified film as a DICOM object: Secondary Capture Image (PS3.3 A.8.1), 8 bits, MONOCHROME2,
// in a series of its own. Patient and study are those of the de-identified film; what was done stands in Derivation
// Description and Code Sequence, with the share of pixels that was kept.
// Thread-safe for different objects.   fails Corrupt, Internal, Unsupported
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>

#include "core/base/result.h"
#include "core/deidentify/deidentify.h"

namespace cxr {

struct HeartSpotPicture {
    cv::Mat picture;         // CV_8UC1 [n, n], dropped pixels 0
    std::string priorName;   // "rhline+heart"
    std::string priorHash;   // makes the UIDs of different priors differ
    std::string keeps;       // "keeps 17.1 % of the pixels; re-identification risk not measured"
    bool isResampled = true; // the film's square was brought to another size
};

// `film`: what deidentifyObject made of the film. The result has its counts and patient.
Result<DeidentifiedObject> heartSpotObject(const DeidentifiedObject& film, const HeartSpotPicture& picture, const Pseudonyms& pseudonyms);

}  // namespace cxr
