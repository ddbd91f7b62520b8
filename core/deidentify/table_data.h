// The tables that are compiled in: profile.csv and safe_words.txt of this folder, as they are. Constants; thread-safe.
#pragma once

namespace cxr {

extern const char* const kProfileCsv;
extern const char* const kSafeWords;

}  // namespace cxr
