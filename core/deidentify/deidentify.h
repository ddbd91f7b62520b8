// De-identification of one DICOM object: bytes in, bytes out.   DICOM PS3.15 annex E
//   header   header_cleaner.h, the rule table profile.csv; preamble zeroed, meta header made anew
//   picture  as it is, byte for byte and in its own compression; with boxes: blackened (pixel_cleaning.h)
//   refuses  indexes of discs (DICOMDIR) and encapsulated documents, whose text nobody has cleaned
// What is wrong with a file is found by our own scan before a library sees it.
// Pure functions; thread-safe.   fails Corrupt, TooLarge, Unsupported, Internal
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/deidentify/burned_in_text.h"
#include "core/deidentify/header_cleaner.h"
#include "core/deidentify/options.h"
#include "core/deidentify/pseudonyms.h"
#include "core/io/bytes.h"
#include "core/io/image_reader.h"

namespace cxr {

struct DeidentifyRequest {
    DeidentifyOptions options;
    // Set: the picture was looked at for burned-in text, and these boxes are blackened (none: there was no text).
    std::optional<std::vector<TextBox>> boxes;
    bool areBoxesConfirmed = false;  // a person has seen them
};

struct DeidentifiedObject {
    std::string bytes;         // the whole file
    std::string patientCode;   // stand-in for the patient, "P0123456789ab"
    std::string instanceCode;  // for file names, "I0123456789abcdef"
    std::string sopClassUid, modality, transferSyntaxUid;
    CleaningCounts counts;
    std::size_t identityWords = 0;  // words of the patient's identity that the kept texts were searched for
    bool isPictureUntouched = true;
    bool saysBurnedIn = false;  // the header said that identifying text is burned in, and the picture was not cleaned
};

Result<DeidentifiedObject> deidentifyObject(Bytes file, const DeidentifyRequest& request, const Pseudonyms& pseudonyms,
                                            const ReadLimits& limits = {});

}  // namespace cxr
