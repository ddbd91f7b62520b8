// The report as one self-contained HTML page: no script, no outside resource, readable by a screen reader, prints on
// A4.
#include "core/report/report.h"
#include "core/report/report_judgement.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

constexpr const char* kStyle = R"(
:root{color-scheme:light;--ink:#17232e;--soft:#52616f;--line:#d8dfe6;--accent:#0b5c8a;--paper:#fff;--ground:#eef2f5}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
main{max-width:62rem;margin:2rem auto;background:var(--paper);padding:2.5rem 3rem;border:1px solid var(--line);border-radius:8px}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 2rem;border-bottom:2px solid var(--accent);padding-bottom:1rem}
h1{font-size:1.5rem;margin:0;color:var(--accent)}
h2{font-size:1.05rem;margin:2rem 0 .5rem}
header p{margin:0;color:var(--soft);font-size:.9rem}
.notice{margin:1.25rem 0;padding:.6rem 1rem;border:2px solid #a32a1c;border-radius:6px;color:#86200f;font-weight:600}
.verdict{font-size:1.35rem;font-weight:650;margin:1.25rem 0;padding:.8rem 1.1rem;border-left:6px solid var(--accent);background:#f3f7fa}
.verdict.normal{border-color:#1b7f4d}.verdict.borderline{border-color:#b97a00}.verdict.enlarged{border-color:#b3261e}
.verdict.uncertain{border-color:#6b7580}
figure{margin:1.5rem 0}
figure img{display:block;max-width:100%;max-height:48rem;margin:0 auto;background:#000;border-radius:4px}
figcaption{color:var(--soft);font-size:.9rem;margin-top:.5rem;text-align:center}
table{width:100%;border-collapse:collapse;font-size:.95rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:.85rem}
tbody th{width:38%;font-weight:500;color:var(--soft)}
td{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
table.findings tbody th{width:auto;color:var(--ink)}table.findings tr.positive th,table.findings tr.positive td{font-weight:650}
table.findings td{color:var(--soft)}table.findings tr.positive td{color:var(--ink)}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 2.5rem}
ul{margin:.5rem 0;padding-left:1.25rem}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
@media(max-width:46rem){main{margin:0;border:0;border-radius:0;padding:1.25rem}.columns{grid-template-columns:1fr}}
@media print{@page{size:A4;margin:14mm}body{background:#fff;font-size:10.5pt}main{margin:0;padding:0;border:0;max-width:none}
figure img{max-height:125mm}h2,figure,.verdict,.notice{break-after:avoid}tr,figure,li{break-inside:avoid}
.verdict,.notice,figure img{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

std::string table(const char* title, const std::vector<NamedValue>& values) {
    if (values.empty()) return {};
    std::string html =
        std::string("<section><h2>") + title + "</h2><table><caption>" + title +
        "</caption><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">Value</th></tr></thead><tbody>\n";
    for (const NamedValue& value : values) {
        html +=
            "<tr><th scope=\"row\">" + escapeHtml(value.label) + "</th><td>" + escapeHtml(value.value) + "</td></tr>\n";
    }
    return html + "</tbody></table></section>\n";
}

const char* verdictClass(const ChestMeasurement& chest) {
    if (chest.isUncertain) return "uncertain";
    switch (chest.verdict) {
        case Verdict::Normal:
            return "normal";
        case Verdict::Borderline:
            return "borderline";
        case Verdict::Enlarged:
            return "enlarged";
        case Verdict::NotMeasured:
            break;
    }
    return "uncertain";
}

std::string notesHtml(const std::vector<std::string>& notes) {
    if (notes.empty()) return {};
    std::string html = "<section><h2>Notes and doubts</h2><ul>\n";
    for (const std::string& note : notes) html += "<li>" + escapeHtml(note) + "</li>\n";
    return html + "</ul></section>\n";
}

std::string pictureHtml(const Report& report) {
    if (report.annotatedPng.empty()) return {};
    const std::string what =
        "Chest film with the outlines of heart and lungs and the two lines of the cardiothoracic ratio. ";
    return "<figure><img alt=\"" + escapeHtml(what + report.verdict + ".") + "\" src=\"data:image/png;base64," +
           base64(report.annotatedPng) + "\"><figcaption>" + escapeHtml(report.verdict) + ". " + kNotDiagnostic +
           ". Outlines by " + escapeHtml(report.model.name) + ".</figcaption></figure>\n";
}

std::string diseaseRow(const FindingRow& row) {
    const std::string mark = row.isPositive ? "positive: " : "";
    return std::string("<tr") + (row.isPositive ? " class=\"positive\"" : "") + "><th scope=\"row\">" + escapeHtml(row.label) +
           "</th><td>" + escapeHtml(row.probability) + "</td><td>" + mark + escapeHtml(row.decision) + "</td><td>" +
           escapeHtml(row.auc) + "</td><td>" + escapeHtml(row.predictive) + "</td></tr>\n";
}

std::string diseasesHtml(const Report& report) {
    const std::vector<FindingRow> rows = diseaseRows(report);
    if (rows.empty()) return {};
    std::string html = "<section><h2>Diseases</h2><p>" + escapeHtml(diseaseStatement(report)) +
                       "</p><table class=\"findings\"><caption>Diseases</caption><thead><tr><th scope=\"col\">Finding</th>"
                       "<th scope=\"col\">Probability</th><th scope=\"col\">Operating point</th>"
                       "<th scope=\"col\">On films of the card</th><th scope=\"col\">Predictive value</th></tr></thead><tbody>\n";
    for (const FindingRow& row : rows) html += diseaseRow(row);
    return html + "</tbody></table></section>\n";
}

// Picture first, then its facts: the picture alone would be believed too much.
std::string mapHtml(const ReportMap& map) {
    const std::string title = escapeHtml(titleOf(map));
    std::string html = table(title.c_str(), mapValues(map));
    if (map.png.empty()) return html;
    const std::string alt = "Chest film with the map of what speaks for " + map.className + ". " + map.attention.sentence;
    return "<figure><img alt=\"" + escapeHtml(alt) + "\" src=\"data:image/png;base64," + base64(map.png) + "\"><figcaption>" + title + ", " +
           escapeHtml(map.method) + " by " + escapeHtml(map.model.name) + ". " + kNotDiagnostic + ".</figcaption></figure>\n" + html;
}

std::string addedPictureHtml(const ReportPicture& picture) {
    if (picture.png.empty()) return {};
    return "<section><h2>" + escapeHtml(picture.title) + "</h2><figure><img alt=\"" + escapeHtml(picture.alt) +
           "\" src=\"data:image/png;base64," + base64(picture.png) + "\"><figcaption>" + escapeHtml(picture.caption) + " " + kNotDiagnostic +
           ".</figcaption></figure></section>\n";
}

std::string modelsHtml(const Report& report) {
    std::string html = "<section><h2>Models</h2><table><caption>Models</caption><thead><tr><th scope=\"col\">Used for</th>"
                       "<th scope=\"col\">Model, pack, SHA-256 of the weights</th></tr></thead><tbody>\n";
    for (const UsedModel& used : usedModels(report)) {
        html += std::string("<tr><th scope=\"row\">") + toString(used.role) + "</th><td>" +
                escapeHtml(used.model.name + " " + used.model.version) + "<br>" + escapeHtml(used.model.id) + "<br>" +
                escapeHtml(used.model.weightsSha256) + "</td></tr>\n";
    }
    return html + "</tbody></table></section>\n";
}

std::vector<NamedValue> heartSpotValues(const HeartSpotFacts& facts) {
    return {{"prior", "Prior", facts.priorName, {}, ""},
            {"kept", "Kept pixels", grouped(facts.keptPixels) + " of " + grouped(facts.cropPixels), {}, ""},
            {"imr", "In-memory ratio", fixedText(facts.inMemoryRatio, 3), facts.inMemoryRatio, "1"},
            {"odr", "On-disk ratio",
             fixedText(facts.onDiskRatio, 3) + " (" + grouped(static_cast<long long>(facts.vectorBytes)) + " of " +
                 grouped(static_cast<long long>(facts.jpegBytes)) + " bytes)",
             facts.onDiskRatio, "1"},
            {"hash", "Prior hash", facts.priorHash, {}, ""}};
}

std::string heartSpotHtml(const HeartSpotFacts& facts) {
    return table("HeartSpot", heartSpotValues(facts)) + "<p>" + escapeHtml(heartSpotSentence(facts)) + "</p>\n";
}

}  // namespace

std::string reportHtml(const Report& report) {
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
        "'unsafe-inline'\">\n"
        "<title>Chest film report: " +
        escapeHtml(report.filmName) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<main>\n";
    html += "<header><h1>Chest film report</h1><p>" + escapeHtml(report.filmName) + "<br>Created " +
            escapeHtml(report.createdAt) + " by Precordia " + escapeHtml(report.programVersion) + "</p></header>\n";
    html += std::string("<p class=\"notice\" role=\"note\">") + kNotDiagnostic + "</p>\n";
    html +=
        std::string("<p class=\"verdict ") + verdictClass(report.chest) + "\">" + escapeHtml(report.verdict) + "</p>\n";
    html += pictureHtml(report);
    html += table("Findings", report.findings) + table("Cardiomegaly", cardiomegalyValues(report)) + diseasesHtml(report) +
            table("View", viewValues(report)) + notesHtml(report.notes);
    for (const ReportMap& map : report.maps) html += mapHtml(map);
    for (const ReportPicture& picture : report.pictures) html += addedPictureHtml(picture);
    html += "<div class=\"columns\">\n" + table("Patient", report.patient) + table("Technique", report.technique) +
            "</div>\n";
    if (report.heartSpot) html += heartSpotHtml(*report.heartSpot);
    html += "<div class=\"columns\">\n" + modelsHtml(report) +
            table("Settings", report.settings) + "</div>\n";
    html += std::string("<footer>") + kNotDiagnostic + ". Film SHA-256 " + escapeHtml(report.filmSha256) + ". Model " +
            escapeHtml(report.model.name) + " " + escapeHtml(report.model.version) +
            ".</footer>\n</main>\n</body>\n</html>\n";
    return html;
}

}  // namespace cxr
