// One HTTP(S) connection to a DICOMweb service, over libcurl: limits on time and size, TLS verified unless the user says
// otherwise, no redirects (they would carry the password elsewhere). Cancel answers within 0.1 s.
//   password  handed to libcurl only; never in an address, a message or a log
// Inner header of core/pacs. An instance belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/run_context.h"
#include "core/pacs/server.h"

namespace cxr {

struct HttpRequest {
    std::string path;  // behind the server's address: "/studies?limit=1"
    std::string accept;
    std::string contentType;                           // of the body
    std::int64_t bodyBytes = -1;                       // -1: GET, else POST
    std::function<std::size_t(char*, std::size_t)> body;  // next bytes; 0: no more
    // Gets the bytes of a successful answer; the first failure ends the request. Empty: they are kept in HttpAnswer.
    std::function<Result<Done>(const std::string& contentType, std::string_view bytes)> sink;
    std::int64_t maxBytes = 64LL << 20;  // of the answer
};
struct HttpAnswer {
    long status = 0;
    std::string contentType, body;
};

class HttpClient {
  public:
    explicit HttpClient(const Server& server);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Any HTTP status is an answer. fails as echoServer(), TooLarge, whatever the sink fails with
    Result<HttpAnswer> ask(const HttpRequest& request, const RunContext& context);
    [[nodiscard]] bool isLost() const;  // the last failure was a connection that broke in the middle
    static std::string escaped(const std::string& text);

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

// What an HTTP status that is no success means, one sentence.
Error httpError(const Server& server, long status, const std::string& doing);

}  // namespace cxr
