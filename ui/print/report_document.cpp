// See report_document.h. Fonts in px, so that the layout is the same on every screen and without one.
#include "ui/print/report_document.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QImageReader>
#include <QUrl>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/print/findings_painter.h"

namespace cxr::ui {

namespace {

constexpr double kMapShare = 0.45;     // of the content's width, among the details
constexpr double kTwoShare = 0.32;     // of the content's width, of film and heatmap beside each other
constexpr double kFilmShare = 0.58;    // of the content's width, where the film stands alone
constexpr double kAddedLimit = 0.8;    // of the page's height, for added pictures
constexpr double kPartSlackPx = 3;     // between parts
constexpr double kTableEndPx = 20;     // the empty line that Qt puts below a table must not open a page of its own
constexpr int kColumnGapPx = 14;
constexpr int kBodyPx = 11;
constexpr int kSignaturePx = 26;       // room to sign
constexpr int kLongestName = 40;
constexpr std::size_t kUnbroken = 24;  // shorter values of the patient stay on one line
constexpr std::size_t kHashPart = 32;  // a SHA-256 takes two lines

QString escaped(const std::string& utf8) { return QString::fromStdString(utf8).toHtmlEscaped(); }
// Paragraphs as the reader typed them.
QString paragraphs(const std::string& utf8) { return escaped(utf8).replace(QLatin1Char('\n'), QStringLiteral("<br/>")); }

QString heading(const std::string& text) { return QStringLiteral("<p class='h'>%1</p>").arg(escaped(text)); }
QString small(const std::string& text) { return QStringLiteral("<p class='c'>%1</p>").arg(escaped(text)); }
QString gap() { return QStringLiteral("<p class='gap'>&nbsp;</p>"); }

QString valueCell(const SheetRow& row) {
    if (!row.isCode || row.value.size() <= kHashPart) return escaped(row.value);
    return escaped(row.value.substr(0, kHashPart)) + QStringLiteral("<br/>") + escaped(row.value.substr(kHashPart));
}

QString valueTable(const std::vector<SheetRow>& values) {
    QString rows;
    for (const SheetRow& row : values) {
        rows += QStringLiteral("<tr><td class='k'>%1&nbsp;&nbsp;</td><td class='%2'>%3</td></tr>")
                    .arg(escaped(row.label), row.isCode ? QStringLiteral("s") : QStringLiteral("v"), valueCell(row));
    }
    return rows.isEmpty() ? QString() : QStringLiteral("<table cellspacing='0' cellpadding='1'>%1</table>").arg(rows);
}

QString section(const SheetSection& section) { return section.isEmpty() ? QString() : heading(section.title) + valueTable(section.rows); }

// `widths` of the first columns; the last takes what is left.
QString columns(const QStringList& cells, const QList<int>& widths) {
    QString row;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        row += QStringLiteral("<td valign='top'%1>%2</td>").arg(i < widths.size() ? QStringLiteral(" width='%1'").arg(widths[i]) : QString(), cells[i]);
    }
    return QStringLiteral("<table width='100%' cellspacing='0' cellpadding='0'><tr>%1</tr></table>").arg(row);
}

// Without breaks inside: a row of the table is one line.
QString unbroken(const std::string& text) { return escaped(text).replace(QLatin1Char(' '), QStringLiteral("&nbsp;")); }

QString findingRow(const SheetFinding& row) {
    const std::array<const std::string*, 7> cells{&row.name, &row.probability, &row.result, &row.limit, &row.auc, &row.predictive, &row.prevalence};
    QString html;
    for (const std::string* cell : cells) {
        html += QStringLiteral("<td class='%1'>%2&nbsp;&nbsp;</td>").arg(row.isPositive ? QStringLiteral("m") : QStringLiteral("d"), unbroken(*cell));
    }
    return QStringLiteral("<tr>%1</tr>").arg(html);
}

QString findingsHtml(const SheetFindings& findings, bool hasAll) {
    if (findings.rows.empty()) return {};
    QString head, rows;
    for (const std::string& column : findings.columns) head += QStringLiteral("<td class='c'>%1&nbsp;&nbsp;</td>").arg(unbroken(column));
    for (const SheetFinding& row : findings.rows) {
        if (hasAll || row.isPositive) rows += findingRow(row);
    }
    const QString table = rows.isEmpty() ? QString() : QStringLiteral("<table width='100%' cellspacing='0' cellpadding='0'><tr>%1</tr>%2</table>").arg(head, rows);
    return heading(findings.title) + small(findings.statement) + table + small(hasAll ? findings.legend : findings.others);
}

QString patientHtml(const ReportSheet& sheet) {
    if (sheet.patient.empty()) return QStringLiteral("<span class='k'>%1</span>").arg(escaped(sheet.noPatient));
    QString html;
    for (const SheetRow& row : sheet.patient) {
        html += QStringLiteral("<span class='k'>%1</span>&nbsp;<b>%2</b> &nbsp;&nbsp; ").arg(unbroken(row.label), row.value.size() <= kUnbroken ? unbroken(row.value) : escaped(row.value));
    }
    return html;
}

// Long file names keep their ends; the whole name stands behind the details.
std::string shortened(const std::string& name) {
    const QString whole = QString::fromStdString(name);
    if (whole.size() <= kLongestName) return name;
    return (whole.left(kLongestName / 2) + QChar(0x2026) + whole.right(kLongestName / 2)).toStdString();
}

QString headHtml(const ReportSheet& sheet) {
    return QStringLiteral("<table width='100%' cellspacing='0' cellpadding='0'><tr><td><span class='t'>%1</span></td>"
                          "<td align='right' valign='bottom' class='c'>%2, %3<br/>%4, SHA-256 %5</td></tr></table><hr/><p class='p'>%6</p>")
        .arg(escaped(sheet.title), escaped(sheet.program), escaped(sheet.created), escaped(shortened(sheet.film)), escaped(sheet.filmHash.substr(0, 12)), patientHtml(sheet));
}

QString verdictHtml(const ReportSheet& sheet) {
    return QStringLiteral("<table width='100%' cellspacing='0' cellpadding='6' bgcolor='#e9eef4'><tr><td class='verdict'>%1</td>"
                          "<td align='right' class='warn'>%2</td></tr></table>")
        .arg(escaped(sheet.verdict), escaped(sheet.notice));
}

QImage imageOf(const std::vector<std::byte>& png) {
    return QImage::fromData(reinterpret_cast<const uchar*>(png.data()), static_cast<int>(png.size()));
}

// Without decoding it: the first page is laid out several times.
QSize sizeOf(const std::vector<std::byte>& png) {
    QByteArray bytes = QByteArray::fromRawData(reinterpret_cast<const char*>(png.data()), static_cast<qsizetype>(png.size()));
    QBuffer buffer(&bytes);
    return QImageReader(&buffer, "PNG").size();
}

// With both sides: outside of the GUI's thread Qt does not follow the width alone.
QString imageHtml(const QString& name, QSize size, int widthPx) {
    const int heightPx = size.isEmpty() ? widthPx : static_cast<int>(std::lround(static_cast<double>(widthPx) * size.height() / size.width()));
    return QStringLiteral("<img src='%1' width='%2' height='%3'>").arg(name).arg(widthPx).arg(heightPx);
}

// The resources "map0", "map1", ... are the maps' pictures, "added0", ... those that a reader added.
QString mapName(std::size_t index) { return QStringLiteral("map%1").arg(index); }
QString addedName(std::size_t index) { return QStringLiteral("added%1").arg(index); }

// A picture of this height, narrower where the width is too small for it.
QString pictureHtml(const QString& name, const std::vector<std::byte>& png, int heightPx, double mostWidthPx, const std::string& caption, int* widthPx) {
    const QSize size = sizeOf(png);
    if (size.isEmpty() || heightPx <= 0) return {};
    *widthPx = static_cast<int>(std::min(mostWidthPx, static_cast<double>(heightPx) * size.width() / size.height()));
    const QString words = caption.empty() ? QString() : small(caption);
    return QStringLiteral("<p class='g'>%1</p>%2").arg(imageHtml(name, size, *widthPx), words);
}

bool hasMapOnFirstPage(const ReportSheet& sheet, const FirstPage& page) {
    return page.pictureHeightPx > 0 && sheet.annotated.png != nullptr && !sheet.maps.empty() && sheet.maps.front().png != nullptr;
}

QString notesHtml(const ReportSheet& sheet, std::size_t most) {
    if (sheet.notes.isEmpty()) return {};
    QString items;
    for (std::size_t i = 0; i < std::min(most, sheet.notes.rows.size()); ++i) items += QStringLiteral("<li>%1</li>").arg(escaped(sheet.notes.rows[i].value));
    const bool isCut = most < sheet.notes.rows.size();
    return heading(sheet.notes.title) + QStringLiteral("<ul>%1</ul>").arg(items) + (isCut ? small(sheet.moreNotes) : QString());
}

// Film and measurement side by side; with a heatmap both pictures and the measurement, technique and notes below them.
QString middleHtml(const ReportSheet& sheet, const Report& report, int width, const FirstPage& page) {
    const QString measurement = section(sheet.measurement), technique = section(sheet.techniqueInShort), notes = notesHtml(sheet, page.notes);
    int filmWidth = 0, mapWidth = 0;
    if (hasMapOnFirstPage(sheet, page)) {
        const double third = width * kTwoShare;
        const QString film = pictureHtml(QStringLiteral("film"), report.annotatedPng, page.pictureHeightPx, third, {}, &filmWidth);
        const QString map = pictureHtml(mapName(0), report.maps.front().png, page.pictureHeightPx, third, sheet.maps.front().title, &mapWidth);
        return gap() + columns({film, map, measurement}, {filmWidth + kColumnGapPx, mapWidth + kColumnGapPx}) + columns({technique, notes}, {width * 2 / 5});
    }
    const QString film = pictureHtml(QStringLiteral("film"), report.annotatedPng, page.pictureHeightPx, width * kFilmShare, {}, &filmWidth);
    if (film.isEmpty()) return columns({measurement, technique + notes}, {width / 2});
    return gap() + columns({film, measurement + technique + notes}, {filmWidth + kColumnGapPx});
}

QString readerHtml(const ReportSheet& sheet, bool hasImpression) {
    QString html;
    bool isWritten = false;
    for (const SheetText& one : sheet.reader) {
        const bool isImpression = one.title == sheet.impressionTitle;
        isWritten = isWritten || isImpression;
        if (isImpression) {
            html += heading(one.title) + (hasImpression ? QStringLiteral("<p class='i'>%1</p>").arg(paragraphs(one.text)) : small(sheet.impressionFollows));
        } else {
            html += QStringLiteral("<p class='g'><span class='k'>%1</span>&nbsp; %2</p>").arg(escaped(one.title), paragraphs(one.text));
        }
    }
    return isWritten ? html : html + heading(sheet.impressionTitle) + small(sheet.noImpression);
}

QString modelsInShort(const ReportSheet& sheet) {
    QStringList models;
    for (const SheetRow& row : sheet.modelsInShort.rows) models << QStringLiteral("%1: %2").arg(escaped(row.label), escaped(row.value));
    return QStringLiteral("<p class='c'><b>%1</b> %2</p>").arg(escaped(sheet.modelsInShort.title), models.join(QStringLiteral(" &nbsp;\u00b7&nbsp; ")));
}

QString signatureHtml(const ReportSheet& sheet) {
    const auto cell = [](const std::string& label, const std::string& value, int width) {
        return QStringLiteral("<td width='%1%' valign='bottom'>%2<hr/><span class='c'>%3</span></td>").arg(width).arg(value.empty() ? QStringLiteral("&nbsp;") : escaped(value), escaped(label));
    };
    return QStringLiteral("<p style='margin-top:0px;margin-bottom:0px;font-size:%1px'>&nbsp;</p><table width='100%' cellspacing='4' cellpadding='0'><tr>%2%3%4</tr></table>")
               .arg(kSignaturePx)
               .arg(cell(sheet.readerLabel, sheet.readerName, 40), cell(sheet.dateLabel, {}, 20), cell(sheet.signatureLabel, {}, 40)) +
           small(sheet.unsignedNote);
}

QString styleSheet() {
    return QStringLiteral("body, td, li, p { font-size: %1px; color: #1b222b; }"
                          ".t { font-size: 22px; font-weight: bold; color: #12324f; }"
                          ".k { color: #4a5866; } .c { color: #4a5866; font-size: 9px; margin-top: 1px; margin-bottom: 2px; }"
                          ".v { color: #1b222b; } .d { color: #1b222b; font-size: 10px; }"
                          ".m { color: #1b222b; font-size: 10px; font-weight: bold; } .s { color: #1b222b; font-size: 9px; }"
                          ".gap { font-size: 4px; margin: 0px; } .g { margin-top: 2px; margin-bottom: 2px; }"
                          ".i { font-size: 12px; margin-top: 1px; margin-bottom: 2px; }"
                          ".p { margin-top: 3px; margin-bottom: 7px; }"
                          ".h { font-size: 12px; font-weight: bold; color: #12324f; margin-top: 7px; margin-bottom: 2px; }"
                          ".verdict { font-size: 16px; font-weight: bold; } .warn { color: #86200f; font-weight: bold; }"
                          "ul { margin-top: 0px; margin-bottom: 0px; margin-left: 12px; -qt-list-indent: 0; }")
        .arg(kBodyPx);
}

QString mapPart(const ReportSheet& sheet, std::size_t index, int width, bool isShownBefore) {
    const SheetPicture& map = sheet.maps[index];
    const QString title = heading(map.title), values = valueTable(map.facts.rows);
    if (map.png == nullptr || isShownBefore) return title + values;
    const int pictureWidth = static_cast<int>(width * kMapShare);
    const QString picture = QStringLiteral("<p class='p'>%1</p>").arg(imageHtml(mapName(index), sizeOf(*map.png), pictureWidth));
    return title + columns({picture, values}, {pictureWidth + kColumnGapPx});
}

QString addedPart(const SheetPicture& picture, const Report& report, std::size_t index, int width) {
    const QSize size = sizeOf(report.pictures[index].png);
    if (size.isEmpty()) return {};
    const double tallest = width * 297.0 / 210 * kAddedLimit;
    const int pictureWidth = static_cast<int>(std::min<double>(width, tallest * size.width() / size.height()));
    return heading(picture.title) + QStringLiteral("<p class='p'>%1</p><p class='p'>%2</p>")
                                        .arg(imageHtml(addedName(index), size, pictureWidth), escaped(picture.caption));
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

double heightOf(const QString& html, QTextDocument& scratch, double width) {
    scratch.setHtml(html);
    scratch.setTextWidth(width);
    return scratch.size().height() + kPartSlackPx;
}

// The first of these that fits; the last where none does. Film smaller first: it is among the details at no size.
std::vector<FirstPage> firstPagesByWish() {
    std::vector<FirstPage> pages;
    for (const int height : {400, 360, 320, 290, 260, 230}) pages.push_back({height});
    for (const std::size_t notes : {4, 2}) pages.push_back({230, notes});
    for (const int height : {260, 200}) pages.push_back({height, 2, false});
    for (const int height : {330, 260, 200}) pages.push_back({height, 2, false, false});
    return pages;
}

FirstPage fittingPage(const ReportSheet& sheet, const Report& report, QSizeF size, QTextDocument& scratch, double* height) {
    FirstPage last;
    for (const FirstPage& page : firstPagesByWish()) {
        last = page;
        *height = heightOf(firstPageHtml(sheet, report, static_cast<int>(size.width()), page), scratch, size.width());
        if (*height <= size.height()) break;
    }
    return last;
}

}  // namespace

QString firstPageHtml(const ReportSheet& sheet, const Report& report, int width, const FirstPage& page) {
    QString html = headHtml(sheet) + verdictHtml(sheet) + middleHtml(sheet, report, width, page);
    if (!sheet.agreement.empty()) html += QStringLiteral("<p class='p'>%1</p>").arg(escaped(sheet.agreement));
    return html + findingsHtml(sheet.findings, page.hasAllFindings) + readerHtml(sheet, page.hasImpression) + modelsInShort(sheet) + signatureHtml(sheet);
}

QStringList detailParts(const ReportSheet& sheet, const Report& report, int width, const FirstPage& page) {
    QStringList parts;
    if (!page.hasImpression) {
        for (const SheetText& one : sheet.reader) {
            if (one.title == sheet.impressionTitle) parts << heading(one.title) + QStringLiteral("<p class='i'>%1</p>").arg(paragraphs(one.text));
        }
    }
    if (!page.hasAllFindings) parts << findingsHtml(sheet.findings, true);
    if (page.notes < sheet.notes.rows.size()) parts << notesHtml(sheet, sheet.notes.rows.size());
    for (std::size_t i = 0; i < sheet.maps.size(); ++i) parts << mapPart(sheet, i, width, i == 0 && hasMapOnFirstPage(sheet, page));
    std::size_t added = 0;
    for (std::size_t i = 0; i < report.pictures.size(); ++i) {
        if (!report.pictures[i].png.empty()) parts << addedPart(sheet.pictures[added++], report, i, width);
    }
    for (const SheetSection& one : sheet.more) parts << section(one);
    if (!sheet.heartSpot.empty()) parts << QStringLiteral("<p class='p'>%1</p>").arg(escaped(sheet.heartSpot));
    parts << QStringLiteral("<p class='c'>%1, SHA-256 %2</p>").arg(escaped(sheet.film), escaped(sheet.filmHash));
    parts.removeAll(QString());
    return parts;
}

// Qt breaks pages inside tables and beside pictures; a part that fits on a page but not into the rest of this one starts the
// next. What a part takes is measured by laying it out alone.
std::unique_ptr<QTextDocument> reportDocument(const Report& report, QSizeF contentSize) {
    const ReportSheet sheet = sheetOf(report);
    const QSizeF room(contentSize.width(), contentSize.height() - kTableEndPx);
    auto scratch = emptyDocument(report);
    double used = 0;
    const FirstPage page = fittingPage(sheet, report, room, *scratch, &used);
    const int width = static_cast<int>(contentSize.width());
    QString html = firstPageHtml(sheet, report, width, page);
    while (used > room.height()) used -= room.height();
    for (const QString& part : detailParts(sheet, report, width, page)) {
        const double height = heightOf(part, *scratch, room.width());
        if (height <= room.height() && used + height > room.height()) {
            html += QStringLiteral("<p class='gap' style='page-break-before:always'>&nbsp;</p>");
            used = 0;
        }
        html += part;
        used += height;
        while (used > room.height()) used -= room.height();
    }
    scratch->setHtml(html);
    scratch->setPageSize(contentSize);
    return scratch;
}

}  // namespace cxr::ui
