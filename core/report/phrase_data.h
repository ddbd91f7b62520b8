// The texts that are compiled in: phrases_de.txt and templates.json of this folder. Constants.
#pragma once

namespace cxr {

extern const char* const kGermanPhrases;
extern const char* const kReportTemplates;

}  // namespace cxr
