// Pickles and checkpoints put together by hand, byte by byte, so that they can also be wrong. Numbers: Python's
// pickle.py.
#pragma once

#include <zip.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace cxr::test {

using Numbers = std::vector<std::int64_t>;

template <typename Number>
std::string raw(Number number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

inline std::string text(const std::string& value) {
    return "X" + raw(static_cast<std::uint32_t>(value.size())) + value;
}
inline std::string integer(std::int64_t value) { return std::string("\x8a\x08", 2) + raw(value); }
inline std::string global(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}

inline std::string tuple(const std::vector<std::string>& items) {
    std::string pickle = "(";
    for (const std::string& item : items) pickle += item;
    return pickle + "t";
}
inline std::string tuple(const Numbers& numbers) {
    std::vector<std::string> items;
    for (const std::int64_t number : numbers) items.push_back(integer(number));
    return tuple(items);
}
inline std::string call(const std::string& module, const std::string& name, const std::vector<std::string>& arguments) {
    return global(module, name) + tuple(arguments) + "R";
}

struct HandStorage {
    std::string type = "FloatStorage";
    std::string key = "0";
    std::int64_t count = 6;
    std::string module = "torch";
    std::string id() const {
        return tuple({text("storage"), global(module, type), text(key), text("cpu"), integer(count)}) + "Q";
    }
};

inline std::string tensor(const HandStorage& storage, std::int64_t offset, const Numbers& shape,
                          const Numbers& strides) {
    const std::string hooks = global("collections", "OrderedDict") + ")R";
    return call("torch._utils", "_rebuild_tensor_v2",
                {storage.id(), integer(offset), tuple(shape), tuple(strides), "\x89", hooks});
}

// A dictionary whose values are pickles.
inline std::string dictionary(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string pickle = "}(";
    for (const auto& [name, value] : entries) pickle += text(name) + value;
    return pickle + "u";
}

inline std::string pickled(const std::string& body) { return "\x80\x02" + body + "."; }

inline std::span<const std::byte> bytesOf(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// A zip archive of these entries.
inline std::string zipped(const std::map<std::string, std::string>& entries, bool deflated = false) {
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_source_keep(target);
    zip_t* archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [name, content] : entries) {
        zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
        const auto index = static_cast<zip_uint64_t>(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8));
        zip_set_file_compression(archive, index, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    if (zip_close(archive) != 0) throw std::runtime_error("cannot make a zip archive");
    zip_stat_t facts;
    zip_source_stat(target, &facts);
    std::string bytes(facts.size, '\0');
    zip_source_open(target);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

// A checkpoint since PyTorch 1.6: its object and its storages by key.
inline std::string zipCheckpoint(const std::string& object, const std::map<std::string, std::string>& storages) {
    std::map<std::string, std::string> entries{{"archive/data.pkl", pickled(object)}, {"archive/version", "3\n"}};
    for (const auto& [key, content] : storages) entries["archive/data/" + key] = content;
    return zipped(entries);
}

// A checkpoint before PyTorch 1.6; storages hold items of `itemBytes` bytes.
inline std::string oldCheckpoint(const std::string& object, const std::map<std::string, std::string>& storages,
                                 std::size_t itemBytes = 4) {
    const std::string magic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12);
    std::string bytes =
        pickled(magic) + pickled(integer(1001)) + pickled(dictionary({{"little_endian", "\x88"}})) + pickled(object);
    std::string keys = "](";
    std::string data;
    for (const auto& [key, content] : storages) {
        keys += text(key);
        data += raw(static_cast<std::int64_t>(content.size() / itemBytes)) + content;
    }
    return bytes + pickled(keys + "e") + data;
}

inline std::string floats(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

inline std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
    for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + to.size())) {
        bytes.replace(at, from.size(), to);
    }
    return bytes;
}

}  // namespace cxr::test
