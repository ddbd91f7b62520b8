// FilmSession: corrections with undo and redo, records that outlive a change of film.
#include "ui/state/film_session.h"

#include <QSignalSpy>
#include <QTest>

#include "tests/ui/support/sample_findings.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

Analysis analysisOf(const test::SampleFilm& sample) { return {sample.image, sample.chest, sample.model, 0.5, nullptr}; }

// The chest line made longer by `px`: another ratio.
ChestMeasurement widened(const ChestMeasurement& chest, double px) {
    LinePx line = chest.chestLine;
    line.to.x += px;
    return withLines(chest, chest.heartLine, line);
}

}  // namespace

class TestFilmSession : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        PhantomSpec spec;
        spec.width = spec.height = 256;
        m_sample = test::sampleFilm(0.57, spec);
    }

    void hasNothingBeforeAnalysis() {
        FilmSession session;
        session.setAnalysis(analysisOf(m_sample));  // no film is open
        QVERIFY(!session.measurement());
        session.open("a", m_sample.image);
        QVERIFY(session.isOpen() && !session.measurement() && !session.canUndo());
        session.commitEdit(m_sample.chest);  // nothing to correct yet
        QVERIFY(!session.measurement());
    }

    void undoAndRedoWalkThroughTheCorrections() {
        FilmSession session;
        session.open("a", m_sample.image);
        session.setAnalysis(analysisOf(m_sample));
        const double found = session.measurement()->ratio;
        session.commitEdit(widened(*session.measurement(), 10));
        const double first = session.measurement()->ratio;
        session.commitEdit(widened(*session.measurement(), 10));
        const double second = session.measurement()->ratio;
        QVERIFY(found > first && first > second);
        session.undo();
        QCOMPARE(session.measurement()->ratio, first);
        session.undo();
        QCOMPARE(session.measurement()->ratio, found);
        QVERIFY(!session.canUndo() && session.canRedo());
        session.undo();  // stays at what the network found
        QCOMPARE(session.measurement()->ratio, found);
        session.redo();
        session.redo();
        QCOMPARE(session.measurement()->ratio, second);
        session.undo();
        session.commitEdit(widened(*session.measurement(), 30));  // another way: what was undone is gone
        QVERIFY(!session.canRedo());
        session.discardEdits();
        QCOMPARE(session.measurement()->ratio, found);
        QVERIFY(session.canRedo());
    }

    void boxesAreOnTheSameStack() {
        FilmSession session;
        session.commitBoxes("a map", std::vector<FindingBox>{});  // no film
        session.open("a", m_sample.image);
        session.setAnalysis(analysisOf(m_sample));
        QSignalSpy boxesChanged(&session, &FilmSession::boxesChanged), measured(&session, &FilmSession::measurementChanged);
        const auto at = [](double left) { return std::vector<FindingBox>{{{left, 2, 30, 40}, "Mass", 0.3, "CAM", 1, false}}; };
        session.commitBoxes("a map", at(1));
        session.commitEdit(widened(*session.measurement(), 10));
        const double corrected = session.measurement()->ratio;
        session.commitBoxes("a map", at(5));
        session.commitBoxes("a map", at(5));  // nothing new
        session.commitBoxes("another", std::vector<FindingBox>{});
        QCOMPARE(boxesChanged.count(), 3);
        QCOMPARE(measured.count(), 1);  // listeners of outlines hear of outlines only
        session.undo();
        QVERIFY(session.editedBoxes() == (EditedBoxes{{"a map", at(5)}}));
        session.undo();
        QVERIFY(session.editedBoxes() == (EditedBoxes{{"a map", at(1)}}));
        QCOMPARE(session.measurement()->ratio, corrected);
        QCOMPARE(measured.count(), 1);
        session.undo();
        QVERIFY(session.measurement()->ratio > corrected && session.editedBoxes() == (EditedBoxes{{"a map", at(1)}}));
        session.undo();
        QVERIFY(session.editedBoxes().empty() && !session.canUndo());
        session.redo();
        session.commitBoxes("a map", std::nullopt);  // reset can be undone, too
        QVERIFY(session.editedBoxes().empty() && session.canUndo());
        session.undo();
        QVERIFY(session.editedBoxes() == (EditedBoxes{{"a map", at(1)}}));
        session.open("b", m_sample.image);
        QVERIFY(session.editedBoxes().empty());
        session.open("a", m_sample.image);
        QCOMPARE(session.editedBoxes().size(), std::size_t{1});
        session.setAnalysis(analysisOf(m_sample));  // another answer of the network: the reader's boxes stay over it
        QVERIFY(session.editedBoxes() == (EditedBoxes{{"a map", at(1)}}));
        session.undo();
        QVERIFY(session.editedBoxes().empty() && !session.canUndo());
    }

    void anotherAnalysisKeepsTheCorrections() {
        FilmSession session;
        session.open("a", m_sample.image);
        session.setAnalysis(analysisOf(m_sample));
        session.commitEdit(widened(m_sample.chest, 12));
        const double corrected = session.measurement()->ratio;
        session.setAnalysis(analysisOf(m_sample));
        QCOMPARE(session.measurement()->ratio, corrected);
        session.discardEdits();
        QCOMPARE(session.measurement()->ratio, m_sample.chest.ratio);
    }

    void aPreviewIsNotKept() {
        FilmSession session;
        session.open("a", m_sample.image);
        session.setAnalysis(analysisOf(m_sample));
        QSignalSpy previewed(&session, &FilmSession::measurementPreviewed);
        session.previewEdit(widened(m_sample.chest, 10));
        QCOMPARE(previewed.count(), 1);
        QCOMPARE(session.measurement()->ratio, m_sample.chest.ratio);
        QVERIFY(!session.canUndo());
    }

    void comingBackFindsEverything() {
        FilmSession session;
        session.open("a", m_sample.image);
        session.setAnalysis(analysisOf(m_sample));
        session.commitEdit(widened(m_sample.chest, 12));
        session.setLook({{100, 50, VoiFunction::Linear, nullptr}, true, 1, false, true});
        const double ratio = session.measurement()->ratio;
        session.open("b", m_sample.image);
        QVERIFY(!session.measurement() && !session.canUndo() && !session.look());
        session.open("a", m_sample.image);
        QCOMPARE(session.measurement()->ratio, ratio);
        QVERIFY(session.canUndo() && session.look()->isInverted);
        QCOMPARE(session.look()->quarterTurns, 1);
        session.forget("a");
        QVERIFY(!session.isOpen());
        session.open("a", m_sample.image);
        QVERIFY(!session.measurement());
    }

    void theHistoryHasAnEndButKeepsTheNetworksAnswer() {
        FilmSession session;
        session.open("a", m_sample.image);
        session.setAnalysis(analysisOf(m_sample));
        for (std::size_t i = 0; i < FilmSession::kMaxHistory + 20; ++i) session.commitEdit(widened(m_sample.chest, double(i + 1)));
        std::size_t steps = 0;
        for (; session.canUndo(); ++steps) session.undo();
        QCOMPARE(steps, FilmSession::kMaxHistory - 1);
        QCOMPARE(session.measurement()->ratio, m_sample.chest.ratio);
    }

  private:
    test::SampleFilm m_sample;
};

QTEST_GUILESS_MAIN(TestFilmSession)
#include "tst_film_session.moc"
