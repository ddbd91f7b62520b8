// Reports: everything on them is right, escaped, marked "not for diagnostic use", and gives away no more than asked.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>
#include <algorithm>
#include <cmath>

#include "core/report/report.h"
#include "core/report/report_judgement.h"
#include "tests/support/sample_judgement.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

struct Case {
    Phantom phantom;
    ChestMeasurement chest;
    ModelStamp model{"heart-lungs", "Heart and lungs <U-Net>", "1.2", "abc123", "CPU, 2 threads"};
};

Case makeCase(double ratio = 0.57) {
    PhantomSpec spec;
    spec.width = spec.height = 256;
    spec.cardiothoracicRatio = ratio;
    Case c;
    c.phantom = makePhantom(spec);
    c.phantom.image.patient = {"O'Brien, <b>Ann</b>", "=cmd|'/c calc'", "1949-03-08", "F", "063Y"};
    c.phantom.image.sourceName = "O'Brien & <Ann>.dcm";
    c.phantom.image.study.studyDate = "2012-04-01";
    c.phantom.image.study.accessionNumber = "ACC77";
    c.chest = measureChest(test::segmentationOf(c.phantom), c.phantom.image);
    return c;
}

Report makeReport(const Case& c, PatientIdentity identity = PatientIdentity::Banner) {
    return buildReport(c.phantom.image, c.chest, c.model, {identity, "P-17", {}});
}

QJsonObject parsed(const Report& report) {
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(reportJson(report)), &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject{};
}

// Splits RFC 4180 text into records of fields.
QList<QStringList> csvRecords(const std::string& text) {
    QList<QStringList> records;
    QStringList fields;
    QString field;
    bool quoted = false;
    const QString all = QString::fromStdString(text);
    for (qsizetype i = 0; i < all.size(); ++i) {
        const QChar c = all[i];
        if (quoted) {
            if (c != '"')
                field += c;
            else if (i + 1 < all.size() && all[i + 1] == '"')
                field += all[++i];
            else
                quoted = false;
        } else if (c == '"')
            quoted = true;
        else if (c == ',')
            fields << field, field.clear();
        else if (c == '\n')
            records << (fields << field), fields.clear(), field.clear();
        else if (c != '\r')
            field += c;
    }
    return records;
}

HeartSpotFacts facts() {
    HeartSpotFacts f;
    f.priorName = "rhline+heart";
    f.priorHash = "ff00";
    f.priorJson = "{\"size\":320}";
    f.keptPixels = 17520;
    f.cropPixels = 102400;
    f.inMemoryRatio = 0.171;
    f.onDiskRatio = 0.25;
    f.vectorBytes = 9000;
    f.jpegBytes = 36000;
    return f;
}

}  // namespace

class TestReport : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void jsonHoldsTheMeasurement() {
        const Case c = makeCase();
        const QJsonObject root = parsed(makeReport(c));
        QCOMPARE(root["schema"].toString(), QString("precordia-report/1"));
        QCOMPARE(root["notice"].toString(), QString("Not for diagnostic use"));
        const QJsonObject m = root["measurement"].toObject();
        QCOMPARE(m["cardiothoracic_ratio"].toDouble(), c.chest.ratio);
        QCOMPARE(m["verdict"].toString(), QString("enlarged"));
        QCOMPARE(m["outlines"].toArray().size(), 3);
        QCOMPARE(m["outlines"].toArray()[0].toObject()["organ"].toString(), QString("heart"));
        QCOMPARE(m["outlines"].toArray()[0].toObject()["points"].toArray().size(),
                 qsizetype(c.chest.outlines[0].points.size()));
        QVERIFY(std::abs(m["heart_line"].toObject()["to"].toArray()[0].toDouble() - c.chest.heartLine.to.x) < 0.006);
        QCOMPARE(root["model"].toObject()["weights_sha256"].toString(), QString("abc123"));
        QCOMPARE(root["film"].toObject()["sha256"].toString(), QString::fromStdString(c.phantom.image.sourceSha256));
        QVERIFY(root["heartspot"].isNull());
    }
    void jsonSurvivesBrokenText() {
        Case c = makeCase();
        c.phantom.image.patient.name = "\xFF\xFE\x01";
        QVERIFY(!parsed(makeReport(c)).isEmpty());
    }
    void uncertainReportsGiveNoRatio() {
        Case c = makeCase();
        c.chest.isUncertain = true;
        c.chest.verdict = Verdict::NotMeasured;
        const Report report = makeReport(c);
        const QJsonObject m = parsed(report)["measurement"].toObject();
        QVERIFY(m["cardiothoracic_ratio"].isNull() && m["heart_line"].isNull());
        QVERIFY(m["mask_uncertain"].toBool());
        QVERIFY(QString::fromStdString(reportHtml(report)).contains("Mask uncertain"));
        QVERIFY(!QString::fromStdString(reportHtml(report)).contains("verdict enlarged"));
        QVERIFY(!QString::fromStdString(reportHtml(report)).contains("CTR 0."));
    }
    void htmlIsWellFormedAccessibleAndEscaped() {
        const Case c = makeCase();
        Report report = makeReport(c);
        report.annotatedPng = {std::byte{0x89}, std::byte{'P'}, std::byte{'N'}, std::byte{'G'}};
        report.heartSpot = facts();
        const QString html = QString::fromStdString(reportHtml(report));
        QVERIFY(html.contains("<html lang=\"en\">") && html.contains("scope=\"row\"") && html.contains("@media print"));
        QVERIFY(html.contains("src=\"data:image/png;base64,iVBORw==\""));
        QVERIFY(html.contains("alt=\"Chest film"));
        QVERIFY(!html.contains("<b>Ann") && !html.contains("<U-Net>") && !html.contains("<script"));
        QVERIFY(html.contains("O&#39;Brien, &lt;b&gt;Ann&lt;/b&gt;"));
        QVERIFY(!html.contains("http://") && !html.contains("https://"));
        QVERIFY(html.count("Not for diagnostic use") >= 3);
        QVERIFY(html.contains("abc123") && html.contains("CTR 0.5"));
        // As XML: every element is closed in order (void elements closed for the check).
        QString xml = html.mid(html.indexOf("<html"));
        for (const char* tag : {"meta", "img", "br"})
            xml.replace(QRegularExpression(QString("<(%1[^>]*)>").arg(tag)), "<\\1/>");
        QXmlStreamReader reader(xml);
        while (!reader.atEnd()) reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    }
    void nothingIsCalledAnonymous() {
        Case c = makeCase();
        Report report = makeReport(c, PatientIdentity::None);
        report.heartSpot = facts();
        for (const std::string& text :
             {reportHtml(report), reportJson(report), reportCsvHeader() + reportCsvRow(report)}) {
            QVERIFY(!QString::fromStdString(text).contains("anonym", Qt::CaseInsensitive));
        }
        QCOMPARE(heartSpotSentence(facts()),
                 std::string("The HeartSpot picture (rhline+heart) keeps 17.1 % of the pixels; "
                             "re-identification risk not measured."));
        QVERIFY(QString::fromStdString(reportHtml(report)).contains("re-identification risk not measured"));
    }
    void withoutBannerNoIdentityLeaves() {
        const Case c = makeCase();
        for (const PatientIdentity identity : {PatientIdentity::Pseudonym, PatientIdentity::None}) {
            const Report report = makeReport(c, identity);
            for (const std::string& text : {reportHtml(report), reportJson(report), reportCsvRow(report)}) {
                const QString shown = QString::fromStdString(text);
                QVERIFY(!shown.contains("Brien") && !shown.contains("cmd") && !shown.contains("1949") &&
                        !shown.contains("ACC77") && !shown.contains("2012-04-01"));
                QCOMPARE(shown.contains("P-17"), identity == PatientIdentity::Pseudonym);
            }
        }
        QVERIFY(makeReport(c, PatientIdentity::None).patient.empty());
    }
    void csvHasOneFieldPerColumn() {
        const Case c = makeCase();
        Report report = makeReport(c);
        report.heartSpot = facts();
        const auto records =
            csvRecords(reportCsvHeader() + reportCsvRow(report) + reportCsvRow(makeReport(c, PatientIdentity::None)));
        QCOMPARE(records.size(), 3);
        for (const QStringList& record : records) QCOMPARE(record.size(), records[0].size());
        const auto field = [&](const char* name) { return records[1][records[0].indexOf(QLatin1String(name))]; };
        QCOMPARE(field("film"), QString("O'Brien & <Ann>.dcm"));
        QCOMPARE(field("patient_id"), QString("'=cmd|'/c calc'"));  // disarmed
        QCOMPARE(field("cardiothoracic_ratio").toDouble(), c.chest.ratio);
        QCOMPARE(field("verdict"), QString("enlarged"));
        QCOMPARE(field("heartspot_prior"), QString("rhline+heart"));
        QCOMPARE(field("notice"), QString("Not for diagnostic use"));
        QVERIFY(field("heart_width_mm").toDouble() > 0);
    }
    void lengthsFollowTheSpacing() {
        Case c = makeCase();
        c.phantom.image.spacing = {};
        const Report report = makeReport(c);
        for (const NamedValue& value : report.findings) QVERIFY(value.unit != "mm");
        QVERIFY(std::any_of(report.findings.begin(), report.findings.end(),
                            [](const NamedValue& v) { return v.key == "heart_width_px"; }));
    }
    void jsonHoldsWhatTheNetworksSaid() {
        const Case c = makeCase();
        ReportOptions options;
        options.prevalences = {{"Cardiomegaly", 0.2}};
        const Report report = buildReport(c.phantom.image, c.chest, c.model, options, test::sampleJudgement());
        const QJsonObject judgement = parsed(report)["judgement"].toObject();
        const QJsonArray diseases = judgement["diseases"].toObject()["findings"].toArray();
        QCOMPARE(diseases.size(), 14);
        const QJsonObject heart = diseases[1].toObject();
        QCOMPARE(heart["name"].toString(), QString("Cardiomegaly"));
        QCOMPARE(heart["probability"].toDouble(), 0.41);
        QVERIFY(heart["positive"].toBool() && heart["calibrated"].toBool());
        QCOMPARE(heart["operating_point"].toObject()["name"].toString(), QString("youden"));
        QCOMPARE(heart["auc"].toArray()[1].toDouble(), 0.81);
        QCOMPARE(heart["prevalence"].toDouble(), 0.2);  // as set; the others keep the card's
        QCOMPARE(diseases[0].toObject()["prevalence"].toDouble(), 0.13);
        // Bayes: 0.2 * 0.74 / (0.2 * 0.74 + 0.8 * 0.29)
        QVERIFY(std::abs(heart["predictive_value_positive"].toDouble() - 0.148 / 0.38) < 1e-12);
        QCOMPARE(judgement["cardiomegaly"].toObject()["agreement"].toString(), QString("agree"));
        QCOMPARE(judgement["cardiomegaly"].toObject()["readings"].toArray().size(), 3);
        QCOMPARE(judgement["view"].toObject()["probability_ap"].toDouble(), 0.14);
        const QJsonArray models = parsed(report)["models"].toArray();
        QCOMPARE(models.size(), 5);
        QCOMPARE(models[0].toObject()["weights_sha256"].toString(), QString("abc123"));
        QCOMPARE(models[2].toObject()["role"].toString(), QString("diseases"));
        QVERIFY(parsed(makeReport(c))["judgement"].isNull());
        QCOMPARE(parsed(makeReport(c))["models"].toArray().size(), 1);
    }
    void htmlShowsProbabilitiesReadingsAndModels() {
        const Case c = makeCase();
        const Report report = buildReport(c.phantom.image, c.chest, c.model, {}, test::sampleJudgement());
        const QString html = QString::fromStdString(reportHtml(report));
        QVERIFY(html.indexOf("Pleural thickening") > html.indexOf("Effusion"));  // by falling probability
        QVERIFY(html.contains("<tr class=\"positive\"><th scope=\"row\">Cardiomegaly</th><td>41 %</td>"));
        QVERIFY(html.contains("<td>positive</td><td>at or above 7.0 %</td><td>AUC 0.86 (0.81 to 0.90)</td><td>PPV ") && html.contains("<td>7.0 %</td></tr>"));
        QVERIFY(html.contains("Operating point: best balance.") && html.contains("NPV: share of such negatives"));
        QVERIFY(html.contains("None of them is a diagnosis"));
        QVERIFY(html.contains("All three readings speak for cardiomegaly: ratio 0.57"));
        for (const UsedModel& used : usedModels(report)) QVERIFY(html.contains(QString::fromStdString(used.model.weightsSha256)));
        QVERIFY(html.contains("frontal (lateral 1.2 %, AP 14 %)"));
        QXmlStreamReader reader(QString(html.mid(html.indexOf("<html"))).replace(QRegularExpression("<((?:meta|img|br)[^>]*)>"), "<\\1/>"));
        while (!reader.atEnd()) reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(!QString::fromStdString(reportHtml(makeReport(c))).contains("Diseases"));
    }
    void csvHasAColumnForEachDisease() {
        const Case c = makeCase();
        const auto records = csvRecords(reportCsvHeader() + reportCsvRow(makeReport(c)) +
                                        reportCsvRow(buildReport(c.phantom.image, c.chest, c.model, {}, test::sampleJudgement())));
        const auto field = [&](int row, const char* name) { return records[row][records[0].indexOf(QLatin1String(name))]; };
        for (const QStringList& record : records) QCOMPARE(record.size(), records[0].size());
        QCOMPARE(records[0].indexOf("notice"), 25);  // older columns keep their places
        for (const char* disease : kChest14Diseases)
            QVERIFY(records[0].contains("probability_" + QString(disease).toLower()));
        QCOMPARE(field(2, "probability_pleural_thickening").toDouble(), 0.038);
        QCOMPARE(field(2, "cardiomegaly_heartspot").toDouble(), 0.31);
        QCOMPARE(field(2, "cardiomegaly_agreement"), QString("agree"));
        QVERIFY(field(2, "models").contains("chest14 1.0.0 bbb"));
        QCOMPARE(field(1, "probability_mass"), QString());
        QCOMPARE(field(1, "models"), QString("heart-lungs 1.2 abc123"));
    }
    void mapsStandInEveryFormat() {
        const Case c = makeCase();
        Report report = makeReport(c);
        ReportMap map;
        map.className = "Pleural_Thickening";
        map.methodId = "integrated-gradients";
        map.method = "Integrated gradients";
        map.parameters = "50 steps <from black>";
        map.probability = 0.63;
        map.scaleHigh = 0.25;
        map.unit = "logits a cell";
        map.hasSupport = true;
        map.support = "What speaks for it adds 1.2 to the logit.";
        map.attention.hasSupport = true;
        map.attention.sentence = "62 % of what speaks for pleural thickening lies inside the lungs.";
        map.attention.shares = {{AttentionRegion::Lungs, 0.62, 0.31}};
        map.boxes = {{{10, 20, 100, 50}, "Pleural_Thickening", 0.63, "Integrated gradients", 0.25, true}};
        map.boxesSentence = "1 box.";
        map.sanity = {{"random-weights", "Random weights", "rank correlation 0.12", 0.12, SanityVerdict::Passed, "The map changes.", "Tooltip"},
                      {"flip", "Mirrored film", "not run", std::nan(""), SanityVerdict::NotRun, "No picture.", "Tooltip"}};
        map.spacing = {0.5, 0.2, SpacingSource::ImagerPixelSpacing};
        map.model = {"chest14", "14 diseases", "1.0.0", "bbb", "CPU"};
        map.png = {std::byte{0x89}, std::byte{'P'}, std::byte{'N'}, std::byte{'G'}};
        report.maps = {map};
        const QString html = QString::fromStdString(reportHtml(report));
        QVERIFY(html.contains("Why: pleural thickening 63 %") && html.contains("62 % of what speaks"));
        QVERIFY(html.contains("50 steps &lt;from black&gt;") && html.contains("iVBORw=="));
        QVERIFY(html.contains("20 x 25 mm (at the detector) at left 10, top 20 px (corrected by hand)"));
        QVERIFY(html.contains("passed: rank correlation 0.12. The map changes.") && html.contains("0 to 0.25 logits a cell"));
        const QJsonObject json = parsed(report)["explanations"].toArray().at(0).toObject();
        QCOMPARE(json["class"].toString(), QString("Pleural_Thickening"));
        QCOMPARE(json["attention"].toObject()["shares"].toArray().at(0).toObject()["factor"].toDouble(), 2.0);
        const QJsonObject box = json["boxes"].toObject()["list"].toArray().at(0).toObject();
        QCOMPARE(box["mm"].toObject()["width"].toDouble(), 20.0);
        QVERIFY(box["edited"].toBool());
        QVERIFY(json["sanity"].toArray().at(1).toObject()["number"].isNull());
        const auto records = csvRecords(reportCsvHeader() + reportCsvRow(report));
        QCOMPARE(records[0].last(), QString("explanations"));
        QVERIFY(records[1].last().startsWith("Pleural_Thickening (Integrated gradients, 50 steps"));
        report.maps[0].scaleHigh = 0;
        QVERIFY(QString::fromStdString(reportHtml(report)).contains("the map has nothing to show"));
    }
    void addedPicturesStandWithTheirWords() {
        const Case c = makeCase();
        Report report = makeReport(c);
        QVERIFY(parsed(report)["pictures"].toArray().isEmpty());
        report.pictures = {{"Relief of <2> heatmaps", "One scale, 0 to 2 logits.", "Two hills \"over\" the heart.", {std::byte{0x89}, std::byte{'P'}, std::byte{'N'}, std::byte{'G'}}},
                           {"Empty", "Nothing", "Nothing", {}}};
        const QString html = QString::fromStdString(reportHtml(report));
        QVERIFY(html.contains("Relief of &lt;2&gt; heatmaps") && html.contains("iVBORw=="));
        QVERIFY(html.contains("alt=\"Two hills &quot;over&quot; the heart.\""));
        QVERIFY(html.contains("One scale, 0 to 2 logits. Not for diagnostic use."));
        QVERIFY(!html.contains("<h2>Empty</h2>"));  // a picture without pixels
        QCOMPARE(parsed(report)["pictures"].toArray().at(0).toObject()["caption"].toString(), QString("One scale, 0 to 2 logits."));
    }
    void whatTheNetworksCouldNotDoStandsAmongTheNotes() {
        const Case c = makeCase();
        auto judgement = std::make_shared<Judgement>(test::sampleJudgementValue());
        judgement->notes = {"The film was judged whole."};
        judgement->packs[1].findings.clear();
        judgement->packs[1].error = "its weights are damaged; install the pack again.";
        judgement->packs[2].findings[0].isCalibrated = false;
        const Report report = buildReport(c.phantom.image, c.chest, c.model, {}, judgement);
        const QString html = QString::fromStdString(reportHtml(report));
        QVERIFY(html.contains("The film was judged whole.") && html.contains("install the pack again"));
        QVERIFY(!html.contains("Pleural thickening"));
        QVERIFY(html.contains("not calibrated"));
        QVERIFY(parsed(report)["judgement"].toObject()["diseases"].isNull());
    }
    void notesOfFilmAndMeasurementAreThere() {
        Case c = makeCase();
        c.phantom.image.view = ViewPosition::AP;
        c.chest = measureChest(test::segmentationOf(c.phantom), c.phantom.image);
        const QString html = QString::fromStdString(reportHtml(makeReport(c)));
        QVERIFY(html.contains("AP view") && html.contains("Synthetic phantom"));
    }
    void whereLengthsComeFromStandsThereOnce() {
        Case c = makeCase();
        c.phantom.image.spacing.source = SpacingSource::ImagerPixelSpacing;
        c.chest = measureChest(test::segmentationOf(c.phantom), c.phantom.image);
        const std::vector<std::string> notes = makeReport(c).notes;
        QCOMPARE(std::count_if(notes.begin(), notes.end(), [](const std::string& note) { return note.find("detector") != std::string::npos; }), 1);
    }
};

QTEST_GUILESS_MAIN(TestReport)
#include "tst_report.moc"
