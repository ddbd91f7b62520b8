// One DICOM association as requestor: opened with limits on everything, closed in every case. Inner header of core/pacs.
//   An instance belongs to one thread.   DICOM PS3.8, PS3.7 annex D
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/run_context.h"
#include "core/pacs/wire.h"

namespace cxr {

// What is offered for one kind of object or service: the server takes one of the transfer syntaxes, or none.
struct ContextOffer {
    std::string abstractSyntax;
    std::vector<std::string> transferSyntaxes;
    bool isReceived = false;  // we are the provider (C-GET)
};
inline constexpr std::size_t kMaxContexts = 128;
std::vector<std::string> uncompressedSyntaxes();  // explicit and implicit little endian

class Association {
  public:
    // fails as echoServer(). REQUIRES: at most kMaxContexts offers
    static Result<std::unique_ptr<Association>> open(const Server& server, const std::vector<ContextOffer>& offers,
                                                     const RunContext& context, std::shared_ptr<SharedActivity> activity = {});
    // Aborts unless released.
    ~Association();
    Association(const Association&) = delete;
    Association& operator=(const Association&) = delete;

    // The accepted context; 0: none was. `transferSyntax` empty: any.
    [[nodiscard]] T_ASC_PresentationContextID contextOf(const std::string& abstractSyntax, const std::string& transferSyntax = {}) const;
    [[nodiscard]] T_ASC_Association* get() const { return m_association; }
    [[nodiscard]] WireState& wire() const { return *m_wire; }
    DIC_US nextMessage() { return m_association->nextMsgID++; }

    void release();  // politely; waits for the answer a few seconds at most
    // The connection broke while it was used: another try may help.
    [[nodiscard]] bool isLost() const;
    // What a condition that is not good means here, `doing` as "searching".
    [[nodiscard]] Error failure(const OFCondition& condition, const std::string& doing) const;

  private:
    Association(const Server& server, std::shared_ptr<WireState> wire);
    [[nodiscard]] Error rejection() const;
    [[nodiscard]] Error openFailure(const OFCondition& condition) const;
    // What may be behind an end without an answer, for the end of a sentence; empty: something was answered.
    [[nodiscard]] std::string withoutAnswer() const;
    OFCondition request(const std::vector<ContextOffer>& offers, int relayPort);

    Server m_server;
    std::shared_ptr<WireState> m_wire;
    std::unique_ptr<WireLayer> m_layer;
    T_ASC_Network* m_network = nullptr;
    T_ASC_Association* m_association = nullptr;
    bool m_isOpen = false;
    std::int64_t m_receivedAtOpen = 0;  // bytes until the server had accepted us
    mutable bool m_isAborted = false;  // by the server
};

// DCMTK speaks to nobody, has its dictionary, and asks no name server who calls. fails Internal
Result<Done> prepareDcmtk();
// "the server is out of resources" for a DIMSE status that is neither success nor pending.
std::string statusText(unsigned status);

}  // namespace cxr
