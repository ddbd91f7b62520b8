// SIGKILL at 200 random moments while a reader works: settings and corrections are whole afterwards, and at most the last
// second of them is lost. (The batch's journal has its own: tests/app/cli/tst_analysis_journal, tst_cli_analyze.)
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <memory>
#include <vector>

#include "build_paths.h"
#include "tests/ui/support/corrected_film.h"
#include "ui/state/correction_keeper.h"
#include "ui/state/settings.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr int kKills = 200, kReadersAtATime = 8, kLongestLifeMs = 1500, kMayBeLostMs = 1000;

// One reader, killed `lifeMs` after its first correction.
class Reader : public QObject {
  public:
    Reader(const QString& settingsFile, int lifeMs) : m_lifeMs(lifeMs) {
        connect(&m_process, &QProcess::readyReadStandardOutput, this, &Reader::listen);
        m_process.start(CXR_TEST_DIR "/correcting_reader", {settingsFile});
    }
    ~Reader() override {
        m_process.kill();
        m_process.waitForFinished();
    }

    [[nodiscard]] bool isDead() const { return m_process.state() == QProcess::NotRunning; }
    [[nodiscard]] bool wasKilled() const { return m_process.exitStatus() == QProcess::CrashExit && !m_heardAt.empty(); }
    [[nodiscard]] QByteArray complaints() { return m_process.readAllStandardError(); }
    // The last correction that was made at least `kMayBeLostMs` before the kill; 0: none.
    [[nodiscard]] int mustBeThere() const {
        int number = 0;
        for (const qint64 at : m_heardAt) number += at <= m_killedAt - kMayBeLostMs ? 1 : 0;
        return number;
    }
    [[nodiscard]] int made() const { return static_cast<int>(m_heardAt.size()); }

  private:
    void listen() {
        if (!m_clock.isValid()) {
            m_clock.start();
            QTimer::singleShot(m_lifeMs, this, [this] {
                m_killedAt = m_clock.elapsed();
                m_process.kill();
            });
        }
        // Heard later than made: a busy machine makes the test milder, never wrong.
        for (; m_process.canReadLine(); m_process.readLine()) m_heardAt.push_back(m_clock.elapsed());
    }

    QProcess m_process;
    QElapsedTimer m_clock;
    int m_lifeMs;
    qint64 m_killedAt = 0;
    std::vector<qint64> m_heardAt;  // of correction 1, 2, ...
};

}  // namespace

class TestSurvivesKill : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void atRandomMoments() {
        QRandomGenerator random(2026);
        int found = 0, required = 0;
        for (int done = 0; done < kKills; done += kReadersAtATime) {
            const QTemporaryDir folder;
            const auto settingsFile = [&](int i) { return folder.filePath(QStringLiteral("%1/settings.ini").arg(i)); };
            std::vector<std::unique_ptr<Reader>> readers;
            for (int i = 0; i < kReadersAtATime; ++i) {
                QVERIFY(QDir(folder.path()).mkdir(QString::number(i)));
                readers.push_back(std::make_unique<Reader>(settingsFile(i), random.bounded(kLongestLifeMs)));
            }
            for (int i = 0; i < kReadersAtATime; ++i) {
                Reader& reader = *readers[static_cast<std::size_t>(i)];
                QTRY_VERIFY_WITH_TIMEOUT(reader.isDead(), 60'000);
                QVERIFY2(reader.wasKilled(), reader.complaints().constData());
                Settings settings(settingsFile(i));
                const int setting = settings.exportFolder().toInt();  // 0: none was written yet
                auto store = CorrectionStore::openOrCreate(settings.correctionsFile().toStdString());
                QVERIFY2(store.isOk(), store.isOk() ? "" : store.error().message.c_str());
                const auto kept = std::move(store).value().find("film");
                QVERIFY2(kept.isOk(), kept.isOk() ? "" : kept.error().message.c_str());
                const int correction = kept.value() ? test::numberOf(kept.value()->corrections.lines->chest) : 0;
                const int text = kept.value() ? QString::fromStdString(kept.value()->corrections.text.impression).toInt() : 0;
                const QString what = QStringLiteral("made %1, must be there %2; setting %3, correction %4, text %5")
                                         .arg(reader.made()).arg(reader.mustBeThere()).arg(setting).arg(correction).arg(text);
                QVERIFY2(setting >= reader.mustBeThere() && correction >= reader.mustBeThere() && text >= reader.mustBeThere(), qPrintable(what));
                found += correction > 0 ? 1 : 0;
                required += reader.mustBeThere() > 0 ? 1 : 0;
            }
        }
        qInfo("%d of %d readers left corrections behind; %d had made some a second before the kill", found, kKills, required);
        QVERIFY(found >= required && required > 0);  // the test must be able to fail
    }
};

QTEST_GUILESS_MAIN(TestSurvivesKill)
#include "tst_survives_kill.moc"
