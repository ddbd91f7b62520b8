// ExportDialog: DICOM objects by choice, in a job, whole or not at all; why not where a film has none.
#include <QCheckBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QtTest>

#include "core/dicom_out/phantom_film.h"
#include "core/io/image_reader.h"
#include "core/io/object_summary.h"
#include "tests/ui/support/sample_findings.h"
#include "tests/ui/support/sample_heatmap.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/export_job.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

const QStringList kDicomNames{"exportDicomReport",  "exportDicomSegmentation", "exportDicomState",
                              "exportDicomPicture", "exportDicomPdf",          "exportDicomMap"};

// The phantom as a DICOM file, with a map over the heart.
ExportContext dicomContext(const std::filesystem::path& folder) {
    const auto sample = test::sampleFilm();
    const std::filesystem::path file = folder / "film.dcm";
    PhantomSpec spec;
    spec.cardiothoracicRatio = 0.57;
    if (!writePhantomFilm(makePhantom(spec), file).isOk()) return {};
    const Result<ImagePtr> image = readImage(file);
    if (!image.isOk()) return {};
    ExportContext context{image.value(), image.value()->defaultVoi, false, sample.chest, sample.model, {}, nullptr, {}};
    const auto map = std::make_shared<const Heatmap>(test::hill(24, 0.5, 0.6, {0, 0}, image.value()->width()));
    context.heatmap = ExportedMap{{map, {}, {}, {}}, map};
    context.file = file;
    return context;
}

QStringList filesIn(const QString& folder) { return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name); }

}  // namespace

class TestExportObjects : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { QVERIFY(m_film.isValid()); }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void writesTheChosenObjects() {
        QTemporaryDir folder;
        ExportDialog dialog(dicomContext(m_film.path().toStdString()));
        QSignalSpy exported(&dialog, &ExportDialog::exported);
        dialog.setFolder(folder.path());
        dialog.show();
        for (const char* name : {"exportPng", "exportPdf"})
            dialog.findChild<QCheckBox*>(QLatin1String(name))->setChecked(false);
        for (const QString& name : kDicomNames) {
            QVERIFY2(dialog.findChild<QCheckBox*>(name)->isEnabled(), qPrintable(name));
            dialog.findChild<QCheckBox*>(name)->setChecked(true);
        }
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("exportButton")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, 60000);
        QCOMPARE(filesIn(folder.path()), (QStringList{"film-gsps.dcm", "film-pdf.dcm", "film-pmap.dcm", "film-sc.dcm",
                                                      "film-seg.dcm", "film-sr.dcm"}));
        const auto report = describeObject(folder.filePath(QStringLiteral("film-sr.dcm")).toStdString());
        QVERIFY(report.isOk() && report.value());
        QCOMPARE(report.value()->front().value.substr(0, 17), std::string("structured report"));
        const auto capture = readImage(folder.filePath(QStringLiteral("film-sc.dcm")).toStdString());
        QVERIFY(capture.isOk());
        QCOMPARE(std::max(capture.value()->width(), capture.value()->height()) >= 1600, true);
    }

    void aFilmThatIsNoDicomSaysWhy() {
        const auto sample = test::sampleFilm();
        ExportDialog dialog(
            ExportContext{sample.image, sample.image->defaultVoi, false, sample.chest, sample.model, {}, nullptr, {}});
        for (const QString& name : kDicomNames) {
            const auto* check = dialog.findChild<QCheckBox*>(name);
            QVERIFY(!check->isEnabled());
            QVERIFY(check->toolTip().contains(QStringLiteral("no DICOM file")));
        }
        QVERIFY(dialog.findChild<QCheckBox*>(QStringLiteral("exportFhir"))->isEnabled());
    }

    void withoutOutlinesOrMapThereIsNoObjectOfThem() {
        ExportContext context = dicomContext(m_film.path().toStdString());
        context.heatmap.reset();
        context.chest = {};
        QVERIFY(!kindProblem(context, ExportKind::DicomMap).isEmpty());
        QVERIFY(!kindProblem(context, ExportKind::DicomSegmentation).isEmpty());
        QVERIFY(kindProblem(context, ExportKind::DicomReport).isEmpty());
    }

    void objectsKeepThePatientOrAreNotWritten() {
        ExportDialog dialog(dicomContext(m_film.path().toStdString()));
        dialog.findChild<QCheckBox*>(QStringLiteral("exportDicomReport"))->setChecked(true);
        QVERIFY(dialog.findChild<QPushButton*>(QStringLiteral("exportButton"))->isEnabled());
        dialog.findChild<QRadioButton*>(QStringLiteral("identityNone"))->setChecked(true);
        QVERIFY(!dialog.findChild<QPushButton*>(QStringLiteral("exportButton"))->isEnabled());
        QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("exportProblem"))->text().contains(QStringLiteral("patient")));
    }

    void aFilmThatChangedLeavesNothing() {
        QTemporaryDir folder;
        ExportContext context = dicomContext(m_film.path().toStdString());
        Image other = *context.image;
        other.sourceSha256 = std::string(64, '0');
        context.image = std::make_shared<const Image>(std::move(other));
        const ExportPlan plan{context,
                              {},
                              folder.path().toStdString(),
                              QStringLiteral("film"),
                              {ExportKind::Csv, ExportKind::DicomReport}};
        const auto written = runExport(plan, {});
        QVERIFY(!written);
        QVERIFY(written.error().message.find("changed") != std::string::npos);
        QVERIFY(filesIn(folder.path()).isEmpty());
    }

  private:
    QTemporaryDir m_film;
};

QTEST_MAIN(TestExportObjects)
#include "tst_export_objects.moc"
