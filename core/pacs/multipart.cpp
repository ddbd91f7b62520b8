#include "core/pacs/multipart.h"

#include <algorithm>
#include <cctype>

namespace cxr {
namespace {

constexpr std::size_t kMaxHeaders = 16 * 1024, kMaxPreamble = 64 * 1024, kMaxBoundary = 70;

Error broken(const char* why) { return {ErrorCode::Corrupt, std::string("the server's answer is broken: ") + why}; }

}  // namespace

std::optional<std::string> multipartBoundary(const std::string& contentType) {
    std::string lower = contentType;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!lower.starts_with("multipart/related")) return std::nullopt;
    const std::size_t at = lower.find("boundary=");
    if (at == std::string::npos) return std::nullopt;
    std::string value = contentType.substr(at + 9);
    value = !value.empty() && value.front() == '"' ? value.substr(1, value.find('"', 1) - 1) : value.substr(0, value.find_first_of("; \t\r\n"));
    if (value.empty() || value.size() > kMaxBoundary) return std::nullopt;
    return value;
}

MultipartReader::MultipartReader(const std::string& boundary, PartSink sink) : m_delimiter("\r\n--" + boundary), m_sink(std::move(sink)) {}

Result<Done> MultipartReader::feed(std::string_view bytes) {
    if (m_state == State::Epilogue) return Done{};
    m_buffer.append(bytes);
    for (;;) {
        const Result<bool> more = step();
        if (!more.isOk()) return more.error();
        if (!more.value()) return Done{};
    }
}

Result<bool> MultipartReader::step() {
    switch (m_state) {
        case State::Preamble: {
            const std::size_t at = m_buffer.find(m_delimiter);
            if (at == std::string::npos && m_buffer.size() > kMaxPreamble) return broken("it has no parts");
            if (at == std::string::npos) return false;
            m_buffer.erase(0, at + m_delimiter.size());
            m_state = State::AfterBoundary;
            return true;
        }
        case State::AfterBoundary: {  // "--" ends it; else white space and the end of the line
            if (m_buffer.size() < 2) return false;
            if (m_buffer.starts_with("--")) {
                m_buffer.clear();
                m_state = State::Epilogue;
                return false;
            }
            const std::size_t line = m_buffer.find("\r\n");
            if (line == std::string::npos && m_buffer.size() > kMaxHeaders) return broken("a boundary has no end");
            if (line == std::string::npos) return false;
            m_buffer.erase(0, line);
            m_state = State::Headers;
            return true;
        }
        case State::Headers: {  // begins with the line end before the first header
            const std::size_t end = m_buffer.find("\r\n\r\n");
            if (end == std::string::npos && m_buffer.size() > kMaxHeaders) return broken("the header of a part is too long");
            if (end == std::string::npos) return false;
            m_buffer.erase(0, end + 4);
            m_state = State::Body;
            const Result<Done> begun = m_sink.begin();
            if (!begun.isOk()) return begun.error();
            return true;
        }
        case State::Body: {
            const std::size_t at = m_buffer.find(m_delimiter);
            const bool isWhole = at != std::string::npos;
            const std::size_t safe = isWhole ? at : m_buffer.size() - std::min(m_buffer.size(), m_delimiter.size() - 1);
            if (safe > 0) {
                const Result<Done> passed = m_sink.data(std::string_view(m_buffer).substr(0, safe));
                if (!passed.isOk()) return passed.error();
            }
            m_buffer.erase(0, isWhole ? at + m_delimiter.size() : safe);
            if (!isWhole) return false;
            m_state = State::AfterBoundary;
            const Result<Done> ended = m_sink.end();
            if (!ended.isOk()) return ended.error();
            return true;
        }
        case State::Epilogue:
            break;
    }
    m_buffer.clear();
    return false;
}

Result<Done> MultipartReader::finish() {
    if (m_state == State::Epilogue) return Done{};
    return broken("it ended in the middle");
}

}  // namespace cxr
