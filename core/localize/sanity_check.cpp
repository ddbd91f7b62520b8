#include "core/localize/sanity_check.h"

namespace cxr {

const char* toString(SanityVerdict verdict) {
    switch (verdict) {
        case SanityVerdict::Passed:
            return "passed";
        case SanityVerdict::Doubtful:
            return "doubtful";
        case SanityVerdict::Failed:
            return "failed";
        case SanityVerdict::Informs:
            return "for information";
        case SanityVerdict::NotRun:
            return "not run";
    }
    return "";
}

}  // namespace cxr
