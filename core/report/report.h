// Report: everything that leaves the program about one film, as plain data; its writers HTML, JSON, CSV are here,
// PDF and the annotated picture (they paint) in ui/print.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/measure/finding.h"
#include "core/report/report_map.h"
#include "core/report/report_picture.h"
#include "core/report/reader_text.h"

namespace cxr {

inline constexpr const char* kNotDiagnostic = "Not for diagnostic use";

enum class PatientIdentity { Banner, Pseudonym, None };

struct ReportOptions {
    PatientIdentity identity = PatientIdentity::Banner;
    std::string pseudonym;  // used when identity is Pseudonym
    // How common a finding is where the film comes from, by the finding's name; else the share on the card's films.
    std::map<std::string, double> prevalences;
    ReaderText text;  // the reader's own words, and the language of HTML and PDF
};

struct NamedValue {
    std::string key;    // stable, for JSON and CSV: "heart_width_px"
    std::string label;  // for people: "Heart width"
    std::string value;  // formatted with its unit
    std::optional<double> number;
    std::string unit;  // UCUM: "1", "mm", "[px]"
};

struct HeartSpotFacts {
    std::string priorName, priorHash, priorJson;
    int keptPixels = 0, cropPixels = 0;
    double inMemoryRatio = 0, onDiskRatio = 0;
    std::size_t vectorBytes = 0, jpegBytes = 0;
};

struct Report {
    std::string programVersion;
    std::string createdAt;  // ISO 8601 with zone
    std::string filmName, filmSha256;
    std::vector<NamedValue> patient;    // empty when identity is None
    std::vector<NamedValue> technique;  // view, spacing and its source, photometric, lossy, window, transfer syntax
    std::vector<NamedValue> findings;   // CTR, widths, verdict, quality
    std::string verdict;                // one sentence
    std::vector<std::string> notes;     // doubts of film, measurement and networks, and networks that failed
    ModelStamp model;                   // of heart and lungs
    JudgementPtr judgement;             // null: no network judged the film
    CardiomegalyReadings cardiomegaly;  // empty without judgement
    std::map<std::string, double> prevalences;
    std::vector<NamedValue> settings;  // window, prior, device
    std::optional<HeartSpotFacts> heartSpot;
    ChestMeasurement chest;               // geometry for JSON
    std::vector<ReportMap> maps;          // chosen explanations, in the order of choosing
    std::vector<ReportPicture> pictures;  // in the order of adding
    ReaderText text;                      // of the reader; its language is that of HTML and PDF, data stay English
    std::vector<std::byte> annotatedPng;  // embedded in HTML and PDF; may be empty
};

Report buildReport(const Image& image, const ChestMeasurement& chest, const ModelStamp& model,
                   const ReportOptions& options, const JudgementPtr& judgement = nullptr);

std::string reportHtml(const Report& report);  // one self-contained UTF-8 file, pictures as data URIs, alt texts
std::string reportJson(const Report& report);
// "The HeartSpot picture (rhline) keeps 6.9 % of the pixels; re-identification risk not measured."
std::string heartSpotSentence(const HeartSpotFacts& facts);
// One line per film, ended by CRLF; the header names every column. Fields quoted as RFC 4180.
std::string reportCsvHeader();
std::string reportCsvRow(const Report& report);

}  // namespace cxr
