// The calls of pacs.h for DICOMweb services. Inner header of core/pacs.   DICOM PS3.18 10.4 (WADO), 10.5 (STOW), 10.6 (QIDO)
#pragma once

#include "core/pacs/inbox.h"
#include "core/pacs/pacs.h"

namespace cxr {

Result<Done> webEcho(const Server& server, const RunContext& context);
Result<Found<StudyRow>> webFindStudies(const Server& server, const StudyFilter& filter, const RunContext& context);
Result<Found<SeriesRow>> webFindSeries(const Server& server, const std::string& studyUid, const RunContext& context);
Result<Done> webRetrieve(const Server& server, const RetrieveTarget& target, Inbox& inbox, const RunContext& context, bool& isLost);
// One POST for each object that has no answer yet, so that each has its own.
Result<Done> webStore(const Server& server, StoreOutcome& outcome, const RunContext& context, bool& isLost);

}  // namespace cxr
