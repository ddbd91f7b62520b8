// Objects that accompany films, in the window: opened directly, applied, switched, chosen, missed; and calibration.
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QTextBrowser>

#include "tests/core/dicom_in/written_objects.h"
#include "tests/ui/main_window/window_fixture.h"
#include "tests/ui/support/control_check.h"
#include "ui/dialogs/calibration_dialog.h"
#include "ui/dialogs/pdf_window.h"
#include "ui/dialogs/report_window.h"
#include "ui/state/companions.h"
#include "ui/viewport/tools/ruler_tool.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;
using cxr::test::removeTag;

namespace {

// A page that says nothing, with a table of objects that fits.
QByteArray smallPdf() {
    QByteArray pdf = "%PDF-1.4\n";
    QList<qsizetype> places;
    for (const char* object : {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>"}) {
        places << pdf.size();
        pdf += QByteArray::number(places.size()) + " 0 obj\n" + object + "\nendobj\n";
    }
    const qsizetype table = pdf.size();
    pdf += "xref\n0 4\n0000000000 65535 f \n";
    for (const qsizetype place : places) pdf += QByteArray::number(place).rightJustified(10, '0') + " 00000 n \n";
    return pdf + "trailer<</Size 4/Root 1 0 R>>\nstartxref\n" + QByteArray::number(table) + "\n%%EOF\n";
}

}  // namespace

class TestCompanions : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_turned = m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            root.u16(DCM_ImageRotation, {90}).text(DCM_ContentLabel, "TURNED").text(DCM_SOPInstanceUID, "1.2.3.4.5");
        });
    }

    void aStateOpensItsFilmAndIsApplied() {
        WindowFixture f;
        f.window.openPaths({path("gsps.dcm")});
        QTRY_VERIFY(f.view().presentation() != nullptr);
        QCOMPARE(f.session().image()->study.sopInstanceUid, m_objects.filmUid());
        auto* strip = f.child<QFrame>("presentationStrip");
        QVERIFY(strip->isVisible());
        QVERIFY(f.child<QLabel>("presentationText")->text().startsWith("Presentation state PRECORDIA by Precordia of 20"));
        QVERIFY(f.child<QLabel>("presentationText")->text().endsWith(" applied, in place of the findings of now"));
        QVERIFY(!f.child<QComboBox>("presentationChoice")->isVisible());
        QCOMPARE(controlFaults(f.window), QStringList());
    }

    void theSwitchTakesItOffAndBack() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm"), pathOf(m_turned)});
        QTRY_VERIFY(f.view().presentation() != nullptr);
        QCOMPARE(f.view().orientation().quarterTurns, 1);
        auto* onOff = f.child<QCheckBox>("presentationSwitch");
        QTest::mouseClick(onOff, Qt::LeftButton, {}, {6, onOff->height() / 2});
        QVERIFY(f.view().presentation() == nullptr);
        QCOMPARE(f.view().orientation(), FilmOrientation{});
        QVERIFY(f.child<QLabel>("presentationText")->text().endsWith("not applied"));
        QTest::mouseClick(onOff, Qt::LeftButton, {}, {6, onOff->height() / 2});
        QCOMPARE(f.view().orientation().quarterTurns, 1);
    }

    // This program's own state or segmentation in place of what it finds now, never both.
    void ownObjectsReplaceTheFindings() {
        for (const auto& [name, strip] : {std::pair("gsps.dcm", "presentation"), std::pair("seg.dcm", "segmentation")}) {
            WindowFixture f;
            f.window.openPaths({path("film.dcm"), path(name)});
            QTRY_VERIFY(f.session().measurement().has_value());
            auto* text = f.child<QLabel>(QByteArray(strip) + "Text");
            QTRY_VERIFY(text->text().endsWith("in place of the findings of now"));
            QVERIFY(text->toolTip().contains("switch Show off"));
            const QImage own = f.view().grab().toImage();
            f.child<QCheckBox>(QByteArray(strip) + "Switch")->click();
            QVERIFY(!text->text().contains("in place of"));
            const QImage now = f.view().grab().toImage();
            QVERIFY(own != now);
            f.child<QCheckBox>(QByteArray(strip) + "Switch")->click();
            f.view().setMeasurement(std::nullopt, {});  // nothing to draw: nothing changes under the own object
            QCOMPARE(f.view().grab().toImage(), own);
        }
    }

    void foreignStatesLieBesideTheFindings() {
        const auto foreign = m_objects.variant("gsps.dcm", [](ItemWriter& root) { root.text(DCM_Manufacturer, "Other"); });
        WindowFixture f;
        f.window.openPaths({path("film.dcm"), pathOf(foreign)});
        QTRY_VERIFY(f.session().measurement().has_value() && f.view().presentation() != nullptr);
        QVERIFY(f.child<QLabel>("presentationText")->text().endsWith("applied"));
        const QImage both = f.view().grab().toImage();
        f.view().setMeasurement(std::nullopt, {});
        QVERIFY(f.view().grab().toImage() != both);
    }

    void severalStatesAreAChoice() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm"), path("gsps.dcm"), pathOf(m_turned)});
        QTRY_COMPARE(f.window.companions().of(ObjectKind::PresentationState).size(), std::size_t{2});
        auto* choice = f.child<QComboBox>("presentationChoice");
        QVERIFY(choice->isVisible());
        QCOMPARE(choice->count(), 2);
        for (int index : {0, 1}) {
            choice->setCurrentIndex(index);
            Q_EMIT choice->activated(index);
            QCOMPARE(f.view().orientation().quarterTurns, choice->itemText(index).startsWith("TURNED") ? 1 : 0);
        }
    }

    void anotherFilmComesWithoutItAndBackWithIt() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm"), pathOf(m_turned)});
        QTRY_VERIFY(f.view().presentation() != nullptr);
        f.window.openSample();
        QTRY_VERIFY(f.session().isOpen() && f.session().path() == kSamplePath);
        QVERIFY(f.view().presentation() == nullptr);
        QVERIFY(!f.child<QFrame>("presentationStrip")->isVisible());
        f.window.workbench().select(f.films().rowOf(path("film.dcm")));
        QTRY_VERIFY(f.view().presentation() != nullptr);
        QCOMPARE(f.view().orientation().quarterTurns, 1);
    }

    void theOriginalIsWithoutIt() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm"), pathOf(m_turned)});
        QTRY_VERIFY(f.view().presentation() != nullptr);
        f.window.setOriginal(true);
        QVERIFY(f.view().presentation() == nullptr);
        f.window.setOriginal(false);
        QVERIFY(f.view().presentation() != nullptr);
        QCOMPARE(f.view().orientation().quarterTurns, 1);
    }

    // Chosen, then another film chosen before its own came: not asked for again, and no complaint.
    void anObjectOfAFilmThatWasLeftIsForgotten() {
        WindowFixture f;
        QSignalSpy failed(&f.window, &MainWindow::openFailed);
        QSignalSpy wanted(&f.window.companions(), &Companions::filmWanted);
        f.window.companions().open(path("gsps.dcm"));
        QTRY_COMPARE(wanted.count(), 1);
        f.window.openSample();  // before the film is read
        QTRY_VERIFY(f.session().isOpen() && f.session().path() == kSamplePath);
        QVERIFY(f.window.companions().of(ObjectKind::PresentationState).empty());
        f.window.companions().open(path("sr.dcm"));  // behind whatever was asked for
        QSignalSpy shown(&f.window, &MainWindow::documentShown);
        QTRY_COMPARE(shown.count(), 1);
        QCOMPARE(failed.count(), 0);
    }

    void aFolderOpensItsFilmsOnly() {
        WindowFixture f;
        f.window.openPaths({QString::fromStdString(m_objects.folder().string())});
        QTRY_VERIFY(f.session().isOpen());
        QSignalSpy shown(&f.window, &MainWindow::documentShown);
        f.window.companions().open(path("sr.dcm"));
        QTRY_COMPARE(shown.count(), 1);
        QVERIFY(f.view().presentation() == nullptr && f.view().segments() == nullptr);
    }

    void aMissingFilmIsNamed() {
        WindowFixture f;
        QTemporaryDir lonely;
        const QString copy = lonely.filePath("gsps.dcm");
        QVERIFY(QFile::copy(path("gsps.dcm"), copy));
        QSignalSpy failed(&f.window, &MainWindow::openFailed);
        f.window.openPaths({copy});
        QTRY_VERIFY(!failed.isEmpty());
        QVERIFY(failed.back().front().toString().contains(QString::fromStdString(m_objects.filmUid())));
        QVERIFY(f.window.filmArea().message().contains("Open that film first"));
    }

    void segmentsAndMapsLieOverTheFilm() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm"), path("seg.dcm"), path("pmap.dcm")});
        QTRY_VERIFY(f.view().segments() != nullptr && f.view().heatmap().has_value());
        QCOMPARE(f.view().segments()->segments.size(), std::size_t{3});
        QVERIFY(f.child<QFrame>("segmentationStrip")->isVisible() && f.child<QFrame>("parametricMapStrip")->isVisible());
        QCOMPARE(f.view().heatmap()->caption->title, QString("Contribution to the network's answer"));
        const QImage with = f.view().grab().toImage();
        f.child<QCheckBox>("segmentationSwitch")->click();
        f.child<QCheckBox>("parametricMapSwitch")->click();
        QVERIFY(f.view().segments() == nullptr && !f.view().heatmap());
        QVERIFY(f.view().grab().toImage() != with);
    }

    void aReportIsText() {
        WindowFixture f;
        QSignalSpy shown(&f.window, &MainWindow::documentShown);
        f.window.openPaths({path("sr.dcm")});
        QTRY_COMPARE(shown.count(), 1);
        auto* window = qobject_cast<ReportWindow*>(shown.front().front().value<QWidget*>());
        QVERIFY(window != nullptr);
        const QString text = window->findChild<QTextBrowser*>()->toPlainText();
        QVERIFY(text.contains("Cardiothoracic ratio: 0.") && text.contains("Not for diagnostic use"));
        QVERIFY(window->findChild<QTextBrowser*>()->isReadOnly());
        QCOMPARE(controlFaults(*window), QStringList());
        QTest::keyClick(window, Qt::Key_Escape);
        QVERIFY(!window->isVisible());
    }

    void aReportsTextIsNeverMarkup() {
        StructuredReport report;
        report.lines.push_back({0, false, "<b>name</b>", "<img src='http://x/'><script>alert(1)</script>\nsecond"});
        const QString html = reportHtml(report);
        QVERIFY(!html.contains("<script") && !html.contains("<img"));
        QVERIFY(html.contains("&lt;script&gt;") && html.contains("<br/>second"));
    }

    void aDocumentIsPages() {
        const QByteArray pdf = smallPdf();
        const auto file = m_objects.variant("pdf.dcm", [&](ItemWriter& root) {
            root.bytes(DCM_EncapsulatedDocument, {reinterpret_cast<const std::uint8_t*>(pdf.constData()), static_cast<std::size_t>(pdf.size())});
            removeTag(root, DcmTagKey(0x0042, 0x0015));
            root.text(DCM_SOPInstanceUID, "1.2.3.4.6");
        });
        WindowFixture f;
        QSignalSpy shown(&f.window, &MainWindow::documentShown);
        f.window.openPaths({pathOf(file)});
        QTRY_COMPARE(shown.count(), 1);
        auto* window = qobject_cast<PdfWindow*>(shown.front().front().value<QWidget*>());
        QVERIFY(window != nullptr);
        QCOMPARE(window->problem(), QString());
        QCOMPARE(window->pageCount(), 1);
        QCOMPARE(controlFaults(*window), QStringList());
        f.window.openPaths({path("pdf.dcm")});  // no pages in it
        QTRY_COMPARE(shown.count(), 2);
        auto* broken = qobject_cast<PdfWindow*>(shown.back().front().value<QWidget*>());
        QVERIFY2(!broken->problem().isEmpty(), qPrintable(QString::number(broken->pageCount())));
    }

    void calibratedLengthsEverywhere() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm")});
        QTRY_VERIFY(f.session().measurement().has_value());
        f.action("toolCalibrate")->trigger();
        QCOMPARE(f.view().tool(), FilmTool::Calibrate);
        drag(f.view(), f.view().toWidget({100, 100}), f.view().toWidget({300, 100}));
        auto* dialog = f.child<CalibrationDialog>("calibrationDialog");
        QVERIFY(dialog != nullptr);
        QCOMPARE(controlFaults(*dialog), QStringList());
        dialog->findChild<QDoubleSpinBox*>("calibrationLength")->setValue(100);
        QTest::mouseClick(dialog->findChild<QPushButton*>("calibrationOk"), Qt::LeftButton);
        QVERIFY(f.session().calibration().has_value());
        const LinePx line = f.session().calibration()->line;
        const QString length = rulerText(line, f.view().image()->spacing);
        QCOMPARE(length, QString("100 mm (calibrated by the user, 100 mm line)"));
        QVERIFY(f.child<QLabel>("heartWidth")->text().contains("calibrated by the user, 100 mm line"));
        QVERIFY(f.child<QFrame>("calibrationStrip")->isVisible());
        QCOMPARE(f.session().calibratedImage()->spacing.source, SpacingSource::UserCalibration);
        f.action("undo")->trigger();
        QVERIFY(!f.session().calibration() && !f.child<QFrame>("calibrationStrip")->isVisible());
        QCOMPARE(f.view().image()->spacing.source, SpacingSource::PixelSpacing);
        f.action("redo")->trigger();
        QVERIFY(f.session().calibration().has_value());
        QTest::mouseClick(f.child<QPushButton>("clearCalibrationButton"), Qt::LeftButton);
        QVERIFY(!f.session().calibration());
        QVERIFY(!f.child<QLabel>("heartWidth")->text().contains("calibrated"));
    }

    void anImpossibleLengthIsExplained() {
        WindowFixture f;
        f.window.openPaths({path("film.dcm")});
        QTRY_VERIFY(f.session().isOpen());
        Q_EMIT f.view().calibrationDrawn({{10, 10}, {330, 10}});
        auto* dialog = f.child<CalibrationDialog>("calibrationDialog");
        QVERIFY(dialog != nullptr);
        dialog->findChild<QDoubleSpinBox*>("calibrationLength")->setValue(1);
        QTest::mouseClick(dialog->findChild<QPushButton*>("calibrationOk"), Qt::LeftButton);
        QVERIFY(dialog->isVisible());
        QVERIFY(dialog->findChild<QLabel*>("calibrationProblem")->text().contains("0.01 mm"));
        QTest::mouseClick(dialog->findChild<QPushButton*>("calibrationCancel"), Qt::LeftButton);
        QVERIFY(!f.session().calibration());
    }

    // Not analysed: the calibration can be undone all the same.
    void calibrationBeforeTheAnalysis() {
        WindowFixture f(measuredNever);
        f.window.openPaths({path("film.dcm")});
        QTRY_VERIFY(f.session().isOpen());
        QVERIFY(f.session().setCalibration(LengthCalibration{{{0, 0}, {300, 0}}, 60}).isOk());
        QVERIFY(!f.session().measurement() && f.action("undo")->isEnabled());
        QCOMPARE(f.view().image()->spacing.columnMm, 0.2);
        f.action("undo")->trigger();
        QVERIFY(!f.session().calibration());
        f.window.cancelWork();
    }

  private:
    [[nodiscard]] QString path(const char* name) const { return pathOf(m_objects.file(name)); }
    [[nodiscard]] static QString pathOf(const std::filesystem::path& file) { return QString::fromStdString(file.string()); }
    cxr::test::WrittenObjects m_objects;
    std::filesystem::path m_turned;
};

QTEST_MAIN(TestCompanions)
#include "tst_companions.moc"
