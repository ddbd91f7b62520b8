// The front door: checks what is asked, takes the protocol, repeats what was lost.
#include "core/pacs/pacs.h"

#include <algorithm>

#include "core/pacs/dimse_services.h"
#include "core/pacs/inbox.h"
#include "core/pacs/query_texts.h"
#include "core/pacs/stop_wait.h"
#include "core/pacs/web_services.h"

namespace cxr {
namespace {

constexpr int kFirstPauseMs = 500;  // doubled each time

Result<Done> check(const Server& server, const std::string& otherProblem = {}) {
    const std::string problem = problemOf(server);
    if (!problem.empty()) return Error{ErrorCode::InvalidArgument, problem};
    if (!otherProblem.empty()) return Error{ErrorCode::InvalidArgument, otherProblem};
    return Done{};
}

bool isWeb(const Server& server) { return server.protocol == PacsProtocol::DicomWeb; }

// `work(isLost)` again while the connection breaks in the middle.
template <typename Work>
Result<Done> repeated(const Server& server, const RunContext& context, const Work& work) {
    int pauseMs = kFirstPauseMs;
    for (int tried = 0;; ++tried, pauseMs *= 2) {
        bool isLost = false;
        Result<Done> done = work(isLost);
        if (done.isOk() || !isLost) return done;
        if (tried == server.retries) {
            if (tried == 0) return done;
            return Error{done.error().code, done.error().message + " (tried " + std::to_string(tried + 1) + " times)"};
        }
        if (!pauseFor(pauseMs, context.stop)) return Error{ErrorCode::Cancelled, "stopped"};
    }
}

// The patients of studies, in their order.
std::vector<PatientRow> patientsOf(const std::vector<StudyRow>& studies) {
    std::vector<PatientRow> patients;
    for (const StudyRow& study : studies) {
        const auto isSame = [&](const PatientRow& one) { return one.patientId == study.patientId && one.patientName == study.patientName; };
        auto patient = std::find_if(patients.begin(), patients.end(), isSame);
        if (patient == patients.end()) patient = patients.insert(patient, {study.patientId, "", study.patientName, study.birthDate, study.sex, 0, 0});
        ++patient->studies;
        patient->objects += study.objects;
    }
    return patients;
}

}  // namespace

int StoreOutcome::stored() const {
    return static_cast<int>(std::count_if(objects.begin(), objects.end(), [](const SentObject& object) { return object.isStored; }));
}

Result<Done> echoServer(const Server& server, const RunContext& context) {
    if (const Result<Done> good = check(server); !good.isOk()) return good.error();
    return isWeb(server) ? webEcho(server, context) : dimseEcho(server, context);
}

Result<Found<StudyRow>> findStudies(const Server& server, const StudyFilter& filter, const RunContext& context) {
    if (const Result<Done> good = check(server, problemOf(filter)); !good.isOk()) return good.error();
    return isWeb(server) ? webFindStudies(server, filter, context) : dimseFindStudies(server, filter, context);
}

Result<Found<PatientRow>> findPatients(const Server& server, const StudyFilter& filter, const RunContext& context) {
    StudyFilter wanted;
    wanted.patientName = filter.patientName;
    wanted.patientId = filter.patientId;
    wanted.limit = filter.limit;
    if (const Result<Done> good = check(server, problemOf(wanted)); !good.isOk()) return good.error();
    if (!isWeb(server)) return dimseFindPatients(server, wanted, context);
    const Result<Found<StudyRow>> studies = webFindStudies(server, wanted, context);
    if (!studies.isOk()) return studies.error();
    return Found<PatientRow>{patientsOf(studies.value().rows), studies.value().isCut};
}

Result<Found<WorklistRow>> findWorklist(const Server& server, const WorklistFilter& filter, const RunContext& context) {
    if (const Result<Done> good = check(server, problemOf(filter)); !good.isOk()) return good.error();
    if (isWeb(server)) return Error{ErrorCode::Unsupported, "a DICOMweb service has no modality worklist; describe the server as a DICOM node"};
    return dimseFindWorklist(server, filter, context);
}

Result<Found<SeriesRow>> findSeries(const Server& server, const std::string& studyUid, const RunContext& context) {
    if (const Result<Done> good = check(server, isUid(studyUid) ? "" : "A study is named by its UID: digits and dots."); !good.isOk()) return good.error();
    return isWeb(server) ? webFindSeries(server, studyUid, context) : dimseFindSeries(server, studyUid, context);
}

Result<RetrieveOutcome> retrieve(const Server& server, const RetrieveTarget& target, const std::filesystem::path& folder,
                                 const ReceiveLimits& limits, const RunContext& context) {
    const bool hasUids = isUid(target.studyUid) && (target.seriesUid.empty() || isUid(target.seriesUid));
    if (const Result<Done> good = check(server, hasUids ? "" : "Studies and series are named by their UIDs: digits and dots."); !good.isOk())
        return good.error();
    Result<std::unique_ptr<Inbox>> opened = Inbox::open(folder, target, limits);
    if (!opened.isOk()) return opened.error();
    Inbox& inbox = *opened.value();
    const Result<Done> done = repeated(server, context, [&](bool& isLost) {
        inbox.restart();
        if (isWeb(server)) return webRetrieve(server, target, inbox, context, isLost);
        return server.retrieveBy == RetrieveMethod::Move ? dimseMove(server, target, inbox, context, isLost)
                                                         : dimseGet(server, target, inbox, context, isLost);
    });
    if (!done.isOk()) return done.error();
    RetrieveOutcome outcome = inbox.outcome();
    if (outcome.files.empty() && outcome.failed == 0) return Error{ErrorCode::NotFound, "the server has no films of this study"};
    if (outcome.files.empty()) return Error{ErrorCode::Unsupported, "no film was received: " + outcome.firstFailure};
    return outcome;
}

Result<StoreOutcome> storeFiles(const Server& server, const std::vector<std::filesystem::path>& files, const RunContext& context) {
    if (const Result<Done> good = check(server, files.empty() ? "There is nothing to send." : ""); !good.isOk()) return good.error();
    StoreOutcome outcome;
    for (const std::filesystem::path& file : files) outcome.objects.push_back({file, false, {}});
    const Result<Done> done = repeated(server, context, [&](bool& isLost) {
        return isWeb(server) ? webStore(server, outcome, context, isLost) : dimseStore(server, outcome, context, isLost);
    });
    const bool hasAnswers = std::any_of(outcome.objects.begin(), outcome.objects.end(), [](const SentObject& object) { return object.isStored; });
    if (!done.isOk() && (!hasAnswers || done.error().code == ErrorCode::Cancelled)) return done.error();
    for (SentObject& object : outcome.objects) {
        if (object.answer.empty()) object.answer = done.isOk() ? "not sent" : "not sent: " + done.error().message;
    }
    return outcome;
}

}  // namespace cxr
