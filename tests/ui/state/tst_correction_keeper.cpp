// CorrectionKeeper: corrections come back in the next sitting, as one step over what the networks find.
#include "ui/state/correction_keeper.h"

#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/support/corrected_film.h"

using namespace cxr;
using namespace cxr::ui;
using test::numbered;
using test::numberOf;

namespace {

// One sitting: a film on screen, analysed, its corrections looked up.
struct Sitting {
    Sitting(const QString& file, const Analysis& film) : keeper(session) {
        keeper.setFile(file.toStdString());
        show(film);
    }
    void show(const Analysis& film) {
        session.open(QString::fromStdString(film.image->sourceSha256), film.image);
        session.setAnalysis(film);
        keeper.restore();
    }
    [[nodiscard]] int number() const { return numberOf(session.measurement()->chestLine); }

    FilmSession session;
    CorrectionKeeper keeper;
    QSignalSpy restored{&keeper, &CorrectionKeeper::restored}, troubled{&keeper, &CorrectionKeeper::troubled};
};

}  // namespace

class TestCorrectionKeeper : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_film = test::filmWithHash("film");
        m_found = numberOf(m_film.chest.chestLine);
    }

    void correctionsComeBackAndUndoShowsTheNetworksAnswer() {
        {
            Sitting first(file(), m_film);
            first.session.commitEdit(numbered(m_film.chest, 7));
            first.session.commitBoxes("map", std::vector{FindingBox{{1, 2, 30, 40}, "Mass", 0.5, "CAM", 1, true}});
        }
        Sitting second(file(), m_film);
        QTRY_COMPARE(second.restored.size(), 1);
        QCOMPARE(second.number(), 7);
        QCOMPARE(second.session.editedBoxes().at("map").size(), std::size_t{1});
        QVERIFY(second.session.canUndo());
        second.session.undo();
        QCOMPARE(second.number(), m_found);
        QVERIFY(second.session.editedBoxes().empty() && !second.session.canUndo());
    }

    void aCalibrationComesBackToo() {
        const LengthCalibration calibration{{{10, 10}, {110, 10}}, 80};
        {
            Sitting first(file(), m_film);
            first.session.commitEdit(numbered(m_film.chest, 7));
            QVERIFY(first.session.setCalibration(calibration).isOk());
        }
        Sitting second(file(), m_film);
        QTRY_COMPARE(second.restored.size(), 1);
        QVERIFY(second.session.calibration() == calibration);
        QCOMPARE(second.number(), 7);
    }

    void whatWasWrittenComesBackWithoutAStepOfUndo() {
        const ReaderText text{ReportLanguage::German, "", "", "Herz grenzwertig.", "Dr. W"};
        {
            Sitting first(file(), m_film);
            first.session.setReaderText(text);
            QTRY_VERIFY(keptText() == text);  // while the film is open
            first.session.setReaderText({ReportLanguage::German, "", "", "Herz grenzwertig. Mehr.", "Dr. W"});
            first.session.setReaderText(text);
        }
        {
            Sitting second(file(), m_film);
            QTRY_VERIFY(second.session.readerText() == text);
            QVERIFY(!second.session.canUndo());
            QCOMPARE(second.restored.size(), 0);
            second.session.commitEdit(numbered(m_film.chest, 7));
        }
        Sitting third(file(), m_film);  // both, and the text survives undoing the correction
        QTRY_COMPARE(third.restored.size(), 1);
        QVERIFY(third.session.readerText() == text);
        third.session.undo();
        QVERIFY(third.session.readerText() == text);
        third.session.setReaderText({});
        QTRY_VERIFY(keptText() == ReaderText{});
    }

    void aTextWrittenBeforeTheLookUpStays() {
        const ReaderText older{ReportLanguage::English, "", "", "Older.", ""}, newer{ReportLanguage::English, "", "", "Newer.", ""};
        {
            Sitting first(file(), m_film);
            first.session.commitEdit(numbered(m_film.chest, 7));
            first.session.setReaderText(older);
        }
        {
            Sitting second(file(), m_film);
            second.session.setReaderText(newer);
            QTRY_COMPARE(second.restored.size(), 1);
            QVERIFY(second.session.readerText() == newer);
            QCOMPARE(second.number(), 7);
        }
        QVERIFY(keptText() == newer);
    }

    void aCalibrationMadeBeforeTheLookUpDoesNotReplaceOutlines() {
        { Sitting(file(), m_film).session.commitEdit(numbered(m_film.chest, 7)); }
        {
            Sitting second(file(), m_film);
            QVERIFY(second.session.setCalibration(LengthCalibration{{{10, 10}, {110, 10}}, 80}).isOk());
            QTRY_COMPARE(second.restored.size(), 1);
            QCOMPARE(second.number(), 7);
            QVERIFY(second.session.calibration().has_value());
        }
        QCOMPARE(keptNumber(), 7);
    }

    void whatWasUndoneIsNotKept() {
        {
            Sitting first(file(), m_film);
            first.session.commitEdit(numbered(m_film.chest, 7));
            first.session.undo();
        }
        { Sitting second(file(), m_film); }  // an untouched sitting in between
        Sitting third(file(), m_film);
        third.session.commitEdit(numbered(m_film.chest, 8));
        QTRY_VERIFY(QFileInfo::exists(file()));
        QCOMPARE(third.restored.size(), 0);
    }

    void undoingKeptCorrectionsForgetsThem() {
        { Sitting(file(), m_film).session.commitEdit(numbered(m_film.chest, 7)); }
        {
            Sitting second(file(), m_film);
            QTRY_COMPARE(second.restored.size(), 1);
            second.session.undo();
        }
        CorrectionStore store = CorrectionStore::openOrCreate(file().toStdString()).value();
        QCOMPARE(store.count().value(), std::int64_t{0});
    }

    void anUntouchedSittingKeepsThem() {
        { Sitting(file(), m_film).session.commitEdit(numbered(m_film.chest, 7)); }
        { Sitting second(file(), m_film); }  // closed before the file was even read
        Sitting third(file(), m_film);
        QTRY_COMPARE(third.restored.size(), 1);
    }

    void whoIsFasterThanTheDiskWins() {
        { Sitting(file(), m_film).session.commitEdit(numbered(m_film.chest, 7)); }
        {
            Sitting second(file(), m_film);
            second.session.commitEdit(numbered(m_film.chest, 9));
            QTRY_VERIFY(keptNumber() == 9);
            QCOMPARE(second.restored.size(), 0);
            QCOMPARE(second.number(), 9);
        }
    }

    void changesReachTheDiskWhileTheFilmIsOpen() {
        Sitting sitting(file(), m_film);
        sitting.session.commitEdit(numbered(m_film.chest, 3));
        QTRY_VERIFY(keptNumber() == 3);
    }

    void eachFilmHasItsOwn() {
        const Analysis other = test::filmWithHash("other");
        {
            Sitting sitting(file(), m_film);
            sitting.session.commitEdit(numbered(m_film.chest, 7));
            sitting.show(other);
            sitting.session.commitEdit(numbered(other.chest, 8));
        }
        Sitting sitting(file(), other);
        QTRY_COMPARE(sitting.restored.size(), 1);
        QCOMPARE(sitting.number(), 8);
        sitting.show(m_film);
        QTRY_COMPARE(sitting.restored.size(), 2);
        QCOMPARE(sitting.number(), 7);
    }

    void nothingIsKeptWithoutAFileOrAHash() {
        { Sitting(QString(), m_film).session.commitEdit(numbered(m_film.chest, 7)); }
        { Sitting(file(), test::filmWithHash("")).session.commitEdit(numbered(m_film.chest, 7)); }
        QVERIFY(!QFileInfo::exists(file()));
    }

    void forgetAllForgets() {
        { Sitting(file(), m_film).session.commitEdit(numbered(m_film.chest, 7)); }
        {
            Sitting sitting(file(), m_film);
            QTRY_COMPARE(sitting.restored.size(), 1);
            sitting.keeper.forgetAll();
        }
        QCOMPARE(keptNumber(), -1);
    }

    void aDamagedFileIsPutAside() {
        QFile damaged(file());
        QVERIFY(damaged.open(QIODevice::WriteOnly) && damaged.write(QByteArray(4096, 'x')) == 4096);
        damaged.close();
        {
            Sitting sitting(file(), m_film);
            QTRY_COMPARE(sitting.troubled.size(), 1);
            QVERIFY(sitting.troubled[0][0].toString().contains("corrections.sqlite.damaged"));
            sitting.session.commitEdit(numbered(m_film.chest, 7));
        }
        QVERIFY(QFileInfo::exists(file() + ".damaged"));
        QCOMPARE(keptNumber(), 7);
    }

    void aPlaceThatCannotBeWrittenIsTold() {
        QFile blocker(m_folder->filePath("blocker"));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        Sitting sitting(blocker.fileName() + "/corrections.sqlite", m_film);
        QTRY_COMPARE(sitting.troubled.size(), 1);
        sitting.session.commitEdit(numbered(m_film.chest, 7));
        QCOMPARE(sitting.number(), 7);
    }

  private:
    [[nodiscard]] QString file() const { return m_folder->filePath("corrections.sqlite"); }
    // -1: nothing is kept for the film.
    [[nodiscard]] int keptNumber() const {
        const auto kept = CorrectionStore::openOrCreate(file().toStdString()).value().find("film").value();
        return kept ? numberOf(kept->corrections.lines->chest) : -1;
    }

    [[nodiscard]] ReaderText keptText() const {
        const auto kept = CorrectionStore::openOrCreate(file().toStdString()).value().find("film").value();
        return kept ? kept->corrections.text : ReaderText{};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    Analysis m_film;
    int m_found = 0;
};

QTEST_GUILESS_MAIN(TestCorrectionKeeper)
#include "tst_correction_keeper.moc"
