// Stack, memo, values and limits of the pickle machine.
#include "core/model/pickle_machine.h"

#include <algorithm>
#include <cstring>

namespace cxr {
namespace {

constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::size_t kMaxMemo = 1'000'000;
constexpr std::size_t kMaxStack = 100'000;
constexpr std::size_t kMaxReferences = 8'000'000;
constexpr std::size_t kMaxNameBytes = 256;
constexpr int kMaxDepth = 64;

}  // namespace

void PickleMachine::fail(ErrorCode code, const std::string& reason) {
    if (failed()) return;
    m_error = Error{code, reason};
    if (code == ErrorCode::Corrupt) {
        m_error->message = "the file's pickle is broken at its byte " + std::to_string(m_operation) + ": " + reason;
    }
}

std::span<const std::byte> PickleMachine::take(std::uint64_t count) {
    if (failed()) return {};
    if (count > m_bytes.size() - m_position) {
        fail(ErrorCode::Corrupt, "it ends in the middle of a value");
        return {};
    }
    const auto taken = m_bytes.subspan(m_position, count);
    m_position += count;
    return taken;
}

template <typename Number>
Number PickleMachine::number() {
    Number value{};
    const auto bytes = take(sizeof(Number));
    if (!failed()) std::memcpy(&value, bytes.data(), sizeof(Number));
    return value;
}
template std::uint8_t PickleMachine::number<std::uint8_t>();
template std::uint16_t PickleMachine::number<std::uint16_t>();
template std::int32_t PickleMachine::number<std::int32_t>();
template std::uint32_t PickleMachine::number<std::uint32_t>();
template std::uint64_t PickleMachine::number<std::uint64_t>();

std::string PickleMachine::line() {
    const auto rest = m_bytes.subspan(m_position, std::min(m_bytes.size() - m_position, kMaxNameBytes + 1));
    const auto end = std::find(rest.begin(), rest.end(), std::byte{'\n'});
    if (end == rest.end()) fail(ErrorCode::Corrupt, "a name does not end");
    const auto text = take(static_cast<std::size_t>(end - rest.begin()) + 1);
    return failed() ? std::string() : std::string(reinterpret_cast<const char*>(text.data()), text.size() - 1);
}

void PickleMachine::pushId(Id id) {
    if (failed()) return;
    if (m_stack.size() >= kMaxStack) {
        return fail(ErrorCode::TooLarge, "the file's pickle piles up more than 100,000 values");
    }
    m_stack.push_back(id);
}

void PickleMachine::push(PickleValue value) {
    if (failed()) return;
    if (m_values.size() >= kMaxValues) {
        return fail(ErrorCode::TooLarge, "the file's pickle holds more than 1,000,000 values");
    }
    m_values.push_back(std::move(value));
    pushId(static_cast<Id>(m_values.size() - 1));
}

void PickleMachine::pushInt(Kind kind, std::int64_t integer) {
    PickleValue number;
    number.kind = kind;
    number.integer = integer;
    push(std::move(number));
}

void PickleMachine::pushString(Kind kind, std::string text) {
    PickleValue string;
    string.kind = kind;
    string.text = std::move(text);
    push(std::move(string));
}

void PickleMachine::pushItems(Kind kind, const Ids& items) {
    PickleValue container;
    container.kind = kind;
    fill(container, items);
    push(std::move(container));
}

PickleValue::Id PickleMachine::pop() {
    const Ids one = popCount(1);
    return one.empty() ? 0 : one.front();
}

PickleMachine::Ids PickleMachine::popCount(std::size_t count) {
    const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
    if (!failed() && m_stack.size() - floor < count) fail(ErrorCode::Corrupt, "it takes a value that is not there");
    if (failed()) return {};
    Ids items(m_stack.end() - static_cast<std::ptrdiff_t>(count), m_stack.end());
    m_stack.resize(m_stack.size() - count);
    return items;
}

PickleMachine::Ids PickleMachine::popMark() {
    if (!failed() && m_marks.empty()) fail(ErrorCode::Corrupt, "a mark is missing");
    if (failed()) return {};
    Ids items = popCount(m_stack.size() - m_marks.back());
    m_marks.pop_back();
    return items;
}

PickleValue& PickleMachine::top(Kind kind, const char* what) {
    const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
    const bool fits = m_stack.size() > floor && value(m_stack.back()).kind == kind;
    if (!fits) fail(ErrorCode::Corrupt, std::string("it fills something that is not ") + what);
    return failed() ? m_dummy : value(m_stack.back());
}

void PickleMachine::fill(PickleValue& container, const Ids& items) {
    if (failed()) return;
    m_references += items.size();
    if (m_references > kMaxReferences) {
        return fail(ErrorCode::TooLarge, "the file's pickle refers to more than 8,000,000 values");
    }
    for (const Id id : items) container.depth = std::max(container.depth, value(id).depth + 1);
    if (container.depth > kMaxDepth) {
        return fail(ErrorCode::TooLarge, "the file's pickle is nested deeper than 64 levels");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
}

void PickleMachine::remember(std::uint64_t index) {
    const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
    if (m_stack.size() <= floor) fail(ErrorCode::Corrupt, "it remembers a value that is not there");
    if (m_memo.size() >= kMaxMemo) fail(ErrorCode::TooLarge, "the file's pickle remembers more than 1,000,000 values");
    if (!failed()) m_memo[index] = m_stack.back();
}

void PickleMachine::recall(std::uint64_t index) {
    const auto found = m_memo.find(index);
    if (found == m_memo.end()) return fail(ErrorCode::Corrupt, "it recalls a value that was never remembered");
    pushId(found->second);
}

}  // namespace cxr
