// FHIR R4: every resource has what R4 requires, references meet, codes are right, and no more identity than asked.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <functional>

#include "core/report/report_fhir.h"
#include "tests/support/sample_judgement.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

struct Case {
    Phantom phantom;
    ChestMeasurement chest;
    Report report;
    QJsonObject bundle;
};

JudgementPtr asItIs(Case& /*unused*/) { return test::sampleJudgement(); }

// `change` may alter film and measurement, and says what the networks judged.
Case makeCase(PatientIdentity identity = PatientIdentity::Banner, const std::function<JudgementPtr(Case&)>& change = asItIs) {
    Case c;
    PhantomSpec spec;
    spec.width = spec.height = 256;
    spec.cardiothoracicRatio = 0.57;
    c.phantom = makePhantom(spec);
    Image& image = c.phantom.image;
    image.patient = {"Quillfeather, Ada", "ID-778899", "1949-03-08", "F", "063Y"};
    image.study.studyDate = "2012-04-01";
    image.study.modality = "DX";
    image.study.studyInstanceUid = "1.2.3.4";
    image.study.seriesInstanceUid = "1.2.3.4.5";
    image.study.sopInstanceUid = "1.2.3.4.5.6";
    image.study.sopClassUid = "1.2.840.10008.5.1.4.1.1.1";
    image.sourceSha256 = std::string(64, 'd');
    c.chest = measureChest(test::segmentationOf(c.phantom), image);
    const ModelStamp model{"heart-lungs", "Heart and lungs", "1.2", std::string(64, 'a'), "CPU, 2 threads"};
    const ReportOptions options{identity, "P-17", {}, {}};
    const JudgementPtr judgement = change(c);
    c.report = buildReport(image, c.chest, model, options, judgement);
    c.bundle = QJsonDocument::fromJson(QByteArray::fromStdString(reportFhir(c.report, image, options))).object();
    return c;
}

QList<QJsonObject> resources(const QJsonObject& bundle, const QString& type) {
    QList<QJsonObject> found;
    for (const QJsonValue& entry : bundle["entry"].toArray()) {
        const QJsonObject resource = entry.toObject()["resource"].toObject();
        if (resource["resourceType"].toString() == type) found << resource;
    }
    return found;
}

// Every "reference" anywhere below.
void collectReferences(const QJsonValue& value, QStringList& references) {
    if (value.isArray()) {
        for (const QJsonValue& one : value.toArray()) collectReferences(one, references);
    }
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() == "reference") references << it.value().toString();
        collectReferences(it.value(), references);
    }
}

QString firstCode(const QJsonObject& codeable) { return codeable["coding"].toArray()[0].toObject()["code"].toString(); }

}  // namespace

class TestReportFhir : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // Who reads the JSON alone must see every doubt that the page shows.
    void doubtsAreThere() {
        const Case c = makeCase(PatientIdentity::Banner, [](Case& made) {
            made.phantom.image.notes = {"A note of the film."};
            made.chest.notes = {"The outlines are unsharp."};
            auto judgement = std::make_shared<Judgement>(*test::sampleJudgement());
            judgement->notes = {"On a side view probabilities mean nothing"};
            return JudgementPtr(judgement);
        });
        const QString conclusion = resources(c.bundle, "DiagnosticReport")[0]["conclusion"].toString();
        QVERIFY2(conclusion.contains("Not for diagnostic use.\n\nNotes: A note of the film. The outlines are unsharp. On a side view probabilities mean nothing."),
                 qPrintable(conclusion));
        QVERIFY2(conclusion.startsWith(QString::fromStdString(c.report.verdict) + ". "), qPrintable(conclusion));
        int ratios = 0, findings = 0;
        for (const QJsonObject& observation : resources(c.bundle, "Observation")) {
            const QString notes = QJsonDocument(observation["note"].toArray()).toJson();
            const bool isRatio = firstCode(observation["code"].toObject()) == "cardiothoracic-ratio";
            ratios += isRatio && notes.contains("The outlines are unsharp.") ? 1 : 0;
            findings += !isRatio && notes.contains("On a side view") ? 1 : 0;
        }
        QCOMPARE(ratios, 1);
        QCOMPARE(findings, static_cast<int>(resources(c.bundle, "Observation").size()) - 1);
    }

    void whatWasNotMeasuredSaysWhy() {
        const Case c = makeCase(PatientIdentity::Banner, [](Case& made) {
            made.chest.isUncertain = true;
            made.chest.notes = {"One lung is much larger than the other."};
            return test::sampleJudgement();
        });
        const QJsonObject ratio = resources(c.bundle, "Observation")[0];
        QVERIFY(ratio.contains("dataAbsentReason") && !ratio.contains("valueQuantity"));
        const QString notes = QJsonDocument(ratio["note"].toArray()).toJson();
        QVERIFY2(notes.contains("One lung is much larger") && notes.contains("Not for diagnostic use"), qPrintable(notes));
    }

    // FHIR takes dates in one form only; a header's other ones are left out.
    void datesThatAreNoneAreLeftOut() {
        const Case c = makeCase(PatientIdentity::Banner, [](Case& made) {
            made.phantom.image.patient.birthDate = "02.01.1950";
            made.phantom.image.study.studyDate = "04.03.2021";
            return test::sampleJudgement();
        });
        QVERIFY(!resources(c.bundle, "Patient")[0].contains("birthDate"));
        QVERIFY(!resources(c.bundle, "DiagnosticReport")[0].contains("effectiveDateTime"));
        QVERIFY(!resources(c.bundle, "Observation")[0].contains("effectiveDateTime"));
    }

    void requiredFieldsAreThere() {
        const Case c = makeCase();
        QCOMPARE(c.bundle["resourceType"].toString(), QString("Bundle"));
        QCOMPARE(c.bundle["type"].toString(), QString("collection"));
        const QJsonObject report = c.bundle["entry"].toArray()[0].toObject()["resource"].toObject();
        QCOMPARE(report["resourceType"].toString(), QString("DiagnosticReport"));
        QCOMPARE(report["status"].toString(), QString("preliminary"));
        QCOMPARE(firstCode(report["code"].toObject()), QString("36554-4"));
        const QList<QJsonObject> observations = resources(c.bundle, "Observation");
        QCOMPARE(observations.size(), 17);  // ratio, 14 diseases, cardiomegaly by two networks
        QCOMPARE(report["result"].toArray().size(), 17);
        for (const QJsonObject& observation : observations) {
            QCOMPARE(observation["status"].toString(), QString("preliminary"));
            QVERIFY(!firstCode(observation["code"].toObject()).isEmpty());
            QVERIFY(observation.contains("valueQuantity") != observation.contains("dataAbsentReason"));
        }
        for (const QJsonObject& study : resources(c.bundle, "ImagingStudy")) {
            QVERIFY(study.contains("status") && study.contains("subject"));
            QCOMPARE(study["identifier"].toArray()[0].toObject()["value"].toString(), QString("urn:oid:1.2.3.4"));
        }
    }

    void valuesAreTheReports() {
        const Case c = makeCase();
        const QList<QJsonObject> observations = resources(c.bundle, "Observation");
        QVERIFY(std::abs(observations[0]["valueQuantity"].toObject()["value"].toDouble() - c.chest.ratio) < 0.0006);
        const QJsonObject cardiomegaly = observations[2];
        QCOMPARE(cardiomegaly["valueQuantity"].toObject()["value"].toDouble(), 41.0);
        QCOMPARE(cardiomegaly["valueQuantity"].toObject()["code"].toString(), QString("%"));
        QCOMPARE(firstCode(cardiomegaly["interpretation"].toArray()[0].toObject()), QString("POS"));
        QCOMPARE(firstCode(observations[1]["interpretation"].toArray()[0].toObject()), QString("NEG"));
        const QJsonObject finding =
            cardiomegaly["component"].toArray()[0].toObject()["valueCodeableConcept"].toObject();
        QCOMPARE(finding["coding"].toArray()[0].toObject()["system"].toString(), QString("http://snomed.info/sct"));
    }

    void referencesMeet() {
        const Case c = makeCase();
        QStringList urls, references;
        for (const QJsonValue& entry : c.bundle["entry"].toArray()) urls << entry.toObject()["fullUrl"].toString();
        collectReferences(c.bundle, references);
        QCOMPARE(QSet<QString>(urls.begin(), urls.end()).size(), urls.size());
        QVERIFY(references.size() > 34);
        for (const QString& reference : references) QVERIFY2(urls.contains(reference), qPrintable(reference));
        const QRegularExpression urn("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
        for (const QString& url : urls) QVERIFY2(urn.match(url).hasMatch(), qPrintable(url));
    }

    void identityIsKeptOut() {
        const auto textOf = [](const Case& c) { return QString::fromUtf8(QJsonDocument(c.bundle).toJson()); };
        QVERIFY(textOf(makeCase()).contains("Quillfeather"));
        for (const PatientIdentity identity : {PatientIdentity::Pseudonym, PatientIdentity::None}) {
            const Case c = makeCase(identity);
            for (const char* secret : {"Quillfeather", "ID-778899", "1949-03-08", "2012-04-01", "1.2.3.4"})
                QVERIFY2(!textOf(c).contains(secret), secret);
            QCOMPARE(resources(c.bundle, "Patient").size(), identity == PatientIdentity::Pseudonym ? 1 : 0);
        }
        QVERIFY(textOf(makeCase(PatientIdentity::Pseudonym)).contains("P-17"));
    }

    void noRatioSaysWhy() {
        Case c = makeCase();
        Report report = c.report;
        report.chest.isUncertain = true;
        const auto bundle =
            QJsonDocument::fromJson(QByteArray::fromStdString(reportFhir(report, c.phantom.image, {}))).object();
        const QJsonObject ratio = resources(bundle, "Observation")[0];
        QVERIFY(!ratio.contains("valueQuantity") && ratio.contains("dataAbsentReason"));
    }
};

QTEST_GUILESS_MAIN(TestReportFhir)
#include "tst_report_fhir.moc"
