// Grouping into patients, studies and series; prior films of the same patient.
#include <QTest>
#include <algorithm>

#include "core/study/patient_tree.h"
#include "core/study/prior_films.h"

using namespace cxr;

namespace {

StudyObject film(const std::string& name, const std::string& study, const std::string& date) {
    StudyObject object;
    object.file = object.name = name;
    object.patient = {"Doe, Jane", "4711", "1949-03-08", "F", ""};
    object.study.studyInstanceUid = study;
    object.study.seriesInstanceUid = study + ".1";
    object.study.studyDate = date;
    object.study.modality = "DX";
    object.view = ViewPosition::PA;
    return object;
}

QString priorsOf(const std::vector<StudyObject>& objects, const char* name) {
    const PatientTree tree = groupObjects(objects);
    QStringList names;
    for (const StudyObject* prior : priorFilms(tree, name)) names << QString::fromStdString(prior->name);
    return names.join(' ');
}

// "patient[study[series objects]]", so that a whole tree is one text.
QString shape(const PatientTree& tree) {
    QString text;
    for (const PatientNode& patient : tree.patients) {
        text += QString::fromStdString(patientTitle(patient)) + "[";
        for (const StudyNode& study : patient.studies) {
            text += QString::fromStdString(study.first().study.studyInstanceUid) + "[";
            for (const SeriesNode& series : study.series) {
                text += "(";
                for (const StudyObject& object : series.objects) text += QString::fromStdString(object.name) + " ";
                text = text.trimmed() + ")";
            }
            text += "]";
        }
        text += "]";
    }
    return text;
}

}  // namespace

class TestPatientTree : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void groupsAndOrder() {
        StudyObject first = film("a", "1", "2020-01-01"), second = film("b", "1", "2020-01-01"), newer = film("c", "2", "2021-01-01");
        first.instanceNumber = 10;
        second.instanceNumber = 9;
        StudyObject report = film("r", "1", "2020-01-01");
        report.study.seriesInstanceUid = "1.0";
        report.seriesNumber = 0;
        report.kind = ObjectKind::StructuredReport;
        StudyObject other = film("x", "3", "2022-01-01");
        other.patient = {"Adams, Ann", "1", "", "", ""};
        QCOMPARE(shape(groupObjects({report, first, second, newer, other})), QString("Adams, Ann[3[(x)]]Doe, Jane[2[(c)]1[(b a)(r)]]"));
    }

    void issuersSeparatePatients() {
        StudyObject a = film("a", "1", "2020-01-01"), b = film("b", "2", "2020-01-01"), c = film("c", "3", "2020-01-01");
        a.patientIdIssuer = "Hospital A";
        QCOMPARE(groupObjects({a, b}).patients.size(), std::size_t{1});  // one writer knows the issuer, the other does not
        c.patientIdIssuer = "Hospital C";
        QCOMPARE(groupObjects({a, b, c}).patients.size(), std::size_t{3});
    }

    void filmsWithoutIdentifiers() {
        StudyObject a = film("a", "1", ""), b = film("b", "2", "");
        a.patient = b.patient = {};
        QCOMPARE(groupObjects({a, b}).patients.size(), std::size_t{2});  // nobody says that they are the same
        a.patient.name = b.patient.name = "Doe, Jane";
        QCOMPARE(groupObjects({a, b}).patients.size(), std::size_t{1});
        b.patient.birthDate = "1950-01-01";
        QCOMPARE(groupObjects({a, b}).patients.size(), std::size_t{2});
        StudyObject picture;
        picture.isPicture = true;
        const PatientTree tree = groupObjects({picture});
        QVERIFY(tree.patients.empty() && tree.pictures.size() == 1);
    }

    void words() {
        StudyObject object = film("a", "1", "2020-01-01");
        object.study.studyTime = "10:11:12";
        object.study.studyDescription = "Chest";
        object.study.seriesDescription = "PA chest";
        object.seriesNumber = 2;
        const PatientTree tree = groupObjects({object});
        const StudyNode& study = tree.patients.front().studies.front();
        QCOMPARE(patientFacts(tree.patients.front()), std::string("ID 4711, born 1949-03-08, F"));
        QCOMPARE(studyDate(study), std::string("2020-01-01 10:11"));
        QCOMPARE(studyFacts(study), std::string("Chest, DX, 1 object"));
        QCOMPARE(seriesTitle(study.series.front()), std::string("Series 2, DX, PA chest"));
    }

    void priorsAreOlderFilmsOfThePatientNewestFirst() {
        StudyObject lateral = film("lateral", "4", "2021-06-01"), unnamed = film("unnamed", "5", "2021-07-01");
        lateral.view = ViewPosition::Lateral;
        unnamed.view = ViewPosition::Unknown;
        const std::vector<StudyObject> films{film("old", "1", "2019-01-01"), film("now", "2", "2022-01-01"), film("mid", "3", "2020-01-01"),
                                             lateral, unnamed, film("later", "6", "2023-01-01")};
        QCOMPARE(priorsOf(films, "now"), QString("mid old unnamed lateral"));
        QCOMPARE(priorsOf(films, "lateral"), QString("mid old"));
        QCOMPARE(priorsOf(films, "old"), QString());
        QCOMPARE(priorsOf(films, "absent"), QString());
    }

    void whatIsNoPrior() {
        const StudyObject now = film("now", "2", "2022-01-01");
        StudyObject other = film("p", "1", "2019-01-01");
        QCOMPARE(priorsOf({now, other}, "now"), QString("p"));
        const auto changed = [&](const auto& change) {
            StudyObject one = other;
            change(one);
            return priorsOf({now, one}, "now");
        };
        QCOMPARE(changed([](StudyObject& one) { one.patient.id = "4712"; }), QString());
        QCOMPARE(changed([](StudyObject& one) { one.patient.birthDate = "1950-01-01"; }), QString());
        QCOMPARE(changed([](StudyObject& one) { one.study.modality = "CT"; }), QString());
        QCOMPARE(changed([](StudyObject& one) { one.kind = ObjectKind::Segmentation; }), QString());
        QCOMPARE(changed([](StudyObject& one) { one.study.studyDate.clear(); }), QString());
        QCOMPARE(changed([](StudyObject& one) { one.study.studyInstanceUid = "2"; }), QString());  // the same examination
        QCOMPARE(changed([](StudyObject& one) {  // our own picture of an earlier film
                     one.study.modality = "OT", one.study.manufacturer = one.study.modelName = "Precordia", one.study.sopClassUid = "1.2.840.10008.5.1.4.1.1.7";
                 }),
                 QString());
        StudyObject chest = now, hand = other;
        chest.study.bodyPart = "CHEST";
        hand.study.bodyPart = "HAND";
        QCOMPARE(priorsOf({chest, hand}, "now"), QString());
        hand.study.bodyPart = "Thorax";
        QCOMPARE(priorsOf({chest, hand}, "now"), QString("p"));
    }
};

QTEST_GUILESS_MAIN(TestPatientTree)
#include "tst_patient_tree.moc"
