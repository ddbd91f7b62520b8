// The report as HL7 FHIR R4: a Bundle (collection) of DiagnosticReport, Observations, Device for each network, Patient
// and ImagingStudy, for those who integrate.   https://hl7.org/fhir/R4/diagnosticreport.html
//   status   "preliminary": no human has signed it
//   codes    LOINC 36554-4 "XR Chest Single view", SNOMED CT as the packs give them for findings, UCUM units; what has
//   no code
//            there has one of ours, system urn:precordia:codes
//   identity as the report's: without it neither Patient nor the study's identifiers are written
// Pure function of its arguments; thread-safe.
#pragma once

#include <string>

#include "core/report/report.h"

namespace cxr {

std::string reportFhir(const Report& report, const Image& image, const ReportOptions& options);

}  // namespace cxr
