// One function for each kind of result object: it fills an empty data set. Inner header of core/dicom_out.
//   fails InvalidArgument with a sentence's end ("no organ was found") when there is nothing to write, Internal when
//   DCMTK refuses an element
#pragma once

#include "core/dicom_out/modules.h"

namespace cxr {

// A refusal of DCMTK as an Error; `problem` empty: well.
Result<Done> outcome(const std::string& problem);

Result<Done> fillMeasurementReport(DcmDataset& dataset, const ObjectInput& input);
Result<Done> fillSegmentation(DcmDataset& dataset, const ObjectInput& input);
Result<Done> fillParametricMap(DcmDataset& dataset, const ObjectInput& input, const Heatmap& map);
Result<Done> fillPresentationState(DcmDataset& dataset, const ObjectInput& input);
Result<Done> fillCapture(DcmDataset& dataset, const ObjectInput& input);
Result<Done> fillPdf(DcmDataset& dataset, const ObjectInput& input);

}  // namespace cxr
