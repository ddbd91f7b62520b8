// The stack machine behind readPickle: bytes in, PickleValues out. Private to pickle_reader.cpp and pickle_machine.cpp.
//   thread rule  one thread per object
#pragma once

#include <optional>
#include <unordered_map>

#include "core/model/pickle_reader.h"

namespace cxr {

// clang-format off
// The instructions that are read, under the names of Python's pickle.py.
enum PickleInstruction : std::uint8_t {
    kProto = 0x80, kFrame = 0x95, kStop = '.', kMark = '(', kPop = '0', kPopMark = '1',
    kBinPut = 'q', kLongBinPut = 'r', kMemoize = 0x94, kBinGet = 'h', kLongBinGet = 'j',
    kNone = 'N', kNewTrue = 0x88, kNewFalse = 0x89, kBinInt = 'J', kBinInt1 = 'K', kBinInt2 = 'M',
    kLong1 = 0x8a, kLong4 = 0x8b, kBinFloat = 'G',
    kShortBinUnicode = 0x8c, kBinUnicode = 'X', kBinUnicode8 = 0x8d,
    kShortBinString = 'U', kBinString = 'T',  // Python 2's str
    kShortBinBytes = 'C', kBinBytes = 'B', kBinBytes8 = 0x8e,
    kEmptyTuple = ')', kTuple1 = 0x85, kTuple2 = 0x86, kTuple3 = 0x87, kTuple = 't',
    kEmptyList = ']', kList = 'l', kAppend = 'a', kAppends = 'e',
    kEmptyDict = '}', kSetItem = 's', kSetItems = 'u',
    kGlobal = 'c', kStackGlobal = 0x93, kInst = 'i', kNewObj = 0x81, kNewObjEx = 0x92,
    kReduce = 'R', kBuild = 'b', kBinPersId = 'Q',
};
// clang-format on

class PickleMachine {
  public:
    PickleMachine(std::span<const std::byte> bytes, PickleRules rules) : m_bytes(bytes), m_rules(rules) {}
    Result<PickleDocument> run();

  private:
    using Id = PickleValue::Id;
    using Kind = PickleValue::Kind;
    using Ids = std::vector<Id>;

    // The instructions by family (pickle_reader.cpp); false if `op` belongs to another family.
    bool stepNumber(std::uint8_t op);
    bool stepText(std::uint8_t op);
    bool stepContainer(std::uint8_t op);
    bool stepStackAndMemo(std::uint8_t op);
    bool stepObject(std::uint8_t op);
    void checkStart();

    void pushInteger(std::span<const std::byte> littleEndian);
    void pushText(std::size_t length, bool mayBeBytes);
    void pushGlobal(const std::string& module, const std::string& name);
    void call();
    void build();
    void orderedDict(const Ids& arguments);
    void refuseCall(const std::string& name);

    // What the families are made of (pickle_machine.cpp). After a failure every call does nothing and returns something
    // harmless.
    void fail(ErrorCode code, const std::string& reason);
    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    std::span<const std::byte> take(std::uint64_t count);
    template <typename Number>
    Number number();
    std::string line();
    void push(PickleValue value);
    void pushInt(Kind kind, std::int64_t integer);
    void pushString(Kind kind, std::string text);
    void pushItems(Kind kind, const Ids& items);
    void pushId(Id id);
    Id pop();
    Ids popCount(std::size_t count);  // oldest first
    Ids popMark();
    PickleValue& value(Id id) { return m_values[id]; }
    // The container on top of the stack; an empty dummy after a failure.
    PickleValue& top(Kind kind, const char* what);
    void fill(PickleValue& container, const Ids& items);
    void remember(std::uint64_t index);
    void recall(std::uint64_t index);

    std::span<const std::byte> m_bytes;
    PickleRules m_rules;
    std::size_t m_position = 0;
    std::size_t m_operation = 0;  // where the present instruction starts
    std::vector<PickleValue> m_values;
    Ids m_stack;
    std::vector<std::size_t> m_marks;  // heights of the stack
    std::unordered_map<std::uint64_t, Id> m_memo;
    std::size_t m_references = 0;
    std::optional<Error> m_error;
    PickleValue m_dummy;
};

}  // namespace cxr
