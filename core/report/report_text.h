// Text as HTML, CSV and data URIs want it. Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cxr {

// Bytes that are no UTF-8 become U+FFFD, control characters other than tab and line feed a space.
std::string validUtf8(std::string_view text);
// For element content and quoted attributes: & < > " ' are escaped, validUtf8 applied.
std::string escapeHtml(std::string_view text);
// RFC 4180: quoted if it holds a comma, quote or line break. A text that a spreadsheet would run as a formula (it
// starts with = + - @ tab or carriage return, also after spaces) gets an apostrophe in front.
std::string csvField(std::string_view text);
// A number for CSV: shortest form that reads back equal; empty if it is not finite.
std::string numberText(double value);
std::string base64(std::span<const std::byte> bytes);
// "12,345": for people.
std::string grouped(long long number);
// Fixed decimals, independent of the locale.
std::string fixedText(double value, int decimals);

}  // namespace cxr
