#include "core/model/zip_writer.h"

#include <zip.h>

#include <ctime>
#include <memory>

namespace cxr {
namespace {

// 1980-01-01 00:00 as DOS files count it; libzip reads local time.
constexpr zip_uint16_t kDosDate = 1 << 5 | 1;

Error failed(const std::string& reason) { return {ErrorCode::Internal, "the archive could not be made: " + reason}; }

using Source = std::unique_ptr<zip_source_t, decltype(&zip_source_free)>;

bool addItem(zip_t* archive, const ZipItem& item) {
    zip_source_t* content = zip_source_buffer(archive, item.bytes.data(), item.bytes.size(), 0);
    if (content == nullptr) return false;
    const zip_int64_t index = zip_file_add(archive, item.name.c_str(), content, ZIP_FL_ENC_GUESS);
    if (index < 0) {
        zip_source_free(content);
        return false;
    }
    const auto at = static_cast<zip_uint64_t>(index);
    return zip_set_file_compression(archive, at, item.isDeflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, item.isDeflated ? 9 : 0) == 0 &&
           zip_file_set_dostime(archive, at, 0, kDosDate, 0) == 0;
}

Result<std::string> contentOf(zip_source_t* source) {
    if (zip_source_open(source) != 0) return failed("it cannot be read back");
    std::string bytes;
    char block[1 << 14];
    zip_int64_t got = 0;
    while ((got = zip_source_read(source, block, sizeof block)) > 0) bytes.append(block, static_cast<std::size_t>(got));
    zip_source_close(source);
    if (got < 0) return failed("it cannot be read back");
    return bytes;
}

}  // namespace

Result<std::string> zipBytes(const std::vector<ZipItem>& items) {
    zip_error_t error;
    zip_error_init(&error);
    const Source buffer(zip_source_buffer_create(nullptr, 0, 0, &error), zip_source_free);
    if (!buffer) return Error{ErrorCode::OutOfMemory, "there is not enough memory for the archive"};
    zip_source_keep(buffer.get());  // the archive takes one reference, we read from the other
    zip_t* archive = zip_open_from_source(buffer.get(), ZIP_TRUNCATE, &error);
    if (archive == nullptr) {
        zip_source_free(buffer.get());
        return failed(zip_error_strerror(&error));
    }
    for (const ZipItem& item : items) {
        if (addItem(archive, item)) continue;
        const std::string reason = zip_strerror(archive);
        zip_discard(archive);
        return failed(reason);
    }
    if (zip_close(archive) != 0) {
        const std::string reason = zip_strerror(archive);
        zip_discard(archive);
        return failed(reason);
    }
    return contentOf(buffer.get());
}

}  // namespace cxr
