#include "core/io/iso2022_text.h"

#include <iconv.h>

namespace cxr {
namespace {

class Converter {
  public:
    explicit Converter(const char* from) : m_handle(iconv_open("UTF-8", from)) {}
    ~Converter() {
        if (isOpen()) iconv_close(m_handle);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    std::optional<std::string> convert(std::string text) {
        if (!isOpen()) return std::nullopt;
        std::string out(text.size() * 4 + 16, '\0');
        char* from = text.data();
        char* to = out.data();
        std::size_t left = text.size(), room = out.size();
        if (iconv(m_handle, &from, &left, &to, &room) == static_cast<std::size_t>(-1) || left != 0) return std::nullopt;
        out.resize(out.size() - room);
        return out;
    }

  private:
    [[nodiscard]] bool isOpen() const { return m_handle != reinterpret_cast<iconv_t>(-1); }
    iconv_t m_handle;
};

bool mentions(const std::string& sets, const char* name) { return sets.find(name) != std::string::npos; }

// U+FF61..U+FF9F, in UTF-8, for the bytes A1..DF of JIS X 0201.
std::string katakana(unsigned char byte) {
    const unsigned code = 0xFF61U + (byte - 0xA1U);
    return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
}

// Runs of 7-bit text go through ISO-2022-JP as they are; the bytes between them are katakana.
std::optional<std::string> decodeJapanese(const std::string& raw) {
    Converter converter("ISO-2022-JP");
    std::string out, run;
    for (std::size_t i = 0; i <= raw.size(); ++i) {
        const auto byte = static_cast<unsigned char>(i < raw.size() ? raw[i] : '\xA1');
        if (i < raw.size() && byte < 0x80) {
            run += raw[i];
            continue;
        }
        const auto converted = converter.convert(run);
        if (!converted || byte < 0xA1 || byte > 0xDF) return std::nullopt;
        out += *converted;
        if (i < raw.size()) out += katakana(byte);
        run.clear();
    }
    return out;
}

// Korean and Chinese sets are marked once and then use 8-bit bytes, as EUC does without marks.
std::optional<std::string> decodeMarked(std::string raw, const std::string& mark, const char* encoding) {
    for (std::size_t at = raw.find(mark); at != std::string::npos; at = raw.find(mark)) raw.erase(at, mark.size());
    if (raw.find('\033') != std::string::npos) return std::nullopt;
    return Converter(encoding).convert(raw);
}

}  // namespace

std::optional<std::string> decodeIso2022(const std::string& characterSets, const std::string& raw) {
    if (mentions(characterSets, "IR 87") || mentions(characterSets, "IR 13")) return decodeJapanese(raw);
    if (mentions(characterSets, "IR 149")) return decodeMarked(raw, "\033$)C", "EUC-KR");
    if (mentions(characterSets, "IR 58")) return decodeMarked(raw, "\033$)A", "EUC-CN");
    return std::nullopt;
}

}  // namespace cxr
