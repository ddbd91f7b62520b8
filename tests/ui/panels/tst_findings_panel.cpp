// FindingsPanel: every state is told in words, signs and colour; controls work by keyboard; it fits 320 px.
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "tests/ui/support/control_check.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/panels/findings_panel.h"
#include "ui/panels/ratio_scale.h"
#include "ui/panels/verdict_look.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

// WCAG 2.1 relative luminance and contrast.
double luminance(const QColor& c) {
    const auto linear = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}
double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QPalette paletteOf(const QColor& window, const QColor& text) {
    QPalette palette(window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    return palette;
}

QLabel* label(QWidget& panel, const char* name) { return panel.findChild<QLabel*>(QLatin1String(name)); }
QPushButton* button(QWidget& panel, const char* name) { return panel.findChild<QPushButton*>(QLatin1String(name)); }

}  // namespace

class TestFindingsPanel : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void verdictIsWordSignAndColour_data();
    void verdictIsWordSignAndColour();
    void tonesDifferInShapeNotOnlyInColour();
    void tonesReadOnDarkAndLight();
    void scaleKeepsTheOrderOfItsLimits();
    void scaleShowsWhereTheRatioLies();
    void busyShowsProgressAndCancels();
    void errorSaysWhatToDoAndKeepsTheFilm();
    void editToggleIsToldOnce();
    void lengthsCarryTheirProvenance();
    void anotherFilmForgetsTheOldOne();
    void notesOfFilmAndMeasurementAreSaidOnce();
    void fitsInto320Px();
    void everyControlIsNamed();
};

void TestFindingsPanel::verdictIsWordSignAndColour_data() {
    QTest::addColumn<double>("ratio");
    QTest::addColumn<bool>("uncertain");
    QTest::addColumn<QString>("word");
    QTest::newRow("normal") << 0.46 << false << "Normal";
    QTest::newRow("borderline") << 0.53 << false << "Borderline";
    QTest::newRow("just above a limit") << 0.503 << false << "Borderline";
    QTest::newRow("enlarged") << 0.61 << false << "Enlarged";
    QTest::newRow("uncertain") << 0.61 << true << "Mask uncertain";
}

void TestFindingsPanel::verdictIsWordSignAndColour() {
    QFETCH(double, ratio);
    QFETCH(bool, uncertain);
    QFETCH(QString, word);
    auto sample = test::sampleFilm();
    sample.chest.ratio = ratio;
    sample.chest.verdict = verdictOf(ratio);
    sample.chest.isUncertain = uncertain;
    FindingsPanel panel;
    panel.setFilm(sample.image);
    panel.setAnalysis(sample.chest, sample.model, 1.2);
    QCOMPARE(label(panel, "verdictWord")->text(), word);
    QCOMPARE(label(panel, "ratioValue")->text(), QString::fromStdString(ratioText(ratio)));
    QVERIFY(!label(panel, "verdictSign")->pixmap().isNull());
    QCOMPARE(label(panel, "verdictWord")->palette().color(QPalette::WindowText),
             toneColor(toneOf(sample.chest), panel.palette()));
    QVERIFY(label(panel, "verdictWord")->accessibleName().contains(word));
    QCOMPARE(label(panel, "ratioValue")->isEnabled(), !uncertain);
    QVERIFY(!label(panel, "ratioRange")->isVisibleTo(&panel));  // none is known
    sample.chest.ratioRange = {ratio - 0.02, ratio + 0.04};
    panel.setAnalysis(sample.chest, sample.model, 1.2);
    QVERIFY(label(panel, "ratioRange")->isVisibleTo(&panel));
    QVERIFY(label(panel, "ratioRange")->text().endsWith(QString::number(ratio + 0.04, 'f', 2)));
}

void TestFindingsPanel::tonesDifferInShapeNotOnlyInColour() {
    std::vector<QImage> signs;
    for (const FindingTone tone :
         {FindingTone::None, FindingTone::Good, FindingTone::Doubtful, FindingTone::Bad, FindingTone::Uncertain})
        signs.push_back(tonePixmap(tone, Qt::white, 26, 1).toImage());
    for (std::size_t i = 0; i < signs.size(); ++i)
        for (std::size_t j = i + 1; j < signs.size(); ++j) QVERIFY(signs[i] != signs[j]);
}

void TestFindingsPanel::tonesReadOnDarkAndLight() {
    for (const auto& [window, text] :
         {std::pair(QColor(30, 32, 36), QColor(230, 230, 230)), std::pair(QColor(250, 250, 250), QColor(20, 20, 20))})
        for (const FindingTone tone :
             {FindingTone::Good, FindingTone::Doubtful, FindingTone::Bad, FindingTone::Uncertain})
            QVERIFY(contrast(toneColor(tone, paletteOf(window, text)), window) >= 4.5);
}

void TestFindingsPanel::scaleKeepsTheOrderOfItsLimits() {
    RatioScale scale;
    scale.resize(300, 60);
    QVERIFY(scale.xOf(0.3) < scale.xOf(0.5));
    QVERIFY(scale.xOf(0.5) < scale.xOf(0.55));
    QCOMPARE(scale.xOf(0.9), scale.xOf(0.7));
    QVERIFY(std::abs(scale.xOf(0.5) - 150) < 1);  // the middle of 0.3 .. 0.7
}

void TestFindingsPanel::scaleShowsWhereTheRatioLies() {
    RatioScale scale;
    scale.resize(300, 60);
    const QImage empty = scale.grab().toImage();
    scale.setRatio(0.61, false);
    const QImage measured = scale.grab().toImage();
    scale.setRatio(0.61, true);
    const QImage uncertain = scale.grab().toImage();
    QVERIFY(empty != measured);
    QVERIFY(measured != uncertain);
    QVERIFY(scale.accessibleName().contains(QStringLiteral("0.61")));
}

void TestFindingsPanel::busyShowsProgressAndCancels() {
    FindingsPanel panel;
    panel.setFilm(test::sampleFilm().image);
    auto* progress = panel.findChild<QProgressBar*>(QStringLiteral("analysisProgress"));
    QVERIFY(!progress->isVisibleTo(&panel));
    panel.setBusy(0.42);
    QVERIFY(progress->isVisibleTo(&panel));
    QCOMPARE(progress->value(), 42);
    QVERIFY(!button(panel, "analyzeButton")->isEnabled());
    QVERIFY(button(panel, "analyzeButton")->toolTip().contains(QStringLiteral("running")));
    QSignalSpy cancelled(&panel, &FindingsPanel::cancelRequested);
    QTest::keyClick(button(panel, "cancelAnalysis"), Qt::Key_Space);
    QCOMPARE(cancelled.count(), 1);
    panel.setBusy(-1);
    QVERIFY(!progress->isVisibleTo(&panel));
    QVERIFY(button(panel, "analyzeButton")->isEnabled());
}

void TestFindingsPanel::errorSaysWhatToDoAndKeepsTheFilm() {
    FindingsPanel panel;
    panel.setFilm(test::sampleFilm().image);
    panel.setBusy(0.1);
    panel.setError(QStringLiteral("The model is missing; install the program again."));
    QVERIFY(label(panel, "analysisError")->isVisibleTo(&panel));
    QCOMPARE(label(panel, "analysisError")->text(), QStringLiteral("The model is missing; install the program again."));
    QVERIFY(!label(panel, "filmSize")->text().isEmpty());
    QSignalSpy again(&panel, &FindingsPanel::analyzeRequested);
    QTest::mouseClick(button(panel, "analyzeButton"), Qt::LeftButton);
    QCOMPARE(again.count(), 1);
    panel.setBusy(0);
    QVERIFY(!label(panel, "analysisError")->isVisibleTo(&panel));
}

void TestFindingsPanel::editToggleIsToldOnce() {
    FindingsPanel panel;
    const auto sample = test::sampleFilm();
    panel.setFilm(sample.image);
    QPushButton* edit = button(panel, "editOutlinesButton");
    QVERIFY(!edit->isEnabled());
    QVERIFY(edit->toolTip().contains(QStringLiteral("analysed")));
    panel.setAnalysis(sample.chest, sample.model, 0);
    QSignalSpy toggled(&panel, &FindingsPanel::editToggled);
    QTest::keyClick(edit, Qt::Key_Space);
    QCOMPARE(toggled.count(), 1);
    QCOMPARE(toggled.at(0).at(0).toBool(), true);
    panel.setEditing(false);
    QVERIFY(!edit->isChecked());
    QCOMPARE(toggled.count(), 1);
}

void TestFindingsPanel::lengthsCarryTheirProvenance() {
    const auto sample = test::sampleFilm();
    Image film = *sample.image;
    const auto heartText = [&] {
        FindingsPanel panel;
        panel.setFilm(std::make_shared<const Image>(film));
        panel.setAnalysis(sample.chest, sample.model, 0);
        return label(panel, "heartWidth")->text();
    };
    film.spacing = {0.2, 0.2, SpacingSource::ImagerPixelSpacing};
    QVERIFY2(heartText().contains(QStringLiteral("mm")) && heartText().contains(QStringLiteral("detector")),
             qPrintable(heartText()));
    film.spacing = {};
    QVERIFY2(heartText().contains(QStringLiteral("px")), qPrintable(heartText()));
    QVERIFY(!heartText().contains(QStringLiteral("mm")));
}

void TestFindingsPanel::anotherFilmForgetsTheOldOne() {
    FindingsPanel panel;
    const auto sample = test::sampleFilm(0.61);
    panel.setFilm(sample.image);
    panel.setAnalysis(sample.chest, sample.model, 1);
    button(panel, "editOutlinesButton")->setChecked(true);
    QSignalSpy toggled(&panel, &FindingsPanel::editToggled);
    panel.setFilm(test::sampleFilm(0.45).image);
    QCOMPARE(label(panel, "ratioValue")->text(), QStringLiteral("–"));
    QVERIFY(label(panel, "verdictWord")->text().isEmpty());
    QVERIFY(!label(panel, "heartWidth")->isVisibleTo(&panel));
    QCOMPARE(toggled.count(), 1);  // the outline tool is put away with the outlines
    panel.setFilm(nullptr);
    QVERIFY(!button(panel, "analyzeButton")->isEnabled());
}

void TestFindingsPanel::notesOfFilmAndMeasurementAreSaidOnce() {
    auto sample = test::sampleFilm();
    Image film = *sample.image;
    film.notes = {"Lossy compression.", "Colour film shown as gray."};
    sample.chest.notes = {"Lossy compression.", "AP film: the heart looks larger."};
    FindingsPanel panel;
    panel.setFilm(std::make_shared<const Image>(film));
    panel.setAnalysis(sample.chest, sample.model, 1);
    QVERIFY(label(panel, "measurementNotes")->text().contains(QStringLiteral("AP film")));
    QVERIFY(label(panel, "measurementNotes")->text().contains(QStringLiteral("Lossy")));
    QCOMPARE(label(panel, "filmNotes")->text(), QStringLiteral("•  Colour film shown as gray."));
}

void TestFindingsPanel::fitsInto320Px() {
    auto sample = test::sampleFilm();
    sample.chest.notes = {
        "The film is an AP projection: the heart looks larger than on a PA film, so the limits do not hold."};
    FindingsPanel panel;
    panel.setFilm(sample.image);
    panel.setAnalysis(sample.chest, sample.model, 1);
    panel.setBusy(0.3);
    QVERIFY2(panel.minimumSizeHint().width() <= 320, qPrintable(QString::number(panel.minimumSizeHint().width())));
    auto* scroll = panel.findChild<QScrollArea*>();
    QVERIFY2(scroll->widget()->minimumSizeHint().width() <= 304,
             qPrintable(QString::number(scroll->widget()->minimumSizeHint().width())));
}

void TestFindingsPanel::everyControlIsNamed() {
    FindingsPanel panel;
    const QStringList faults = test::controlFaults(panel);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestFindingsPanel)
#include "tst_findings_panel.moc"
