// What the networks said, on real widgets: warnings, readings that follow corrections, the list with its order, point and
// prevalence by keyboard, words for screen readers.
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include "tests/support/sample_judgement.h"
#include "tests/ui/support/control_check.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/panels/disease_delegate.h"
#include "ui/panels/disease_model.h"
#include "ui/panels/findings_panel.h"
#include "ui/panels/judgement_section.h"
#include "ui/panels/readings_card.h"

using namespace cxr;
using namespace cxr::ui;

Q_DECLARE_METATYPE(cxr::ui::FindingPreferences)

namespace {

QLabel* label(QWidget& panel, const char* name) { return panel.findChild<QLabel*>(QLatin1String(name)); }
QListView* list(QWidget& panel) { return panel.findChild<QListView*>(QStringLiteral("diseaseList")); }
QStringList rows(QWidget& panel, int role = Qt::DisplayRole) {
    QStringList texts;
    for (int row = 0; row < list(panel)->model()->rowCount(); ++row)
        texts << list(panel)->model()->index(row, 0).data(role).toString();
    return texts;
}

ChestMeasurement chestOf(double ratio) {
    ChestMeasurement chest;
    chest.ratio = ratio;
    chest.verdict = verdictOf(ratio);
    return chest;
}

// What the shell does: keeps the preferences and shows the judgement anew.
struct Shell {
    JudgementSection section;
    FindingPreferences preferences;
    JudgementPtr judgement = cxr::test::sampleJudgement();
    explicit Shell(const std::string& point = kBalancedPoint) {
        preferences.operatingPoint = point;
        QObject::connect(&section, &JudgementSection::preferencesChanged, [this](const FindingPreferences& wanted) {
            preferences = wanted;
            section.setJudgement(judgement, preferences);
        });
        section.setJudgement(judgement, preferences);
        section.setMeasurement(chestOf(0.57));
        section.resize(360, 900);
        section.show();
    }
};

}  // namespace

class TestJudgementSection : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void nothingIsShownWhereNothingWasJudged() {
        JudgementSection section;
        section.setMeasurement(chestOf(0.57));
        QVERIFY(section.isHidden());
        section.setJudgement(cxr::test::sampleJudgement(), {});
        QVERIFY(!section.isHidden());
        section.setJudgement(nullptr, {});
        QVERIFY(section.isHidden());
        QCOMPARE(list(section)->model()->rowCount(), 0);
    }
    void diseasesAreSortedByProbabilityOrName() {
        Shell shell;
        QCOMPARE(rows(shell.section).size(), 14);
        QCOMPARE(rows(shell.section).first(), QStringLiteral("Cardiomegaly"));
        QCOMPARE(rows(shell.section).last(), QStringLiteral("Hernia"));
        auto* order = shell.section.findChild<QComboBox*>(QStringLiteral("diseaseOrder"));
        order->setFocus();
        QTest::keyClick(order, Qt::Key_Down);
        QVERIFY(shell.preferences.order == DiseaseOrder::Name);
        QStringList sorted = rows(shell.section);
        sorted.sort();
        QCOMPARE(rows(shell.section), sorted);
    }
    void anotherPointDecidesAnew() {
        Shell shell;
        const auto positives = [&] { return rows(shell.section, DiseaseModel::PositiveRole).filter(QStringLiteral("true")).size(); };
        const auto balanced = positives();
        auto* point = shell.section.findChild<QComboBox*>(QStringLiteral("operatingPoint"));
        QCOMPARE(point->currentText(), QStringLiteral("best balance"));
        QCOMPARE(point->count(), 3);
        point->setFocus();
        QTest::keyClick(point, Qt::Key_Down);  // 90 % sensitivity: lower thresholds
        QCOMPARE(shell.preferences.operatingPoint, std::string("sensitivity90"));
        QVERIFY(positives() > balanced);
        QTest::keyClick(point, Qt::Key_Down);
        QVERIFY(positives() < balanced);
        QCOMPARE(point->currentText(), QStringLiteral("90 % specificity"));
    }
    void atFirstMarksAreStrict() {
        Shell balanced, fresh{FindingPreferences().operatingPoint};
        const auto positives = [](Shell& shell) { return rows(shell.section, DiseaseModel::PositiveRole).filter(QStringLiteral("true")).size(); };
        QCOMPARE(fresh.section.findChild<QComboBox*>(QStringLiteral("operatingPoint"))->currentText(), QStringLiteral("90 % specificity"));
        QVERIFY(positives(fresh) < positives(balanced));
        QVERIFY(label(fresh.section, "diseaseHeadline")->text().endsWith(QStringLiteral("(90 % specificity)")));
        QVERIFY(label(fresh.section, "agreementSentence")->toolTip().contains(QStringLiteral("Operating point of the networks: 90 % specificity.")));
    }
    void theChosenRowIsShownInFullAndKeptInAnotherOrder() {
        Shell shell;
        QVERIFY(label(shell.section, "diseaseHeadline")->text().startsWith(QStringLiteral("Cardiomegaly: 41 %, at or above 7.0 %")));
        QSignalSpy chosen(&shell.section, &JudgementSection::findingChosen);
        list(shell.section)->setFocus();
        QTest::keyClick(list(shell.section), Qt::Key_Down);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toString(), QStringLiteral("Effusion"));
        QVERIFY(label(shell.section, "diseaseHeadline")->text().startsWith(QStringLiteral("Effusion")));
        QVERIFY(label(shell.section, "diseaseAccuracy")->text().contains(QStringLiteral("AUC 0.80 (0.75 to 0.84)")));
        QTest::keyClick(shell.section.findChild<QComboBox*>(QStringLiteral("diseaseOrder")), Qt::Key_Down);
        QVERIFY(label(shell.section, "diseaseHeadline")->text().startsWith(QStringLiteral("Effusion")));
    }
    void predictiveValuesFollowThePrevalence() {
        Shell shell;
        auto* spin = shell.section.findChild<QDoubleSpinBox*>(QStringLiteral("prevalence"));
        QCOMPARE(spin->value(), 7.0);  // the card's
        const QString before = label(shell.section, "diseasePredictive")->text();
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, QStringLiteral("50"));
        QTest::keyClick(spin, Qt::Key_Return);
        QCOMPARE(shell.preferences.prevalences.at("Cardiomegaly"), 0.5);
        // 0.5 * 0.74 / (0.5 * 0.74 + 0.5 * 0.29) = 72 %
        QCOMPARE(label(shell.section, "diseasePredictive")->text(), QStringLiteral("\u2192 72 % of such positives have it"));
        auto* reset = shell.section.findChild<QToolButton*>(QStringLiteral("resetPrevalence"));
        QVERIFY(reset->isEnabled());
        QTest::keyClick(reset, Qt::Key_Space);
        QVERIFY(shell.preferences.prevalences.empty());
        QCOMPARE(label(shell.section, "diseasePredictive")->text(), before);
        QVERIFY(!reset->isEnabled());
    }
    void readingsFollowCorrections() {
        Shell shell;
        auto* card = shell.section.findChild<ReadingsCard*>();
        QCOMPARE(label(*card, "agreementSentence")->text(), QStringLiteral("All three readings speak for cardiomegaly."));
        QVERIFY(label(*card, "agreementSentence")->toolTip().contains(QStringLiteral("network 47 % (at or above 9.0 %)")));
        QCOMPARE(label(*card, "ratioReadingValue")->text(), QStringLiteral("0.57"));
        QCOMPARE(label(*card, "heartSpotReadingValue")->text(), QStringLiteral("31 %"));
        shell.section.setMeasurement(chestOf(0.45));
        QCOMPARE(label(*card, "agreementSentence")->text(), QStringLiteral("The readings disagree."));
        QCOMPARE(label(*card, "ratioReadingDecision")->text(), QStringLiteral("normal"));
        shell.section.setMeasurement(std::nullopt);
        QVERIFY(!card->isVisible());
    }
    void warningsComeFirst() {
        Shell shell;
        QVERIFY(!label(shell.section, "judgementWarningText")->isVisible());
        auto doubtful = std::make_shared<Judgement>(*shell.judgement);
        doubtful->packs[0].findings[0].probability = 0.93;
        doubtful->view = readView(doubtful->packs[0], ViewPosition::PA);
        doubtful->packs[3].findings.clear();
        doubtful->packs[3].error = "its weights are damaged; install the pack again.";
        shell.section.setJudgement(doubtful, {});
        const QString warning = label(shell.section, "judgementWarningText")->text();
        QVERIFY(warning.startsWith(QStringLiteral("The header says PA")));
        QVERIFY(warning.contains(QStringLiteral("install the pack again")));
        QVERIFY(!shell.section.findChild<QWidget*>(QStringLiteral("heartSpotReading"))->isVisible());
    }
    void whatIsNotCalibratedSaysSo() {
        Shell shell;
        auto raw = std::make_shared<Judgement>(*shell.judgement);
        for (FindingProbability& finding : raw->packs[1].findings) finding.isCalibrated = false;
        raw->packs[2].findings[0].isCalibrated = false;
        shell.section.setJudgement(raw, {});
        QVERIFY(label(shell.section, "diseaseAccuracy")->text().startsWith(QStringLiteral("Not calibrated")));
        QVERIFY(label(shell.section, "networkReadingDecision")->text().contains(QStringLiteral("not calibrated")));
        QVERIFY(rows(shell.section, Qt::AccessibleTextRole).first().contains(QStringLiteral("not calibrated")));
    }
    void aPackWithoutPointsHasNoTickAndNoPrediction() {
        Shell shell;
        auto bare = std::make_shared<Judgement>(*shell.judgement);
        for (FindingProbability& finding : bare->packs[1].findings) {
            finding.points.clear();
            finding.prevalence.reset();
            finding.auc.reset();
        }
        shell.section.setJudgement(bare, {});
        QVERIFY(!shell.section.findChild<QComboBox*>(QStringLiteral("operatingPoint"))->isVisible());
        QVERIFY(!shell.section.findChild<QDoubleSpinBox*>(QStringLiteral("prevalence"))->isVisible());
        QVERIFY(!list(shell.section)->model()->index(0, 0).data(DiseaseModel::ThresholdRole).isValid());
        QVERIFY(label(shell.section, "diseaseHeadline")->text().endsWith(QStringLiteral("no operating point")));
    }
    void wordsForScreenReadersAndTooltips() {
        Shell shell;
        const QModelIndex first = list(shell.section)->model()->index(0, 0);
        QCOMPARE(first.data(Qt::AccessibleTextRole).toString(), QStringLiteral("Cardiomegaly: 41 %, at or above 7.0 %, positive"));
        const QString tip = first.data(Qt::ToolTipRole).toString();
        QVERIFY(tip.contains(QStringLiteral("AUC 0.86 (0.81 to 0.90)")) && tip.contains(QStringLiteral("at a prevalence of 7.0 %")));
        const QStringList faults = cxr::ui::test::controlFaults(shell.section);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    }
    void barsKeepTheirOrderOnTheScale() {
        const QRectF bar = DiseaseDelegate::barOf(QRectF(0, 0, 320, 24), QFont());
        QVERIFY(bar.left() > 100 && bar.right() < 300);
        QCOMPARE(DiseaseDelegate::xOf(0, bar), bar.left());
        QCOMPARE(DiseaseDelegate::xOf(1, bar), bar.right());
        QCOMPARE(DiseaseDelegate::xOf(0.25, bar), bar.center().x());
        QVERIFY(DiseaseDelegate::xOf(0.04, bar) > bar.left() + 0.19 * bar.width());
    }
    void thePanelShowsItAndForgetsItWithTheFilm() {
        const auto sample = cxr::ui::test::sampleFilm(0.57);
        FindingsPanel panel;
        panel.setFilm(sample.image);
        panel.setAnalysis(sample.chest, sample.model, 1.2);
        panel.setJudgement(cxr::test::sampleJudgement(), {});
        QCOMPARE(rows(panel).size(), 14);
        QVERIFY(label(panel, "otherModels")->text().contains(QStringLiteral("14 diseases 1.0.0")));
        QVERIFY2(panel.minimumSizeHint().width() <= 320, qPrintable(QString::number(panel.minimumSizeHint().width())));
        QSignalSpy changed(&panel, &FindingsPanel::preferencesChanged);
        panel.findChild<QDoubleSpinBox*>(QStringLiteral("prevalence"))->setValue(20);
        QCOMPARE(changed.count(), 1);
        panel.setFilm(cxr::ui::test::sampleFilm(0.45).image);
        QVERIFY(!list(panel)->isVisibleTo(&panel));
    }
};

QTEST_MAIN(TestJudgementSection)
#include "tst_judgement_section.moc"
