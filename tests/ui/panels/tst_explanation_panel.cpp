// The Explanations panel, driven by mouse and keys, with made-up networks: nothing is computed before it is wanted, maps of
// the analysis come at once, others run, refine, stop and fail; looks change the map on the film.
#include "ui/panels/explanation_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "tests/ui/support/control_check.h"
#include "tests/ui/support/fake_networks.h"
#include "tests/ui/support/sample_findings.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr int kSide = cxr::ui::test::kFakeSide;

class Fixture {
  public:
    Fixture() : explanations(networks.calls()), showAction("Heatmap"), panel(explanations, &showAction, {}) {
        PhantomSpec spec;
        spec.width = spec.height = kSide;
        sample = cxr::ui::test::sampleFilm(0.57, spec);
        showAction.setCheckable(true);
        QObject::connect(&showAction, &QAction::triggered, &panel, [this](bool on) { panel.setShown(on); });
        panel.resize(360, 900);
        panel.show();
    }
    void analyse(int camCells = 8) {
        const JudgementPtr judgement = cxr::ui::test::judgementWithMaps(camCells);
        panel.setAnalysis(sample.chest, judgement);
        explanations.setFilm(sample.image, judgement);
    }
    template <typename T>
    T* child(const char* name) {
        return panel.findChild<T*>(QLatin1String(name));
    }
    void show() { QTest::mouseClick(child<QCheckBox>("showMapCheck"), Qt::LeftButton, {}, {8, 8}); }
    void chooseMethod(ExplainMethod method) {
        auto* combo = child<QComboBox>("methodCombo");
        combo->setCurrentIndex(combo->findData(static_cast<int>(method)));
    }

    cxr::ui::test::FakeNetworks networks;
    Explanations explanations;
    QAction showAction;
    ExplanationPanel panel;
    cxr::ui::test::SampleFilm sample;
};

}  // namespace

class TestExplanationPanel : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void withoutAnAnalysisItSaysWhatToDo() {
        Fixture f;
        QVERIFY(f.child<QLabel>("explanationHint")->isVisible());
        QVERIFY(!f.child<QTreeWidget>("findingTree")->isVisible());
        f.analyse();
        QVERIFY(!f.child<QLabel>("explanationHint")->isVisible());
        QVERIFY(f.child<QTreeWidget>("findingTree")->isVisible());
    }
    void findingsStandWithTheirProbabilities() {
        Fixture f;
        f.analyse();
        auto* tree = f.child<QTreeWidget>("findingTree");
        QCOMPARE(tree->topLevelItemCount(), 16);
        QCOMPARE(tree->topLevelItem(0)->text(0), QString("Cardiomegaly"));
        QCOMPARE(tree->topLevelItem(0)->text(1), QString("47 %"));
        for (int i = 2; i < 16; ++i) {  // the others by falling probability
            const auto share = [&](int row) { return tree->topLevelItem(row)->text(1).remove(" %").toDouble(); };
            QVERIFY(share(i - 1) >= share(i));
        }
        QCOMPARE(f.explanations.targets().size(), std::size_t{16});
    }
    void aMapOfTheAnalysisIsThereAtOnceAndHiddenUntilWanted() {
        Fixture f;
        f.analyse();
        QTRY_VERIFY(f.panel.currentMap());
        QVERIFY(!f.panel.shownMap());
        f.show();
        QVERIFY(f.showAction.isChecked());
        QVERIFY(f.panel.shownMap());
        QCOMPARE(f.panel.shownMap()->map->className, std::string("Cardiomegaly"));
        QCOMPARE(f.panel.shownMap()->map->plane.width, 8);
        QCOMPARE(f.networks.explained.load(), 0);
        f.show();
        QVERIFY(!f.panel.shownMap());
    }
    void anotherMethodRunsOnlyWhenShownAndRefines() {
        Fixture f;
        f.analyse();
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->count(), 3);
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        QVERIFY(!f.panel.currentMap());
        QCOMPARE(f.networks.explained.load(), 0);
        f.networks.waits = true;
        f.show();
        QTRY_VERIFY(f.panel.shownMap());
        QVERIFY(f.panel.shownMap()->map->doneShare < 1);
        QVERIFY(f.child<QProgressBar>("explanationProgress")->isVisible());
        f.networks.waits = false;
        QTRY_COMPARE(f.panel.shownMap()->map->doneShare, 1.0);
        QTRY_VERIFY(!f.child<QProgressBar>("explanationProgress")->isVisible());
        QVERIFY(!f.panel.shownMap()->boxes.empty());
        f.chooseMethod(ExplainMethod::Cam);
        f.chooseMethod(ExplainMethod::IntegratedGradients);  // kept
        QTRY_VERIFY(f.panel.shownMap() && f.panel.shownMap()->map->method == ExplainMethod::IntegratedGradients);
        QCOMPARE(f.networks.explained.load(), 1);
    }
    void cancelStopsAndAFailureSaysWhy() {
        Fixture f;
        f.analyse();
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->count(), 3);
        f.show();
        f.networks.waits = true;
        f.chooseMethod(ExplainMethod::Occlusion);
        QTRY_VERIFY(f.child<QToolButton>("explanationCancel")->isVisible());
        QTest::mouseClick(f.child<QToolButton>("explanationCancel"), Qt::LeftButton);
        QTRY_VERIFY(!f.child<QToolButton>("explanationCancel")->isVisible());
        QVERIFY(!f.explanations.isBusy());
        f.networks.waits = false;
        f.networks.fails = true;
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        QTRY_VERIFY(f.child<QLabel>("explanationFault")->text().contains("50 steps"));
        QVERIFY(f.child<QLabel>("explanationFault")->isVisible());
        f.chooseMethod(ExplainMethod::Cam);
        QVERIFY(!f.child<QLabel>("explanationFault")->isVisible());
    }
    void aPackShowsOnlyWhatItAllows() {
        Fixture f;
        f.analyse();
        f.panel.choose("Cardiomegaly", "heartspot-cardiomegaly");
        auto* combo = f.child<QComboBox>("methodCombo");
        QTRY_COMPARE(combo->count(), 1);
        QCOMPARE(combo->currentText(), QString("Integrated gradients"));
        QVERIFY(f.child<QWidget>("explainSteps")->isVisible());
        QCOMPARE(f.panel.currentWish()->options.steps, 50);
        f.panel.choose("Edema");
        QTRY_COMPARE(combo->count(), 3);
    }
    void coarseMapsAreNotTheFirstChoice() {
        Fixture f;
        f.analyse(3);
        auto* combo = f.child<QComboBox>("methodCombo");
        auto* source = f.child<QLabel>("methodSource");
        QTRY_COMPARE(combo->count(), 3);
        QCOMPARE(combo->currentText(), QString("Integrated gradients"));
        QVERIFY2(source->text().contains("3 x 3 cells, too few"), qPrintable(source->text()));
        QVERIFY(f.child<QCheckBox>("mapPool")->isChecked());
        QVERIFY(!f.panel.preferences().method && f.panel.preferences().look.poolsPixelsOnly);
        QCOMPARE(f.networks.explained.load(), 0);  // nothing before it is wanted
        f.chooseMethod(ExplainMethod::Cam);        // the reader may
        QVERIFY(!source->text().contains("too few"));
        QVERIFY(!f.child<QCheckBox>("mapPool")->isChecked());
        QVERIFY(f.panel.preferences().method == ExplainMethod::Cam);
        f.panel.choose("Edema");
        QTRY_COMPARE(combo->currentText(), QString("Class activation map"));
        f.chooseMethod(ExplainMethod::IntegratedGradients);  // the program's again
        QVERIFY(!f.panel.preferences().method && source->text().contains("too few"));
        f.panel.choose("Cardiomegaly", "heartspot-cardiomegaly");
        QTRY_VERIFY(source->text().contains("no activation map"));
    }
    void fineMapsAre() {
        Fixture f;
        f.analyse(8);
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->count(), 3);
        QCOMPARE(f.child<QComboBox>("methodCombo")->currentText(), QString("Class activation map"));
        QVERIFY(f.child<QLabel>("methodSource")->text().contains("8 x 8 cells, fine enough"));
        QVERIFY(!f.child<QCheckBox>("mapPool")->isChecked());
    }
    void preferencesComeBack() {
        ExplanationPreferences wanted;
        wanted.look.style.colours = ColourMap::Inferno;
        wanted.look.style.opacity = 0.8;
        wanted.look.style.threshold = 0.45;
        wanted.look.style.showContours = true;
        wanted.look.style.showBoxes = false;
        wanted.look.pool.reset();
        wanted.look.poolsPixelsOnly = false;
        wanted.poolValues.kernel = 12;
        wanted.poolValues.quantile = 0.5;
        wanted.poolValues.stride = 4;
        wanted.method = ExplainMethod::Occlusion;
        Fixture f;
        f.panel.setPreferences(wanted);
        QVERIFY(f.panel.preferences() == wanted);
        f.analyse(3);
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->currentText(), QString("Occlusion"));
        f.show();
        QTRY_VERIFY(f.panel.shownMap() && f.panel.shownMap()->map->doneShare == 1);
        QVERIFY(f.panel.shownMap()->map->isSigned && !f.panel.shownMap()->style.showBoxes);
        QVERIFY(f.panel.preferences() == wanted);
        const QString json = toJson(wanted);
        QVERIFY(explanationPreferencesFrom(json) == wanted);
    }
    void looksChangeTheMapAtOnce() {
        Fixture f;
        f.analyse();
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->count(), 3);
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        f.show();
        QTRY_VERIFY(f.panel.shownMap() && f.panel.shownMap()->map->doneShare == 1);
        f.child<QSpinBox>("mapOpacitySpin")->setValue(80);
        QCOMPARE(f.panel.shownMap()->style.opacity, 0.8);
        f.child<QSpinBox>("mapThresholdSpin")->setValue(50);
        QCOMPARE(f.panel.shownMap()->style.threshold, 0.5);
        QVERIFY(f.panel.shownMap()->contours.empty());
        QTest::mouseClick(f.child<QCheckBox>("mapContours"), Qt::LeftButton, {}, {8, 8});
        QTRY_VERIFY(!f.panel.shownMap()->contours.empty());
        QVERIFY(f.panel.shownMap()->map->isPooled && f.child<QCheckBox>("mapPool")->isChecked());  // a map of pixels, by itself
        QTest::mouseClick(f.child<QCheckBox>("mapPool"), Qt::LeftButton, {}, {8, 8});
        QTRY_VERIFY(f.panel.shownMap()->map->isSigned);
        QTest::mouseClick(f.child<QCheckBox>("mapPool"), Qt::LeftButton, {}, {8, 8});
        QTRY_VERIFY(f.panel.shownMap()->map->isPooled);
        QVERIFY(f.child<QSlider>("mapKernelSlider")->isVisible());
        const HeatmapPtr before = f.panel.shownMap()->map;
        for (int q = 30; q <= 60; q += 10) f.child<QSlider>("mapQuantileSlider")->setValue(q);  // the last one wins
        QTRY_VERIFY(f.panel.shownMap()->map != before);
        QTRY_VERIFY(QString::fromStdString(f.panel.shownMap()->map->parameters).contains("0.6"));
        f.child<QSpinBox>("mapStrideSpin")->setValue(12);
        QTRY_VERIFY(QString::fromStdString(f.panel.shownMap()->map->parameters).contains("s 12"));
        f.child<QSpinBox>("mapStrideSpin")->setValue(200);  // never beyond the kernel
        QTRY_VERIFY(QString::fromStdString(f.panel.shownMap()->map->parameters).contains("s 24"));
    }
    // A wheel that passes over the panel scrolls it.
    void theWheelChangesOnlyWhatHasTheFocus() {
        Fixture f;
        f.analyse();
        f.show();
        QTRY_VERIFY(f.panel.shownMap());
        const auto turn = [](QWidget* part) {
            const QPointF at = QRectF(part->rect()).center();
            QWheelEvent wheel(at, part->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(part, &wheel);
        };
        auto* opacity = f.child<QSlider>("mapOpacitySlider");
        auto* colours = f.child<QComboBox>("mapColours");
        auto* spin = f.child<QSpinBox>("mapThresholdSpin");
        const int before = opacity->value(), threshold = spin->value();
        for (QWidget* part : {static_cast<QWidget*>(opacity), static_cast<QWidget*>(colours), static_cast<QWidget*>(spin)}) turn(part);
        QVERIFY(opacity->value() == before && colours->currentIndex() == 0 && spin->value() == threshold);
        opacity->setFocus();
        QTRY_VERIFY(opacity->hasFocus());
        turn(opacity);
        QVERIFY(opacity->value() != before);
    }
    void aLockedScaleStaysAcrossMaps() {
        Fixture f;
        f.analyse();
        QTRY_VERIFY(f.panel.currentMap());
        f.show();
        const double own = shownScale(*f.panel.shownMap()->map, f.panel.shownMap()->style).high;
        QTest::mouseClick(f.child<QCheckBox>("mapLock"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(f.panel.look().style.locked);
        QCOMPARE(f.panel.look().style.locked->high, own);
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        QTRY_VERIFY(f.panel.shownMap() && f.panel.shownMap()->map->method == ExplainMethod::IntegratedGradients);
        QCOMPARE(shownScale(*f.panel.shownMap()->map, f.panel.shownMap()->style).high, own);
        QTest::mouseClick(f.child<QCheckBox>("mapLock"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(!f.panel.look().style.locked);
    }
    void editedBoxesAreKeptAndReset() {
        Fixture f;
        f.analyse();
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->count(), 3);
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        f.show();
        QTRY_VERIFY(f.panel.shownMap() && !f.panel.shownMap()->boxes.empty());
        auto* reset = f.child<QToolButton>("resetBoxes");
        QVERIFY(!reset->isEnabled());
        QSignalSpy edited(&f.panel, &ExplanationPanel::boxesEdited);
        const EditedBoxes all{{f.panel.currentWish()->key(), {}}};
        f.panel.setEditedBoxes(all);  // by undo and redo: nothing is told back
        QVERIFY(f.panel.shownMap()->boxes.empty() && reset->isEnabled() && edited.isEmpty());
        f.panel.setEditedBoxes({});
        QVERIFY(!f.panel.shownMap()->boxes.empty() && !reset->isEnabled());
        f.panel.setBoxes({});
        QCOMPARE(edited.size(), 1);
        QVERIFY(f.panel.shownMap()->boxes.empty() && reset->isEnabled());
        f.chooseMethod(ExplainMethod::Cam);
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        QTRY_VERIFY(f.panel.shownMap() && f.panel.shownMap()->map->method == ExplainMethod::IntegratedGradients);
        QVERIFY(f.panel.shownMap()->boxes.empty());
        QTest::mouseClick(reset, Qt::LeftButton);
        QVERIFY(!f.panel.shownMap()->boxes.empty());
        QCOMPARE(edited.size(), 2);
        QVERIFY(!edited.last().at(1).value<std::optional<std::vector<FindingBox>>>());
    }
    void sentencesAndChecksStandBesideTheMap() {
        Fixture f;
        f.analyse();
        QTRY_COMPARE(f.child<QComboBox>("methodCombo")->count(), 3);
        f.chooseMethod(ExplainMethod::IntegratedGradients);
        f.show();
        QTRY_VERIFY(f.panel.story());
        QTRY_VERIFY(f.child<QLabel>("attentionText")->text().contains("heart"));
        auto* check = f.child<QPushButton>("checkMap");
        QTRY_VERIFY(check->isEnabled());
        QTest::mouseClick(check, Qt::LeftButton);
        auto* rows = f.child<QTreeWidget>("sanityRows");
        QTRY_COMPARE(rows->topLevelItemCount(), 2);
        QVERIFY(rows->isVisible());
        QVERIFY(rows->topLevelItem(1)->toolTip(0).contains("What flips do."));
        rows->setCurrentItem(rows->topLevelItem(0));
        QCOMPARE(f.child<QLabel>("sanityDetail")->text(), QString("The map changed."));
        f.panel.choose("Edema");  // checks belong to their map
        QVERIFY(f.panel.checks().empty() && !rows->isVisible());
    }
    void everyControlIsNamed() {
        Fixture f;
        f.analyse();
        const QStringList faults = cxr::ui::test::controlFaults(f.panel);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    }
};

QTEST_MAIN(TestExplanationPanel)
#include "tst_explanation_panel.moc"
