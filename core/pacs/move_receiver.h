// Our own provider of storage (C-STORE SCP) while a C-MOVE runs: takes associations that call us by our AE title, puts
// their objects into the inbox, refuses what was not asked for. Ends with its object.
//   one association at a time; others wait in the queue of the port. Over TLS when the server's connection is.
// Inner header of core/pacs.   DICOM PS3.4 B, C.4.2
#pragma once

#include <memory>

#include "core/base/run_context.h"
#include "core/pacs/inbox.h"
#include "core/pacs/wire.h"

namespace cxr {

class MoveReceiver {
  public:
    // fails InvalidArgument (the port is taken, a TLS file), Internal
    static Result<std::unique_ptr<MoveReceiver>> start(const Server& server, Inbox& inbox, const RunContext& context,
                                                       std::shared_ptr<SharedActivity> activity);
    ~MoveReceiver();  // within a few hundred milliseconds

  private:
    struct State;
    explicit MoveReceiver(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace cxr
