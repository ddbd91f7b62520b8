// Result<T>: a value, or an Error that says what failed and what to do about it.
// Immutable values; safe to move between threads.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace cxr {

enum class ErrorCode {
    Cancelled,        // the user stopped it; never shown as a failure
    NotFound,         // file, series, model or layer is absent
    Unsupported,      // valid input that we do not handle
    Corrupt,          // input breaks its own format
    TooLarge,         // input claims more pixels, bytes or depth than the limits allow
    InvalidArgument,  // caller broke a precondition that depends on data
    OutOfMemory,      // host or device memory
    WriteFailed,      // the result could not be written; nothing is left under its final name
    Internal,         // a bug in this program
};

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;  // one sentence for the reader; no patient data

    // Adds the operation in front: "open film: read pixel data: file is truncated".
    Error within(const std::string& operation) && {
        message = operation + ": " + message;
        return std::move(*this);
    }
};

template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : m_state(std::move(value)) {}      // NOLINT(google-explicit-constructor): `return value;`
    Result(Error error) : m_state(std::move(error)) {}  // NOLINT(google-explicit-constructor): `return Error{...};`

    [[nodiscard]] bool isOk() const { return m_state.index() == 0; }
    explicit operator bool() const { return isOk(); }

    // REQUIRES: isOk()
    [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }

    // REQUIRES: !isOk()
    [[nodiscard]] const Error& error() const& { return std::get<1>(m_state); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(m_state)); }

  private:
    std::variant<T, Error> m_state;
};

// For calls that have nothing to return: `return Done{};`
using Done = std::monostate;

}  // namespace cxr
