#include "app/cli/analysis_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/atomic_file.h"

namespace cxr::cli {
namespace {

using nlohmann::json;
constexpr const char* kJournalFile = "precordia-analyze.jsonl";

Error cannotWrite(const std::string& reason) {
    return Error{ErrorCode::WriteFailed, "cannot write into the output folder: " + reason};
}

std::string lineOf(const JournalEntry& entry) {
    const json object{{"film", entry.film},       {"sha256", entry.sha256}, {"settings", entry.settings},
                      {"outputs", entry.outputs}, {"csv", entry.csv},       {"json", entry.json}};
    return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

// Empty film name: not a whole line.
JournalEntry entryOf(const std::string& line) {
    const json object = json::parse(line, nullptr, false);
    try {
        return {object.at("film"), object.at("sha256"), object.at("settings"),
                object.at("outputs"), object.at("csv"), object.at("json")};
    } catch (const json::exception&) {
        return {};
    }
}

}  // namespace

Result<std::unique_ptr<AnalysisJournal>> AnalysisJournal::open(const std::filesystem::path& folder, bool resume) {
    const std::filesystem::path file = folder / kJournalFile;
    const Result<std::string> before = resume ? readWholeFile(file) : Result<std::string>(std::string());
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (resume ? 0 : O_TRUNC), 0644);
    if (descriptor < 0) return cannotWrite(std::strerror(errno));
    std::unique_ptr<AnalysisJournal> journal(new AnalysisJournal(folder, descriptor));
    if (before.isOk()) {
        journal->load(before.value());
        const bool cutOff = !before.value().empty() && before.value().back() != '\n';
        if (cutOff && ::write(descriptor, "\n", 1) != 1) return cannotWrite(std::strerror(errno));
    }
    return journal;
}

AnalysisJournal::~AnalysisJournal() {
    ::close(m_descriptor);
}

void AnalysisJournal::load(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        JournalEntry entry = entryOf(line);
        if (!entry.film.empty()) m_entries[entry.film] = std::move(entry);
    }
}

const JournalEntry* AnalysisJournal::find(const std::string& film, const std::string& sha256, const std::string& settings) const {
    const auto found = m_entries.find(film);
    if (found == m_entries.end() || found->second.sha256 != sha256 || found->second.settings != settings) return nullptr;
    for (const std::string& output : found->second.outputs) {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(m_folder / output, ignored)) return nullptr;
    }
    return &found->second;
}

Result<Done> AnalysisJournal::append(const JournalEntry& entry) {
    const std::string line = lineOf(entry);
    const std::lock_guard lock(m_mutex);
    if (::write(m_descriptor, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || ::fdatasync(m_descriptor) != 0) {
        return cannotWrite(std::strerror(errno));
    }
    return Done{};
}

}  // namespace cxr::cli
