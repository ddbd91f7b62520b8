// C-ECHO and C-FIND (Study Root). See dimse_services.h.
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

constexpr const char* kFindModel = UID_FINDStudyRootQueryRetrieveInformationModel;
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
    Association* association;
    std::function<void(DcmDataset&)> onAnswer;
    int limit;
    int answers = 0;
    bool isCut = false;
};

void takeAnswer(void* data, T_DIMSE_C_FindRQ* request, int count, T_DIMSE_C_FindRSP*, DcmDataset* answer) {
    auto& search = *static_cast<Search*>(data);
    if (answer == nullptr) return;
    if (++search.answers <= search.limit) return search.onAnswer(*answer);
    if (!std::exchange(search.isCut, true)) {
        const auto context = search.association->contextOf(kFindModel);
        DIMSE_sendCancelRequest(search.association->get(), context, request->MessageID);
    }
    if (count > search.limit + kAnswersAfterCancel) search.association->wire().mayReceive = 0;
}

Result<Done> find(const Server& server, const Keys& keys, Search& search, const RunContext& context) {
    DcmDataset identifier;
    if (const Result<Done> filled = fillKeys(identifier, keys); !filled.isOk()) return filled.error();
    auto opened = Association::open(server, {{kFindModel, uncompressedSyntaxes()}}, context);
    if (!opened.isOk()) return opened.error();
    Association& association = *opened.value();
    association.wire().mayReceive = kMaxAnswerBytes;
    search.association = &association;
    T_DIMSE_C_FindRQ request{};
    request.MessageID = association.nextMessage();
    OFStandard::strlcpy(request.AffectedSOPClassUID, kFindModel, sizeof request.AffectedSOPClassUID);
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    T_DIMSE_C_FindRSP response{};
    DcmDataset* detail = nullptr;
    int count = 0;
    const OFCondition done = DIMSE_findUser(association.get(), association.contextOf(kFindModel), &request, &identifier, count, takeAnswer,
                                            &search, DIMSE_BLOCKING, 0, &response, &detail);
    delete detail;
    if (search.isCut && association.wire().fault == WireFault::TooMuch) return Done{};
    if (done.bad()) return association.failure(done, "searching");
    association.release();
    if (response.DimseStatus == STATUS_FIND_Success_MatchingIsComplete || (search.isCut && response.DimseStatus == STATUS_FIND_Cancel)) return Done{};
    return Error{ErrorCode::Unsupported, "the search failed: " + statusText(response.DimseStatus)};
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
    Found<StudyRow> found;
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
    Search search{nullptr, [&](DcmDataset& answer) { found.rows.push_back(studyOf(answer)); }, filter.limit};
    const Result<Done> done = find(server, keys, search, context);
    if (!done.isOk()) return done.error();
    found.isCut = search.isCut;
    return found;
}

Result<Found<SeriesRow>> dimseFindSeries(const Server& server, const std::string& studyUid, const RunContext& context) {
    Found<SeriesRow> found;
    const Keys keys{{DCM_QueryRetrieveLevel, "SERIES"}, {DCM_StudyInstanceUID, studyUid}, {DCM_SeriesInstanceUID, ""}, {DCM_Modality, ""},
                    {DCM_SeriesNumber, ""}, {DCM_SeriesDescription, ""}, {DCM_NumberOfSeriesRelatedInstances, ""}};
    Search search{nullptr, [&](DcmDataset& answer) { found.rows.push_back(seriesOf(answer)); }, 10'000};
    const Result<Done> done = find(server, keys, search, context);
    if (!done.isOk()) return done.error();
    found.isCut = search.isCut;
    return found;
}

}  // namespace cxr
