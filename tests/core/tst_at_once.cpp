// Threads of a window work beside each other: every job here begins in two threads in the same moment, in a process that has
// not done any of them before, and gets what it gets alone. The thread sanitizer (preset tsan) looks for what meets by luck.
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <latch>
#include <opencv2/core/utility.hpp>
#include <thread>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/corrections/correction_store.h"
#include "core/deidentify/deidentify.h"
#include "core/dicom_in/presented_film.h"
#include "core/dicom_in/segmented_film.h"
#include "core/dicom_in/structured_report.h"
#include "core/io/object_summary.h"
#include "core/pipeline/heartspot_bundle.h"
#include "core/pipeline/seal_heartspot.h"
#include "core/plot/figure.h"
#include "core/report/report.h"
#include "core/report/report_sheet.h"
#include "core/study/study_scan.h"
#include "tests/core/dicom_out/sample_results.h"
#include "tests/fuzz/film_seeds.h"
#include "tests/fuzz/object_seeds.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

// What a job found out, in words that do not depend on when it ran. `folder` is the thread's own.
using Job = std::function<std::string(const fs::path& folder)>;

std::string hashOf(const std::string& bytes) { return sha256Hex(std::as_bytes(std::span(bytes))); }
Bytes viewOf(const std::string& bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}; }

template <typename Value>
std::string failure(const Result<Value>& result) {
    return "failed: " + result.error().message;
}

fs::path put(const fs::path& file, const std::string& bytes) {
    if (!writeFileAtomically(file, bytes).isOk()) qFatal("no test file can be written");
    return file;
}

std::string samplesOf(const std::string& film) {
    const auto image = readImage(viewOf(film), "film");
    if (!image.isOk()) return failure(image);
    const cv::Mat& samples = image.value()->samples;
    return hashOf({reinterpret_cast<const char*>(samples.data), samples.total() * samples.elemSize()});
}

Job opening(const std::string& film) {
    return [film](const fs::path&) { return samplesOf(film); };
}

std::string scanned(const fs::path& folder) {
    fs::create_directories(folder / "disc");
    put(folder / "disc" / "a", fuzz::plainFilm(test::kExplicitLittle, true, false));
    put(folder / "disc" / "b", fuzz::reportSeed(fuzz::ObjectBytes()));
    put(folder / "disc" / "DICOMDIR", fuzz::directorySeed(fuzz::ObjectBytes(), {"a", "b"}));
    const auto scan = scanStudies({folder / "disc"});
    return scan.isOk() ? std::to_string(scan.value().objects.size()) + "+" + std::to_string(scan.value().unusable.size()) : failure(scan);
}

std::string companions(const fs::path& folder) {
    const auto state = readPresentationState(put(folder / "state", fuzz::presentationStateSeed(fuzz::ObjectBytes(), true)));
    const auto report = readStructuredReport(put(folder / "report", fuzz::reportSeed(fuzz::ObjectBytes())));
    const auto segments = readSegmentation(put(folder / "segments", fuzz::segmentationSeed(fuzz::ObjectBytes(), false)));
    const auto summary = describeObject(folder / "report");
    if (!state.isOk() || !report.isOk() || !segments.isOk() || !summary.isOk()) return "failed";
    return reportText(report.value()) + std::to_string(state.value().annotations.size() + 100 * segments.value().segments.size());
}

std::string deidentified(const fs::path&) {
    const std::string file = fuzz::plainFilm(test::kExplicitLittle, true, false);
    DeidentifyRequest request;
    request.boxes = std::vector<TextBox>{TextBox(2, 3, 20, 8)};
    const auto cleaned = deidentifyObject(viewOf(file), request, Pseudonyms(Pseudonyms::Key{7}));
    return cleaned.isOk() ? cleaned.value().patientCode + cleaned.value().instanceCode : failure(cleaned);
}

std::string sealed(const fs::path&) {
    const PriorSpec spec = priorByName("mp+rhline").value();
    GrayFilm film{spec.size, spec.size, {}};
    for (int i = 0; i < spec.size * spec.size; ++i) film.values.push_back(static_cast<float>(i * 7 % 251) / 250.0F);
    const auto bundle = sealHeartSpot(film, spec);
    if (!bundle.isOk()) return failure(bundle);
    const auto bytes = bundleBytes(bundle.value().bundle);
    return bytes.isOk() ? hashOf(bytes.value()) : failure(bytes);
}

std::string written(const fs::path& folder) {
    const test::SampleFilm sample = test::sampleFilm(folder);
    const auto film = SourceFilm::read(sample.file, sample.results.image->sourceSha256);
    if (!film.isOk()) return failure(film);
    const auto files = writeObjects(film.value(), sample.results, newObjectRun("1.2.3"), {kResultKinds.begin(), kResultKinds.end()}, folder);
    if (!files.isOk()) return failure(files);
    Report report = buildReport(*sample.results.image, sample.results.chest, sample.results.model, {});
    report.text.language = ReportLanguage::German;
    return std::to_string(files.value().written.size()) + sheetOf(report).verdict;
}

std::string drawn(const fs::path& folder) {
    Figure figure;
    figure.title = "Title";
    figure.panels.resize(1);
    figure.panels[0].lines = {{{0, 1}, {0.2, 0.8}}};
    if (const auto done = writeFigure(folder / "figure.png", figure); !done.isOk()) return failure(done);
    return samplesOf(readWholeFile(folder / "figure.png").value());
}

// One file of corrections for all threads, each with a connection of its own.
Job keeping(const fs::path& file) {
    return [file](const fs::path& folder) -> std::string {
        auto opened = CorrectionStore::openOrCreate(file);
        if (!opened.isOk()) return failure(opened);
        CorrectionStore store = std::move(opened).value();
        Corrections corrections;
        corrections.filmWidthPx = corrections.filmHeightPx = 100;
        corrections.lines = RatioLines{{{1, 2}, {50, 2}}, {{0, 3}, {90, 3}}};
        const std::string film = hashOf(folder.string());
        if (const auto done = store.put(film, corrections); !done.isOk()) return failure(done);
        const auto kept = store.find(film);
        return kept.isOk() && kept.value() ? "kept" : "lost";
    };
}

}  // namespace

class TestAtOnce : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
#ifdef __SANITIZE_THREAD__
        cv::setNumThreads(1);  // its own threads hand over where the sanitizer cannot see it
#endif
    }

    void everyJobBesideEveryOther() {
        const QTemporaryDir root;
        const fs::path folder = root.path().toStdString();
        const std::vector<Job> jobs{opening(fuzz::plainFilm(test::kImplicitLittle, false, false)),
                                    opening(fuzz::compressedFilm(fuzz::encoded(".jpg", CV_8UC1), "1.2.840.10008.1.2.4.50", 8, 8)),
                                    opening(fuzz::compressedFilm(fuzz::encoded(".jp2", CV_16UC1), "1.2.840.10008.1.2.4.90", 16, 16)),
                                    opening(fuzz::encoded(".png", CV_16UC1)),
                                    scanned,
                                    companions,
                                    deidentified,
                                    sealed,
                                    written,
                                    drawn,
                                    keeping(folder / "corrections.sqlite")};
        std::vector<std::string> together(2 * jobs.size());
        {
            std::latch begin(static_cast<std::ptrdiff_t>(together.size()));
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < together.size(); ++i) {
                const fs::path own = folder / std::to_string(i);
                fs::create_directory(own);
                threads.emplace_back([&, i, own] {
                    begin.arrive_and_wait();
                    together[i] = jobs[i / 2](own);
                });
            }
        }
        for (std::size_t job = 0; job < jobs.size(); ++job) {
            const std::string alone = jobs[job](folder / std::to_string(2 * job));
            QVERIFY2(!alone.empty() && !alone.starts_with("failed"), (std::to_string(job) + " " + alone).c_str());
            QCOMPARE(together[2 * job], alone);
            QCOMPARE(together[2 * job + 1], alone);
        }
    }
};

QTEST_GUILESS_MAIN(TestAtOnce)
#include "tst_at_once.moc"
