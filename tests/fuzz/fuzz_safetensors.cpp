// Safetensors files, hostile. A good file's arrays lie inside of it, whatever its header says.
#include <cstdlib>
#include <cstring>

#include "core/model/safetensors.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

namespace {

std::string file(const std::string& header, std::size_t dataBytes) {
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + std::string(dataBytes, '\x3c');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
    const auto parsed = SafetensorsFile::parse(bytes);
    if (!parsed.isOk()) return 0;
    std::size_t covered = 0;
    for (const auto& [name, view] : parsed.value().tensors()) {
        const bool isInside = view.bytes.empty() || (view.bytes.data() >= bytes.data() &&
                                                     view.bytes.data() + view.bytes.size() <= bytes.data() + bytes.size());
        std::int64_t count = 1;
        for (const std::int64_t side : view.shape) count *= side;
        if (!isInside || static_cast<std::size_t>(count) != toFloats(view).size()) std::abort();
        covered += view.bytes.size();
    }
    if (covered > size) std::abort();
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    return {file(R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]}})", 32),
            file(R"({"__metadata__":{"format":"pt"},"x":{"dtype":"BF16","shape":[],"data_offsets":[8,10]},)"
                 R"("y":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"z":{"dtype":"F64","shape":[0],"data_offsets":[10,10]}})", 10),
            file("{}", 0)};
}

std::vector<std::string> cxr::fuzz::words() {
    return {R"("F32")", R"("BOOL")", R"("F8_E4M3")", "-1", "1e3", "0.5", "null", "[", "]", "{", "}", ",", R"("shape":[)",
            R"("data_offsets":[0,0])", R"("__metadata__":{)", "4294967296", "9223372036854775807", "18446744073709551615", "\\u0000"};
}
