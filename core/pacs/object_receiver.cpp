#include "core/pacs/object_receiver.h"

#include <dcmtk/dcmdata/dcostrma.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kImplementationUid = "2.25.55069430187912021870583394300105256316";
constexpr const char* kImplementationName = "PRECORDIA";

// Writes straight to the file and keeps the reason of the first failure, which DCMTK's own file stream does not tell. What
// comes after it is dropped, so that the object is read to its end and can be answered.
class FileConsumer : public DcmConsumer {
  public:
    explicit FileConsumer(const fs::path& file) : m_handle(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
        if (m_handle < 0) m_reason = errno;
    }
    ~FileConsumer() override { finish(); }
    void finish() {
        if (m_handle >= 0 && ::close(m_handle) != 0 && m_reason == 0) m_reason = errno;
        m_handle = -1;
    }
    [[nodiscard]] int reason() const { return m_reason; }

    OFBool good() const override { return OFTrue; }
    OFCondition status() const override { return EC_Normal; }
    OFBool isFlushed() const override { return OFTrue; }
    offile_off_t avail() const override { return 1LL << 40; }
    void flush() override {}
    offile_off_t write(const void* bytes, offile_off_t size) override {
        offile_off_t done = 0;
        while (done < size && m_reason == 0) {
            const ssize_t count = ::write(m_handle, static_cast<const char*>(bytes) + done, static_cast<size_t>(size - done));
            if (count >= 0) done += count;
            else if (errno != EINTR) m_reason = errno;
        }
        return size;
    }

  private:
    int m_handle;
    int m_reason = 0;
};

class FileStream : public DcmOutputStream {
  public:
    explicit FileStream(FileConsumer& consumer) : DcmOutputStream(&consumer) {}
};

void append16(std::string& out, unsigned value) {
    out.push_back(static_cast<char>(value & 0xFF));
    out.push_back(static_cast<char>(value >> 8 & 0xFF));
}

void appendMeta(std::string& out, unsigned element, const char* vr, std::string value) {
    if (value.size() % 2 != 0) value.push_back(vr[1] == 'I' ? '\0' : ' ');
    append16(out, 2);
    append16(out, element);
    out += vr;
    append16(out, static_cast<unsigned>(value.size()));
    out += value;
}

// Preamble and group 2, explicit little endian: the data set follows as it came.
std::string fileHead(const T_DIMSE_C_StoreRQ& request, const std::string& transferSyntax) {
    std::string group("\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01", 14);
    appendMeta(group, 0x0002, "UI", request.AffectedSOPClassUID);
    appendMeta(group, 0x0003, "UI", request.AffectedSOPInstanceUID);
    appendMeta(group, 0x0010, "UI", transferSyntax);
    appendMeta(group, 0x0012, "UI", kImplementationUid);
    appendMeta(group, 0x0013, "SH", kImplementationName);
    std::string head(128, '\0');
    head += "DICM";
    head += std::string("\x02\0\0\0UL\x04\0", 8);
    append16(head, static_cast<unsigned>(group.size() & 0xFFFF));
    append16(head, static_cast<unsigned>(group.size() >> 16));
    return head + group;
}

OFCondition answer(T_ASC_Association& association, T_ASC_PresentationContextID context, const T_DIMSE_C_StoreRQ& request, DIC_US status) {
    T_DIMSE_C_StoreRSP response{};
    response.MessageIDBeingRespondedTo = request.MessageID;
    std::memcpy(response.AffectedSOPClassUID, request.AffectedSOPClassUID, sizeof response.AffectedSOPClassUID);
    std::memcpy(response.AffectedSOPInstanceUID, request.AffectedSOPInstanceUID, sizeof response.AffectedSOPInstanceUID);
    response.DataSetType = DIMSE_DATASET_NULL;
    response.DimseStatus = status;
    response.opts = O_STORE_AFFECTEDSOPCLASSUID | O_STORE_AFFECTEDSOPINSTANCEUID;
    return DIMSE_sendStoreResponse(&association, context, &request, &response, nullptr);
}

// Nothing more fits: the sender hears it, and the association ends.
OFCondition giveUp(T_ASC_Association& association, T_ASC_PresentationContextID context, const T_DIMSE_C_StoreRQ& request, Inbox& inbox,
                   const Error& error) {
    inbox.stopWith(error);
    answer(association, context, request, STATUS_STORE_Refused_OutOfResources);
    return DIMSE_OUTOFRESOURCES;
}

std::string syntaxOf(T_ASC_Association& association, T_ASC_PresentationContextID context) {
    T_ASC_PresentationContext found{};
    return ASC_findAcceptedPresentationContext(association.params, context, &found).good() ? found.acceptedTransferSyntax : std::string();
}

}  // namespace

std::vector<std::string> receivedSyntaxes() {
    return {UID_LittleEndianExplicitTransferSyntax,
            UID_LittleEndianImplicitTransferSyntax,
            UID_JPEGProcess14SV1TransferSyntax,
            UID_JPEGProcess14TransferSyntax,
            UID_JPEGLSLosslessTransferSyntax,
            UID_JPEG2000LosslessOnlyTransferSyntax,
            UID_RLELosslessTransferSyntax,
            UID_JPEGProcess1TransferSyntax,
            UID_JPEGProcess2_4TransferSyntax,
            UID_JPEGLSLossyTransferSyntax,
            UID_JPEG2000TransferSyntax,
            UID_DeflatedExplicitVRLittleEndianTransferSyntax};
}

OFCondition receiveObject(T_ASC_Association& association, T_ASC_PresentationContextID context, const T_DIMSE_C_StoreRQ& request,
                          WireState& wire, Inbox& inbox) {
    const Result<fs::path> staged = inbox.stage();
    if (!staged.isOk()) return giveUp(association, context, request, inbox, staged.error());
    FileConsumer file(staged.value());
    const std::string head = fileHead(request, syntaxOf(association, context));
    file.write(head.data(), static_cast<offile_off_t>(head.size()));
    FileStream stream(file);
    T_ASC_PresentationContextID dataContext = context;
    wire.mayReceive = inbox.mayReceive();
    const OFCondition received = DIMSE_receiveDataSetInFile(&association, DIMSE_BLOCKING, 0, &dataContext, &stream, nullptr, nullptr);
    wire.mayReceive = std::numeric_limits<std::int64_t>::max();
    file.finish();
    if (file.reason() != 0) return giveUp(association, context, request, inbox, writeError(file.reason(), staged.value().parent_path().parent_path()));
    if (received.bad()) return received;
    const Result<Done> published = inbox.publish(staged.value(), request.AffectedSOPInstanceUID);
    if (published.isOk()) return answer(association, context, request, STATUS_STORE_Success);
    if (published.error().code == ErrorCode::WriteFailed) return giveUp(association, context, request, inbox, published.error());
    inbox.refuse(published.error().message);
    return answer(association, context, request, STATUS_STORE_Error_CannotUnderstand);
}

}  // namespace cxr
