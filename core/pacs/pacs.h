// Archives (PACS): test, search, retrieve, send; the same calls for DICOM nodes and DICOMweb services.
//   waiting   every connection, association and answer has its own time limit (PacsTimeouts); Cancel answers within 0.2 s
//   causes    an Error says in one sentence what failed: host, title, certificate, transfer syntax, time, disk, limit
//   repeats   a connection that is lost in the middle is tried again at most Server::retries times; objects that were
//             acknowledged are not sent again, and a received object replaces the one with its UID
// Thread-safe; long work, call from a worker.   DICOM PS3.4 B, C; PS3.18
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/pacs/server.h"

namespace cxr {

// Empty fields match everything. In texts * stands for any letters and ? for one.
struct StudyFilter {
    std::string patientName;  // UTF-8; without * or ? its beginning is meant; "Name, First" as "Name^First"
    std::string patientId, accession;
    std::string dateFrom, dateTo;  // DICOM DA, "20261121"
    std::string modality;          // "CR"
    int limit = 200;               // answers taken; 1 .. 10,000
};

// Texts are UTF-8, as the server says them; empty: it does not say. Counts are 0 where it does not say.
struct StudyRow {
    std::string studyUid, patientName, patientId, birthDate, sex, date, time, accession, modalities, description;
    int series = 0, objects = 0;
};
struct SeriesRow {
    std::string seriesUid, modality, number, description;
    int objects = 0;
};
// Patient root, patient level.   DICOM PS3.4 C.6.1.1.2
struct PatientRow {
    std::string patientId, issuer, patientName, birthDate, sex;
    int studies = 0, objects = 0;
};

// Modality worklist: what is planned.   DICOM PS3.4 K.6
struct WorklistFilter {
    std::string patientName, patientId, accession;  // as in StudyFilter
    std::string dateFrom, dateTo;                   // of the scheduled step
    std::string modality, stationAe;
    int limit = 200;
};
struct WorklistRow {
    std::string patientName, patientId, birthDate, sex, accession, studyUid;
    std::string date, time, modality, stationAe, station, performer;  // of the scheduled step
    std::string procedureId, procedure, step, stepId;                 // descriptions, and their numbers
};

template <typename Row>
struct Found {
    std::vector<Row> rows;
    bool isCut = false;  // there are more than the limit
};

struct RetrieveTarget {
    std::string studyUid;
    std::string seriesUid;    // empty: the whole study
    int expectedObjects = 0;  // for progress; 0: unknown
};

struct ReceiveLimits {
    std::int64_t maxObjectBytes = 512LL << 20;
    std::int64_t maxBytes = 16LL << 30;  // of one retrieve
    int maxObjects = 20'000;
    std::int64_t minFreeBytes = 256LL << 20;  // on the disk, before each object
};

struct RetrieveOutcome {
    std::filesystem::path folder;              // inbox / study UID
    std::vector<std::filesystem::path> files;  // <SOP Instance UID>.dcm, in order of arrival
    int failed = 0;                            // objects that the server or we refused
    std::string firstFailure;                  // one sentence about the first of them
};

struct SentObject {
    std::filesystem::path file;
    bool isStored = false;
    std::string answer;  // "stored", or why not
};
struct StoreOutcome {
    std::vector<SentObject> objects;  // in the order of the files
    [[nodiscard]] int stored() const;
};

// The server answers. fails NotFound (cannot be reached, timed out, broke off), InvalidArgument (description, titles,
// certificate, password), Unsupported (it does not offer the service), Cancelled; so do the others.
Result<Done> echoServer(const Server& server, const RunContext& context = {});
Result<Found<StudyRow>> findStudies(const Server& server, const StudyFilter& filter, const RunContext& context = {});
Result<Found<SeriesRow>> findSeries(const Server& server, const std::string& studyUid, const RunContext& context = {});
// Uses the name, the Patient ID and the limit of the filter. DICOMweb knows no patients: they are those of the studies it finds.
Result<Found<PatientRow>> findPatients(const Server& server, const StudyFilter& filter, const RunContext& context = {});
// fails also Unsupported: a DICOMweb service
Result<Found<WorklistRow>> findWorklist(const Server& server, const WorklistFilter& filter, const RunContext& context = {});
// Into inbox / study UID; only objects of the target are taken. What is complete stays, whatever happens after it.
// fails also WriteFailed (disk full), TooLarge (a limit)
Result<RetrieveOutcome> retrieve(const Server& server, const RetrieveTarget& target, const std::filesystem::path& inbox,
                                 const ReceiveLimits& limits = {}, const RunContext& context = {});
// Fails only when no object could be offered; else each object has its answer.
Result<StoreOutcome> storeFiles(const Server& server, const std::vector<std::filesystem::path>& files,
                                const RunContext& context = {});

}  // namespace cxr
