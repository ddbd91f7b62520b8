// Takes one object off an association (C-STORE as provider) into the inbox and answers it: success only when the file
// has its final name.   DICOM PS3.4 B.2, PS3.10 7.1.   Inner header of core/pacs.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dimse.h>

#include "core/pacs/inbox.h"
#include "core/pacs/wire.h"

namespace cxr {

// The transfer syntaxes in which films are taken, uncompressed ones first.
std::vector<std::string> receivedSyntaxes();

// A bad condition ends the association; then either the wire has a fault or the inbox is stopped, or the data were no DICOM.
OFCondition receiveObject(T_ASC_Association& association, T_ASC_PresentationContextID context, const T_DIMSE_C_StoreRQ& request,
                          WireState& wire, Inbox& inbox);

}  // namespace cxr
