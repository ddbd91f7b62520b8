// Reads multipart/related bodies as they arrive, part by part.   RFC 2046 section 5.1, DICOM PS3.18 8.6
//   limits  header lines of a part 16 KiB; the sink limits the data. Data are passed on in pieces of any size.
// An instance belongs to one thread.   fails Corrupt, and whatever the sink fails with
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cxr {

// The boundary of a Content-Type such as `multipart/related; type="application/dicom"; boundary=abc`.
std::optional<std::string> multipartBoundary(const std::string& contentType);

struct PartSink {
    std::function<Result<Done>()> begin;
    std::function<Result<Done>(std::string_view)> data;
    std::function<Result<Done>()> end;
};

class MultipartReader {
  public:
    MultipartReader(const std::string& boundary, PartSink sink);
    Result<Done> feed(std::string_view bytes);
    // REQUIRES: nothing failed before. fails Corrupt: the body ended before its last boundary
    Result<Done> finish();

  private:
    enum class State { Preamble, AfterBoundary, Headers, Body, Epilogue };
    Result<bool> step();  // false: more bytes are needed

    std::string m_delimiter;  // "\r\n--boundary"
    PartSink m_sink;
    State m_state = State::Preamble;
    std::string m_buffer = "\r\n";  // the first boundary needs no line before it
};

}  // namespace cxr
