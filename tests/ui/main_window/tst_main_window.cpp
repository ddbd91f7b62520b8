// The main window, driven as a user does: open, look, measure, correct, cancel, fail.
#include <QComboBox>
#include <QDockWidget>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStatusBar>
#include <fstream>
#include <stdexcept>

#include "core/model/pack.h"
#include "tests/ui/main_window/window_fixture.h"
#include "tests/ui/support/control_check.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/report_editor.h"
#include "ui/panels/verdict_look.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

class TestMainWindow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Theme::Dark); }

    void correctionsOutliveTheWindowUntilForgotten() {
        WindowFixture first;
        const QString film = first.writePng("film.png");
        const auto hasChestWidth = [](MainWindow& window, double px) {
            const auto chest = window.workbench().session().measurement();
            return chest && std::abs(chest->chestLine.length() - px) < 1e-9;
        };
        first.window.openPaths({film});
        QTRY_VERIFY(first.session().measurement());
        LinePx wider = first.session().measurement()->chestLine;
        const double found = wider.length();
        wider.to.x += 9;
        first.session().commitEdit(withLines(*first.session().measurement(), first.session().measurement()->heartLine, wider));
        QVERIFY(hasChestWidth(first.window, found + 9));

        const auto kept = [&] { return CorrectionStore::openOrCreate(first.settings.correctionsFile().toStdString()).value().count().value(); };
        QTRY_COMPARE(kept(), std::int64_t{1});

        Settings settings(first.path("settings.ini"));  // the next sitting
        MainWindow window(settings, {readFilm, measuredAtOnce, explanationsWithEngine()});
        window.show();
        window.openPaths({film});
        QTRY_VERIFY(hasChestWidth(window, found + 9));
        QVERIFY(window.statusBar()->currentMessage().contains("Your corrections of"));
        window.actions()["undo"]->trigger();
        QVERIFY(hasChestWidth(window, found));
        window.actions()["redo"]->trigger();

        window.actions()["settings"]->trigger();
        auto* forget = window.findChild<QPushButton*>("forgetCorrectionsButton");
        QVERIFY(forget);
        forget->click();
        auto* question = window.findChild<QMessageBox*>("forgetQuestion");
        QVERIFY(question && hasChestWidth(window, found + 9));
        for (QAbstractButton* button : question->buttons()) {
            if (question->buttonRole(button) == QMessageBox::DestructiveRole) button->click();
        }
        QTRY_COMPARE(kept(), std::int64_t{0});
    }

    void opensAPngAndMeasuresIt() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        QCOMPARE(f.view().image()->encoding.format, std::string("PNG"));
        QVERIFY(f.view().isVisible() && f.view().measurement());
        QVERIFY(f.session().pyramid().extraBytes() > 0);  // made by the worker, not by the first paint
        QVERIFY(f.window.windowTitle().startsWith("film.png"));
        QVERIFY(f.films().row(0).result.startsWith("CTR 0.57"));
        QVERIFY(!f.films().row(0).thumbnail.isNull());
        QCOMPARE(f.settings.recentFiles(), QStringList{f.path("film.png")});
    }

    void opensADicomWithItsFacts() {
        WindowFixture f;
        f.window.openPaths({f.writeDicom("film.dcm")});
        QTRY_VERIFY(f.session().measurement());
        QCOMPARE(f.view().image()->encoding.format, std::string("DICOM"));
        QCOMPARE(patientTitle(f.films().tree().patients.front()), std::string("Phantom, Test"));
        QVERIFY(f.films().row(0).facts.contains("PA"));
    }

    void opensTheSampleAndClosesIt() {
        WindowFixture f;
        QVERIFY(f.child<QWidget>("welcomePage")->isVisible());
        f.action("openSample")->trigger();
        QTRY_VERIFY(f.session().isOpen());
        QVERIFY(!f.child<QWidget>("welcomePage")->isVisible());
        f.action("close")->trigger();
        QVERIFY(!f.session().isOpen() && f.child<QWidget>("welcomePage")->isVisible());
        QCOMPARE(f.films().count(), 0);
    }

    void opensAFolderAndStepsThroughIt() {
        WindowFixture f;
        f.writePng("a.png");
        f.writePng("b.png");
        f.writeDicom("c.dcm");
        f.write("notes.txt", {'n', 'o'});
        f.window.openPaths({f.path("")});
        QTRY_VERIFY(f.session().isOpen());
        QCOMPARE(f.films().count(), 3);
        QCOMPARE(f.films().row(0).title, QString("c.dcm"));  // patients come before pictures without a header
        f.action("next")->trigger();
        f.action("next")->trigger();
        f.action("next")->trigger();  // stays at the last
        QTRY_VERIFY(f.session().isOpen());
        QCOMPARE(f.session().path(), f.path("b.png"));
        f.action("previous")->trigger();
        QTRY_COMPARE(f.session().path(), f.path("a.png"));
        f.window.openPaths({f.path("c.dcm")});  // already listed: comes on screen, no double
        QTRY_COMPARE(f.session().path(), f.path("c.dcm"));
        QCOMPARE(f.films().count(), 3);
    }

    void aBadFileShowsItsReasonInTheWindow() {
        WindowFixture f;
        QSignalSpy failed(&f.window, &MainWindow::openFailed);
        f.window.openPaths({f.writePng("good.png")});
        QTRY_VERIFY(f.session().isOpen());
        f.window.openPaths({f.write("bad.dcm", std::vector<std::uint8_t>(200, 7))});
        QTRY_VERIFY(!f.window.filmArea().failure().isEmpty());
        QVERIFY(!f.session().isOpen() && !f.view().image());  // the film before is not shown under another name
        QCOMPARE(f.films().row(1).status, FilmStatus::Failed);
        QCOMPARE(f.films().row(1).error, f.window.filmArea().failure());
        QCOMPARE(failed.count(), 1);
        QVERIFY(!f.action("invert")->isEnabled() && !f.action("export")->isEnabled());
        f.window.openPaths({f.path("nothing-there.png")});
        QTRY_COMPARE(failed.count(), 2);
    }

    void draggingTheFilmChangesTheWindow() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        f.action("overlays")->trigger();  // no handle is in the way
        const VoiSetting before = f.view().voi();
        const QPointF middle = QRectF(f.view().rect()).center();
        drag(f.view(), middle, middle + QPointF(90, -60));
        QVERIFY(f.view().voi().width != before.width && f.view().voi().center != before.center);
        QCOMPARE(f.child<QDoubleSpinBox>("windowWidth")->value(), std::round(f.view().voi().width));
        f.child<QDoubleSpinBox>("windowCenter")->setValue(77);
        QCOMPARE(f.view().voi().center, 77.0);
        QTest::keyClick(&f.view(), Qt::Key_0);
        QVERIFY(f.view().voi() == before);
    }

    void verdictsTakeTheColoursOfAnotherTheme() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        auto* word = f.child<QLabel>("verdictWord");
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(*qApp, theme);
            QTRY_COMPARE(word->palette().color(QPalette::WindowText), toneColor(FindingTone::Bad, paletteOf(theme)));
        }
    }

    void turnsAsSeen() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().isOpen());
        QTest::keyClick(&f.view(), Qt::Key_H);
        const QPointF corner = f.view().toWidget({0, 0});  // mirrored: top right
        QVERIFY(corner.x() > f.view().width() / 2.0 && corner.y() < f.view().height() / 2.0);
        QTest::keyClick(&f.view(), Qt::Key_R);  // clockwise as seen: bottom right
        const QPointF turned = f.view().toWidget({0, 0});
        QVERIFY(turned.x() > f.view().width() / 2.0 && turned.y() > f.view().height() / 2.0);
        QTest::keyClick(&f.view(), Qt::Key_L);
        QTest::keyClick(&f.view(), Qt::Key_H);
        QVERIFY(f.view().orientation() == FilmOrientation{});
    }

    void draggingALineChangesTheRatioAndUndoRestoresIt() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        const double found = f.session().measurement()->ratio;
        const QString shown = panelText(f);
        QTest::keyClick(&f.view(), Qt::Key_E);
        const QPointF end = f.view().toWidget(f.session().measurement()->chestLine.to);
        drag(f.view(), end, end - QPointF(60, 0));
        QVERIFY(f.session().measurement()->ratio > found + 0.02);
        QVERIFY(panelText(f) != shown);
        QVERIFY(f.action("undo")->isEnabled());
        f.action("undo")->trigger();
        QCOMPARE(f.session().measurement()->ratio, found);
        QCOMPARE(f.view().measurement()->ratio, found);
        QCOMPARE(panelText(f), shown);
        f.action("redo")->trigger();
        QVERIFY(f.view().measurement()->ratio > found + 0.02);
    }

    void cancelStopsTheAnalysis() {
        WindowFixture f(measuredNever);
        QSignalSpy settled(&f.window, &MainWindow::analysisSettled);
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.child<QProgressBar>("busyProgress")->isVisible());
        QTRY_VERIFY(f.action("cancel")->isEnabled());
        QTest::keyClick(&f.view(), Qt::Key_Escape);
        QCOMPARE(settled.count(), 1);
        QVERIFY(!f.window.workbench().analysis().isRunning() && !f.session().measurement());
        QVERIFY(!f.child<QProgressBar>("busyProgress")->isVisible() && f.session().isOpen());
        QVERIFY(f.action("analyze")->isEnabled());
    }

    void anAnswerForAnotherFilmIsNeverShown() {
        std::atomic<int> asked{0};
        WindowFixture f([&asked](const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) {
            return ++asked == 1 ? measuredNever(image, options, context) : measuredAtOnce(image, options, context);
        });
        f.window.openPaths({f.writePng("a.png"), f.writePng("b.png")});
        QTRY_COMPARE(asked.load(), 1);
        f.action("next")->trigger();
        QTRY_VERIFY(f.session().measurement());
        QCOMPARE(f.session().path(), f.path("b.png"));
        QVERIFY(f.films().row(0).result.isEmpty());
    }

    void aFailedAnalysisSaysWhyAboveTheFilm() {
        WindowFixture f([](const ImagePtr&, const AnalysisOptions&, const RunContext&) -> Result<Analysis> {
            return Error{ErrorCode::NotFound, "the pack is not there; install it"};
        });
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.window.filmArea().message().contains("the pack is not there"));
        QVERIFY(f.view().isVisible() && f.view().image());
    }

    void aWorkerThatFailsLeavesTheViewerAlive() {
        QTemporaryDir folder;
        const std::filesystem::path pack = folder.filePath("pack").toStdString();
        std::filesystem::create_directories(pack);
        std::ofstream(pack / "model.json") << R"({"id": "heart-lungs", "outputs": [)";  // cut off
        std::atomic<int> asked{0};
        WindowFixture f([&](const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) -> Result<Analysis> {
            if (++asked == 1) throw std::bad_alloc();
            if (asked == 2) throw std::runtime_error("a library gave up");
            if (asked > 3) return measuredAtOnce(image, options, context);
            return readPack(pack).error();
        });
        const auto says = [&f](const char* words) { return f.window.filmArea().message().contains(words); };
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(says("not enough memory"));
        f.action("analyze")->trigger();
        QTRY_VERIFY(says("a library gave up"));
        f.action("analyze")->trigger();
        QTRY_VERIFY2(says("model.json"), qPrintable(f.window.filmArea().message()));
        QVERIFY(f.view().isVisible() && f.view().image() && !f.session().measurement());
        f.action("analyze")->trigger();
        QTRY_VERIFY(f.session().measurement());
        QVERIFY(f.window.filmArea().message().isEmpty());
    }

    void aReaderThatRunsOutOfMemoryLeavesTheViewerAlive() {
        std::atomic<int> asked{0};
        WindowFixture f(measuredAtOnce, [&asked](const QString& file, const ReadLimits& limits, const RunContext& context) {
            if (++asked == 1) throw std::bad_alloc();
            return readFilm(file, limits, context);
        });
        f.writePng("b.png");
        f.window.openPaths({f.writePng("a.png")});
        QTRY_VERIFY(f.window.filmArea().failure().contains("not enough memory"));
        QCOMPARE(f.films().row(0).status, FilmStatus::Failed);
        f.window.openPaths({f.path("b.png")});
        QTRY_VERIFY(f.session().measurement());
        QCOMPARE(f.session().path(), f.path("b.png"));
    }

    void analysisWaitsWhenItIsSwitchedOff() {
        std::atomic<int> asked{0};
        WindowFixture f([&asked](const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) {
            ++asked;
            return measuredAtOnce(image, options, context);
        });
        f.settings.setAutoAnalyze(false);
        QSignalSpy settled(&f.window, &MainWindow::analysisSettled);
        f.window.openPaths({f.writePng("film.png")});
        QTRY_COMPARE(settled.count(), 1);
        QCOMPARE(asked.load(), 0);
        f.action("analyze")->trigger();
        QTRY_VERIFY(f.session().measurement());
        QCOMPARE(asked.load(), 1);
    }

    void theLookOfAFilmComesBackWithIt() {
        WindowFixture f;
        f.window.openPaths({f.writePng("a.png"), f.writePng("b.png")});
        QTRY_VERIFY(f.session().measurement());
        QTest::keyClick(&f.view(), Qt::Key_I);
        QTest::keyClick(&f.view(), Qt::Key_V);
        f.child<QDoubleSpinBox>("windowWidth")->setValue(91);
        f.action("next")->trigger();
        QTRY_COMPARE(f.session().path(), f.path("b.png"));
        QVERIFY(!f.view().isInverted() && f.view().orientation() == FilmOrientation{});
        f.action("previous")->trigger();
        QTRY_COMPARE(f.session().path(), f.path("a.png"));
        QVERIFY(f.view().isInverted() && f.view().orientation().flipVertical);
        QCOMPARE(f.view().voi().width, 91.0);
    }

    void droppedFilesAreOpened() {
        WindowFixture f;
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(f.writePng("film.png"))});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&f.window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&f.window, &drop);
        QTRY_VERIFY(f.session().isOpen());
    }

    void exportsWhatIsOnScreen() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        f.action("export")->trigger();
        auto* dialog = f.window.findChild<ExportDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        QSignalSpy exported(dialog, &ExportDialog::exported);
        dialog->setFolder(f.path("out"));
        QVERIFY(QDir().mkpath(f.path("out")));
        dialog->findChild<QPushButton*>("exportButton")->click();
        QTRY_COMPARE(exported.count(), 1);
        const QStringList files = exported.front().front().toStringList();
        QVERIFY(!files.isEmpty());
        for (const QString& file : files) QVERIFY2(QFileInfo(file).size() > 0, qPrintable(file));
        QCOMPARE(f.settings.exportFolder(), f.path("out"));
    }

    void whatIsWrittenForTheReportStaysWithItsFilm() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        f.action("report")->trigger();
        auto* editor = f.window.findChild<ReportEditor*>();
        QVERIFY(editor && editor->isVisible());
        editor->findChild<QPlainTextEdit*>("reportImpression")->setPlainText("Nothing new.");
        editor->findChild<QLineEdit*>("reportReader")->setText("Dr. Weber");
        editor->findChild<QComboBox*>("reportLanguage")->setCurrentIndex(1);
        QCOMPARE(f.session().readerText().impression, std::string("Nothing new."));
        QVERIFY(f.session().readerText().language == ReportLanguage::German && f.settings.reportLanguage() == ReportLanguage::German);
        editor->findChild<QPushButton*>("reportSave")->click();  // over the editor, with its language
        auto* dialog = f.window.findChild<ExportDialog*>();
        QVERIFY(dialog && dialog->findChild<QComboBox*>("exportLanguage")->currentData().toString() == "de");
        dialog->close();
        editor->close();
        f.window.openPaths({f.writeDicom("other.dcm")});
        QTRY_VERIFY(f.session().path().endsWith("other.dcm") && f.session().measurement());
        QVERIFY(f.session().readerText().isEmpty());
        f.action("report")->trigger();  // another film: no text yet, the same reader
        QTRY_COMPARE(f.window.findChildren<ReportEditor*>().size(), 1);
        QCOMPARE(f.window.findChild<ReportEditor*>()->text().impression, std::string());
        QCOMPARE(f.window.findChild<ReportEditor*>()->text().reader, std::string("Dr. Weber"));
    }

    void theWindowIsRememberedAndThemesChange() {
        WindowFixture f;
        f.action("findings")->trigger();
        QVERIFY(f.child<QDockWidget>("dock.findings")->isHidden());
        f.action("lightTheme")->trigger();
        QCOMPARE(f.settings.theme(), Theme::Light);
        QCOMPARE(qApp->palette().color(QPalette::Window), paletteOf(Theme::Light).color(QPalette::Window));
        f.window.close();
        MainWindow second(f.settings, {readFilm, measuredAtOnce});
        QVERIFY(second.findChild<QDockWidget*>("dock.findings")->isHidden());
        QVERIFY(!second.actions()["findings"]->isChecked() && second.actions()["lightTheme"]->isChecked());
        f.settings.setTheme(Theme::Dark);
    }

    void recentFilmsAreInTheMenu() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().isOpen());
        f.action("closeAll")->trigger();
        auto* menu = f.child<QMenu>("menu.recent");
        Q_EMIT menu->aboutToShow();
        QVERIFY(menu->actions().front()->text().contains("film.png"));
        menu->actions().front()->trigger();
        QTRY_VERIFY(f.session().isOpen());
        f.action("clearRecent")->trigger();
        QVERIFY(f.settings.recentFiles().isEmpty() && !f.action("clearRecent")->isEnabled());
    }

    void everyControlHasANameAndAWayIn() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        QCOMPARE(controlFaults(f.window).join('\n'), QString());
    }

    // Readings that block for long are in the worker: the GUI thread goes on turning meanwhile.
    void theGuiThreadTurnsWhileAFilmIsRead() {
        std::atomic<bool> isReading{false}, mayEnd{false};
        WindowFixture f(measuredAtOnce, [&](const QString& path, const ReadLimits& limits, const RunContext& context) {
            isReading = true;
            while (!mayEnd && !context.isCancelled()) std::this_thread::yield();
            return readFilm(path, limits, context);
        });
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(isReading.load());
        QTRY_VERIFY(f.child<QWidget>("readingPage")->isVisible());  // timers and paints run
        QVERIFY(!f.session().isOpen());
        mayEnd = true;
        QTRY_VERIFY(f.session().measurement());
    }

  private:
    static QString panelText(const WindowFixture& f) {
        QStringList texts;
        for (const QLabel* label : f.child<QDockWidget>("dock.findings")->findChildren<QLabel*>()) texts << label->text();
        return texts.join('\n');
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
