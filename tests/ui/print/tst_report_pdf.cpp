// The PDF report: its pages and words, and that it is written whole or not at all.
#include <QAbstractTextDocumentLayout>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QXmlStreamReader>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/support/sample_judgement.h"
#include "tests/ui/viewport/chest_sample.h"
#include "ui/print/findings_painter.h"
#include "ui/print/pdf_metadata.h"
#include "ui/print/report_document.h"
#include "ui/print/report_pages.h"

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

Report judgedSample() {
    Report judged = sample();
    judged.judgement = cxr::test::sampleJudgement();
    ChestMeasurement chest;
    chest.ratio = 0.57;
    chest.verdict = verdictOf(chest.ratio);
    judged.cardiomegaly = cardiomegalyReadings(chest, *judged.judgement);
    return judged;
}

QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess reader;
    reader.start(program, arguments);
    reader.waitForFinished();
    return QString::fromUtf8(reader.readAllStandardOutput());
}

QString textOf(const QString& file) {
    return outputOf(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), file, QStringLiteral("-")}).replace(QChar(0xfb01), QStringLiteral("fi"));
}

// From 0; -1: these words are nowhere.
int pageOf(const QTextDocument& document, const QString& words, QSizeF page) {
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (!block.text().contains(words)) continue;
        return static_cast<int>(document.documentLayout()->blockBoundingRect(block).bottom() / page.height());
    }
    return -1;
}

}  // namespace

class TestReportPdf : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void valuesAreEscaped() {
        const Report report = sample();
        const QString html = firstPageHtml(sheetOf(report), report, 680, {});
        QVERIFY(html.contains(QStringLiteral("Müller,&nbsp;Änne&nbsp;&lt;b&gt;&amp;")));
        QVERIFY(!html.contains(QStringLiteral("Änne <b>")));
        QVERIFY(html.contains(QStringLiteral("src='film'")));
        QVERIFY(!firstPageHtml(sheetOf(report), report, 680, {.pictureHeightPx = 0}).contains(QStringLiteral("src='film'")));
    }
    void anAddedPictureHasItsOwnPage() {
        Report report = sample();
        QImage picture(1200, 900, QImage::Format_RGB32);
        picture.fill(Qt::darkGreen);
        report.pictures = {{"Empty", "", "", {}}, {"Relief of 2 heatmaps", "One scale <for both>.", "Two hills.", toPng(picture)}};
        QCOMPARE(reportDocument(report, {680, 1000})->pageCount(), 2);
        const QString html = detailParts(sheetOf(report), report, 680, {}).join(QString());
        QVERIFY(html.contains(QStringLiteral("<img src='added1' width='680' height='510'>")) && html.contains(QStringLiteral("One scale &lt;for both&gt;.")));
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
            if (!isPicture || pages.size() < 2) continue;
            QCOMPARE(static_cast<int>(at.top() / page.height()), pages.last());  // below its title
            QCOMPARE(static_cast<int>(at.bottom() / page.height()), pages.last());
        }
        QCOMPARE(pages.size(), 4);  // the first map's picture stands beside the film, its words among the details
        QCOMPARE(pages[0], 0);
        QVERIFY2(pages[1] <= 1 && pages[2] >= 1 && pages[3] - pages[2] <= 1, qPrintable(QStringLiteral("%1 %2 %3").arg(pages[1]).arg(pages[2]).arg(pages[3])));
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
        const Report judged = judgedSample();
        const QString html = firstPageHtml(sheetOf(judged), judged, 680, {});
        QVERIFY(html.contains(QStringLiteral("All three readings speak for cardiomegaly")));
        QVERIFY(html.contains(QStringLiteral("<td class='m'>positive&nbsp;&nbsp;</td><td class='m'>at&nbsp;or&nbsp;above&nbsp;7.0&nbsp;%&nbsp;&nbsp;</td>")));
        QVERIFY(html.contains(QStringLiteral("Operating point: best balance.")));
        QVERIFY(html.contains(QStringLiteral("Pleural&nbsp;thickening")) && html.contains(QStringLiteral("None of them is a diagnosis")));
        QVERIFY(reportDocument(judged, {680, 1000})->pageCount() <= 2);
        QVERIFY(!firstPageHtml(sheetOf(sample()), sample(), 680, {}).contains(QStringLiteral("Diseases")));
        if (const QString kept = qEnvironmentVariable("CXR_KEEP_PDF"); !kept.isEmpty()) {
            QVERIFY(writeReportPdf(judged, kept.toStdString()).isOk());  // to look at
        }
    }
    // However much there is: the line of signature is on page one, and no word is lost.
    void theFirstPageIsWhole_data() {
        QTest::addColumn<int>("notes");
        QTest::addColumn<int>("sentences");
        QTest::addColumn<bool>("german");
        QTest::newRow("usual") << 2 << 2 << false;
        QTest::newRow("usual, German") << 2 << 2 << true;
        QTest::newRow("many notes") << 25 << 2 << false;
        QTest::newRow("long impression") << 3 << 40 << true;
        QTest::newRow("endless impression") << 25 << 160 << false;
    }
    void theFirstPageIsWhole() {
        QFETCH(int, notes);
        QFETCH(int, sentences);
        QFETCH(bool, german);
        Report report = judgedSample();
        report.text.language = german ? ReportLanguage::German : ReportLanguage::English;
        report.notes.clear();
        for (int i = 0; i < notes; ++i) report.notes.push_back("Note number " + std::to_string(i) + " takes more than one line of its narrow column.");
        for (int i = 0; i < sentences; ++i) report.text.impression += "Sentence number " + std::to_string(i) + " of what the reader had to say. ";
        report.text.reader = "Dr. Weber";
        const QSizeF page(690, 1030);
        const auto document = reportDocument(report, page);
        const QString text = document->toPlainText();
        for (int i = 0; i < notes; ++i) QVERIFY(text.contains(QStringLiteral("Note number %1 ").arg(i)));
        for (int i = 0; i < sentences; ++i) QVERIFY(text.contains(QStringLiteral("Sentence number %1 ").arg(i)));
        QCOMPARE(pageOf(*document, german ? QStringLiteral("Unterschrift") : QStringLiteral("Signature"), page), 0);
        QCOMPARE(pageOf(*document, german ? QStringLiteral("Pneumothorax") : QStringLiteral("Hernia"), page) >= 0, true);
    }
    // Qt measures pictures otherwise outside of the GUI's thread.
    void aWorkerLaysOutTheSamePages() {
        const Report report = judgedSample();
        const std::vector<QImage> here = reportPictures(report, 400);
        std::vector<QImage> there;
        std::thread([&] { there = reportPictures(report, 400); }).join();
        QCOMPARE(there.size(), here.size());
        for (std::size_t i = 0; i < here.size(); ++i) QVERIFY(there[i] == here[i]);
    }
    void thePdfTellsWhatItIs() {
        if (QStandardPaths::findExecutable(QStringLiteral("pdfinfo")).isEmpty()) QSKIP("pdfinfo (poppler-utils) is not installed.");
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("r.pdf"));
        Report report = judgedSample();
        report.text.language = ReportLanguage::German;
        report.text.reader = "Dr. Änne <Weber>";
        QVERIFY(writeReportPdf(report, file.toStdString()).isOk());
        const QString info = outputOf(QStringLiteral("pdfinfo"), {file}), xmp = outputOf(QStringLiteral("pdfinfo"), {QStringLiteral("-meta"), file});
        for (const char* line : {"Title:           Thorax-Befundbericht", "Author:          Dr. Änne <Weber>", "Creator:         Precordia 0.1.0",
                                 "nicht für diagnostische Zwecke", "Metadata Stream: yes"})
            QVERIFY2(info.contains(QString::fromUtf8(line)), qPrintable(info));
        for (const char* part : {">Thorax-Befundbericht<", ">Dr. Änne &lt;Weber&gt;<", "<rdf:li>de</rdf:li>", "<xmp:CreatorTool>Precordia 0.1.0<"})
            QVERIFY2(xmp.contains(QString::fromUtf8(part)), qPrintable(xmp));
        QXmlStreamReader reader(xmp);
        while (!reader.atEnd()) reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        for (const QString& text : {info, xmp}) QVERIFY(!text.contains(QStringLiteral("Müller")) && !text.contains(QStringLiteral("phantom")));
        QFile bytes(file);
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        const QByteArray pdf = bytes.readAll();
        QVERIFY(pdf.contains("/Lang (de)") && pdf.contains("/DisplayDocTitle true"));
        QVERIFY(withMetadata(std::as_bytes(std::span("no PDF")), {}).empty());
    }
    void thePdfHoldsWordsAndPages() {
        if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) QSKIP("pdftotext (poppler-utils) is not installed.");
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("r.pdf"));
        QVERIFY(writeReportPdf(sample(), file.toStdString()).isOk());
        const QString text = textOf(file);
        for (const char* words : {"Chest film report", "Müller, Änne <b>&", "CTR 0.47: normal (up to 0.50)", "132 mm",
                                  "Lengths are measured", "Heart and lungs 1.0", "C 2048 W 4096", "Read by", "Signature",
                                  "Not for diagnostic use", "phantom.png"}) {
            QVERIFY2(text.contains(QString::fromUtf8(words)), words);
        }
        QVERIFY(QString(text).remove(QLatin1Char(' ')).contains(QStringLiteral("Page1of1")));  // the reader drops narrow gaps
    }
    void aReportWithoutPatientSaysSo() {
        Report report = sample();
        report.patient.clear();
        QVERIFY(firstPageHtml(sheetOf(report), report, 680, {}).contains(QStringLiteral("Patient not named")));
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
