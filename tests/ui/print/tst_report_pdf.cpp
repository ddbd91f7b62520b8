// The PDF report: its pages and words, and that it is written whole or not at all.
#include <QAbstractTextDocumentLayout>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <filesystem>
#include <set>

#include "tests/support/sample_judgement.h"
#include "tests/ui/viewport/chest_sample.h"
#include "ui/print/findings_painter.h"
#include "ui/print/report_document.h"

namespace cxr::ui {

namespace {

NamedValue value(const char* label, const char* text) { return {label, label, text, {}, {}}; }

Report sample() {
    const ImagePtr film = test::phantomFilm();
    Report report;
    report.programVersion = "0.1.0";
    report.createdAt = "2026-01-02T03:04:05+00:00";
    report.filmName = "phantom.png";
    report.filmSha256 = std::string(64, 'b');
    report.patient = {value("Name", "Müller, Änne <b>&"), value("ID", "42")};
    report.findings = {value("Heart width", "132 mm"), value("Chest width", "281 mm")};
    report.technique = {value("View", "PA")};
    report.verdict = "CTR 0.47: normal (up to 0.50)";
    report.notes = {"Lengths are measured at the detector."};
    report.model = {"heart-lungs", "Heart and lungs", "1.0", std::string(64, 'a'), "CPU"};
    report.settings = {value("Window", "C 2048 W 4096")};
    report.annotatedPng = toPng(annotatedPicture(*film, film->defaultVoi, false, test::chestSample(), report.model, 500));
    return report;
}

QString textOf(const QString& file) {
    QProcess reader;
    reader.start(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), file, QStringLiteral("-")});
    reader.waitForFinished();
    return QString::fromUtf8(reader.readAllStandardOutput()).replace(QChar(0xfb01), QStringLiteral("fi"));
}

}  // namespace

class TestReportPdf : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void valuesAreEscaped() {
        const QString html = reportBodyHtml(sample(), 680, 400);
        QVERIFY(html.contains(QStringLiteral("Müller, Änne &lt;b&gt;&amp;")));
        QVERIFY(!html.contains(QStringLiteral("Änne <b>")));
        QVERIFY(html.contains(QStringLiteral("src='film'")));
        QVERIFY(!reportBodyHtml(sample(), 680, 0).contains(QStringLiteral("src='film'")));
    }
    void anAddedPictureHasItsOwnPage() {
        Report report = sample();
        QImage picture(1200, 900, QImage::Format_RGB32);
        picture.fill(Qt::darkGreen);
        report.pictures = {{"Relief of 2 heatmaps", "One scale <for both>.", "Two hills.", toPng(picture)}};
        QCOMPARE(reportDocument(report, {680, 1000})->pageCount(), 2);
        const QString html = reportBodyHtml(report, 680, 400);
        QVERIFY(html.contains(QStringLiteral("<img src='added0' width='680'>")) && html.contains(QStringLiteral("One scale &lt;for both&gt;.")));
    }
    void onePageIsEnoughForAUsualReport() {
        QCOMPARE(reportDocument(sample(), {680, 1000})->pageCount(), 1);
        Report longer = sample();
        for (int i = 0; i < 100; ++i) longer.notes.push_back("Note " + std::to_string(i) + " that takes a line or two of the column.");
        QVERIFY(reportDocument(longer, {680, 1000})->pageCount() > 1);
    }
    // A map that does not fit into what is left of a page goes to the next one whole, and none waits longer than it must.
    void mapsStayWhole() {
        Report report = sample();
        report.judgement = cxr::test::sampleJudgement();
        QImage picture(800, 900, QImage::Format_RGB32);
        picture.fill(Qt::darkBlue);
        ReportMap map;
        map.className = "Cardiomegaly";
        map.method = "Occlusion";
        map.support = "What speaks for cardiomegaly adds 0.60 to the logit.";
        map.png = toPng(picture);
        const QSizeF page(680, 1000);
        report.maps = {map, map, map};
        const auto document = reportDocument(report, page);
        QList<int> pages;
        for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
            const QRectF at = document->documentLayout()->blockBoundingRect(block);
            const bool isTitle = block.text().startsWith(QStringLiteral("Why: ")), isPicture = block.text().contains(QChar::ObjectReplacementCharacter);
            if (isTitle) pages << static_cast<int>(at.top() / page.height());
            if (!isPicture || pages.isEmpty()) continue;
            QCOMPARE(static_cast<int>(at.top() / page.height()), pages.last());  // below its title
            QCOMPARE(static_cast<int>(at.bottom() / page.height()), pages.last());
        }
        QCOMPARE(pages.size(), 3);
        QVERIFY(pages[0] >= 1 && pages[2] - pages[0] == 1);  // two of them share a page
        QVERIFY(document->pageCount() <= 4);
        // No page is empty.
        std::set<int> filled;
        for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
            const bool hasInk = !block.text().trimmed().isEmpty();
            if (hasInk) filled.insert(static_cast<int>(document->documentLayout()->blockBoundingRect(block).top() / page.height()));
        }
        QCOMPARE(static_cast<int>(filled.size()), document->pageCount());
    }
    void whatTheNetworksSaidFitsOnTwoPages() {
        Report judged = sample();
        judged.judgement = cxr::test::sampleJudgement();
        ChestMeasurement chest;
        chest.ratio = 0.57;
        chest.verdict = verdictOf(chest.ratio);
        judged.cardiomegaly = cardiomegalyReadings(chest, *judged.judgement);
        const QString html = reportBodyHtml(judged, 680, 400);
        QVERIFY(html.contains(QStringLiteral("All three readings speak for cardiomegaly")));
        QVERIFY(html.contains(QStringLiteral("<span class='m'>positive</span>, at or above 7.0 %&nbsp;&nbsp;</td>")));
        QVERIFY(html.contains(QStringLiteral("Operating point: best balance.")));
        QVERIFY(html.contains(QStringLiteral("Pleural thickening")) && html.contains(QStringLiteral("None of them is a diagnosis")));
        QVERIFY(html.contains(QStringLiteral("Network: diseases")));
        QVERIFY(reportDocument(judged, {680, 1000})->pageCount() <= 2);
        QVERIFY(!reportBodyHtml(sample(), 680, 400).contains(QStringLiteral("Diseases")));
        if (const QString kept = qEnvironmentVariable("CXR_KEEP_PDF"); !kept.isEmpty()) {
            QVERIFY(writeReportPdf(judged, kept.toStdString()).isOk());  // to look at
        }
    }
    void thePdfHoldsWordsAndPages() {
        if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) QSKIP("pdftotext (poppler-utils) is not installed.");
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("r.pdf"));
        QVERIFY(writeReportPdf(sample(), file.toStdString()).isOk());
        const QString text = textOf(file);
        for (const char* words : {"Chest film report", "Müller, Änne <b>&", "CTR 0.47: normal (up to 0.50)", "132 mm",
                                  "Lengths are measured", "Heart and lungs 1.0", "C 2048 W 4096",
                                  "Not for diagnostic use", "phantom.png"}) {
            QVERIFY2(text.contains(QString::fromUtf8(words)), words);
        }
        QVERIFY(QString(text).remove(QLatin1Char(' ')).contains(QStringLiteral("1/1")));  // the reader drops narrow gaps
    }
    void aReportWithoutPatientSaysSo() {
        Report report = sample();
        report.patient.clear();
        QVERIFY(reportBodyHtml(report, 680, 400).contains(QStringLiteral("Patient not named")));
    }
    void aFolderThatDoesNotExistIsAnError() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "absent" / "r.pdf";
        const auto written = writeReportPdf(sample(), file);
        QVERIFY(!written.isOk());
        QCOMPARE(written.error().code, ErrorCode::WriteFailed);
        QVERIFY(!std::filesystem::exists(file));
    }
};

}  // namespace cxr::ui

QTEST_MAIN(cxr::ui::TestReportPdf)
#include "tst_report_pdf.moc"
