#include "core/report/report_sheet.h"

#include <algorithm>
#include <set>

#include "core/report/report_judgement.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

constexpr std::size_t kShortHash = 12;

// Values that are names of somebody or something, and dates.
const std::set<std::string> kNames{"patient_name", "patient_id", "pseudonym", "accession_number", "institution", "modality",
                                   "photometric", "transfer_syntax", "format"};
const std::set<std::string> kDates{"birth_date", "study_date"};

// "063Y" -> "63 years": DICOM's AS; other text stays.
std::string ageWords(const std::string& age) {
    if (age.size() != 4 || age.find_first_not_of("0123456789") != 3) return age;
    const std::string number = std::to_string(std::stoi(age.substr(0, 3)));
    switch (age[3]) {
        case 'Y':
            return number + " years";
        case 'M':
            return number + " months";
        case 'W':
            return number + " weeks";
        case 'D':
            return number + " days";
        default:
            return age;
    }
}

struct Sheets {
    const Report& report;
    const PhraseBook& book;
    ReportSheet sheet;

    [[nodiscard]] std::string say(const std::string& english) const { return book.say(english); }
    [[nodiscard]] SheetRow row(const NamedValue& value) const {
        const std::string words = kNames.contains(value.key)   ? value.value
                                  : kDates.contains(value.key) ? book.date(value.value)
                                  : value.key == "age"         ? say(ageWords(value.value))
                                                               : say(value.value);
        return {say(value.label), words};
    }
    [[nodiscard]] SheetSection section(const std::string& title, const std::vector<NamedValue>& values) const {
        SheetSection result{say(title), {}};
        for (const NamedValue& value : values) {
            if (!value.value.empty()) result.rows.push_back(row(value));
        }
        return result;
    }

    void addHead();
    void addMeasurement();
    void addFindings();
    void addPictures();
    void addNotes();
    void addReader();
    void addModels();
    void addDetails();
};

const NamedValue* find(const std::vector<NamedValue>& values, const std::string& key) {
    const auto at = std::find_if(values.begin(), values.end(), [&](const NamedValue& value) { return value.key == key; });
    return at == values.end() ? nullptr : &*at;
}

const char* verdictKind(const ChestMeasurement& chest) {
    if (chest.isUncertain || chest.verdict == Verdict::NotMeasured) return "uncertain";
    return toString(chest.verdict);
}

void Sheets::addHead() {
    sheet.language = codeOf(book.language());
    sheet.title = say("Chest film report");
    sheet.notice = say(kNotDiagnostic);
    sheet.subject = say("Measurement and findings of a chest film; not for diagnostic use");
    sheet.program = "Precordia " + report.programVersion;
    sheet.created = book.date(report.createdAt);
    sheet.film = say("Film") + ": " + report.filmName;
    sheet.filmHash = report.filmSha256;
    sheet.patientTitle = say("Patient");
    sheet.noPatient = say("Patient not named in this report");
    sheet.patient = section("Patient", report.patient).rows;
    sheet.verdict = say(report.verdict);
    sheet.verdictKind = verdictKind(report.chest);
    sheet.page = say("Page {0} of {1}");
    sheet.itemColumn = say("Item");
    sheet.valueColumn = say("Value");
    sheet.details = say("Details");
}

// Lengths in mm where they are known, their pixels among the details.
void Sheets::addMeasurement() {
    sheet.measurement = {say("Measurement"), {}};
    for (const NamedValue& value : report.findings) {
        const bool isDoubled = value.key.ends_with("_px") && find(report.findings, value.key.substr(0, value.key.size() - 2) + "mm") != nullptr;
        if (!isDoubled && !value.value.empty()) sheet.measurement.rows.push_back(row(value));
    }
    for (const char* key : {"pixel_spacing", "view"}) {
        if (const NamedValue* value = find(report.technique, key)) sheet.measurement.rows.push_back(row(*value));
    }
    for (const NamedValue& value : viewValues(report)) sheet.measurement.rows.push_back(row(value));
    sheet.agreement = say(report.cardiomegaly.sentence);
    sheet.techniqueInShort = {say("Technique"), {}};
    for (const char* key : {"modality", "laterality", "size", "compression", "window"}) {
        if (const NamedValue* value = find(report.technique, key)) sheet.techniqueInShort.rows.push_back(row(*value));
    }
}

void Sheets::addFindings() {
    const std::vector<FindingRow> rows = diseaseRows(report);
    SheetFindings& table = sheet.findings;
    if (rows.empty()) return;
    const bool isPointShared = std::all_of(rows.begin(), rows.end(), [&](const FindingRow& one) { return one.point == rows.front().point; });
    table.title = say("Diseases");
    table.statement = say(diseaseStatement(report));
    if (isPointShared && !rows.front().point.empty()) table.statement += " " + say("Operating point: " + rows.front().point + ".");
    table.columns = {say("Finding"), say("Probability"), say("Result"), say("Operating point"), say("On films of the card"), say("Predictive value"), say("Prevalence")};
    table.legend = say("PPV: share of such positives that have the finding. NPV: share of such negatives that do not have it. Both at the prevalence beside them.");
    for (const FindingRow& one : rows) {
        const std::string limit = isPointShared || one.point.empty() ? one.limit : one.limit + " (" + one.point + ")";
        table.rows.push_back({say(one.label), say(one.probability), say(one.isPositive ? "positive" : one.point.empty() ? "not decided" : "negative"),
                              say(limit), say(one.auc), say(one.predictsShort), one.predictsShort.empty() ? std::string() : book.numbers(one.prevalence),
                              one.isPositive});
        table.positives += one.isPositive ? 1 : 0;
    }
    table.others = say(std::to_string(rows.size() - table.positives) + " other findings do not reach their operating point; the whole table is among the details.");
}

void Sheets::addPictures() {
    if (!report.annotatedPng.empty()) {
        sheet.annotated.png = &report.annotatedPng;
        sheet.annotated.alt = say("Chest film with the outlines of heart and lungs and the two lines of the cardiothoracic ratio.") + " " + sheet.verdict + ".";
        sheet.annotated.caption = sheet.verdict + ". " + sheet.notice + ". " + say("Outlines by the model:") + " " + report.model.name + ".";
    }
    for (const ReportMap& map : report.maps) {
        SheetPicture one;
        one.title = say(titleOf(map));
        one.facts = section(titleOf(map), mapValues(map));
        one.png = map.png.empty() ? nullptr : &map.png;
        one.alt = say("Chest film with a heatmap of an explanation.") + " " + one.title + ". " + say(map.attention.sentence);
        one.caption = one.title + ", " + say(map.method) + ", " + map.model.name + ". " + sheet.notice + ".";
        for (SheetRow& row : one.facts.rows) {
            if (row.label == say("Model")) row.value = map.model.name + " " + map.model.version;
        }
        sheet.maps.push_back(std::move(one));
    }
    for (const ReportPicture& picture : report.pictures) {
        if (picture.png.empty()) continue;
        sheet.pictures.push_back({say(picture.title), say(picture.alt), say(picture.caption) + " " + sheet.notice + ".", &picture.png, {}});
    }
}

void Sheets::addNotes() {
    sheet.notes.title = say("Notes and doubts");
    for (const std::string& note : report.notes) sheet.notes.rows.push_back({"", say(note)});
    sheet.moreNotes = say("More notes are among the details.");
}

void Sheets::addReader() {
    const ReaderText& text = report.text;
    sheet.impressionTitle = say("Impression");
    const std::array<SheetText, 3> texts{{{say("Clinical question"), text.question}, {say("Comparison"), text.comparison}, {sheet.impressionTitle, text.impression}}};
    for (const SheetText& one : texts) {
        if (!one.text.empty()) sheet.reader.push_back(one);
    }
    sheet.noImpression = say("No impression was written.");
    sheet.impressionFollows = say("The impression is on the next page.");
    sheet.readerLabel = say("Read by");
    sheet.readerName = text.reader;
    sheet.dateLabel = say("Date");
    sheet.signatureLabel = say("Signature");
    sheet.unsignedNote = say("Preliminary until signed by hand");
}

void Sheets::addModels() {
    sheet.modelsInShort.title = say("Models");
    for (const UsedModel& used : usedModels(report)) {
        const std::string name = used.model.name.empty() ? used.model.id : used.model.name;
        std::string words = used.model.version.empty() ? name : name + " " + used.model.version;
        if (!used.model.weightsSha256.empty()) words += ", SHA-256 " + used.model.weightsSha256.substr(0, kShortHash);
        sheet.modelsInShort.rows.push_back({say(toString(used.role)), words});
    }
}

std::vector<NamedValue> heartSpotValues(const HeartSpotFacts& facts) {
    const std::string bytes = grouped(static_cast<long long>(facts.vectorBytes)) + " of " + grouped(static_cast<long long>(facts.jpegBytes)) + " bytes";
    return {{"kept", "Kept pixels", grouped(facts.keptPixels) + " of " + grouped(facts.cropPixels), {}, ""},
            {"imr", "In-memory ratio", fixedText(facts.inMemoryRatio, 3), {}, ""},
            {"odr", "On-disk ratio", fixedText(facts.onDiskRatio, 3) + " (" + bytes + ")", {}, ""}};
}

void Sheets::addDetails() {
    const auto add = [this](SheetSection section) {
        if (!section.isEmpty()) sheet.more.push_back(std::move(section));
    };
    SheetSection readings{say("Cardiomegaly"), {}};
    for (const NamedValue& value : cardiomegalyValues(report)) readings.rows.push_back(row(value));
    add(std::move(readings));
    SheetSection pixels{say("Widths in pixels"), {}};
    for (const NamedValue& value : report.findings) {
        if (value.key.ends_with("_px") && find(report.findings, value.key.substr(0, value.key.size() - 2) + "mm") != nullptr) pixels.rows.push_back(row(value));
    }
    add(std::move(pixels));
    add(section("Technique", report.technique));
    SheetSection models{say("Models"), {}};
    for (const UsedModel& used : usedModels(report)) {
        const std::string name = used.model.name.empty() ? used.model.id : used.model.name;
        models.rows.push_back({say(toString(used.role)), name + " " + used.model.version + " (" + used.model.id + ")"});
        if (!used.model.weightsSha256.empty()) models.rows.push_back({"SHA-256", used.model.weightsSha256, true});
    }
    add(std::move(models));
    add(section("Settings", report.settings));
    if (report.heartSpot) {
        SheetSection facts = section("HeartSpot", heartSpotValues(*report.heartSpot));
        facts.rows.insert(facts.rows.begin(), {say("Prior"), report.heartSpot->priorName});
        facts.rows.push_back({say("Prior hash"), report.heartSpot->priorHash, true});
        sheet.heartSpot = say(heartSpotSentence(*report.heartSpot));
        add(std::move(facts));
    }
}

}  // namespace

ReportSheet sheetOf(const Report& report) {
    Sheets sheets{report, PhraseBook::of(report.text.language), {}};
    sheets.addHead();
    sheets.addMeasurement();
    sheets.addFindings();
    sheets.addPictures();
    sheets.addNotes();
    sheets.addReader();
    sheets.addModels();
    sheets.addDetails();
    return std::move(sheets.sheet);
}

std::string pageText(const ReportSheet& sheet, int page, int pages) {
    std::string text = sheet.page;
    for (const auto& [hole, number] : {std::pair{"{0}", page}, std::pair{"{1}", pages}}) {
        if (const std::size_t at = text.find(hole); at != std::string::npos) text.replace(at, 3, std::to_string(number));
    }
    return text;
}

}  // namespace cxr
