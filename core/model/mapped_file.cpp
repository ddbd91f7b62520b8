#include "core/model/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cxr {

Result<MappedFile> mapFile(const std::filesystem::path& file, const char* what) {
    const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat facts {};
    void* address = MAP_FAILED;
    std::size_t size = 0;
    if (handle >= 0 && ::fstat(handle, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0) {
        size = static_cast<std::size_t>(facts.st_size);
        address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, handle, 0);
    }
    if (handle >= 0) ::close(handle);
    if (address == MAP_FAILED) {
        return Error{ErrorCode::NotFound, std::string("cannot open ") + what + " " + file.filename().string()};
    }
    const auto unmap = [size](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); };
    return MappedFile{{address, unmap}, {static_cast<const std::byte*>(address), size}};
}

}  // namespace cxr
