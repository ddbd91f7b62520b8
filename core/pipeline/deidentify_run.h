// De-identification of many files into one folder; the front door for window and command line.
//   OUT/P<patient>/I<object>.dcm   one file for each input that could be cleaned; names come from the key, not from the input
//   OUT/deidentified.csv, .json    what was done to each, and the privacy card; no name, no path and no identifier of the input
// A file that is broken or cannot be cleaned is refused with its reason, and the others go on. Every file is whole or absent.
//   thread rule  call from a worker; one run at a time into a folder
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/deidentify/deidentify.h"
#include "core/deidentify/privacy_card.h"
#include "core/prior/prior_spec.h"

namespace cxr {

// Boxes of writing for each input; a file without an entry has none.
using FilmBoxes = std::map<std::filesystem::path, std::vector<TextBox>>;

enum class TextCleaning {
    Leave,      // pictures stay as they are
    Automatic,  // what is found is blackened
    Confirmed,  // the boxes that a person has seen are blackened
};

struct DeidentifyPlan {
    DeidentifyOptions options;
    TextCleaning text = TextCleaning::Leave;
    FilmBoxes boxes;                      // for Confirmed
    std::optional<PriorSpec> heartSpot;   // set: HeartSpot pictures instead of films
    cv::Mat heartRegion;                  // empty: the shipped one
    bool isKeyKept = false;               // for the card only
};

struct DeidentifiedFile {
    std::filesystem::path input;  // for messages; not in the report
    std::string output;           // below the folder, with '/'; empty: refused
    std::string error;            // one sentence
    DeidentifiedObject object;    // without its bytes
    int boxes = 0;
    std::string heartSpot;        // "rhline+heart: keeps 17.1 % of the pixels; ..."
};

struct DeidentifySummary {
    std::vector<DeidentifiedFile> files;  // in the order of the inputs
    std::vector<PrivacyLayer> card;
    [[nodiscard]] int written() const;
    [[nodiscard]] int refused() const { return static_cast<int>(files.size()) - written(); }
};

// DICOM files of a folder, by their first bytes, sorted; a file stands for itself. Links are not followed.
std::vector<std::filesystem::path> listDicomFiles(const std::filesystem::path& fileOrFolder);

// Lines of writing on the film in a file; none for objects without a picture.   fails as readImage does, Unsupported (several pictures)
Result<std::vector<TextBox>> findTextOn(const std::filesystem::path& file, const RunContext& context = {});

// `onFile` is told after each file, from the calling thread; may be empty.
//   fails  Cancelled (what is written stays, without a report), WriteFailed (the folder or the report)
Result<DeidentifySummary> deidentifyFiles(const std::vector<std::filesystem::path>& files, const std::filesystem::path& folder,
                                          const DeidentifyPlan& plan, const Pseudonyms& pseudonyms,
                                          const std::function<void(const DeidentifiedFile&)>& onFile, const RunContext& context);

// The report of a run.
std::string deidentifyCsv(const DeidentifySummary& summary);
std::string deidentifyJson(const DeidentifySummary& summary);

// file,x,y,width,height: boxes that a person can look at, change and give back. It names input files: keep it with them.
Result<Done> writeFilmBoxes(const std::filesystem::path& csv, const FilmBoxes& boxes);
Result<FilmBoxes> readFilmBoxes(const std::filesystem::path& csv);

}  // namespace cxr
