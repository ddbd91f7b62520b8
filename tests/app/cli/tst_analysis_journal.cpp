// The journal of analyze: what it keeps, what it forgets, and what a kill in the middle of a line leaves.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/cli/analysis_journal.h"

using namespace cxr;
using namespace cxr::cli;

namespace {

JournalEntry entryFor(const std::string& film) {
    return {film, "hash of " + film, "settings", {"a.report.json"}, "row, \"quoted\"", "{\"ratio\":0.5}"};
}

}  // namespace

class TestAnalysisJournal : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        touch("a.report.json");
    }

    void comesBack() {
        QVERIFY(open(false)->append(entryFor("/films/a.png")).isOk());
        const auto again = open(true);
        const JournalEntry* found = again->find("/films/a.png", "hash of /films/a.png", "settings");
        QVERIFY(found);
        QCOMPARE(found->csv, std::string("row, \"quoted\""));
        QCOMPARE(found->json, std::string("{\"ratio\":0.5}"));
    }

    void otherFilmSettingsOrMissingFilesDoNotCount() {
        QVERIFY(open(false)->append(entryFor("/films/a.png")).isOk());
        const auto again = open(true);
        QVERIFY(!again->find("/films/b.png", "hash of /films/a.png", "settings"));
        QVERIFY(!again->find("/films/a.png", "another hash", "settings"));
        QVERIFY(!again->find("/films/a.png", "hash of /films/a.png", "other settings"));
        QVERIFY(QFile::remove(m_folder->filePath("a.report.json")));
        QVERIFY(!again->find("/films/a.png", "hash of /films/a.png", "settings"));
    }

    void withoutResumeItBeginsAnew() {
        QVERIFY(open(false)->append(entryFor("/films/a.png")).isOk());
        QVERIFY(!open(false)->find("/films/a.png", "hash of /films/a.png", "settings"));
        QVERIFY(!open(true)->find("/films/a.png", "hash of /films/a.png", "settings"));
    }

    void aKillInTheMiddleOfALineLosesThatLineOnly() {
        {
            const auto journal = open(false);
            QVERIFY(journal->append(entryFor("/films/a.png")).isOk());
            QVERIFY(journal->append(entryFor("/films/b.png")).isOk());
        }
        QFile file(m_folder->filePath("precordia-analyze.jsonl"));
        QVERIFY(file.resize(file.size() - 20));
        {
            const auto again = open(true);
            QVERIFY(again->find("/films/a.png", "hash of /films/a.png", "settings"));
            QVERIFY(!again->find("/films/b.png", "hash of /films/b.png", "settings"));
            QVERIFY(again->append(entryFor("/films/c.png")).isOk());
        }
        const auto last = open(true);
        QVERIFY(last->find("/films/a.png", "hash of /films/a.png", "settings"));
        QVERIFY(last->find("/films/c.png", "hash of /films/c.png", "settings"));
    }

    void foreignLinesAreIgnored() {
        QFile file(m_folder->filePath("precordia-analyze.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no json\n{}\n[1]\n{\"film\":3}\n\n");
        file.close();
        QVERIFY(!open(true)->find("3", "", ""));
    }

    void missingFolder() {
        const auto refused = AnalysisJournal::open("/proc/none", false);
        QVERIFY(!refused.isOk());
        QCOMPARE(refused.error().code, ErrorCode::WriteFailed);
    }

  private:
    std::unique_ptr<AnalysisJournal> open(bool resume) {
        auto journal = AnalysisJournal::open(m_folder->path().toStdString(), resume);
        return journal.isOk() ? std::move(journal).value() : nullptr;
    }
    void touch(const char* name) {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAnalysisJournal)
#include "tst_analysis_journal.moc"
