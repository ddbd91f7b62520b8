// The file of corrections: what is put is found again, by another program too; other files are refused.
#include "core/corrections/correction_store.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <future>
#include <vector>

using namespace cxr;

namespace {

Corrections linesAt(double x) {
    Corrections corrections;
    corrections.filmWidthPx = corrections.filmHeightPx = 100;
    corrections.lines = RatioLines{{{1, 2}, {x, 2}}, {{0, 3}, {90, 3}}};
    return corrections;
}

}  // namespace

class TestCorrectionStore : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void whatWasPutIsFoundByTheNextProgram() {
        {
            CorrectionStore store = CorrectionStore::openOrCreate(file()).value();
            QVERIFY(!store.find("film a").value());
            QVERIFY(store.put("film a", linesAt(50)).isOk());
            QVERIFY(store.put("film a", linesAt(60)).isOk());
            QVERIFY(store.put("film b", linesAt(70)).isOk());
        }
        CorrectionStore store = CorrectionStore::openOrCreate(file()).value();
        QCOMPARE(store.count().value(), std::int64_t{2});
        const auto kept = store.find("film a").value();
        QVERIFY(kept && kept->corrections.lines == linesAt(60).lines);
        QVERIFY2(QRegularExpression("^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$").match(kept->savedAt.c_str()).hasMatch(),
                 kept->savedAt.c_str());
    }

    void emptyCorrectionsRemoveTheRow() {
        CorrectionStore store = CorrectionStore::openOrCreate(file()).value();
        QVERIFY(store.put("film", linesAt(50)).isOk());
        QVERIFY(store.put("film", {}).isOk());
        QVERIFY(!store.find("film").value());
        QCOMPARE(store.count().value(), std::int64_t{0});
    }

    void removeAllLeavesNoTrace() {
        {
            CorrectionStore store = CorrectionStore::openOrCreate(file()).value();
            QVERIFY(store.put("0123456789abcdef", linesAt(50)).isOk());
            QVERIFY(store.removeAll().isOk());
            QCOMPARE(store.count().value(), std::int64_t{0});
        }
        QFile bytes(QString::fromStdString(file()));
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        QVERIFY(!bytes.readAll().contains("0123456789abcdef"));
    }

    void twoProgramsWriteInTurn() {
        CorrectionStore first = CorrectionStore::openOrCreate(file()).value();
        CorrectionStore second = CorrectionStore::openOrCreate(file()).value();
        QVERIFY(first.put("a", linesAt(50)).isOk());
        QVERIFY(second.put("b", linesAt(60)).isOk());
        QVERIFY(first.find("b").value() && second.find("a").value());
    }

    void programsThatMakeTheFileAtOnceAllSucceed() {
        for (int round = 0; round < 20; ++round) {
            const std::string file = m_folder->filePath(QStringLiteral("%1.sqlite").arg(round)).toStdString();
            std::vector<std::future<std::string>> problems;
            for (int i = 0; i < 4; ++i) {
                problems.push_back(std::async(std::launch::async, [&file, i]() -> std::string {
                    auto store = CorrectionStore::openOrCreate(file);
                    if (!store.isOk()) return store.error().message;
                    const auto put = std::move(store).value().put("film " + std::to_string(i), linesAt(50));
                    return put.isOk() ? std::string() : put.error().message;
                }));
            }
            for (auto& problem : problems) QCOMPARE(QString::fromStdString(problem.get()), QString());
            QCOMPARE(CorrectionStore::openOrCreate(file).value().count().value(), std::int64_t{4});
        }
    }

    void aDamagedRowIsToldAndCanBeReplaced() {
        CorrectionStore store = CorrectionStore::openOrCreate(file()).value();
        QVERIFY(store.put("film", linesAt(50)).isOk());
        {
            sqlite3* raw = nullptr;
            QCOMPARE(sqlite3_open(file().c_str(), &raw), SQLITE_OK);
            QCOMPARE(sqlite3_exec(raw, "UPDATE film SET corrections = '{'", nullptr, nullptr, nullptr), SQLITE_OK);
            sqlite3_close(raw);
        }
        QCOMPARE(store.find("film").error().code, ErrorCode::Corrupt);
        QVERIFY(store.put("film", linesAt(60)).isOk());
        QVERIFY(store.find("film").value()->corrections.lines == linesAt(60).lines);
    }

    void otherFilesAreRefused() {
        QFile text(QString::fromStdString(file()));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write(QByteArray(5000, 'x')) == 5000);
        text.close();
        QCOMPARE(CorrectionStore::openOrCreate(file()).error().code, ErrorCode::Corrupt);
        QVERIFY(!CorrectionStore::openOrCreate("/nonexistent/folder/c.sqlite").isOk());
    }

  private:
    [[nodiscard]] std::string file() const { return m_folder->filePath("corrections.sqlite").toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestCorrectionStore)
#include "tst_correction_store.moc"
