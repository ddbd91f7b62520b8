// Zip archives of films: unpacked, looked through and grouped as the study window does it. The first byte says what the rest is:
//   even  the whole archive
//   odd   a member of a sound archive, whose checksums a mutation of the archive would break first
// Nothing is left behind, and nothing comes from outside of the folder that was unpacked into.
#include <algorithm>
#include <cstdlib>

#include "core/model/zip_writer.h"
#include "core/study/prior_films.h"
#include "core/study/study_scan.h"
#include "tests/fuzz/film_seeds.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/object_seeds.h"

using namespace cxr;

namespace {

constexpr char kArchive = 0, kMember = 1;

ScanLimits smallLimits() {
    ScanLimits limits;
    limits.maxFiles = 100;
    limits.read = fuzz::smallLimits();
    limits.zip.archive = {.maxEntries = 50, .maxTotalBytes = 4 << 20, .freeBytes = 1 << 20, .maxRatio = 100};
    limits.zip.maxEntryBytes = 1 << 20;
    return limits;
}

// Archives are unpacked into the system's temporary folder: here into memory.
const fuzz::MemoryFolder& temporaryFolder() {
    static const fuzz::MemoryFolder folder;
    static const bool isSet = ::setenv("TMPDIR", folder.path().c_str(), 1) == 0;
    if (!isSet) std::abort();
    return folder;
}

void checkScan(const StudyScan& scan) {
    for (const UnusableFile& file : scan.unusable) {
        if (file.reason.empty()) std::abort();
    }
    for (const StudyObject& object : scan.objects) {
        const bool isUnpacked = std::any_of(scan.folders.begin(), scan.folders.end(), [&](const auto& folder) {
            return object.file.string().starts_with(folder->path().string() + "/");
        });
        if (!isUnpacked && !object.isNamed) std::abort();  // a film in the place of an archive is the source itself
        kindName(object);
        dateOf(object);
    }
    const PatientTree tree = groupObjects(scan.objects);
    for (const PatientNode& patient : tree.patients) {
        if (patientTitle(patient).empty()) std::abort();
        patientFacts(patient);
        for (const StudyNode& study : patient.studies) {
            if (studyDate(study).empty() || studyFacts(study).empty()) std::abort();
            for (const SeriesNode& series : study.series) seriesTitle(series);
        }
        priorFilms(tree, patient.first().file);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::MemoryFile archive;
    static const fuzz::MemoryFolder& temporary = temporaryFolder();
    if (size == 0) return 0;
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] % 2 != kArchive) {
        auto sound = zipBytes({{"IM1", bytes, false}});
        if (!sound.isOk()) return 0;
        bytes = std::move(sound).value();
    }
    archive.put(bytes.data(), bytes.size());
    {
        static const ScanLimits limits = smallLimits();
        const auto scan = scanStudies({archive.path()}, limits);
        if (!scan.isOk()) std::abort();  // nobody cancelled it
        checkScan(scan.value());
    }
    if (!std::filesystem::is_empty(temporary.path())) std::abort();
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    const std::string film = plainFilm(test::kExplicitLittle, true, false).substr(0, 1200), index = directorySeed(ObjectBytes(), {"", "IM1"});
    const auto zipped = [](const std::vector<ZipItem>& items) { return std::string(1, kArchive) + zipBytes(items).value(); };
    std::vector<std::string> all{zipped({{"IM1", film, false}, {"DICOMDIR", index, false}}),
                                 zipped({{"IM1", film, true}, {"a/b/readme.txt", "text", false}, {"../out", film, false}}),
                                 zipped({{"x.png", encoded(".png", CV_8UC1), false}, {"inner.zip", zipBytes({{"IM1", film, true}}).value(), false}})};
    for (const std::string& member : {film, plainFilm(test::kImplicitLittle, false, false).substr(0, 1200), index, reportSeed(ObjectBytes()),
                                      presentationStateSeed(ObjectBytes(), false)})
        all.push_back(std::string(1, kMember) + member);
    return all;
}

std::vector<std::string> cxr::fuzz::words() {
    std::vector<std::string> all = dicomWords();
    for (const char* word : {"PK\x03\x04", "PK\x01\x02", "PK\x05\x06", "PK\x06\x06", "PK\x07\x08", "IM1", "../", "/etc/", "\\", "DICOMDIR", "19491231",
                             "20261121", "1.2.840.10008.1.3.10"})
        all.emplace_back(word);
    return all;
}
