// The calls of pacs.h for DICOM nodes. Inner header of core/pacs.   DICOM PS3.4 A, B, C
//   `isLost`  set when the connection broke in the middle: pacs.cpp may try again
#pragma once

#include "core/pacs/inbox.h"
#include "core/pacs/pacs.h"

namespace cxr {

Result<Done> dimseEcho(const Server& server, const RunContext& context);
Result<Found<StudyRow>> dimseFindStudies(const Server& server, const StudyFilter& filter, const RunContext& context);
Result<Found<SeriesRow>> dimseFindSeries(const Server& server, const std::string& studyUid, const RunContext& context);
Result<Found<PatientRow>> dimseFindPatients(const Server& server, const StudyFilter& filter, const RunContext& context);
Result<Found<WorklistRow>> dimseFindWorklist(const Server& server, const WorklistFilter& filter, const RunContext& context);
Result<Done> dimseGet(const Server& server, const RetrieveTarget& target, Inbox& inbox, const RunContext& context, bool& isLost);
Result<Done> dimseMove(const Server& server, const RetrieveTarget& target, Inbox& inbox, const RunContext& context, bool& isLost);
// Offers the objects that have no answer yet. fails when none of them could be offered, or the connection broke
Result<Done> dimseStore(const Server& server, StoreOutcome& outcome, const RunContext& context, bool& isLost);

}  // namespace cxr
