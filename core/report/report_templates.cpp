#include "core/report/report_templates.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/report/phrase_data.h"
#include "core/report/report_judgement.h"

namespace cxr {
namespace {

using nlohmann::json;

constexpr std::int64_t kMostBytes = 4 << 20;

Result<std::vector<ReportTemplate>> templatesOf(const std::string& text) {
    const Error corrupt{ErrorCode::Corrupt, "the file of report templates is damaged; delete it to begin a new one"};
    const json list = json::parse(text, nullptr, false);
    if (!list.is_array() || list.size() > kMostTemplates) return corrupt;
    std::vector<ReportTemplate> templates;
    try {
        for (const json& item : list) {
            const auto language = languageOfCode(item.at("language").get<std::string>());
            if (!language) continue;  // of a newer program
            templates.push_back({item.at("id").get<std::string>(), item.at("when").get<std::string>(), *language, item.at("name").get<std::string>(),
                                 item.at("text").get<std::string>().substr(0, kMostReaderBytes)});
        }
    } catch (const json::exception&) {
        return corrupt;
    }
    return templates;
}

bool isMeasured(const ChestMeasurement& chest) { return chest.verdict != Verdict::NotMeasured && !chest.isUncertain; }

std::string valueOf(const std::vector<NamedValue>& values, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
        for (const NamedValue& value : values) {
            if (value.key == key && !value.value.empty()) return value.value;
        }
    }
    return "not measured";
}

// "Atelectasis 19 % (PPV 24 %), Emphysema 10 %".
std::string positivesOf(const Report& report, const PhraseBook& book) {
    std::string list;
    for (const FindingRow& row : diseaseRows(report)) {
        if (row.isPositive) list += (list.empty() ? "" : ", ") + book.say(row.label) + " " + book.say(row.probability);
    }
    return list.empty() ? book.say("no finding") : list;
}

// Why there is no ratio, at most two sentences: what the view network says, then what is wrong with the outlines, then the film.
std::string reasonOf(const Report& report, const PhraseBook& book) {
    std::vector<std::string> reasons;
    const auto add = [&reasons](const std::string& note) {
        if (!note.empty() && reasons.size() < 2 && std::find(reasons.begin(), reasons.end(), note) == reasons.end()) reasons.push_back(note);
    };
    const std::vector<std::string>& notes = report.chest.notes;
    const auto film = notes.begin() + static_cast<std::ptrdiff_t>(std::min(report.chest.filmNotes, notes.size()));
    if (report.judgement && report.judgement->view && report.judgement->view->looksLateral) add(report.judgement->view->note);
    std::for_each(film, notes.end(), add);
    std::for_each(notes.begin(), film, add);
    if (reasons.empty()) return book.say(report.verdict) + ".";
    return book.say(reasons[0]) + (reasons.size() > 1 ? " " + book.say(reasons[1]) : "");
}

bool isAp(const Report& report) {
    const std::string view = valueOf(report.technique, {"view"});
    if (view != "unknown") return view == "AP";
    const auto& seen = report.judgement ? report.judgement->view : std::nullopt;
    return seen && seen->ap && seen->ap->isPositive();
}

using Place = std::pair<const char*, std::string (*)(const Report&, const PhraseBook&)>;
const std::vector<Place>& places() {
    static const std::vector<Place> all{
        {"{ctr}", [](const Report& r, const PhraseBook& b) { return b.say(valueOf(r.findings, {"cardiothoracic_ratio"})); }},
        {"{verdict}", [](const Report& r, const PhraseBook& b) { return b.say(r.verdict); }},
        {"{heart_width}", [](const Report& r, const PhraseBook& b) { return b.say(valueOf(r.findings, {"heart_width_mm", "heart_width_px"})); }},
        {"{chest_width}", [](const Report& r, const PhraseBook& b) { return b.say(valueOf(r.findings, {"chest_width_mm", "chest_width_px"})); }},
        {"{findings}", positivesOf},
        {"{cardiomegaly}", [](const Report& r, const PhraseBook& b) { return b.say(r.cardiomegaly.sentence); }},
        {"{view}", [](const Report& r, const PhraseBook& b) { return b.say(valueOf(r.technique, {"view"})); }},
        {"{spacing}", [](const Report& r, const PhraseBook& b) { return b.say(valueOf(r.technique, {"pixel_spacing"})); }},
        {"{reason}", reasonOf},
        {"{date}", [](const Report& r, const PhraseBook& b) { return b.date(r.createdAt.substr(0, 10)); }}};
    return all;
}

// What an empty place leaves behind.
std::string withoutDoubledSpaces(std::string text) {
    for (std::size_t at = text.find("  "); at != std::string::npos; at = text.find("  ", at)) text.erase(at, 1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
    return text;
}

}  // namespace

const std::vector<ReportTemplate>& builtInTemplates() {
    static const std::vector<ReportTemplate> all = [] {
        auto read = templatesOf(kReportTemplates);
        assert(read.isOk());
        return read.isOk() ? std::move(read).value() : std::vector<ReportTemplate>{};
    }();
    return all;
}

const ReportTemplate& suggestedTemplate(const Report& report) {
    const bool isEnlarged = report.chest.verdict == Verdict::Enlarged;
    const std::string when = !isMeasured(report.chest)  ? "not-measured"
                             : isAp(report)             ? "ap"
                             : isEnlarged               ? "enlarged"
                             : report.chest.verdict == Verdict::Borderline ? "borderline"
                                                                           : "normal";
    const auto& all = builtInTemplates();
    const auto at = std::find_if(all.begin(), all.end(), [&](const ReportTemplate& one) { return one.when == when && one.language == report.text.language; });
    assert(at != all.end());
    return at == all.end() ? all.front() : *at;
}

const ReportTemplate* findTemplate(const std::string& name, ReportLanguage language, const std::vector<ReportTemplate>& own) {
    for (const auto* list : {&own, &builtInTemplates()}) {
        for (const ReportTemplate& one : *list) {
            if (one.language == language && (one.id == name || one.name == name)) return &one;
        }
    }
    return nullptr;
}

std::string filled(const std::string& text, const Report& report) {
    const PhraseBook& book = PhraseBook::of(report.text.language);
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto place = std::find_if(places().begin(), places().end(), [&](const Place& one) { return text.compare(at, std::string_view(one.first).size(), one.first) == 0; });
        if (place == places().end()) {
            result += text[at++];
            continue;
        }
        result += place->second(report, book);
        at += std::string_view(place->first).size();
    }
    return withoutDoubledSpaces(std::move(result));
}

std::vector<std::string> templatePlaces() {
    std::vector<std::string> names;
    for (const Place& place : places()) names.emplace_back(place.first);
    return names;
}

Result<std::vector<ReportTemplate>> readTemplates(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return std::vector<ReportTemplate>{};
    const auto text = readWholeFile(file, kMostBytes);
    if (!text.isOk()) return text.error();
    return templatesOf(text.value());
}

Result<Done> writeTemplates(const std::vector<ReportTemplate>& templates, const std::filesystem::path& file) {
    json list = json::array();
    for (const ReportTemplate& one : templates) {
        list.push_back({{"id", one.id}, {"when", one.when}, {"language", codeOf(one.language)}, {"name", one.name}, {"text", one.text}});
    }
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    return writeFileAtomically(file, list.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace cxr
