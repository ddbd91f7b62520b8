#include "app/cli/command.h"

#include <cstdio>

namespace cxr::cli {
namespace {

// One line, closed by a full stop: messages come from many places and may end with anything.
std::string asSentence(std::string message) {
    for (char& c : message) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    while (!message.empty() && (message.back() == ' ' || message.back() == '.')) message.pop_back();
    return message + ".";
}

void print(const std::string& message) {
    const std::string line = "precordia-cli: " + asSentence(message) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

std::string example(const std::string& line) {
    return examples({line});
}

std::string examples(const std::vector<std::string>& lines) {
    std::string text = lines.size() == 1 ? "Example:" : "Examples:";
    for (const std::string& line : lines) text += "\n  " + line;
    return text;
}

int complain(const Error& error) {
    print(error.code == ErrorCode::Cancelled ? std::string("stopped; everything written so far is complete") : error.message);
    return error.code == ErrorCode::Cancelled ? kInterrupted : kSomeFailed;
}

int complain(const std::string& message) {
    return complain(Error{ErrorCode::Internal, message});
}

int complainUsage(const std::string& message) {
    print(message + "; see --help");
    return kUsage;
}

void remark(const std::string& line) {
    std::fprintf(stderr, "%s\n", line.c_str());
}

const char* programVersion() {
    return CXR_VERSION;
}

}  // namespace cxr::cli
