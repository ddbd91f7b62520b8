// Looks through folders, discs (DICOMDIR), zip archives and single files for films and their companions. Content decides,
// not names; only headers are read.
//   found      each SOP instance once: a copy is told as one (files that are named one by one are always taken)
//   told       whatever cannot be used, with one sentence why: broken files, missing files of a DICOMDIR, foreign files
//   bounded    depth and number of files; links are followed only inside their folder
//   stops      within one file (Cancelled is the only failure)
// Thread-safe; call it from a worker: about 0.2 ms for each file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/study/patient_tree.h"
#include "core/study/zip_films.h"

namespace cxr {

struct ScanLimits {
    int maxDepth = 32;               // of folders in folders
    std::size_t maxFiles = 100'000;  // of all sources together
    ReadLimits read;
    ZipFilmLimits zip;
};

struct UnusableFile {
    std::filesystem::path file;  // empty for a member of an archive or of an index
    std::string name;            // without folders
    std::string origin;          // the path, or "disc.zip: README.TXT"
    std::string reason;          // one sentence without a full stop: "the file is cut off ..."
    bool isForeign = false;      // neither DICOM nor a picture: nobody expected a film
    bool isNamed = false;        // one of the sources itself
    bool isContainer = false;    // a folder, an archive or an index
};

struct StudyScan {
    std::vector<StudyObject> objects;  // by source, then by path
    std::vector<UnusableFile> unusable;
    std::vector<std::shared_ptr<const TemporaryFolder>> folders;  // unpacked archives: `objects` need them
};

// fails Cancelled
Result<StudyScan> scanStudies(const std::vector<std::filesystem::path>& sources, const ScanLimits& limits = {}, const RunContext& context = {});

}  // namespace cxr
