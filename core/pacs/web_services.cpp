#include "core/pacs/web_services.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>

#include "core/base/atomic_file.h"
#include "core/io/dicom_prescan.h"
#include "core/pacs/dicom_json.h"
#include "core/pacs/http_client.h"
#include "core/pacs/multipart.h"
#include "core/pacs/query_texts.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kJson = "application/dicom+json";
constexpr const char* kBoundary = "precordia-object-boundary-7f3a91";

Result<std::string> query(const Server& server, const std::string& path, const std::string& doing, const RunContext& context) {
    HttpClient client(server);
    HttpRequest request;
    request.path = path;
    request.accept = kJson;
    Result<HttpAnswer> answer = client.ask(request, context);
    if (!answer.isOk()) return answer.error();
    if (answer.value().status == 204) return std::string("[]");  // nothing found
    if (answer.value().status / 100 != 2) return httpError(server, answer.value().status, doing);
    return std::move(answer).value().body;
}

std::string studyQuery(const StudyFilter& filter) {
    std::string text = "/studies?limit=" + std::to_string(filter.limit + 1) + "&includefield=00081030&includefield=00201206&includefield=00201208&includefield=00080061";
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty() && value != "-") text += std::string("&") + key + "=" + HttpClient::escaped(value);
    };
    add("PatientName", namePattern(filter.patientName));
    add("PatientID", filter.patientId);
    add("AccessionNumber", filter.accession);
    add("StudyDate", dateRange(filter.dateFrom, filter.dateTo));
    add("ModalitiesInStudy", filter.modality);
    return text;
}

// The part that is arriving.
struct IncomingPart {
    Inbox& inbox;
    fs::path file;
    std::FILE* stream = nullptr;
    std::int64_t bytes = 0;

    explicit IncomingPart(Inbox& goal) : inbox(goal) {}
    ~IncomingPart() { close(); }
    int close() {
        const int result = stream != nullptr ? std::fclose(stream) : 0;
        stream = nullptr;
        return result;
    }
    Error writeFailure() const { return writeError(errno, file.parent_path().parent_path()); }

    Result<Done> begin() {
        Result<fs::path> staged = inbox.stage();
        if (!staged.isOk()) return staged.error();
        file = std::move(staged).value();
        bytes = 0;
        stream = std::fopen(file.c_str(), "wbxe");
        if (stream == nullptr) return writeFailure();
        return Done{};
    }
    Result<Done> data(std::string_view piece) {
        bytes += static_cast<std::int64_t>(piece.size());
        if (bytes > inbox.mayReceive()) return Error{ErrorCode::TooLarge, "the server sent an object that is larger than the limit"};
        if (std::fwrite(piece.data(), 1, piece.size(), stream) != piece.size()) return writeFailure();
        return Done{};
    }
    Result<Done> end() {
        if (close() != 0) return writeFailure();
        const Result<Done> published = inbox.publish(file, {});
        if (published.isOk()) return Done{};
        if (published.error().code == ErrorCode::WriteFailed) return published.error();
        inbox.refuse(published.error().message);
        std::error_code ignored;
        fs::remove(file, ignored);
        return Done{};
    }
};

// Head, file and tail of a multipart body, read as it is sent.
struct OutgoingBody {
    std::string head, tail;
    std::ifstream file;
    std::size_t headDone = 0, tailDone = 0;

    std::size_t next(char* buffer, std::size_t size) {
        if (headDone < head.size()) {
            const std::size_t count = head.copy(buffer, size, headDone);
            headDone += count;
            return count;
        }
        file.read(buffer, static_cast<std::streamsize>(size));
        if (file.gcount() > 0) return static_cast<std::size_t>(file.gcount());
        const std::size_t count = tail.copy(buffer, size, tailDone);
        tailDone += count;
        return count;
    }
};

// Empty: the file may be sent.
std::string problemOfFile(const fs::path& file) {
    const Result<std::string> bytes = readWholeFile(file);
    if (!bytes.isOk()) return bytes.error().message;
    const Result<DicomLayout> layout = prescanDicomObject({reinterpret_cast<const std::uint8_t*>(bytes.value().data()), bytes.value().size()}, {});
    if (!layout.isOk()) return "not a DICOM object: " + layout.error().message;
    return layout.value().declaredSyntaxUid.empty() ? "the file has no DICOM header; only complete DICOM files can be sent" : std::string();
}

Result<Done> postOne(const Server& server, HttpClient& client, SentObject& object, const RunContext& context) {
    if (object.answer = problemOfFile(object.file); !object.answer.empty()) return Done{};
    std::error_code problem;
    const auto size = fs::file_size(object.file, problem);
    OutgoingBody body{std::string("--") + kBoundary + "\r\nContent-Type: application/dicom\r\n\r\n", std::string("\r\n--") + kBoundary + "--\r\n",
                      std::ifstream(object.file, std::ios::binary)};
    HttpRequest request;
    request.path = "/studies";
    request.accept = kJson;
    request.contentType = std::string("multipart/related; type=\"application/dicom\"; boundary=") + kBoundary;
    request.bodyBytes = static_cast<std::int64_t>(body.head.size() + size + body.tail.size());
    request.body = [&body](char* buffer, std::size_t room) { return body.next(buffer, room); };
    const Result<HttpAnswer> answer = client.ask(request, context);
    if (!answer.isOk()) return answer.error();
    const long status = answer.value().status;
    if (status == 401 || status == 403 || status == 404) return httpError(server, status, "taking an object");
    if (status == 200 || status == 202 || status == 409) {
        const SentObject said = storedFromJson(answer.value().body);
        object.isStored = said.isStored;
        object.answer = said.answer;
    } else {
        object.answer = httpError(server, status, "taking an object").message;
    }
    return Done{};
}

}  // namespace

Result<Done> webEcho(const Server& server, const RunContext& context) {
    const Result<std::string> answer = query(server, "/studies?limit=1", "being tested", context);
    if (!answer.isOk()) return answer.error();
    const auto rows = studiesFromJson(answer.value());
    if (!rows.isOk()) return Error{ErrorCode::Unsupported, server.webUrl + " answers, but not as a DICOMweb service; check the address"};
    return Done{};
}

Result<Found<StudyRow>> webFindStudies(const Server& server, const StudyFilter& filter, const RunContext& context) {
    const Result<std::string> answer = query(server, studyQuery(filter), "searching", context);
    if (!answer.isOk()) return answer.error();
    auto rows = studiesFromJson(answer.value());
    if (!rows.isOk()) return rows.error();
    Found<StudyRow> found{std::move(rows).value()};
    found.isCut = found.rows.size() > static_cast<std::size_t>(filter.limit);
    if (found.isCut) found.rows.resize(static_cast<std::size_t>(filter.limit));
    return found;
}

Result<Found<SeriesRow>> webFindSeries(const Server& server, const std::string& studyUid, const RunContext& context) {
    const std::string path = "/studies/" + studyUid + "/series?includefield=0008103E&includefield=00201209&includefield=00200011";
    const Result<std::string> answer = query(server, path, "searching", context);
    if (!answer.isOk()) return answer.error();
    auto rows = seriesFromJson(answer.value());
    if (!rows.isOk()) return rows.error();
    return Found<SeriesRow>{std::move(rows).value()};
}

Result<Done> webRetrieve(const Server& server, const RetrieveTarget& target, Inbox& inbox, const RunContext& context, bool& isLost) {
    HttpClient client(server);
    IncomingPart part(inbox);
    std::unique_ptr<MultipartReader> reader;
    const PartSink parts{[&] { return part.begin(); },
                         [&](std::string_view piece) { return part.data(piece); },
                         [&]() -> Result<Done> {
                             const Result<Done> ended = part.end();
                             if (inbox.fractionDone() > 0) context.report(inbox.fractionDone());
                             return ended;
                         }};
    HttpRequest request;
    request.path = "/studies/" + target.studyUid + (target.seriesUid.empty() ? "" : "/series/" + target.seriesUid);
    request.accept = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
    request.maxBytes = std::numeric_limits<std::int64_t>::max();  // the inbox counts
    request.sink = [&](const std::string& contentType, std::string_view bytes) -> Result<Done> {
        if (!reader) {
            const auto boundary = multipartBoundary(contentType);
            if (!boundary) return Error{ErrorCode::Corrupt, "the server does not send films but " + oneLine(contentType)};
            reader = std::make_unique<MultipartReader>(*boundary, parts);
        }
        return reader->feed(bytes);
    };
    const Result<HttpAnswer> answer = client.ask(request, context);
    isLost = client.isLost();
    if (!answer.isOk()) return answer.error();
    if (answer.value().status == 204 || answer.value().status == 404) return Error{ErrorCode::NotFound, "the server has no films of this study"};
    if (answer.value().status / 100 != 2) return httpError(server, answer.value().status, "sending the films");
    if (!reader) return Error{ErrorCode::Corrupt, "the server sent no films"};
    return reader->finish();
}

Result<Done> webStore(const Server& server, StoreOutcome& outcome, const RunContext& context, bool& isLost) {
    isLost = false;
    HttpClient client(server);
    double done = 0;
    for (SentObject& object : outcome.objects) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        if (object.answer.empty()) {
            const Result<Done> posted = postOne(server, client, object, context);
            isLost = client.isLost();
            if (!posted.isOk()) return posted.error();
        }
        context.report(++done / static_cast<double>(outcome.objects.size()));
    }
    return Done{};
}

}  // namespace cxr
