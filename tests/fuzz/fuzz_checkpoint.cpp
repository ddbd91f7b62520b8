// PyTorch checkpoints, hostile. The first byte says what the rest is:
//   even  a whole file: zip archive, the format before 1.6, or anything
//   odd   the pickle inside of a sound zip archive, whose checksums a mutation of the file would break first
#include <cstdlib>
#include <cstring>

#include "core/model/key_maps.h"
#include "core/model/weights_fit.h"
#include "core/model/weights_source.h"
#include "tests/core/model/checkpoint_bytes.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;
using namespace cxr::test;

namespace {

constexpr char kFile = 0, kPickle = 1;

std::string values(std::size_t count) { return floats(std::vector<float>(count, 0.5F)); }

// A state_dict with a strided, a shared and a scalar tensor, inside of a training checkpoint.
std::string object() {
    const HandStorage first{"FloatStorage", "0", 24}, second{"HalfStorage", "1", 18}, third{"LongStorage", "2", 1};
    const std::string state =
        dictionary({{"module.densenet121.features.denseblock1.denselayer1.norm.1.weight", tensor(first, 0, {2, 3, 4}, {12, 4, 1})},
                    {"classifier.weight", tensor(first, 4, {3, 2}, {1, 3})},
                    {"op_threshs", tensor(second, 0, {18}, {1})},
                    {"bn.num_batches_tracked", tensor(third, 0, {}, {})}});
    return dictionary({{"epoch", integer(3)}, {"loss", "G" + std::string(8, '\x3f')}, {"list", "](K\x01K\x02" "e"}, {"state_dict", state}});
}

std::map<std::string, std::string> storages() {
    return {{"0", values(24)}, {"1", std::string(36, '\x38')}, {"2", std::string(8, '\0')}};
}

// The format before 1.6, whose storages have items of different sizes.
std::string oldFile() {
    const HandStorage only{"FloatStorage", "0", 24};
    return oldCheckpoint(dictionary({{"a", tensor(only, 0, {2, 3, 4}, {12, 4, 1})}, {"b", tensor(only, 4, {3, 2}, {1, 3})}}),
                         {{"0", values(24)}});
}

void use(const WeightsSource& source) {
    float sum = 0;
    for (const auto& [name, view] : source.tensors()) {
        for (const float value : toFloats(view)) sum += value;
    }
    if (sum == 12345.678F) std::abort();  // keeps the sum from being thrown away
    for (const KeyMap& map : keyMaps()) {
        const auto mapped = mapKeys(map, source.tensors());
        if (mapped.isOk()) weightsMisfits({{"classifier.weight", {3, 2}}, {"a", {1}}}, mapped.value().tensors);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] % 2 != kFile) {
        std::map<std::string, std::string> entries{{"m/data.pkl", bytes}, {"m/byteorder", "little"}};
        for (const auto& [key, content] : storages()) entries["m/data/" + key] = content;
        bytes = zipped(entries);
    }
    const auto source = WeightsSource::parse(bytesOf(bytes));
    if (source.isOk()) use(source.value());
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    const std::string zip = zipCheckpoint(object(), storages());
    const std::string deflated = zipped({{"m/data.pkl", pickled(object())}, {"m/data/0", values(24)}, {"m/version", "3\n"}}, true);
    const std::string script = zipped({{"m/data.pkl", pickled("}")}, {"m/constants.pkl", pickled(")")}, {"m/code/m.py", "pass"}});
    const std::string pickle = std::string(1, kPickle) + pickled(object());
    std::vector<std::string> all;
    for (const std::string& file : {zip, deflated, script, oldFile(), oldFile()}) all.push_back(std::string(1, kFile) + file);
    for (int i = 0; i < 4; ++i) all.push_back(pickle);  // half of the inputs
    return all;
}

std::vector<std::string> cxr::fuzz::words() {
    return {"cos\nsystem\n", "cposix\nsystem\n(X\x04\x00\x00\x00trueitR", "c__builtin__\neval\n", "ctorch._utils\n_rebuild_tensor_v2\n",
            "ctorch\nSize\n", "ccollections\nOrderedDict\n)R", "R", "b", "\x81", "\x92", "Q", "(", "t", "e", "u", "s", "]", "}", ")", "2",
            "0", ".", "h\x01", "q\x01", "\x94", std::string("j\xff\xff\xff\x7f", 5), std::string("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", 10),
            std::string("X\xff\xff\xff\xff", 5), std::string("\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", 9), "\x80\x05", "\x95", "PK\x05\x06",
            "PK\x01\x02", "PK\x03\x04", "m/data.pkl", "archive/data/0"};
}
