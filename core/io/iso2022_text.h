// Texts in Japanese, Korean and Chinese with ISO 2022 escape sequences, for which DCMTK finds no converter in the C
// library.
//   ISO 2022 IR 13 and 87 (JIS X 0201, JIS X 0208): as ISO-2022-JP, half-width katakana from 8-bit bytes
//   ISO 2022 IR 149 (KS X 1001): EUC-KR     ISO 2022 IR 58 (GB 2312): EUC-CN        DICOM PS3.3 C.12.1.1.2, PS3.5
//   annexes H-K
// Thread-safe.
#pragma once

#include <optional>
#include <string>

namespace cxr {

// UTF-8; nullopt when the character set is none of these or the text breaks its rules.
std::optional<std::string> decodeIso2022(const std::string& characterSets, const std::string& raw);

}  // namespace cxr
