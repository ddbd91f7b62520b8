// See report_document.h. Fonts in px, so that the layout is the same on every screen and without one.
#include "ui/print/report_document.h"

#include <QGuiApplication>
#include <QImage>
#include <QUrl>
#include <algorithm>

#include "core/report/report_judgement.h"
#include "ui/print/findings_painter.h"

namespace cxr::ui {

namespace {

constexpr double kPictureShare = 0.62;       // of the content's width
constexpr double kPictureLimit = 0.46;       // of the page's height
constexpr double kMapShare = 0.45;           // of the content's width
constexpr double kAddedLimit = 0.8;          // of the page's height, for added pictures
constexpr double kPartSlackPx = 3;           // between parts
constexpr double kTableEndPx = 20;           // the empty line that Qt puts below a table must not open a page of its own
constexpr int kColumnGapPx = 16;
constexpr int kBodyPx = 12;
constexpr std::size_t kHashPart = 32;  // a SHA-256 takes two lines

QString escaped(const std::string& utf8) { return QString::fromStdString(utf8).toHtmlEscaped(); }

QString heading(const QString& text) { return QStringLiteral("<p class='h'>%1</p>").arg(text); }

QString valueTable(const std::vector<NamedValue>& values) {
    QString rows;
    for (const NamedValue& value : values) {
        if (value.value.empty()) continue;
        const bool isHash = value.value.size() >= kHashPart && value.value.find(' ') == std::string::npos;
        rows += QStringLiteral("<tr><td class='k'>%1&nbsp;&nbsp;</td><td class='%2'>%3</td></tr>")
                    .arg(escaped(value.label), isHash ? QStringLiteral("s") : QStringLiteral("v"), escaped(value.value));
    }
    return rows.isEmpty() ? QString() : QStringLiteral("<table cellspacing='0' cellpadding='1'>%1</table>").arg(rows);
}

QString section(const QString& title, const std::vector<NamedValue>& values) {
    const QString table = valueTable(values);
    return table.isEmpty() ? QString() : heading(title) + table;
}

std::vector<NamedValue> modelValues(const ModelStamp& model, bool saysDevice) {
    const auto row = [](const char* label, const std::string& value) { return NamedValue{label, label, value, {}, {}}; };
    const std::string name = model.name.empty() ? model.id : model.name;
    const std::string& hash = model.weightsSha256;
    return {row("Network", model.version.empty() ? name : name + " " + model.version),
            row("Weights SHA-256", hash.substr(0, kHashPart)),
            row("", hash.size() > kHashPart ? hash.substr(kHashPart) : std::string()),
            row("Computed on", saysDevice ? model.device : std::string())};
}

// The first in full beside the technique, the others below each other.
QString modelsHtml(const Report& report) {
    QString html;
    for (const UsedModel& used : usedModels(report)) {
        const bool isFirst = used.role == ModelRole::HeartLungs;
        const QString title = isFirst ? QStringLiteral("Network") : QStringLiteral("Network: ") + QLatin1String(toString(used.role));
        html += section(title, modelValues(used.model, isFirst));
    }
    return html;
}

// One line a disease: the point stands above the table where all share it.
QString diseaseRow(const FindingRow& row, bool isPointShared) {
    const QString mark = row.isPositive ? QStringLiteral("<span class='m'>positive</span>, ") : QString();
    const QString name = row.isPositive ? QStringLiteral("<span class='m'>%1</span>").arg(escaped(row.label)) : escaped(row.label);
    return QStringLiteral("<tr><td class='d'>%1&nbsp;&nbsp;</td><td class='d'>%2&nbsp;&nbsp;</td><td class='d'>%3&nbsp;&nbsp;</td>"
                          "<td class='d'>%4&nbsp;&nbsp;</td><td class='d'>%5&nbsp;&nbsp;</td><td class='d'>%6</td></tr>")
        .arg(name, escaped(row.probability), mark + escaped(isPointShared ? row.limit : row.decision), escaped(row.auc), escaped(row.predicts),
             escaped(row.predicts.empty() ? std::string() : row.prevalence));
}

QString diseasesHtml(const Report& report) {
    const std::vector<FindingRow> findings = diseaseRows(report);
    if (findings.empty()) return {};
    const bool isPointShared = std::all_of(findings.begin(), findings.end(), [&](const FindingRow& row) { return row.point == findings.front().point; });
    QString rows, statement = escaped(diseaseStatement(report));
    for (const FindingRow& row : findings) rows += diseaseRow(row, isPointShared);
    if (isPointShared && !findings.front().point.empty()) statement += QStringLiteral(" Operating point: %1.").arg(escaped(findings.front().point));
    return heading(QStringLiteral("Diseases")) + QStringLiteral("<p class='p'><span class='k'>%1</span></p>").arg(statement) +
           QStringLiteral("<table width='100%' cellspacing='0' cellpadding='1'><tr><td class='c'>Finding</td><td class='c'>Probability</td>"
                          "<td class='c'>Operating point</td><td class='c'>On films of the card</td><td class='c'>Predictive value</td>"
                          "<td class='c'>Prevalence</td></tr>%1</table>").arg(rows);
}

std::vector<NamedValue> heartSpotValues(const HeartSpotFacts& facts) {
    const auto row = [](const char* label, const QString& value) { return NamedValue{label, label, value.toStdString(), {}, {}}; };
    const double kept = facts.cropPixels > 0 ? 100.0 * facts.keptPixels / facts.cropPixels : 0.0;
    return {row("Prior", QString::fromStdString(facts.priorName)),
            row("Kept pixels", QStringLiteral("%1 of %2 (%3 %); re-identification risk not measured")
                                   .arg(facts.keptPixels).arg(facts.cropPixels).arg(kept, 0, 'f', 1)),
            row("Bytes", QStringLiteral("%1 compressed vector, %2 JPEG of the crop").arg(facts.vectorBytes).arg(facts.jpegBytes)),
            row("Ratio", QStringLiteral("in memory %1, on disk %2").arg(facts.inMemoryRatio, 0, 'f', 2).arg(facts.onDiskRatio, 0, 'f', 2))};
}

QString headHtml(const Report& report) {
    QString patient;
    for (const NamedValue& value : report.patient) {
        if (value.value.empty()) continue;
        patient += QStringLiteral("<span class='k'>%1</span> <b>%2</b> &nbsp;&nbsp; ").arg(escaped(value.label), escaped(value.value));
    }
    if (patient.isEmpty()) patient = QStringLiteral("<span class='k'>Patient not named in this report</span>");
    return QStringLiteral("<table width='100%' cellspacing='0' cellpadding='0'><tr>"
                          "<td><span class='t'>Chest film report</span></td>"
                          "<td align='right' valign='bottom' class='k'>Precordia %1<br>%2</td></tr></table><hr>"
                          "<p class='p'>%3</p>")
        .arg(escaped(report.programVersion), escaped(report.createdAt), patient);
}

QString gap() { return QStringLiteral("<p class='gap'>&nbsp;</p>"); }

QString verdictHtml(const Report& report) {
    if (report.verdict.empty()) return {};
    return gap() + QStringLiteral("<table width='100%' cellspacing='0' cellpadding='8' bgcolor='#e9eef4'><tr>"
                          "<td class='verdict'>%1</td></tr></table>")
        .arg(escaped(report.verdict));
}

QString notesHtml(const std::vector<std::string>& notes) {
    if (notes.empty()) return {};
    QString items;
    for (const std::string& note : notes) items += QStringLiteral("<li>%1</li>").arg(escaped(note));
    return heading(QStringLiteral("Notes")) + QStringLiteral("<ul>%1</ul>").arg(items);
}

QString twoColumns(const QString& left, const QString& right, int leftWidth) {
    return QStringLiteral("<table width='100%' cellspacing='0' cellpadding='0'><tr>"
                          "<td width='%1' valign='top'>%2</td><td valign='top'>%3</td></tr></table>")
        .arg(leftWidth).arg(left, right);
}

QString styleSheet() {
    return QStringLiteral("body, td, li, p { font-size: %1px; color: #1b222b; }"
                          ".t { font-size: 24px; font-weight: bold; color: #12324f; }"
                          ".k { color: #5a6675; } .c { color: #5a6675; font-size: 10px; } .v { color: #1b222b; } .d { color: #1b222b; font-size: 10px; } .m { font-size: 10px; font-weight: bold; } .s { color: #1b222b; font-size: 10px; }"
                          ".gap { font-size: 5px; margin: 0px; }"
                          ".p { margin-top: 4px; margin-bottom: 8px; }"
                          ".h { font-size: 13px; font-weight: bold; color: #12324f; margin-top: 12px; margin-bottom: 3px; }"
                          ".verdict { font-size: 17px; font-weight: bold; }"
                          "ul { margin-top: 0px; margin-left: 14px; -qt-list-indent: 0; }")
        .arg(kBodyPx);
}

QImage imageOf(const std::vector<std::byte>& png) {
    return QImage::fromData(reinterpret_cast<const uchar*>(png.data()), static_cast<int>(png.size()));
}

// The resources "map0", "map1", ... are the maps' pictures.
QString mapName(std::size_t index) { return QStringLiteral("map%1").arg(index); }

// A part of the report: it stays together where it fits on a page.
struct Part {
    QString html;
    bool startsPage = false;
};

Part mapPart(const ReportMap& map, std::size_t index, int contentWidthPx) {
    const QString title = heading(escaped(titleOf(map))), values = valueTable(mapValues(map));
    if (map.png.empty()) return {title + values};
    const int width = static_cast<int>(contentWidthPx * kMapShare);
    return {title + twoColumns(QStringLiteral("<p class='p'><img src='%1' width='%2'></p>").arg(mapName(index)).arg(width), values, width + kColumnGapPx)};
}

// The resources "added0", "added1", ... are pictures that a reader added, each on a page of its own.
QString addedName(std::size_t index) { return QStringLiteral("added%1").arg(index); }

Part addedPart(const ReportPicture& picture, std::size_t index, int contentWidthPx) {
    const QImage image = imageOf(picture.png);
    if (image.isNull()) return {};
    const double tallest = contentWidthPx * 297.0 / 210 * kAddedLimit;
    const int width = static_cast<int>(std::min<double>(contentWidthPx, tallest * image.width() / image.height()));
    return {heading(escaped(picture.title)) + QStringLiteral("<p class='p'><img src='%1' width='%2'></p><p class='p'>%3</p>")
                                                  .arg(addedName(index)).arg(width).arg(escaped(picture.caption)), true};
}

std::vector<Part> partsOf(const Report& report, int contentWidthPx, int pictureWidthPx) {
    QString first = headHtml(report) + verdictHtml(report);
    const QString findings = section(QStringLiteral("Findings"), report.findings);
    if (pictureWidthPx == 0) {
        first += findings + notesHtml(report.notes);
    } else {
        const QString picture = QStringLiteral("<p class='p'><img src='film' width='%1'></p>").arg(pictureWidthPx);
        first += gap() + twoColumns(picture, findings + notesHtml(report.notes), pictureWidthPx + kColumnGapPx);
    }
    std::vector<Part> parts{{first}, {section(QStringLiteral("Cardiomegaly"), cardiomegalyValues(report))}, {diseasesHtml(report)},
                            {section(QStringLiteral("View"), viewValues(report))}};
    for (std::size_t i = 0; i < report.maps.size(); ++i) parts.push_back(mapPart(report.maps[i], i, contentWidthPx));
    for (std::size_t i = 0; i < report.pictures.size(); ++i) parts.push_back(addedPart(report.pictures[i], i, contentWidthPx));
    const QString right = modelsHtml(report) + section(QStringLiteral("Settings"), report.settings);
    parts.push_back({gap() + twoColumns(section(QStringLiteral("Technique"), report.technique), right, contentWidthPx / 2)});
    QString last = report.heartSpot ? section(QStringLiteral("HeartSpot"), heartSpotValues(*report.heartSpot)) : QString();
    last += QStringLiteral("<p class='p'><span class='k'>Film: %1, SHA-256 %2</span></p>")
                .arg(escaped(report.filmName), escaped(report.filmSha256.substr(0, 16)));
    parts.push_back({last});
    std::erase_if(parts, [](const Part& part) { return part.html.isEmpty(); });
    return parts;
}

QString joined(const std::vector<Part>& parts) {
    QString html;
    for (const Part& part : parts) {
        if (part.startsPage) html += QStringLiteral("<p class='gap' style='page-break-before:always'>&nbsp;</p>");
        html += part.html;
    }
    return html;
}

// Fonts, styles and pictures, but no words yet.
std::unique_ptr<QTextDocument> emptyDocument(const Report& report) {
    auto document = std::make_unique<QTextDocument>();
    QFont font = QGuiApplication::font();
    font.setPixelSize(kBodyPx);
    document->setDefaultFont(font);
    document->setUseDesignMetrics(true);
    document->setDocumentMargin(0);
    document->setDefaultStyleSheet(styleSheet());
    const auto add = [&](const QString& name, const std::vector<std::byte>& png) {
        if (const QImage picture = imageOf(png); !picture.isNull()) document->addResource(QTextDocument::ImageResource, QUrl(name), picture);
    };
    add(QStringLiteral("film"), report.annotatedPng);
    for (std::size_t i = 0; i < report.maps.size(); ++i) add(mapName(i), report.maps[i].png);
    for (std::size_t i = 0; i < report.pictures.size(); ++i) add(addedName(i), report.pictures[i].png);
    return document;
}

// Qt breaks pages inside tables and beside pictures; a part that fits on a page but not into the rest of this one starts the
// next. What a part takes is measured by laying it out alone.
void breakPages(std::vector<Part>& parts, const Report& report, QSizeF size) {
    const QSizeF page(size.width(), size.height() - kTableEndPx);
    const auto scratch = emptyDocument(report);
    double used = 0;
    for (Part& part : parts) {
        scratch->setHtml(part.html);
        scratch->setTextWidth(page.width());
        const double height = scratch->size().height() + kPartSlackPx;
        const bool fitsOnePage = height <= page.height();
        if (fitsOnePage && used + height > page.height()) part.startsPage = true;
        used = part.startsPage ? height : used + height;
        while (used > page.height()) used -= page.height();
    }
}

}  // namespace

QString reportBodyHtml(const Report& report, int contentWidthPx, int pictureWidthPx) {
    return joined(partsOf(report, contentWidthPx, pictureWidthPx));
}

std::unique_ptr<QTextDocument> reportDocument(const Report& report, QSizeF contentSize) {
    int pictureWidth = 0;
    if (const QImage picture = imageOf(report.annotatedPng); !picture.isNull()) {
        // a tall picture is made narrower, so that it leaves room for the rest on its page
        const double tallest = contentSize.height() * kPictureLimit;
        pictureWidth = static_cast<int>(std::min(contentSize.width() * kPictureShare, tallest * picture.width() / picture.height()));
    }
    std::vector<Part> parts = partsOf(report, static_cast<int>(contentSize.width()), pictureWidth);
    breakPages(parts, report, contentSize);
    auto document = emptyDocument(report);
    document->setHtml(joined(parts));
    document->setPageSize(contentSize);
    return document;
}

}  // namespace cxr::ui
