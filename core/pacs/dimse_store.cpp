// C-STORE as user. See dimse_services.h.
//   contexts  each kind of object is offered in the transfer syntax that its files have (uncompressed files: both
//             uncompressed ones); more than 128 of them take several associations. Pixels are never coded anew.
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <optional>

#include "core/base/atomic_file.h"
#include "core/io/data_set_reading.h"
#include "core/io/dicom_prescan.h"
#include "core/pacs/association.h"
#include "core/pacs/dimse_services.h"

namespace cxr {
namespace {

struct Outgoing {
    SentObject* object;
    std::string sopClass, sopInstance, syntax;
    bool isPlain = false;  // uncompressed
};

bool isPlainSyntax(const std::string& uid) {
    return uid == UID_LittleEndianImplicitTransferSyntax || uid == UID_LittleEndianExplicitTransferSyntax || uid == UID_BigEndianExplicitTransferSyntax;
}

// nullopt: the file is no DICOM object; its answer says so.
std::optional<Outgoing> lookAt(SentObject& object) {
    const Result<std::string> bytes = readWholeFile(object.file);
    if (!bytes.isOk()) {
        object.answer = bytes.error().message;
        return std::nullopt;
    }
    const Result<DicomLayout> layout = prescanDicomObject({reinterpret_cast<const std::uint8_t*>(bytes.value().data()), bytes.value().size()}, {});
    if (!layout.isOk()) {
        object.answer = "not a DICOM object: " + layout.error().message;
        return std::nullopt;
    }
    Outgoing outgoing{&object, layout.value().text(0x00080016), layout.value().text(0x00080018), std::string(layout.value().syntax->uid)};
    if (!layout.value().declaredSyntaxUid.empty()) outgoing.syntax = layout.value().declaredSyntaxUid;
    outgoing.isPlain = isPlainSyntax(outgoing.syntax);
    if (outgoing.sopClass.empty() || outgoing.sopInstance.empty()) {
        object.answer = "the file does not say which object it is (SOP Class or Instance UID is missing)";
        return std::nullopt;
    }
    return outgoing;
}

ContextOffer offerFor(const Outgoing& outgoing) {
    return {outgoing.sopClass, outgoing.isPlain ? uncompressedSyntaxes() : std::vector{outgoing.syntax}};
}

// One association's worth: as many objects as fit into its contexts.
std::vector<ContextOffer> offersFor(const std::vector<Outgoing>& objects, std::size_t begin, std::size_t& end) {
    std::vector<ContextOffer> offers;
    for (end = begin; end < objects.size(); ++end) {
        const ContextOffer wanted = offerFor(objects[end]);
        const bool isThere = std::any_of(offers.begin(), offers.end(), [&](const ContextOffer& offer) {
            return offer.abstractSyntax == wanted.abstractSyntax && offer.transferSyntaxes == wanted.transferSyntaxes;
        });
        if (isThere) continue;
        if (offers.size() == kMaxContexts) break;
        offers.push_back(wanted);
    }
    return offers;
}

T_ASC_PresentationContextID contextFor(const Association& association, const Outgoing& outgoing) {
    for (const std::string& syntax : offerFor(outgoing).transferSyntaxes) {
        if (const auto id = association.contextOf(outgoing.sopClass, syntax); id != 0) return id;
    }
    return 0;
}

std::string syntaxName(const std::string& uid) {
    const TransferSyntax* known = findTransferSyntax(uid);
    return known != nullptr ? known->name : uid;
}

std::string refusal(const Outgoing& outgoing) {
    const std::string words = "the server does not take this kind of object";
    return outgoing.isPlain ? words : words + " in its coding, " + syntaxName(outgoing.syntax);
}

void takeStatus(SentObject& object, unsigned status) {
    const bool isWarning = (status & 0xF000) == 0xB000;
    object.isStored = status == STATUS_STORE_Success || isWarning;
    object.answer = status == STATUS_STORE_Success ? "stored" : isWarning ? "stored, with changes by the server" : statusText(status);
}

Result<Done> send(Association& association, const Outgoing& outgoing) {
    SentObject& object = *outgoing.object;
    const T_ASC_PresentationContextID id = contextFor(association, outgoing);
    if (id == 0) {
        object.answer = refusal(outgoing);
        return Done{};
    }
    DcmFileFormat file;
    if (readFile(file, object.file).bad()) {
        object.answer = "the file cannot be read";
        return Done{};
    }
    T_DIMSE_C_StoreRQ request{};
    request.MessageID = association.nextMessage();
    OFStandard::strlcpy(request.AffectedSOPClassUID, outgoing.sopClass.c_str(), sizeof request.AffectedSOPClassUID);
    OFStandard::strlcpy(request.AffectedSOPInstanceUID, outgoing.sopInstance.c_str(), sizeof request.AffectedSOPInstanceUID);
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    T_DIMSE_C_StoreRSP response{};
    DcmDataset* detail = nullptr;
    const OFCondition done = DIMSE_storeUser(association.get(), id, &request, nullptr, file.getDataset(), nullptr, nullptr, DIMSE_BLOCKING, 0,
                                             &response, &detail);
    delete detail;
    if (done.bad()) return association.failure(done, "taking an object");
    takeStatus(object, response.DimseStatus);
    return Done{};
}

}  // namespace

Result<Done> dimseStore(const Server& server, StoreOutcome& outcome, const RunContext& context, bool& isLost) {
    isLost = false;
    std::vector<Outgoing> waiting;
    for (SentObject& object : outcome.objects) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        if (!object.answer.empty()) continue;
        if (auto outgoing = lookAt(object)) waiting.push_back(std::move(*outgoing));
    }
    const double all = static_cast<double>(outcome.objects.size());
    for (std::size_t begin = 0, end = 0; begin < waiting.size(); begin = end) {
        const std::vector<ContextOffer> offers = offersFor(waiting, begin, end);
        auto opened = Association::open(server, offers, context);
        if (!opened.isOk() && opened.error().code != ErrorCode::Unsupported) return opened.error();
        for (std::size_t i = begin; i < end; ++i) {
            if (!opened.isOk()) {  // connected, but no context was accepted
                waiting[i].object->answer = refusal(waiting[i]);
                continue;
            }
            const Result<Done> sent = send(*opened.value(), waiting[i]);
            if (!sent.isOk()) {
                isLost = opened.value()->isLost();
                return sent.error();
            }
            context.report((all - static_cast<double>(waiting.size() - i - 1)) / all);
        }
        if (opened.isOk()) opened.value()->release();
    }
    return Done{};
}

}  // namespace cxr
