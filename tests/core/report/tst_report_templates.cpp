// Templates: the one for what was found, places filled in both languages, the user's own kept whole.
#include <QFile>
#include <QTemporaryDir>
#include <QRegularExpression>
#include <QTest>

#include "core/report/report_templates.h"
#include "tests/support/sample_judgement.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

Report reportWith(double ratio, ReportLanguage language, ViewPosition view = ViewPosition::PA) {
    PhantomSpec spec;
    spec.width = spec.height = 256;
    spec.cardiothoracicRatio = ratio;
    Phantom phantom = makePhantom(spec);
    phantom.image.view = view;
    ReportOptions options;
    options.text.language = language;
    return buildReport(phantom.image, measureChest(test::segmentationOf(phantom), phantom.image), {}, options, test::sampleJudgement());
}

}  // namespace

class TestReportTemplates : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyTemplateIsThereInEveryLanguage() {
        for (const ReportTemplate& one : builtInTemplates()) {
            for (const ReportLanguage language : kReportLanguages) {
                const ReportTemplate* other = findTemplate(one.id, language);
                QVERIFY2(other != nullptr && other->when == one.when, one.id.c_str());
                for (const std::string& place : templatePlaces()) {
                    QCOMPARE(other->text.find(place) == std::string::npos, one.text.find(place) == std::string::npos);
                }
            }
        }
    }
    void theTemplateFollowsWhatWasFound() {
        const auto suggested = [](const Report& report) { return QString::fromStdString(suggestedTemplate(report).id); };
        QCOMPARE(suggested(reportWith(0.44, ReportLanguage::English)), QStringLiteral("normal-heart"));
        QCOMPARE(suggested(reportWith(0.53, ReportLanguage::English)), QStringLiteral("borderline-heart"));
        QCOMPARE(suggested(reportWith(0.60, ReportLanguage::German)), QStringLiteral("enlarged-heart"));
        QCOMPARE(suggested(reportWith(0.60, ReportLanguage::German, ViewPosition::AP)), QStringLiteral("ap-film"));
        Report refused = reportWith(0.60, ReportLanguage::English);
        refused.chest.isUncertain = true;
        QCOMPARE(suggested(refused), QStringLiteral("not-measured"));
        QVERIFY(suggestedTemplate(reportWith(0.6, ReportLanguage::German)).language == ReportLanguage::German);
    }
    void placesAreFilled() {
        const Report report = reportWith(0.60, ReportLanguage::German);
        const QString text = QString::fromStdString(filled("{ctr}|{verdict}|{findings}|{date}|{view}|{unknown} {", report));
        const QStringList parts = text.split(QLatin1Char('|'));
        QVERIFY2(parts[0].startsWith(QStringLiteral("0,6")) || parts[0].startsWith(QStringLiteral("0,5")), qPrintable(text));
        QVERIFY(parts[1].startsWith(QStringLiteral("HTQ 0,")) && parts[1].endsWith(QStringLiteral("vergrößert (über 0,55)")));
        QVERIFY2(parts[2].contains(QStringLiteral("Kardiomegalie 41 %")), qPrintable(parts[2]));
        QVERIFY(QRegularExpression(QStringLiteral("^\\d\\d\\.\\d\\d\\.\\d{4}$")).match(parts[3]).hasMatch());
        QCOMPARE(parts[4], QStringLiteral("p.a."));
        QCOMPARE(parts[5], QStringLiteral("{unknown} {"));
        // No place stays open, and no sentence is lost, whatever was measured.
        for (const ReportLanguage language : kReportLanguages) {
            Report bare = reportWith(0.60, language);
            bare.findings.clear();
            bare.judgement.reset();
            bare.cardiomegaly = {};
            for (const ReportTemplate& one : builtInTemplates()) {
                const QString made = QString::fromStdString(filled(one.text, bare));
                QVERIFY2(!made.contains(QLatin1Char('{')) && !made.contains(QStringLiteral("  ")), qPrintable(made));
            }
        }
        QVERIFY(QString::fromStdString(filled("{ctr}", [] { Report r = reportWith(0.6, ReportLanguage::German); r.findings.clear(); return r; }())) == QStringLiteral("nicht gemessen"));
    }
    void ownTemplatesComeBack() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("new/own.json").toStdString();
        QVERIFY(readTemplates(file).value().empty());
        const std::vector<ReportTemplate> own{{"Mein \"Thorax\"", "", ReportLanguage::German, "Mein \"Thorax\"", "Herz {ctr}.\nLungen frei, ß."}};
        QVERIFY(writeTemplates(own, file).isOk());
        QVERIFY(readTemplates(file).value() == own);
        QVERIFY(findTemplate("Mein \"Thorax\"", ReportLanguage::German, own) == &own.front());
        QVERIFY(findTemplate("Mein \"Thorax\"", ReportLanguage::English, own) == nullptr);
    }
    void damagedFilesAreRefused() {
        const QTemporaryDir folder;
        for (const char* text : {"", "{}", "[1]", "[{\"id\": 1}]", "[{\"id\": \"a\", \"when\": \"\", \"language\": \"en\", \"name\": \"n\"}]"}) {
            QFile file(folder.filePath("t.json"));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.close();
            const auto read = readTemplates(file.fileName().toStdString());
            QVERIFY2(!read.isOk(), text);
            QVERIFY(read.error().code == ErrorCode::Corrupt);
        }
    }
};

QTEST_GUILESS_MAIN(TestReportTemplates)
#include "tst_report_templates.moc"
