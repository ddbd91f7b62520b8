#include "app/reexec.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace cxr {
namespace {

// Set in the second process, so that it happens once even where the variables do not survive.
constexpr const char* kGuard = "PRECORDIA_REEXECUTED";

bool setIfAbsent(const char* name, const char* value) {
    if (std::getenv(name) != nullptr) return false;
    return ::setenv(name, value, 0) == 0;
}

}  // namespace

void reexecuteWithWaitPolicy(char** argv) {
    if (std::getenv(kGuard) != nullptr) {
        ::unsetenv(kGuard);
        return;
    }
    const bool policyAdded = setIfAbsent("OMP_WAIT_POLICY", "passive");
    const bool spinAdded = setIfAbsent("GOMP_SPINCOUNT", "10000");
    if (!policyAdded && !spinAdded) return;

    std::error_code unknown;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (unknown || ::setenv(kGuard, "1", 1) != 0) return;
    ::execv(self.c_str(), argv);
    ::unsetenv(kGuard);  // only reached when the second start failed
}

}  // namespace cxr
