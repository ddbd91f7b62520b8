// The options that describe a server on the command line.
//   passwords  from the environment (PRECORDIA_PACS_PASSWORD, PRECORDIA_PACS_KEY_PASSWORD) or the first line of a file; never
//              an argument, which other users of the computer could read
#pragma once

#include <string>

#include "app/cli/command.h"
#include "core/pacs/server.h"

namespace cxr::cli {

struct PacsOptions {
    std::string address, passwordFile, keyPasswordFile, tlsCheck = "name";
    std::string trusted, certificate, key;
    double connectSeconds = 10, associateSeconds = 15, answerSeconds = 60;
    bool isTls = false;
    int movePort = 0;
    Server server;  // titles, user, retries

    void addTo(CLI::App& verb);
    // fails InvalidArgument, NotFound
    [[nodiscard]] Result<Server> described() const;
};

}  // namespace cxr::cli
