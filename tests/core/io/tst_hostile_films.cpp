// Every hostile and every odd file is opened in a process of its own, with 2 s of CPU time and 512 MiB: it opens or it is
// refused with a reason; nothing crashes, hangs or eats memory. Needs the shared data folder (CXR_DATA_DIR).
// Under sanitizers the processes get no memory limit and ten times the time.
#include <QDirIterator>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <vector>

#include "tests/support/bombs.h"
#include "tests/support/test_data.h"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSeconds = 20;
#else
constexpr int kSeconds = 2;
#endif

QString probe() { return QCoreApplication::applicationDirPath() + "/open_film_probe"; }

QStringList filesIn(const char* folder) {
    QStringList files;
    QDirIterator walk(QString::fromStdString((cxr::test::dataFolder() / "dicom" / folder).string()), QDir::Files,
                      QDirIterator::Subdirectories);
    while (walk.hasNext()) files << walk.next();
    files.sort();
    return files;
}

std::unique_ptr<QProcess> started(const QString& file) {
    auto process = std::make_unique<QProcess>();
    process->start(probe(), {"--seconds", QString::number(kSeconds), "--megabytes", "512", file});
    return process;
}

// Empty when the process opened its film, or refused it with a reason.
QString problemWith(QProcess& process, const QString& file) {
    const bool isFinished = process.waitForFinished(60'000);
    const QString said = QString::fromUtf8(process.readAllStandardOutput());
    const QString all = file + ": " + said + QString::fromUtf8(process.readAllStandardError());
    if (!isFinished || process.exitStatus() != QProcess::NormalExit)
        return "crashed or was killed by its limits: " + all;
    if (process.exitCode() == 0 && said.startsWith("OK ")) return {};
    const bool isRefused = process.exitCode() == 3 && said.startsWith("REFUSED ") && said.contains("cannot open ");
    // NotFound, Unsupported, Corrupt, TooLarge; Cancelled (0), OutOfMemory (6) or Internal (8) are no answers to a
    // file.
    const bool isAnswer = QStringList({"1", "2", "3", "4"}).contains(said.section(' ', 1, 1));
    return isRefused && isAnswer ? QString() : "gave no answer: " + all;
}

}  // namespace

class TestHostileFilms : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void opensOrRefuses_data();
    void opensOrRefuses();
    void bombsAreRefusedWithinSixteenMebibytes();
    void theProbeSeesCrashesAndHangs();
};

// Rows of 40 files: Qt Test stops any row after five minutes, and sanitizers are slow.
void TestHostileFilms::opensOrRefuses_data() {
    constexpr qsizetype kFilesInRow = 40;
    QTest::addColumn<QStringList>("files");
    const std::pair<const char*, int> folders[] = {
        {"fuzz_pwnlab_v3", 200}, {"pydicom", 180}, {"sr_seg", 1}};
    for (const auto& [folder, least] : folders) {
        const QStringList files = filesIn(folder);
        if (files.isEmpty()) QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
        QVERIFY(files.size() >= least);
        for (qsizetype begin = 0; begin < files.size(); begin += kFilesInRow) {
            QTest::addRow("%s from %d", folder, static_cast<int>(begin)) << files.mid(begin, kFilesInRow);
        }
    }
}

void TestHostileFilms::opensOrRefuses() {
    QFETCH(QStringList, files);
    int opened = 0, refused = 0;
    constexpr qsizetype kAtOnce = 4;
    for (qsizetype begin = 0; begin < files.size(); begin += kAtOnce) {
        std::vector<std::unique_ptr<QProcess>> running;
        for (const QString& file : files.mid(begin, kAtOnce)) running.push_back(started(file));
        for (std::size_t i = 0; i < running.size(); ++i) {
            const QString problem = problemWith(*running[i], files[begin + static_cast<qsizetype>(i)]);
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
            (running[i]->exitCode() == 0 ? opened : refused) += 1;
        }
    }
    qInfo("%s: %d opened, %d refused with a reason", QTest::currentDataTag(), opened, refused);
    QCOMPARE(opened + refused, static_cast<int>(files.size()));
}

// How fast is measured in tests/bench/HOSTILE.md.
void TestHostileFilms::bombsAreRefusedWithinSixteenMebibytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("Sanitizers need memory of their own.");
#endif
    const QTemporaryDir folder;
    for (const auto& [name, path] : cxr::test::writeBombs(folder.path().toStdString())) {
        const QString file = QString::fromStdString(path.string());
        QProcess process;
        process.start(probe(), {"--seconds", QString::number(kSeconds), "--megabytes", "512", file});
        QVERIFY2(process.waitForFinished(60'000), name.c_str());
        const QString said = QString::fromUtf8(process.readAllStandardOutput());
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 3, qPrintable(file + ": " + said));
        constexpr int kMostKib = 16 << 10;
        QVERIFY2(said.section("GREW ", 1).toInt() < kMostKib, qPrintable(file + ": " + said));
    }
}

// The test must be able to fail: a process killed by its limits is told from a refusal.
void TestHostileFilms::theProbeSeesCrashesAndHangs() {
    QProcess process;
    process.start(probe(), {"--seconds", "1", "--hang", "yes"});
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
}

QTEST_GUILESS_MAIN(TestHostileFilms)
#include "tst_hostile_films.moc"
