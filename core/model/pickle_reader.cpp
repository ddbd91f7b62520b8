// The instructions of a pickle, family by family. Numbers are those of Python's pickle.py.
#include "core/model/pickle_reader.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

#include "core/model/pickle_machine.h"
#include "core/model/shown_name.h"

namespace cxr {
namespace {

constexpr std::size_t kMaxPickleBytes = 64U << 20;
constexpr std::size_t kMaxNumberBytes = 255;
constexpr std::size_t kMaxMarks = 256;
constexpr const char* kOrderedDict = "collections.OrderedDict";

// Length of the UTF-8 sequence that starts at `text`, 0 if there is none (RFC 3629: no surrogates, nothing overlong).
std::size_t sequenceLength(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = at(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                               : (first & 0xf0) == 0xe0         ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80) return 0;
    }
    const std::uint8_t second = at(1);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    return overlong || outside ? 0 : length;
}

bool isUtf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string textOf(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string hex(std::uint8_t op) {
    char text[8];
    std::snprintf(text, sizeof text, "0x%02x", op);
    return text;
}

}  // namespace

const PickleValue* PickleDocument::find(const PickleValue& dict, std::string_view key) const {
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const PickleValue& name = at(dict.items[i]);
        if (name.kind == PickleValue::Kind::Text && name.text == key) return &at(dict.items[i + 1]);
    }
    return nullptr;
}

Result<PickleDocument> readPickle(std::span<const std::byte> bytes, PickleRules rules) {
    return PickleMachine(bytes, rules).run();
}

void PickleMachine::checkStart() {
    const bool isPickle = m_bytes.size() >= 2 && m_bytes[0] == std::byte{kProto};
    const int protocol = isPickle ? static_cast<int>(m_bytes[1]) : 0;
    if (protocol < 2 || protocol > 5) {
        fail(ErrorCode::Unsupported, "the file's pickle is not of protocol 2 to 5: save it again with torch.save");
    }
    // Several pickles and raw numbers may follow each other in one file, so only what is looked at counts.
    m_bytes = m_bytes.first(std::min(m_bytes.size(), kMaxPickleBytes));
}

Result<PickleDocument> PickleMachine::run() {
    checkStart();
    while (!failed()) {
        m_operation = m_position;
        const auto op = number<std::uint8_t>();
        if (failed() || op == kStop) break;
        const bool isKnown =
            stepStackAndMemo(op) || stepText(op) || stepNumber(op) || stepContainer(op) || stepObject(op);
        if (isKnown) continue;
        fail(ErrorCode::Unsupported,
             "the file's pickle uses instruction " + hex(op) + ", which tensors and plain containers do not need");
    }
    const bool isWhole = m_stack.size() == 1 && m_marks.empty();
    if (!isWhole) fail(ErrorCode::Corrupt, "it does not end with one value");
    if (failed()) return std::move(*m_error);
    return PickleDocument(std::move(m_values), m_stack.front(), m_position);
}

// clang-format off
bool PickleMachine::stepStackAndMemo(std::uint8_t op) {
    switch (op) {
        case kProto: number<std::uint8_t>(); return true;
        case kFrame: number<std::uint64_t>(); return true;
        case kMark:
            if (m_marks.size() >= kMaxMarks) fail(ErrorCode::TooLarge, "the file's pickle opens more than 256 marks");
            m_marks.push_back(m_stack.size());
            return true;
        case kPop: pop(); return true;
        case kPopMark: popMark(); return true;
        case kBinPut: remember(number<std::uint8_t>()); return true;
        case kLongBinPut: remember(number<std::uint32_t>()); return true;
        case kMemoize: remember(m_memo.size()); return true;
        case kBinGet: recall(number<std::uint8_t>()); return true;
        case kLongBinGet: recall(number<std::uint32_t>()); return true;
        default: return false;
    }
}

bool PickleMachine::stepNumber(std::uint8_t op) {
    switch (op) {
        case kNone: push({}); return true;
        case kNewTrue: pushInt(Kind::Bool, 1); return true;
        case kNewFalse: pushInt(Kind::Bool, 0); return true;
        case kBinInt: pushInt(Kind::Int, number<std::int32_t>()); return true;
        case kBinInt1: pushInt(Kind::Int, number<std::uint8_t>()); return true;
        case kBinInt2: pushInt(Kind::Int, number<std::uint16_t>()); return true;
        case kLong1: pushInteger(take(number<std::uint8_t>())); return true;
        case kLong4: pushInteger(take(number<std::uint32_t>())); return true;
        case kBinFloat: {  // big endian
            const std::uint64_t bits = __builtin_bswap64(number<std::uint64_t>());
            PickleValue value;
            value.kind = Kind::Float;
            value.real = std::bit_cast<double>(bits);
            push(std::move(value));
            return true;
        }
        default: return false;
    }
}

// clang-format on

void PickleMachine::pushInteger(std::span<const std::byte> littleEndian) {
    if (littleEndian.size() > kMaxNumberBytes) {
        return fail(ErrorCode::TooLarge, "the file's pickle holds a number of more than 255 bytes");
    }
    if (littleEndian.size() > sizeof(std::int64_t)) return pushString(Kind::BigInt, textOf(littleEndian));
    const bool isNegative = !littleEndian.empty() && (littleEndian.back() & std::byte{0x80}) != std::byte{0};
    std::int64_t integer = isNegative ? -1 : 0;
    std::copy(littleEndian.begin(), littleEndian.end(), reinterpret_cast<std::byte*>(&integer));
    pushInt(Kind::Int, integer);
}

// clang-format off
bool PickleMachine::stepText(std::uint8_t op) {
    switch (op) {
        case kShortBinUnicode: pushText(number<std::uint8_t>(), false); return true;
        case kBinUnicode: pushText(number<std::uint32_t>(), false); return true;
        case kBinUnicode8: pushText(number<std::uint64_t>(), false); return true;
        case kShortBinString: pushText(number<std::uint8_t>(), true); return true;
        case kBinString: pushText(number<std::uint32_t>(), true); return true;
        case kShortBinBytes: pushString(Kind::Bytes, textOf(take(number<std::uint8_t>()))); return true;
        case kBinBytes: pushString(Kind::Bytes, textOf(take(number<std::uint32_t>()))); return true;
        case kBinBytes8: pushString(Kind::Bytes, textOf(take(number<std::uint64_t>()))); return true;
        default: return false;
    }
}

// clang-format on

void PickleMachine::pushText(std::size_t length, bool mayBeBytes) {
    std::string text = textOf(take(length));
    const bool isText = isUtf8(text);
    if (!isText && !mayBeBytes) fail(ErrorCode::Corrupt, "a text is not UTF-8");
    pushString(isText ? Kind::Text : Kind::Bytes, std::move(text));
}

// clang-format off
bool PickleMachine::stepContainer(std::uint8_t op) {
    switch (op) {
        case kEmptyTuple: pushItems(Kind::Tuple, {}); return true;
        case kTuple1: pushItems(Kind::Tuple, popCount(1)); return true;
        case kTuple2: pushItems(Kind::Tuple, popCount(2)); return true;
        case kTuple3: pushItems(Kind::Tuple, popCount(3)); return true;
        case kTuple: pushItems(Kind::Tuple, popMark()); return true;
        case kEmptyList: pushItems(Kind::List, {}); return true;
        case kList: pushItems(Kind::List, popMark()); return true;
        case kEmptyDict: pushItems(Kind::Dict, {}); return true;
        case kAppend:
        case kAppends: {
            const Ids items = op == kAppend ? popCount(1) : popMark();
            fill(top(Kind::List, "a list"), items);
            return true;
        }
        case kSetItem:
        case kSetItems: {
            const Ids items = op == kSetItem ? popCount(2) : popMark();
            if (items.size() % 2 != 0) fail(ErrorCode::Corrupt, "a key has no value");
            fill(top(Kind::Dict, "a dictionary"), items);
            return true;
        }
        default: return false;
    }
}

bool PickleMachine::stepObject(std::uint8_t op) {
    switch (op) {
        case kGlobal:
        case kInst: {
            const std::string module = line();
            const std::string name = line();
            if (op == kInst) refuseCall(module + "." + name);
            pushGlobal(module, name);
            return true;
        }
        case kStackGlobal: {
            const Ids names = popCount(2);
            if (failed()) return true;
            const bool areTexts = value(names[0]).kind == Kind::Text && value(names[1]).kind == Kind::Text;
            if (!areTexts) fail(ErrorCode::Corrupt, "a name is not text");
            pushGlobal(value(names[0]).text, value(names[1]).text);
            return true;
        }
        case kReduce: call(); return true;
        case kBuild: build(); return true;
        case kNewObj:
        case kNewObjEx: {
            const Ids parts = popCount(op == kNewObj ? 2 : 3);
            if (failed()) return true;
            refuseCall(value(parts[0]).kind == Kind::Global ? value(parts[0]).text : "an object without a class");
            return true;
        }
        case kBinPersId: pushItems(Kind::Persistent, popCount(1)); return true;
        default: return false;
    }
}

// clang-format on

void PickleMachine::refuseCall(const std::string& name) {
    fail(ErrorCode::Unsupported,
         "the file wants to run " + shownName(name) +
             "; only tensors and plain containers are read: save the model's state_dict() alone with torch.save");
}

void PickleMachine::pushGlobal(const std::string& module, const std::string& name) {
    std::string full = module + "." + name;
    if (!failed() && full != kOrderedDict && m_rules(full) == PickleGlobal::Refused) refuseCall(full);
    pushString(Kind::Global, std::move(full));
}

void PickleMachine::call() {
    const Ids parts = popCount(2);
    if (failed()) return;
    const PickleValue& callee = value(parts[0]);
    if (callee.kind != Kind::Global || value(parts[1]).kind != Kind::Tuple) {
        return fail(ErrorCode::Corrupt, "it calls something that has no name");
    }
    const Ids arguments = value(parts[1]).items;
    if (callee.text == kOrderedDict) return orderedDict(arguments);
    if (m_rules(callee.text) != PickleGlobal::Function) return refuseCall(callee.text);
    PickleValue written;
    written.kind = Kind::Call;
    written.text = callee.text;
    fill(written, arguments);
    push(std::move(written));
}

// OrderedDict() is filled later (Python 3); OrderedDict([[key, value], ...]) comes filled (Python 2).
void PickleMachine::orderedDict(const Ids& arguments) {
    Ids pairs;
    const bool isFilled = arguments.size() == 1 && value(arguments[0]).kind == Kind::List;
    if (!arguments.empty() && !isFilled) {
        return fail(ErrorCode::Corrupt, "an OrderedDict is made from something else than pairs");
    }
    for (const Id id : isFilled ? value(arguments[0]).items : Ids{}) {
        const PickleValue& pair = value(id);
        const bool isPair = (pair.kind == Kind::List || pair.kind == Kind::Tuple) && pair.items.size() == 2;
        if (!isPair) return fail(ErrorCode::Corrupt, "an OrderedDict is made from something else than pairs");
        pairs.insert(pairs.end(), pair.items.begin(), pair.items.end());
    }
    pushItems(Kind::Dict, pairs);
}

// An OrderedDict may carry attributes (a state_dict's _metadata); they are not needed.
void PickleMachine::build() {
    const Id state = pop();
    if (failed()) return;
    if (value(state).kind != Kind::Dict) {
        return fail(ErrorCode::Unsupported, "the file's pickle sets the state of an object, which is not read");
    }
    top(Kind::Dict, "a dictionary");
}

}  // namespace cxr
