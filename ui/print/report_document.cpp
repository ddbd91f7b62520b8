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
constexpr double kPictureLimit = 0.55;       // of the page's height
constexpr double kMapShare = 0.45;           // of the content's width
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

QString diseaseRow(const FindingRow& row) {
    const QString mark = row.isPositive ? QStringLiteral("<span class='m'>positive</span>, ") : QString();
    const QString name = row.isPositive ? QStringLiteral("<span class='m'>%1</span>").arg(escaped(row.label)) : escaped(row.label);
    return QStringLiteral("<tr><td class='d'>%1&nbsp;&nbsp;</td><td class='d'>%2&nbsp;&nbsp;</td><td class='d'>%3&nbsp;&nbsp;</td>"
                          "<td class='d'>%4&nbsp;&nbsp;</td><td class='d'>%5</td></tr>")
        .arg(name, escaped(row.probability), mark + escaped(row.decision), escaped(row.auc), escaped(row.predictive));
}

QString diseasesHtml(const Report& report) {
    QString rows;
    for (const FindingRow& row : diseaseRows(report)) rows += diseaseRow(row);
    if (rows.isEmpty()) return {};
    return heading(QStringLiteral("Diseases")) + QStringLiteral("<p class='p'><span class='k'>%1</span></p>").arg(escaped(diseaseStatement(report))) +
           QStringLiteral("<table width='100%' cellspacing='0' cellpadding='1'><tr><td class='k'>Finding</td><td class='k'>Probability</td>"
                          "<td class='k'>Operating point</td><td class='k'>On films of the card</td><td class='k'>Predictive value</td></tr>"
                          "%1</table>").arg(rows);
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
                          ".k { color: #5a6675; } .v { color: #1b222b; } .d { color: #1b222b; font-size: 10px; } .m { font-size: 10px; font-weight: bold; } .s { color: #1b222b; font-size: 10px; }"
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

QString mapsHtml(const Report& report, int contentWidthPx) {
    QString html;
    for (std::size_t i = 0; i < report.maps.size(); ++i) {
        const ReportMap& map = report.maps[i];
        const QString values = valueTable(mapValues(map));
        const bool startsPage = i % 2 == 0 || !map.sanity.empty();  // a picture does not fit into what is left
        html += startsPage ? QStringLiteral("<p class='h' style='page-break-before:always'>%1</p>").arg(escaped(titleOf(map)))
                           : gap() + heading(escaped(titleOf(map)));
        if (map.png.empty()) {
            html += values;
            continue;
        }
        const int width = static_cast<int>(contentWidthPx * kMapShare);
        html += twoColumns(QStringLiteral("<p class='p'><img src='%1' width='%2'></p>").arg(mapName(i)).arg(width), values, width + kColumnGapPx);
    }
    return html;
}

}  // namespace

QString reportBodyHtml(const Report& report, int contentWidthPx, int pictureWidthPx) {
    QString html = headHtml(report) + verdictHtml(report);
    const QString findings = section(QStringLiteral("Findings"), report.findings);
    if (pictureWidthPx == 0) {
        html += findings + notesHtml(report.notes);
    } else {
        const QString picture = QStringLiteral("<p class='p'><img src='film' width='%1'></p>").arg(pictureWidthPx);
        html += gap() + twoColumns(picture, findings + notesHtml(report.notes), pictureWidthPx + kColumnGapPx);
    }
    html += section(QStringLiteral("Cardiomegaly"), cardiomegalyValues(report)) + diseasesHtml(report) +
            section(QStringLiteral("View"), viewValues(report));
    const QString right = modelsHtml(report) + section(QStringLiteral("Settings"), report.settings);
    html += mapsHtml(report, contentWidthPx);
    html += gap() + twoColumns(section(QStringLiteral("Technique"), report.technique), right, contentWidthPx / 2);
    if (report.heartSpot) html += section(QStringLiteral("HeartSpot"), heartSpotValues(*report.heartSpot));
    html += QStringLiteral("<p class='p'><span class='k'>Film: %1, SHA-256 %2</span></p>")
                .arg(escaped(report.filmName), escaped(report.filmSha256.substr(0, 16)));
    return html;
}

std::unique_ptr<QTextDocument> reportDocument(const Report& report, QSizeF contentSize) {
    auto document = std::make_unique<QTextDocument>();
    QFont font = QGuiApplication::font();
    font.setPixelSize(kBodyPx);
    document->setDefaultFont(font);
    document->setUseDesignMetrics(true);
    document->setDocumentMargin(0);
    document->setDefaultStyleSheet(styleSheet());
    int pictureWidth = 0;
    if (const QImage picture = imageOf(report.annotatedPng); !picture.isNull()) {
        document->addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("film")), picture);
        // a tall picture is made narrower, so that it leaves room for the rest on its page
        const double tallest = contentSize.height() * kPictureLimit;
        pictureWidth = static_cast<int>(std::min(contentSize.width() * kPictureShare, tallest * picture.width() / picture.height()));
    }
    for (std::size_t i = 0; i < report.maps.size(); ++i) {
        if (const QImage map = imageOf(report.maps[i].png); !map.isNull()) document->addResource(QTextDocument::ImageResource, QUrl(mapName(i)), map);
    }
    document->setHtml(reportBodyHtml(report, static_cast<int>(contentSize.width()), pictureWidth));
    document->setPageSize(contentSize);
    return document;
}

}  // namespace cxr::ui
