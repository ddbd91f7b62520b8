#include "core/pacs/move_receiver.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/dimse.h>
#include <poll.h>

#include <mutex>
#include <thread>

#include "core/pacs/association.h"
#include "core/pacs/object_receiver.h"

namespace cxr {
namespace {

constexpr long kMaxPduBytes = 65'536;
constexpr int kDropSeconds = 1;

std::string titleOf(const char* text) {
    std::string title(text);
    title.erase(title.find_last_not_of(' ') + 1);
    title.erase(0, std::min(title.find_first_not_of(' '), title.size()));
    return title;
}

void reject(T_ASC_Association* association) {
    const T_ASC_RejectParameters why{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED};
    ASC_rejectAssociation(association, &why);
}

// Everything that is stored, in every coding that we read.
bool acceptContexts(T_ASC_Association* association) {
    const std::vector<std::string> codings = receivedSyntaxes();
    std::vector<const char*> names;
    for (const std::string& coding : codings) names.push_back(coding.c_str());
    const char* echo = UID_VerificationSOPClass;
    ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, &echo, 1, names.data(), 2);
    ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, dcmAllStorageSOPClassUIDs, numberOfDcmAllStorageSOPClassUIDs,
                                                    names.data(), static_cast<int>(names.size()));
    return ASC_acknowledgeAssociation(association).good();
}

}  // namespace

struct MoveReceiver::State {
    State(const Server& described, Inbox& goal) : server(described), inbox(goal) {}

    void serve(const std::stop_token& end);
    void serveOne();
    void takeMessages(T_ASC_Association* association, WireState& wire);

    Server server;
    Inbox& inbox;
    TlsContext tls;
    std::stop_source stop;  // of the caller's context, or of the end of the move
    std::shared_ptr<SharedActivity> activity;
    T_ASC_Network* network = nullptr;
    std::unique_ptr<std::stop_callback<std::function<void()>>> onCancel;
    std::thread thread;
};

MoveReceiver::MoveReceiver(std::unique_ptr<State> state) : m_state(std::move(state)) {}

MoveReceiver::~MoveReceiver() {
    m_state->onCancel.reset();
    m_state->stop.request_stop();
    if (m_state->thread.joinable()) m_state->thread.join();
    ASC_dropNetwork(&m_state->network);
}

Result<std::unique_ptr<MoveReceiver>> MoveReceiver::start(const Server& server, Inbox& inbox, const RunContext& context,
                                                          std::shared_ptr<SharedActivity> activity) {
    if (const Result<Done> ready = prepareDcmtk(); !ready.isOk()) return ready.error();
    auto state = std::make_unique<State>(server, inbox);
    if (server.tls.isOn) {
        Result<TlsContext> made = makeTlsContext(server.tls, TlsRole::Receiver);
        if (!made.isOk()) return made.error();
        state->tls = std::move(made).value();
    }
    state->activity = std::move(activity);
    if (ASC_initializeNetwork(NET_ACCEPTOR, server.receivePort, 30, &state->network).bad())
        return Error{ErrorCode::InvalidArgument,
                     "our own port " + std::to_string(server.receivePort) + " is in use or not allowed; choose another, and tell the server's administrator"};
    State* shared = state.get();
    state->onCancel = std::make_unique<std::stop_callback<std::function<void()>>>(context.stop, [shared] { shared->stop.request_stop(); });
    state->thread = std::thread([shared] { shared->serve(shared->stop.get_token()); });
    return std::unique_ptr<MoveReceiver>(new MoveReceiver(std::move(state)));
}

void MoveReceiver::State::serve(const std::stop_token& end) {
    pollfd watched{DUL_networkSocket(network->network), POLLIN, 0};
    while (!end.stop_requested()) {
        if (::poll(&watched, 1, kWaitSliceMs) > 0) serveOne();
    }
}

void MoveReceiver::State::serveOne() {
    auto wire = std::make_shared<WireState>();
    wire->stop = stop.get_token();
    wire->timeoutMs = server.timeouts.associateMs;
    wire->activity = activity;
    WireLayer layer(server, tls, wire);
    if (ASC_setTransportLayer(network, &layer, 0).bad()) return;
    T_ASC_Association* association = nullptr;
    const OFCondition received = ASC_receiveAssociation(network, &association, kMaxPduBytes, nullptr, nullptr, OFTrue, DUL_NOBLOCK,
                                                        std::max(1, server.timeouts.associateMs / 1000));
    if (received.good()) {
        wire->timeoutMs = server.timeouts.answerMs;
        if (titleOf(association->params->DULparams.calledAPTitle) != server.callingAe) {
            reject(association);
        } else if (acceptContexts(association)) {
            takeMessages(association, *wire);
        }
    }
    if (association == nullptr) return;
    ASC_dropSCPAssociation(association, kDropSeconds);
    ASC_destroyAssociation(&association);
}

void MoveReceiver::State::takeMessages(T_ASC_Association* association, WireState& wire) {
    for (;;) {
        T_ASC_PresentationContextID id = 0;
        T_DIMSE_Message message{};
        DcmDataset* detail = nullptr;
        OFCondition done = DIMSE_receiveCommand(association, DIMSE_BLOCKING, 0, &id, &message, &detail);
        delete detail;
        if (done == DUL_PEERREQUESTEDRELEASE) {
            ASC_acknowledgeRelease(association);
            return;
        }
        if (done.good() && message.CommandField == DIMSE_C_ECHO_RQ) {
            done = DIMSE_sendEchoResponse(association, id, &message.msg.CEchoRQ, STATUS_Success, nullptr);
        } else if (done.good() && message.CommandField == DIMSE_C_STORE_RQ) {
            done = receiveObject(*association, id, message.msg.CStoreRQ, wire, inbox);
        } else {
            done = DIMSE_BADCOMMANDTYPE;
        }
        if (done.bad()) {
            if (wire.fault == WireFault::None) ASC_abortAssociation(association);
            return;
        }
    }
}

}  // namespace cxr
