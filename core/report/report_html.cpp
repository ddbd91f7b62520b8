// The report as one self-contained HTML page: no script, no outside resource, prints on A4.
//   Accessible (WCAG 2.2 AA): language and title, landmarks (header, main, footer), one h1 and headings in order, tables with
//   caption and scoped headers, texts for pictures that say what they show with the numbers, contrast of at least 4.5, and
//   nothing told by colour alone. Its words come from core/report/report_sheet.h.
#include "core/report/report.h"
#include "core/report/report_sheet.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

constexpr const char* kStyle = R"(
:root{color-scheme:light;--ink:#17232e;--soft:#4a5866;--line:#d8dfe6;--accent:#0b5c8a;--paper:#fff;--ground:#eef2f5}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
main,.top,footer{background:var(--paper);padding:0 3rem}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 2rem;padding-top:2.5rem}
main{border-top:2px solid var(--accent);padding-top:.25rem}
h1{font-size:1.5rem;margin:0;color:var(--accent)}
h2{font-size:1.05rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .4rem}
.top p{margin:0 0 1rem;color:var(--soft);font-size:.9rem}
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
.small{color:var(--soft);font-size:.85rem}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 2.5rem}
.reader{border-left:3px solid var(--line);padding-left:1rem}.reader p{white-space:pre-line;margin:.25rem 0 .75rem}
table.sign{margin-top:2rem}table.sign th{border:0;width:40%}table.sign th:nth-child(2){width:20%}
table.sign td{height:3.5rem;vertical-align:bottom;border-bottom:1px solid var(--ink)}
ul{margin:.5rem 0;padding-left:1.25rem}
footer{padding-top:1rem;padding-bottom:2rem;color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
@media(max-width:46rem){main,.top,footer{padding-left:1.25rem;padding-right:1.25rem}.columns{grid-template-columns:1fr}}
@media print{@page{size:A4;margin:14mm}body{background:#fff;font-size:10.5pt;max-width:none}main,.top,footer{padding:0}
figure img{max-height:105mm}h2,h3,figure,.verdict,.notice{break-after:avoid}tr,figure,li,table.sign{break-inside:avoid}.details{break-before:page}
.verdict,.notice,figure img{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

std::string text(const std::string& plain) { return escapeHtml(plain); }

std::string element(const char* tag, const std::string& content) { return std::string("<") + tag + ">" + content + "</" + tag + ">"; }

// `level` of its heading.
std::string table(const ReportSheet& sheet, const SheetSection& section, int level) {
    if (section.isEmpty()) return {};
    const std::string heading = "h" + std::to_string(level);
    std::string html = "<section>" + element(heading.c_str(), text(section.title)) + "<table><caption>" + text(section.title) +
                       "</caption><thead><tr><th scope=\"col\">" + text(sheet.itemColumn) + "</th><th scope=\"col\">" + text(sheet.valueColumn) +
                       "</th></tr></thead><tbody>\n";
    for (const SheetRow& row : section.rows) {
        html += "<tr><th scope=\"row\">" + text(row.label) + "</th><td>" + text(row.value) + "</td></tr>\n";
    }
    return html + "</tbody></table></section>\n";
}

std::string figure(const SheetPicture& picture) {
    if (picture.png == nullptr) return {};
    return "<figure><img alt=\"" + text(picture.alt) + "\" src=\"data:image/png;base64," + base64(*picture.png) + "\"><figcaption>" +
           text(picture.caption) + "</figcaption></figure>\n";
}

std::string findingRow(const SheetFinding& row) {
    std::string html = std::string("<tr") + (row.isPositive ? " class=\"positive\"" : "") + "><th scope=\"row\">" + text(row.name) + "</th>";
    for (const std::string* cell : {&row.probability, &row.result, &row.limit, &row.auc, &row.predictive, &row.prevalence}) html += element("td", text(*cell));
    return html + "</tr>\n";
}

std::string findingsHtml(const SheetFindings& findings) {
    if (findings.rows.empty()) return {};
    std::string html = "<section>" + element("h2", text(findings.title)) + element("p", text(findings.statement)) +
                       "<table class=\"findings\"><caption>" + text(findings.title) + "</caption><thead><tr>";
    for (const std::string& column : findings.columns) html += "<th scope=\"col\">" + text(column) + "</th>";
    html += "</tr></thead><tbody>\n";
    for (const SheetFinding& row : findings.rows) html += findingRow(row);
    return html + "</tbody></table><p class=\"small\">" + text(findings.legend) + "</p></section>\n";
}

std::string notesHtml(const SheetSection& notes) {
    if (notes.isEmpty()) return {};
    std::string html = "<section>" + element("h2", text(notes.title)) + "<ul>\n";
    for (const SheetRow& note : notes.rows) html += element("li", text(note.value)) + "\n";
    return html + "</ul></section>\n";
}

std::string patientHtml(const ReportSheet& sheet) {
    if (sheet.patient.empty()) return "<p>" + text(sheet.noPatient) + "</p>\n";
    return table(sheet, {sheet.patientTitle, sheet.patient}, 2);
}

std::string readerHtml(const ReportSheet& sheet) {
    std::string html;
    bool hasImpression = false;
    for (const SheetText& one : sheet.reader) {
        hasImpression = hasImpression || one.title == sheet.impressionTitle;
        html += "<section class=\"reader\">" + element("h2", text(one.title)) + element("p", text(one.text)) + "</section>\n";
    }
    if (!hasImpression) html += "<section class=\"reader\">" + element("h2", text(sheet.impressionTitle)) + element("p", text(sheet.noImpression)) + "</section>\n";
    std::string head;
    for (const std::string* label : {&sheet.readerLabel, &sheet.dateLabel, &sheet.signatureLabel}) head += "<th scope=\"col\">" + text(*label) + "</th>";
    return html + "<table class=\"sign\"><caption>" + text(sheet.signatureLabel) + "</caption><thead><tr>" + head + "</tr></thead><tbody><tr><td>" +
           text(sheet.readerName) + "</td><td></td><td></td></tr></tbody></table>\n<p class=\"small\">" + text(sheet.unsignedNote) + "</p>\n";
}

std::string detailsHtml(const ReportSheet& sheet) {
    std::string html = "<section class=\"details\">" + element("h2", text(sheet.details)) + "\n";
    for (const SheetPicture& map : sheet.maps) html += table(sheet, map.facts, 3);
    for (const SheetPicture& picture : sheet.pictures) html += "<section>" + element("h3", text(picture.title)) + figure(picture) + "</section>\n";
    for (const SheetSection& section : sheet.more) html += table(sheet, section, 3);
    if (!sheet.heartSpot.empty()) html += element("p", text(sheet.heartSpot)) + "\n";
    return html + "</section>\n";
}

}  // namespace

std::string reportHtml(const Report& report) {
    const ReportSheet sheet = sheetOf(report);
    std::string html = "<!DOCTYPE html>\n<html lang=\"" + sheet.language +
                       "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
                       "<meta name=\"generator\" content=\"" + text(sheet.program) + "\">\n" +
                       element("title", text(sheet.title + ": " + report.filmName)) + "\n<style>" + kStyle + "</style>\n</head>\n<body>\n";
    html += "<header class=\"top\">" + element("h1", text(sheet.title)) + "<p>" + text(sheet.film) + "<br>" + text(sheet.program) + ", " + text(sheet.created) +
            "</p></header>\n<main>\n";
    html += "<p class=\"notice\" role=\"note\">" + text(sheet.notice) + "</p>\n";
    html += "<p class=\"verdict " + sheet.verdictKind + "\">" + text(sheet.verdict) + "</p>\n";
    html += patientHtml(sheet) + figure(sheet.annotated);
    for (const SheetPicture& map : sheet.maps) html += figure(map);
    html += "<div class=\"columns\">\n" + table(sheet, sheet.measurement, 2) + notesHtml(sheet.notes) + "</div>\n";
    if (!sheet.agreement.empty()) html += element("p", text(sheet.agreement)) + "\n";
    html += findingsHtml(sheet.findings) + readerHtml(sheet) + detailsHtml(sheet) + "</main>\n";
    return html + "<footer><p>" + text(sheet.notice) + ". " + text(sheet.film) + ", SHA-256 " + text(sheet.filmHash) + ".</p></footer>\n</body>\n</html>\n";
}

}  // namespace cxr
