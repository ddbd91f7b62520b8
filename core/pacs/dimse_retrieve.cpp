// C-GET, and C-MOVE with our own receiver. See dimse_services.h.
//   C-GET offers the kinds of objects of chest studies in every coding that we read, each coding in its own context (a
//   server takes one coding for each context and sends films as they are stored only if it is theirs), and the rest of
//   the standard's kinds uncompressed, as far as 128 contexts reach.
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/pacs/association.h"
#include "core/pacs/dimse_services.h"
#include "core/pacs/move_receiver.h"
#include "core/pacs/object_receiver.h"

namespace cxr {
namespace {

constexpr const char* kGetModel = UID_GETStudyRootQueryRetrieveInformationModel;
constexpr const char* kMoveModel = UID_MOVEStudyRootQueryRetrieveInformationModel;

constexpr std::array kImages{UID_ComputedRadiographyImageStorage, UID_DigitalXRayImageStorageForPresentation, UID_DigitalXRayImageStorageForProcessing,
                             UID_SecondaryCaptureImageStorage, UID_CTImageStorage, UID_XRayRadiofluoroscopicImageStorage};
constexpr std::array kOthers{UID_BasicTextSRStorage,
                             UID_EnhancedSRStorage,
                             UID_ComprehensiveSRStorage,
                             UID_ChestCADSRStorage,
                             UID_KeyObjectSelectionDocumentStorage,
                             UID_SegmentationStorage,
                             UID_ParametricMapStorage,
                             UID_GrayscaleSoftcopyPresentationStateStorage,
                             UID_EncapsulatedPDFStorage};

bool isListed(const std::string& uid, const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](const char* known) { return uid == known; });
}

std::vector<ContextOffer> getOffers() {
    std::vector<ContextOffer> offers{{kGetModel, uncompressedSyntaxes()}};
    const std::vector<std::string> codings = receivedSyntaxes();
    for (const char* image : kImages) {
        offers.push_back({image, uncompressedSyntaxes(), true});
        for (std::size_t i = uncompressedSyntaxes().size(); i < codings.size(); ++i) offers.push_back({image, {codings[i]}, true});
    }
    for (const char* other : kOthers) offers.push_back({other, uncompressedSyntaxes(), true});
    for (int i = 0; i < numberOfDcmLongSCUStorageSOPClassUIDs && offers.size() < kMaxContexts; ++i) {
        const std::string uid = dcmLongSCUStorageSOPClassUIDs[i];
        if (!isListed(uid, kImages) && !isListed(uid, kOthers)) offers.push_back({uid, uncompressedSyntaxes(), true});
    }
    return offers;
}

bool fillIdentifier(DcmDataset& identifier, const RetrieveTarget& target) {
    const bool isSeries = !target.seriesUid.empty();
    if (identifier.putAndInsertString(DCM_QueryRetrieveLevel, isSeries ? "SERIES" : "STUDY").bad()) return false;
    if (identifier.putAndInsertString(DCM_StudyInstanceUID, target.studyUid.c_str()).bad()) return false;
    return !isSeries || identifier.putAndInsertString(DCM_SeriesInstanceUID, target.seriesUid.c_str()).good();
}

// Counts of a C-GET or C-MOVE response; they have the same fields under other names.
struct SubOperations {
    unsigned status = 0, remaining = 0, completed = 0, failed = 0, warnings = 0;
    [[nodiscard]] bool isPending() const { return status == 0xFF00 || status == 0xFF01; }
};

void report(const SubOperations& state, const Inbox& inbox, const RunContext& context) {
    const unsigned done = state.completed + state.failed + state.warnings;
    if (state.remaining + done > 0 && state.isPending()) context.report(static_cast<double>(done) / (state.remaining + done));
    else if (inbox.fractionDone() > 0) context.report(inbox.fractionDone());
}

// Success, or what the last response says; failed sub-operations that we did not refuse ourselves are counted.
Result<Done> conclude(const SubOperations& last, Inbox& inbox) {
    const int refusedByUs = inbox.outcome().failed;
    for (int i = refusedByUs; i < static_cast<int>(last.failed); ++i) inbox.refuse("the server could not send it in a coding that we take, or at all");
    if (last.status == STATUS_Success || (last.status & 0xFF00) == 0xB000) return Done{};
    const bool mayBeAbsent = (last.status & 0xF000) == 0xC000 && inbox.outcome().files.empty();  // how some say that they have no such study
    return Error{ErrorCode::NotFound, "the retrieve failed: " + statusText(last.status) + (mayBeAbsent ? "; it may not have this study or series" : "")};
}

// The data set that a response may carry, which nobody reads.
OFCondition dropDataSet(Association& association, T_DIMSE_DataSetType type) {
    if (type == DIMSE_DATASET_NULL) return EC_Normal;
    DIC_UL bytes = 0, parts = 0;
    return DIMSE_ignoreDataSet(association.get(), DIMSE_BLOCKING, 0, &bytes, &parts);
}

OFCondition sendRequest(Association& association, const char* model, const RetrieveTarget& target, const std::string& destination) {
    DcmDataset identifier;
    if (!fillIdentifier(identifier, target)) return EC_IllegalParameter;
    T_DIMSE_Message message{};
    if (destination.empty()) {
        T_DIMSE_C_GetRQ& get = message.msg.CGetRQ;
        message.CommandField = DIMSE_C_GET_RQ;
        get.MessageID = association.nextMessage();
        OFStandard::strlcpy(get.AffectedSOPClassUID, model, sizeof get.AffectedSOPClassUID);
        get.Priority = DIMSE_PRIORITY_MEDIUM;
        get.DataSetType = DIMSE_DATASET_PRESENT;
    } else {
        T_DIMSE_C_MoveRQ& move = message.msg.CMoveRQ;
        message.CommandField = DIMSE_C_MOVE_RQ;
        move.MessageID = association.nextMessage();
        OFStandard::strlcpy(move.AffectedSOPClassUID, model, sizeof move.AffectedSOPClassUID);
        OFStandard::strlcpy(move.MoveDestination, destination.c_str(), sizeof move.MoveDestination);
        move.Priority = DIMSE_PRIORITY_MEDIUM;
        move.DataSetType = DIMSE_DATASET_PRESENT;
    }
    return DIMSE_sendMessageUsingMemoryData(association.get(), association.contextOf(model), &message, nullptr, &identifier, nullptr, nullptr);
}

// Takes what comes until the last response. `last` is what it said.
OFCondition follow(Association& association, Inbox& inbox, SubOperations& last, const RunContext& context) {
    for (;;) {
        T_ASC_PresentationContextID id = 0;
        T_DIMSE_Message message{};
        DcmDataset* detail = nullptr;
        OFCondition done = DIMSE_receiveCommand(association.get(), DIMSE_BLOCKING, 0, &id, &message, &detail);
        delete detail;
        if (done.bad()) return done;
        T_DIMSE_DataSetType type = DIMSE_DATASET_NULL;
        if (message.CommandField == DIMSE_C_STORE_RQ) {
            done = receiveObject(*association.get(), id, message.msg.CStoreRQ, association.wire(), inbox);
        } else if (message.CommandField == DIMSE_C_GET_RSP) {
            const T_DIMSE_C_GetRSP& get = message.msg.CGetRSP;
            last = {get.DimseStatus, get.NumberOfRemainingSubOperations, get.NumberOfCompletedSubOperations, get.NumberOfFailedSubOperations,
                    get.NumberOfWarningSubOperations};
            type = get.DataSetType;
        } else if (message.CommandField == DIMSE_C_MOVE_RSP) {
            const T_DIMSE_C_MoveRSP& move = message.msg.CMoveRSP;
            last = {move.DimseStatus, move.NumberOfRemainingSubOperations, move.NumberOfCompletedSubOperations, move.NumberOfFailedSubOperations,
                    move.NumberOfWarningSubOperations};
            type = move.DataSetType;
        } else {
            return DIMSE_BADCOMMANDTYPE;
        }
        if (done.good()) done = dropDataSet(association, type);
        if (done.bad()) return done;
        report(last, inbox, context);
        if (message.CommandField != DIMSE_C_STORE_RQ && !last.isPending()) return EC_Normal;
    }
}

Result<Done> run(Association& association, const char* model, const RetrieveTarget& target, const std::string& destination, Inbox& inbox,
                 const RunContext& context, bool& isLost) {
    if (association.contextOf(model) == 0)
        return Error{ErrorCode::Unsupported, destination.empty() ? "the server does not offer C-GET; choose C-MOVE in its settings"
                                                                 : "the server does not offer C-MOVE; choose C-GET in its settings"};
    SubOperations last;
    OFCondition done = sendRequest(association, model, target, destination);
    if (done.good()) done = follow(association, inbox, last, context);
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    if (const auto stopped = inbox.stopped()) return *stopped;
    if (done.bad()) {
        const Error error = association.failure(done, "sending the films");
        isLost = association.isLost();
        return error;
    }
    association.release();
    return conclude(last, inbox);
}

}  // namespace

Result<Done> dimseGet(const Server& server, const RetrieveTarget& target, Inbox& inbox, const RunContext& context, bool& isLost) {
    isLost = false;
    auto opened = Association::open(server, getOffers(), context);
    if (!opened.isOk()) return opened.error();
    return run(*opened.value(), kGetModel, target, {}, inbox, context, isLost);
}

Result<Done> dimseMove(const Server& server, const RetrieveTarget& target, Inbox& inbox, const RunContext& context, bool& isLost) {
    isLost = false;
    auto activity = std::make_shared<SharedActivity>(PacsClock::now().time_since_epoch().count());
    auto receiver = MoveReceiver::start(server, inbox, context, activity);
    if (!receiver.isOk()) return receiver.error();
    const std::stop_callback onCancel(context.stop, [&inbox] { inbox.requestStop(); });
    auto opened = Association::open(server, {{kMoveModel, uncompressedSyntaxes()}}, {inbox.stopToken(), {}}, activity);
    if (!opened.isOk()) return opened.error();
    return run(*opened.value(), kMoveModel, target, server.callingAe, inbox, context, isLost);
}

}  // namespace cxr
