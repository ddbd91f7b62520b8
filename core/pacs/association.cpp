#include "core/pacs/association.h"

#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/diutil.h>

#include <cstdio>
#include <mutex>

#include "core/io/dicom_header.h"

namespace cxr {
namespace {

constexpr long kMaxPduBytes = 65'536;
constexpr int kReleaseMs = 3'000;
constexpr std::int64_t kAbortPduBytes = 10;  // PS3.8 9.3.8: all that a server says that ends it without an answer

std::string seconds(int ms) {
    char text[32];
    std::snprintf(text, sizeof text, ms % 1000 == 0 ? "%.0f s" : "%.1f s", ms / 1000.0);
    return text;
}

Error fromFault(const WireState& wire, const std::string& address, const std::string& doing) {
    switch (wire.fault) {
        case WireFault::Cancelled:
            return {ErrorCode::Cancelled, "stopped"};
        case WireFault::TimedOut:
            return {ErrorCode::NotFound, address + " did not answer for " + seconds(wire.timeoutMs) + " while " + doing + "; it timed out"};
        case WireFault::Untrusted:
            return {ErrorCode::InvalidArgument, "the certificate of " + address + " is not trusted: " + wire.detail};
        case WireFault::TlsFailed:
            return {ErrorCode::InvalidArgument, "no secure connection to " + address + " (TLS): " + wire.detail};
        case WireFault::TooMuch:
            return {ErrorCode::TooLarge, address + " sent more than the limit allows while " + doing};
        default:
            return {ErrorCode::NotFound, address + " closed the connection while " + doing};
    }
}

}  // namespace

std::vector<std::string> uncompressedSyntaxes() {
    return {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax};
}

Result<Done> prepareDcmtk() {
    static std::once_flag once;
    std::call_once(once, [] { dcmDisableGethostbyaddr.set(OFTrue); });
    silenceDcmtk();
    if (dcmDataDict.isDictionaryLoaded()) return Done{};
    return Error{ErrorCode::Internal, "DCMTK's data dictionary is missing; install it or name its place in DCMDICTPATH"};
}

Association::Association(const Server& server, std::shared_ptr<WireState> wire) : m_server(server), m_wire(std::move(wire)) {}

Association::~Association() {
    if (m_association != nullptr && m_isOpen) {
        if (m_wire->fault == WireFault::None) ASC_abortAssociation(m_association);
        ASC_dropAssociation(m_association);
    }
    if (m_association != nullptr) ASC_destroyAssociation(&m_association);
    if (m_network != nullptr) ASC_dropNetwork(&m_network);
}

Result<std::unique_ptr<Association>> Association::open(const Server& server, const std::vector<ContextOffer>& offers,
                                                       const RunContext& context, std::shared_ptr<SharedActivity> activity) {
    if (const std::string problem = problemOf(server); !problem.empty()) return Error{ErrorCode::InvalidArgument, problem};
    if (const Result<Done> ready = prepareDcmtk(); !ready.isOk()) return ready.error();
    TlsContext tls;
    if (server.tls.isOn) {
        Result<TlsContext> made = makeTlsContext(server.tls, TlsRole::Client);
        if (!made.isOk()) return made.error();
        tls = std::move(made).value();
    }
    Result<Socket> connected = connectTcp(server.host, server.port, server.timeouts.connectMs, context.stop);
    if (!connected.isOk()) return connected.error();
    const Result<std::pair<Socket, int>> relay = listenOnLoopback();
    if (!relay.isOk()) return relay.error();

    auto wire = std::make_shared<WireState>();
    wire->stop = context.stop;
    wire->timeoutMs = server.timeouts.associateMs;
    std::unique_ptr<Association> made(new Association(server, wire));
    made->m_layer = std::make_unique<WireLayer>(server, tls, wire, std::move(connected).value());
    const OFCondition asked = made->request(offers, relay.value().second);
    if (asked.bad()) return made->openFailure(asked);
    made->m_isOpen = true;
    made->m_receivedAtOpen = wire->received;
    wire->timeoutMs = server.timeouts.answerMs;
    wire->activity = std::move(activity);
    if (ASC_countAcceptedPresentationContexts(made->m_association->params) == 0)
        return Error{ErrorCode::Unsupported, addressOf(server) + " offers nothing of what was asked for; it may not provide this service"};
    return made;
}

OFCondition Association::request(const std::vector<ContextOffer>& offers, int relayPort) {
    OFCondition done = ASC_initializeNetwork(NET_REQUESTOR, 0, 30, &m_network);
    if (done.good()) done = ASC_setTransportLayer(m_network, m_layer.get(), 0);
    T_ASC_Parameters* parameters = nullptr;
    if (done.good()) done = ASC_createAssociationParameters(&parameters, kMaxPduBytes);
    if (done.bad()) return done;
    done = ASC_setTransportLayerType(parameters, OFTrue);
    if (done.good()) done = ASC_setAPTitles(parameters, m_server.callingAe.c_str(), m_server.calledAe.c_str(), nullptr);
    const std::string relay = "127.0.0.1:" + std::to_string(relayPort);
    if (done.good()) done = ASC_setPresentationAddresses(parameters, "localhost", relay.c_str());
    int id = 1;
    for (const ContextOffer& offer : offers) {
        std::vector<const char*> syntaxes;
        for (const std::string& syntax : offer.transferSyntaxes) syntaxes.push_back(syntax.c_str());
        if (done.good())
            done = ASC_addPresentationContext(parameters, static_cast<T_ASC_PresentationContextID>(id), offer.abstractSyntax.c_str(),
                                              syntaxes.data(), static_cast<int>(syntaxes.size()),
                                              offer.isReceived ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT);
        id += 2;
    }
    if (done.bad()) {
        ASC_destroyAssociationParameters(&parameters);
        return done;
    }
    return ASC_requestAssociation(m_network, parameters, &m_association);
}

Error Association::rejection() const {
    T_ASC_RejectParameters why{};
    ASC_getRejectParameters(m_association->params, &why);
    const std::string address = addressOf(m_server);
    if (why.reason == ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED)
        return {ErrorCode::InvalidArgument, address + " is not called \"" + m_server.calledAe + "\"; check the server's AE title"};
    if (why.reason == ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED)
        return {ErrorCode::InvalidArgument, address + " does not know us as \"" + m_server.callingAe + "\"; its administrator must add our AE title"};
    if (why.result == ASC_RESULT_REJECTEDTRANSIENT)
        return {ErrorCode::NotFound, address + " is too busy for another connection; try again later"};
    return {ErrorCode::InvalidArgument, address + " refused the connection; check the AE titles and ask its administrator"};
}

Error Association::openFailure(const OFCondition& condition) const {
    if (m_wire->fault == WireFault::None && condition == DUL_ASSOCIATIONREJECTED && m_association != nullptr) return rejection();
    if (m_wire->fault == WireFault::None && condition == DUL_PEERABORTEDASSOCIATION)
        return {ErrorCode::NotFound, addressOf(m_server) + " aborted the connection while we introduced ourselves" + withoutAnswer()};
    if (m_wire->fault == WireFault::None)
        return {ErrorCode::NotFound, addressOf(m_server) + " does not answer as a DICOM server; check the port"};
    if (m_wire->fault == WireFault::Closed)
        return {ErrorCode::NotFound, addressOf(m_server) + (m_server.tls.isOn ? " closed the connection; it may not speak TLS, or want our certificate"
                                                                              : " closed the connection; it may expect TLS, or not be a DICOM port")};
    return fromFault(*m_wire, addressOf(m_server), "we introduced ourselves");
}

T_ASC_PresentationContextID Association::contextOf(const std::string& abstractSyntax, const std::string& transferSyntax) const {
    if (transferSyntax.empty()) return ASC_findAcceptedPresentationContextID(m_association, abstractSyntax.c_str());
    const auto id = ASC_findAcceptedPresentationContextID(m_association, abstractSyntax.c_str(), transferSyntax.c_str());
    T_ASC_PresentationContext found{};  // DCMTK also offers uncompressed ones instead
    const bool isIt = id != 0 && ASC_findAcceptedPresentationContext(m_association->params, id, &found).good() && transferSyntax == found.acceptedTransferSyntax;
    return isIt ? id : 0;
}

void Association::release() {
    if (!m_isOpen || m_wire->fault != WireFault::None) return;
    m_wire->timeoutMs = std::min(m_wire->timeoutMs, kReleaseMs);
    m_wire->activity.reset();
    if (ASC_releaseAssociation(m_association).bad()) return;
    ASC_dropAssociation(m_association);
    m_isOpen = false;
}

// Some archives accept everybody and end the connection of those whom they do not let search, retrieve or store.
std::string Association::withoutAnswer() const {
    if (m_wire->received > m_receivedAtOpen + kAbortPduBytes) return {};
    return " and gave no reason; it may not allow this for our AE title \"" + m_server.callingAe +
           "\" or for this computer's address: ask its administrator to add both";
}

bool Association::isLost() const { return m_isAborted || m_wire->fault == WireFault::Closed; }

Error Association::failure(const OFCondition& condition, const std::string& doing) const {
    if (m_wire->fault == WireFault::Closed) return {ErrorCode::NotFound, addressOf(m_server) + " closed the connection while " + doing + withoutAnswer()};
    if (m_wire->fault != WireFault::None) return fromFault(*m_wire, addressOf(m_server), doing);
    if (condition == DUL_PEERABORTEDASSOCIATION || condition == DUL_PEERREQUESTEDRELEASE || condition == DUL_NETWORKCLOSED) {
        m_isAborted = true;
        return {ErrorCode::NotFound, addressOf(m_server) + " aborted the connection while " + doing + withoutAnswer()};
    }
    return {ErrorCode::Corrupt, addressOf(m_server) + " answered with something that is not DICOM while " + doing};
}

std::string statusText(unsigned status) {
    char code[8];
    std::snprintf(code, sizeof code, "0x%04X", status);
    const std::string number = std::string(" (status ") + code + ")";
    if (status == 0x0122) return "the server does not support this kind of object or search" + number;
    if (status == 0x0124) return "the server does not allow us to do this" + number;
    if (status == 0xA801) return "the server does not know where to send the films: its administrator must add our AE title, host and port" + number;
    if ((status & 0xFF00) == 0xA700) return "the server is out of resources" + number;
    if ((status & 0xFF00) == 0xA900) return "the server finds that the object does not match its kind" + number;
    if (status == 0xFE00) return "the server stopped the work" + number;
    if ((status & 0xF000) == 0xC000) return "the server cannot process this" + number;
    return "the server refused" + number;
}

}  // namespace cxr
