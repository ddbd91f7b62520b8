// What web archives answer. The first byte says what the rest is:
//   0, 1  DICOM JSON: studies, series    2  DICOM JSON: what became of a sent object
//   3     a multipart body behind a line with its Content-Type; in pieces it must give what it gives whole
#include <algorithm>
#include <cstdlib>

#include "core/pacs/dicom_json.h"
#include "core/pacs/multipart.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

bool isOneLine(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

void readStudies(const std::string& json) {
    const auto studies = studiesFromJson(json);
    if (!studies.isOk()) return check(!studies.error().message.empty());
    for (const StudyRow& row : studies.value()) check(isOneLine(row.patientName + row.patientId + row.description + row.studyUid) && row.series >= 0);
}

void readSeries(const std::string& json) {
    const auto series = seriesFromJson(json);
    if (!series.isOk()) return check(!series.error().message.empty());
}

struct Parts {
    std::vector<std::string> whole;  // ended parts, then the last one as far as it came
    bool isRefused = false;
    bool operator==(const Parts&) const = default;
};

Parts partsOf(const std::string& boundary, std::string_view body, std::size_t piece) {
    Parts parts;
    bool isOpen = false;
    const PartSink sink{[&]() -> Result<Done> { check(!isOpen), isOpen = true, parts.whole.emplace_back(); return Done{}; },
                        [&](std::string_view data) -> Result<Done> { check(isOpen), parts.whole.back() += data; return Done{}; },
                        [&]() -> Result<Done> { check(isOpen), isOpen = false; return Done{}; }};
    MultipartReader reader(boundary, sink);
    for (std::size_t at = 0; at < body.size() && !parts.isRefused; at += piece) parts.isRefused = !reader.feed(body.substr(at, piece)).isOk();
    if (!parts.isRefused) parts.isRefused = !reader.finish().isOk();
    return parts;
}

void readMultipart(const std::string& text) {
    constexpr std::size_t kMost = 16'000;  // how much of a part's header is kept depends on the pieces beyond that
    const std::size_t line = std::min(text.find('\n'), text.size());
    const auto boundary = multipartBoundary(text.substr(0, line));
    if (!boundary || text.size() > kMost) return;
    const std::string_view body = std::string_view(text).substr(std::min(line + 1, text.size()));
    const Parts whole = partsOf(*boundary, body, std::max<std::size_t>(body.size(), 1));
    check(whole == partsOf(*boundary, body, 1) && whole == partsOf(*boundary, body, 7));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 4) {
        case 0: readStudies(text); break;
        case 1: readSeries(text); break;
        case 2: check(!storedFromJson(text).answer.empty()); break;
        default: readMultipart(text);
    }
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    const std::string study = R"([{"0020000D":{"vr":"UI","Value":["1.2.3"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^Jane"}]},)"
                              R"("00080061":{"vr":"CS","Value":["CR","DX"]},"00201206":{"vr":"IS","Value":[2]},"00081030":{"vr":"LO"}}])";
    const std::string series = R"([{"0020000E":{"vr":"UI","Value":["1.2.3.4"]},"00080060":{"vr":"CS","Value":["DX"]},"00201209":{"vr":"IS","Value":["1"]}}])";
    const std::string stored = R"({"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3"]}}]}})";
    const std::string failed = R"({"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[272]}}]}})";
    const std::string parts = "multipart/related; type=\"application/dicom\"; boundary=ab\nbefore\r\n--ab\r\nContent-Type: application/dicom\r\n\r\nfirst\r\n"
                              "--ab\r\n\r\nsecond\r\n--ab--\r\nafter";
    return {'\0' + study, '\1' + series, '\2' + stored, '\2' + failed, '\3' + parts};
}

std::vector<std::string> cxr::fuzz::words() {
    return {"null", "true", "-1", "1e308", "{}", "[]", "\"\"", "{", "}", "[", "]", ",", ":", "\"Value\":[", "\"Alphabetic\":\"", "\"00081198\":", "\xff", "\\u0000",
            "\"\\ud800\"", "18446744073709551615", "\r\n", "\r\n\r\n", "\r\n--ab", "--", "boundary=\"", "boundary=", "\r\n--ab--"};
}
