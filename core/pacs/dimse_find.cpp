// C-ECHO and C-FIND (Study Root, Patient Root, Modality Worklist). See dimse_services.h.
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <cstdlib>
#include <utility>

#include "core/io/iso2022_text.h"
#include "core/pacs/association.h"
#include "core/pacs/dimse_services.h"
#include "core/pacs/query_texts.h"

namespace cxr {
namespace {

constexpr const char* kStudyRoot = UID_FINDStudyRootQueryRetrieveInformationModel;
constexpr const char* kPatientRoot = UID_FINDPatientRootQueryRetrieveInformationModel;
constexpr const char* kWorklist = UID_FINDModalityWorklistInformationModel;
constexpr int kAnswersAfterCancel = 1000;               // then the server does not listen
constexpr std::int64_t kMaxAnswerBytes = 64LL << 20;    // of one search
using Keys = std::vector<std::pair<DcmTagKey, std::string>>;

// Texts of one answer as UTF-8.
class AnswerTexts {
  public:
    explicit AnswerTexts(DcmItem& item) : m_item(item) {
        OFString charset;
        item.findAndGetOFStringArray(DCM_SpecificCharacterSet, charset);
        m_charset.assign(charset.c_str(), charset.size());
        m_canConvert = !charset.empty() && m_converter.selectCharacterSet(charset).good();
    }
    std::string operator()(const DcmTagKey& tag) {
        OFString raw;
        if (m_item.findAndGetOFStringArray(tag, raw).bad()) return {};
        const std::string bytes(raw.c_str(), raw.size());
        OFString converted;
        const char* delimiters = tag == DCM_PatientName ? "\\^=" : "\\";
        if (m_canConvert && m_converter.convertString(raw, converted, delimiters).good()) return oneLine(std::string(converted.c_str(), converted.size()));
        if (const auto text = decodeIso2022(m_charset, bytes)) return oneLine(*text);
        return oneLine(bytes);
    }
    int number(const DcmTagKey& tag) { return std::max(0, std::atoi((*this)(tag).c_str())); }

  private:
    DcmItem& m_item;
    DcmSpecificCharacterSet m_converter;
    std::string m_charset;
    bool m_canConvert = false;
};

// The keys in one character set that holds all of them.
Result<Done> fillKeys(DcmDataset& identifier, const Keys& keys) {
    std::string all;
    for (const auto& [tag, value] : keys) all += value;
    const std::string charset = encodeText(all).characterSet;
    OFCondition done = identifier.putAndInsertString(DCM_SpecificCharacterSet, charset.c_str());
    for (const auto& [tag, value] : keys) {
        const std::string bytes = charset == "ISO_IR 192" ? value : encodeText(value).bytes;
        if (done.good()) done = identifier.putAndInsertString(tag, bytes.c_str());
    }
    if (done.good()) return Done{};
    return Error{ErrorCode::InvalidArgument, "the search cannot be written as DICOM; check its texts"};
}

// What the callback of DCMTK knows.
struct Search {
    std::function<void(DcmDataset&)> onAnswer;
    int limit;
    const char* model = kStudyRoot;
    Association* association = nullptr;
    int answers = 0;
    bool isCut = false;
};

void takeAnswer(void* data, T_DIMSE_C_FindRQ* request, int count, T_DIMSE_C_FindRSP*, DcmDataset* answer) {
    auto& search = *static_cast<Search*>(data);
    if (answer == nullptr) return;
    if (++search.answers <= search.limit) return search.onAnswer(*answer);
    if (!std::exchange(search.isCut, true)) {
        const auto context = search.association->contextOf(search.model);
        DIMSE_sendCancelRequest(search.association->get(), context, request->MessageID);
    }
    if (count > search.limit + kAnswersAfterCancel) search.association->wire().mayReceive = 0;
}

Result<Done> find(const Server& server, DcmDataset& identifier, Search& search, const RunContext& context) {
    auto opened = Association::open(server, {{search.model, uncompressedSyntaxes()}}, context);
    if (!opened.isOk()) return opened.error();
    Association& association = *opened.value();
    association.wire().mayReceive = kMaxAnswerBytes;
    search.association = &association;
    T_DIMSE_C_FindRQ request{};
    request.MessageID = association.nextMessage();
    OFStandard::strlcpy(request.AffectedSOPClassUID, search.model, sizeof request.AffectedSOPClassUID);
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    T_DIMSE_C_FindRSP response{};
    DcmDataset* detail = nullptr;
    int count = 0;
    const OFCondition done = DIMSE_findUser(association.get(), association.contextOf(search.model), &request, &identifier, count, takeAnswer,
                                            &search, DIMSE_BLOCKING, 0, &response, &detail);
    delete detail;
    if (search.isCut && association.wire().fault == WireFault::TooMuch) return Done{};
    if (done.bad()) return association.failure(done, "searching");
    association.release();
    if (response.DimseStatus == STATUS_FIND_Success_MatchingIsComplete || (search.isCut && response.DimseStatus == STATUS_FIND_Cancel)) return Done{};
    return Error{ErrorCode::Unsupported, "the search failed: " + statusText(response.DimseStatus)};
}

Result<Done> find(const Server& server, const Keys& keys, Search& search, const RunContext& context) {
    DcmDataset identifier;
    if (const Result<Done> filled = fillKeys(identifier, keys); !filled.isOk()) return filled.error();
    return find(server, identifier, search, context);
}

// Rows of one kind, each made by `rowOf` from an answer.
template <typename Row, typename Query>
Result<Found<Row>> findRows(const Server& server, Query&& query, const char* model, int limit, Row (*rowOf)(DcmDataset&), const RunContext& context) {
    Found<Row> found;
    Search search{[&](DcmDataset& answer) { found.rows.push_back(rowOf(answer)); }, limit, model};
    const Result<Done> done = find(server, query, search, context);
    if (!done.isOk()) return done.error();
    found.isCut = search.isCut;
    return found;
}

StudyRow studyOf(DcmDataset& answer) {
    AnswerTexts text(answer);
    StudyRow row;
    row.studyUid = text(DCM_StudyInstanceUID);
    row.patientName = text(DCM_PatientName);
    row.patientId = text(DCM_PatientID);
    row.birthDate = text(DCM_PatientBirthDate);
    row.sex = text(DCM_PatientSex);
    row.date = text(DCM_StudyDate);
    row.time = text(DCM_StudyTime);
    row.accession = text(DCM_AccessionNumber);
    row.modalities = text(DCM_ModalitiesInStudy);
    row.description = text(DCM_StudyDescription);
    row.series = text.number(DCM_NumberOfStudyRelatedSeries);
    row.objects = text.number(DCM_NumberOfStudyRelatedInstances);
    return row;
}

PatientRow patientOf(DcmDataset& answer) {
    AnswerTexts text(answer);
    return {text(DCM_PatientID),  text(DCM_IssuerOfPatientID), text(DCM_PatientName),
            text(DCM_PatientBirthDate), text(DCM_PatientSex),   text.number(DCM_NumberOfPatientRelatedStudies),
            text.number(DCM_NumberOfPatientRelatedInstances)};
}

WorklistRow plannedOf(DcmDataset& answer) {
    AnswerTexts text(answer);
    WorklistRow row;
    row.patientName = text(DCM_PatientName);
    row.patientId = text(DCM_PatientID);
    row.birthDate = text(DCM_PatientBirthDate);
    row.sex = text(DCM_PatientSex);
    row.accession = text(DCM_AccessionNumber);
    row.studyUid = text(DCM_StudyInstanceUID);
    row.procedure = text(DCM_RequestedProcedureDescription);
    row.procedureId = text(DCM_RequestedProcedureID);
    DcmItem* item = nullptr;
    if (answer.findAndGetSequenceItem(DCM_ScheduledProcedureStepSequence, item).bad() || item == nullptr) return row;
    OFString charset;  // of the whole answer
    if (answer.findAndGetOFStringArray(DCM_SpecificCharacterSet, charset).good()) item->putAndInsertOFStringArray(DCM_SpecificCharacterSet, charset);
    AnswerTexts step(*item);
    row.date = step(DCM_ScheduledProcedureStepStartDate);
    row.time = step(DCM_ScheduledProcedureStepStartTime);
    row.modality = step(DCM_Modality);
    row.stationAe = step(DCM_ScheduledStationAETitle);
    row.station = step(DCM_ScheduledStationName);
    row.performer = step(DCM_ScheduledPerformingPhysicianName);
    row.step = step(DCM_ScheduledProcedureStepDescription);
    row.stepId = step(DCM_ScheduledProcedureStepID);
    return row;
}

SeriesRow seriesOf(DcmDataset& answer) {
    AnswerTexts text(answer);
    return {text(DCM_SeriesInstanceUID), text(DCM_Modality), text(DCM_SeriesNumber), text(DCM_SeriesDescription),
            text.number(DCM_NumberOfSeriesRelatedInstances)};
}

}  // namespace

Result<Done> dimseEcho(const Server& server, const RunContext& context) {
    auto opened = Association::open(server, {{UID_VerificationSOPClass, uncompressedSyntaxes()}}, context);
    if (!opened.isOk()) return opened.error();
    Association& association = *opened.value();
    DIC_US status = 0;
    DcmDataset* detail = nullptr;
    const OFCondition done = DIMSE_echoUser(association.get(), association.nextMessage(), DIMSE_BLOCKING, 0, &status, &detail);
    delete detail;
    if (done.bad()) return association.failure(done, "being tested");
    association.release();
    if (status == STATUS_Success) return Done{};
    return Error{ErrorCode::Unsupported, "the test failed: " + statusText(status)};
}

Result<Found<StudyRow>> dimseFindStudies(const Server& server, const StudyFilter& filter, const RunContext& context) {
    const Keys keys{{DCM_QueryRetrieveLevel, "STUDY"},
                    {DCM_StudyDate, dateRange(filter.dateFrom, filter.dateTo)},
                    {DCM_StudyTime, ""},
                    {DCM_AccessionNumber, filter.accession},
                    {DCM_ModalitiesInStudy, filter.modality},
                    {DCM_StudyDescription, ""},
                    {DCM_PatientName, namePattern(filter.patientName)},
                    {DCM_PatientID, filter.patientId},
                    {DCM_PatientBirthDate, ""},
                    {DCM_PatientSex, ""},
                    {DCM_StudyInstanceUID, ""},
                    {DCM_NumberOfStudyRelatedSeries, ""},
                    {DCM_NumberOfStudyRelatedInstances, ""}};
    return findRows<StudyRow>(server, keys, kStudyRoot, filter.limit, studyOf, context);
}

Result<Found<SeriesRow>> dimseFindSeries(const Server& server, const std::string& studyUid, const RunContext& context) {
    const Keys keys{{DCM_QueryRetrieveLevel, "SERIES"}, {DCM_StudyInstanceUID, studyUid}, {DCM_SeriesInstanceUID, ""}, {DCM_Modality, ""},
                    {DCM_SeriesNumber, ""}, {DCM_SeriesDescription, ""}, {DCM_NumberOfSeriesRelatedInstances, ""}};
    return findRows<SeriesRow>(server, keys, kStudyRoot, 10'000, seriesOf, context);
}

Result<Found<PatientRow>> dimseFindPatients(const Server& server, const StudyFilter& filter, const RunContext& context) {
    const Keys keys{{DCM_QueryRetrieveLevel, "PATIENT"},
                    {DCM_PatientName, namePattern(filter.patientName)},
                    {DCM_PatientID, filter.patientId},
                    {DCM_IssuerOfPatientID, ""},
                    {DCM_PatientBirthDate, ""},
                    {DCM_PatientSex, ""},
                    {DCM_NumberOfPatientRelatedStudies, ""},
                    {DCM_NumberOfPatientRelatedInstances, ""}};
    return findRows<PatientRow>(server, keys, kPatientRoot, filter.limit, patientOf, context);
}

// Keys of the step stand in its sequence; everything else beside it.
Result<Found<WorklistRow>> dimseFindWorklist(const Server& server, const WorklistFilter& filter, const RunContext& context) {
    DcmDataset identifier;
    const Keys keys{{DCM_AccessionNumber, filter.accession}, {DCM_PatientName, namePattern(filter.patientName)}, {DCM_PatientID, filter.patientId},
                    {DCM_PatientBirthDate, ""},              {DCM_PatientSex, ""},                                {DCM_StudyInstanceUID, ""},
                    {DCM_RequestedProcedureDescription, ""}, {DCM_RequestedProcedureID, ""}};
    if (const Result<Done> filled = fillKeys(identifier, keys); !filled.isOk()) return filled.error();
    const Keys step{{DCM_Modality, filter.modality},
                    {DCM_ScheduledStationAETitle, filter.stationAe},
                    {DCM_ScheduledProcedureStepStartDate, dateRange(filter.dateFrom, filter.dateTo)},
                    {DCM_ScheduledProcedureStepStartTime, ""},
                    {DCM_ScheduledPerformingPhysicianName, ""},
                    {DCM_ScheduledProcedureStepDescription, ""},
                    {DCM_ScheduledProcedureStepID, ""},
                    {DCM_ScheduledStationName, ""}};
    DcmItem* item = nullptr;
    OFCondition done = identifier.findOrCreateSequenceItem(DCM_ScheduledProcedureStepSequence, item, 0);
    for (const auto& [tag, value] : step) {
        if (done.good()) done = item->putAndInsertString(tag, value.c_str());
    }
    if (done.bad()) return Error{ErrorCode::InvalidArgument, "the search cannot be written as DICOM; check its texts"};
    return findRows<WorklistRow>(server, identifier, kWorklist, filter.limit, plannedOf, context);
}

}  // namespace cxr
