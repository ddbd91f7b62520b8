// Pickle as data: what a Python pickle describes, without running any of it.
//
// A pickle is a program for a stack machine; some of its instructions call functions by name. This reader knows the
// instructions of protocols 2 to 5 that plain containers, tensors and persistent ids need. A call is only written
// down (its name and its arguments), and only if the caller's rules allow the name; every other name is refused by
// name, every other instruction by its number. collections.OrderedDict becomes a Dict.
// Format: Python's Lib/pickletools.py; PEP 307, 3154, 574.
//   limits       64 MiB of pickle, 1 M values, 1 M memo entries, 100,000 values on the stack, 256 open marks,
//                containers nested 64 deep, 8 M references inside containers, names 256 bytes, numbers 255 bytes
//   thread rule  pure; any thread
//   fails        Unsupported (a name or an instruction that is not read), Corrupt, TooLarge
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cxr {

struct PickleValue {
    enum class Kind { None, Bool, Int, BigInt, Float, Text, Bytes, List, Tuple, Dict, Global, Call, Persistent };
    using Id = std::uint32_t;  // index into PickleDocument

    Kind kind = Kind::None;
    std::int64_t integer = 0;  // Bool (0 or 1), Int
    double real = 0;           // Float
    // Text (valid UTF-8); Bytes; BigInt (little-endian two's complement); Global and Call: "module.name"
    std::string text;
    std::vector<Id> items;  // List, Tuple; Dict: key, value, key, value ...; Call: arguments; Persistent: its id
    int depth = 0;          // levels of containers below, as far as known when they were filled
};

// Values refer to each other by Id, in any order, also in circles: whoever walks them must bound the walk.
class PickleDocument {
  public:
    PickleDocument(std::vector<PickleValue> values, PickleValue::Id root, std::size_t bytesRead)
        : m_values(std::move(values)), m_root(root), m_bytesRead(bytesRead) {}

    [[nodiscard]] const PickleValue& root() const { return m_values[m_root]; }
    // REQUIRES: `id` comes out of `items` of a value of this document.
    [[nodiscard]] const PickleValue& at(PickleValue::Id id) const { return m_values[id]; }
    [[nodiscard]] const std::vector<PickleValue>& values() const { return m_values; }
    // Value of a text key, nullptr if there is none. REQUIRES: dict.kind is Dict
    [[nodiscard]] const PickleValue* find(const PickleValue& dict, std::string_view key) const;
    // Length of the pickle with its STOP; what follows belongs to somebody else.
    [[nodiscard]] std::size_t bytesRead() const { return m_bytesRead; }

  private:
    std::vector<PickleValue> m_values;
    PickleValue::Id m_root;
    std::size_t m_bytesRead;
};

enum class PickleGlobal {
    Refused,
    Type,      // may be named, not called
    Function,  // may be called; the call is written down
};
using PickleRules = PickleGlobal (*)(std::string_view name);  // of "module.name"

Result<PickleDocument> readPickle(std::span<const std::byte> bytes, PickleRules rules);

}  // namespace cxr
