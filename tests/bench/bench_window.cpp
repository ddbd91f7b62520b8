// What the window costs with a film of 2500 x 2048 px, 16 bits, on the offscreen platform.
//   slider/...   from a slider's move in the HeartSpot panel until its picture is painted; the goal is 50 ms.
//                worker/... is the worker's part of the same move alone: the rest is what the panel adds
//   memory/...   a fresh process with the window and so many films opened and shown one after the other, without the
//                network. Counters: resident and peak memory in MB, and above a process that opened none, in all and
//                for each film; the goal is 150 MB a film
#include <benchmark/benchmark.h>

#include <QApplication>
#include <QProcess>
#include <QSlider>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <opencv2/imgproc.hpp>

#include "core/image/phantom.h"
#include "tests/support/dicom_bytes.h"
#include "ui/main_window.h"
#include "ui/panels/heartspot_panel.h"
#include "ui/panels/heartspot_picture.h"
#include "ui/panels/heartspot_preview.h"
#include "ui/theme.h"

namespace {

using namespace cxr;
using namespace cxr::ui;
using Clock = std::chrono::steady_clock;

constexpr int kRows = 2500, kColumns = 2048;
constexpr int kMostFilms = 3;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

const Image& phantom() {
    static const Image kFilm = [] {
        PhantomSpec spec;
        spec.width = kColumns;
        spec.height = kRows;
        return makePhantom(spec).image;
    }();
    return kFilm;
}

cv::Mat ellipseRegion() {
    cv::Mat region = cv::Mat::zeros(320, 320, CV_8UC1);
    cv::ellipse(region, {175, 195}, {75, 60}, 0, 0, 360, cv::Scalar(255), cv::FILLED);
    return region;
}

// One slider of the panel and what it does to the prior.
struct Move {
    const char* name;
    const char* prior;
    int size;
    const char* slider;
    int from;  // the slider goes from here over 20 values and back
};
constexpr Move kMoves[] = {{"lines", "rhline+heart", 320, "rlineCountSlider", 190},
                           {"threshold", "heart", 320, "heartThresholdSlider", 90},
                           {"kernel", "mp+rhline+heart", 320, "poolKernelSlider", 12},
                           {"lines_2048", "rhline+heart", 2048, "rlineCountSlider", 190},
                           {"kernel_2048", "mp+rhline+heart", 2048, "poolKernelSlider", 12}};

int valueAt(const Move& move, std::int64_t i) { return move.from + static_cast<int>(i % 40 < 20 ? i % 40 : 40 - i % 40); }

PriorSpec specOf(const Move& move) {
    PriorSpec spec = priorByName(move.prior).value();
    spec.size = move.size;
    return spec;
}

// The panel on screen; knows when the picture of the last move is painted.
class PanelOnScreen : public QObject {
  public:
    explicit PanelOnScreen(const Move& move) {
        connect(&m_panel, &HeartSpotPanel::pictureUpdated, this, [this] { m_isUpdated = true; });
        m_preview = m_panel.findChild<HeartSpotPreview*>();
        m_preview->installEventFilter(this);
        m_panel.resize(380, 900);
        m_panel.show();
        m_panel.setPopulationRegion(ellipseRegion());
        m_panel.setSpec(specOf(move));
        m_panel.setFilm(std::make_shared<const Image>(phantom()), phantom().defaultVoi);
        waitForPicture();
        m_slider = m_panel.findChild<QSlider*>(QLatin1String(move.slider));
    }
    ~PanelOnScreen() override { m_pool.waitForDone(); }

    double secondsOfMove(int value) {
        const auto start = Clock::now();
        m_isUpdated = m_isPainted = false;
        m_slider->setValue(value);
        waitForPicture();
        return secondsSince(start);
    }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint && m_isUpdated) m_isPainted = true;
        return QObject::eventFilter(watched, event);
    }

  private:
    void waitForPicture() {
        while (!m_isPainted) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }

    QThreadPool m_pool;
    HeartSpotPanel m_panel{m_pool};
    HeartSpotPreview* m_preview = nullptr;
    QSlider* m_slider = nullptr;
    bool m_isUpdated = false, m_isPainted = false;
};

void moveSlider(benchmark::State& state, const Move& move) {
    PanelOnScreen panel(move);
    std::vector<double> times;
    for (auto _ : state) {
        times.push_back(panel.secondsOfMove(valueAt(move, static_cast<std::int64_t>(times.size()) + 1)));
        state.SetIterationTime(times.back());
    }
    std::sort(times.begin(), times.end());
    state.counters["p95_ms"] = 1000 * times[std::min(times.size() - 1, times.size() * 95 / 100)];
}

// The same moves without the panel; what it keeps between moves is kept here too.
void workerAlone(benchmark::State& state, const Move& move) {
    PictureRequest request{std::make_shared<const Image>(phantom()), phantom().defaultVoi, false, specOf(move), ellipseRegion(), nullptr};
    std::int64_t i = 0;
    for (auto _ : state) {
        const int value = valueAt(move, ++i);
        if (request.spec.pool) request.spec.pool->kernel = value;
        else if (request.spec.rline) request.spec.rline->count = value;
        else request.spec.heart->threshold = value;
        const auto made = makeHeartSpotPicture(request, {});
        request.cached = made.value().pooled;
        benchmark::DoNotOptimize(made.value().picture.constBits());
    }
}

// Every file is another film: the window keeps no picture twice.
QStringList writeFilms(const QString& folder) {
    QStringList files;
    for (int i = 0; i < kMostFilms; ++i) {
        cxr::test::DicomBytes dataSet;
        dataSet.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, "UI", "1.2.3." + std::to_string(i));
        dataSet.text(0x00080060, "CS", "CR").text(0x00185101, "CS", "PA").picture(kRows, kColumns, 16, 16);
        dataSet.words(0x7FE00010, {phantom().samples.ptr<std::uint16_t>(), phantom().samples.total()});
        const auto bytes = cxr::test::dicomFile(dataSet.bytes, cxr::test::kExplicitLittle);
        files << QStringLiteral("%1/film%2.dcm").arg(folder).arg(i);
        std::ofstream(files.back().toStdString(), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    return files;
}

// "VmHWM" or "VmRSS" of this process, MB.
double memoryMb(const std::string& name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name + ":")) return std::strtod(line.c_str() + name.size() + 1, nullptr) / 1024;
    return 0;
}

// The child process: the window as a user has it, the analysis switched off. Prints resident and peak memory.
int showFilms(const QStringList& files) {
    const QTemporaryDir folder;
    Settings settings(folder.filePath("settings.ini"));
    settings.setAutoAnalyze(false);
    applyTheme(*qApp, settings.theme());
    MainWindow window(settings);
    window.resize(1600, 1000);
    window.show();
    window.heartSpot().setPopulationRegion(ellipseRegion());
    QStringList shown;
    const auto finish = [] {
        std::printf("%f %f\n", memoryMb("VmRSS"), memoryMb("VmHWM"));
        QCoreApplication::exit();
    };
    QObject::connect(&window.heartSpot(), &HeartSpotPanel::factsChanged, &window, [&] {
        const QString path = window.workbench().session().path();
        if (!window.heartSpot().facts() || shown.contains(path)) return;
        shown << path;
        if (shown.size() == files.size()) return QTimer::singleShot(0, finish);
        QTimer::singleShot(0, &window, [&] { window.stepFilm(1); });
    });
    window.openPaths(files);
    if (files.isEmpty()) QTimer::singleShot(500, finish);
    return QApplication::exec();
}

struct Memory {
    double residentMb = 0, peakMb = 0;
};

Memory memoryWith(const QStringList& files) {
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), QStringList{"--show"} + files);
    child.waitForFinished(60'000);
    const QStringList numbers = QString::fromLatin1(child.readAllStandardOutput()).split(' ');
    return numbers.size() == 2 ? Memory{numbers[0].toDouble(), numbers[1].toDouble()} : Memory{};
}

void memory(benchmark::State& state, const QStringList& films) {
    static const Memory kNone = memoryWith({});
    Memory with;
    for (auto _ : state) with = memoryWith(films);
    if (with.peakMb <= 0 || kNone.peakMb <= 0) return state.SkipWithError("the child process gave no numbers");
    state.counters["resident_MB"] = with.residentMb;
    state.counters["peak_MB"] = with.peakMb;
    state.counters["resident_above_none_MB"] = with.residentMb - kNone.residentMb;
    state.counters["peak_above_none_MB"] = with.peakMb - kNone.peakMb;
    state.counters["peak_a_film_MB"] = (with.peakMb - kNone.peakMb) / static_cast<double>(films.size());
}

void registerAll(const QStringList& films) {
    for (const Move& move : kMoves) {
        benchmark::RegisterBenchmark((std::string("slider/") + move.name).c_str(), [move](benchmark::State& s) { moveSlider(s, move); })
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark((std::string("worker/") + move.name).c_str(), [move](benchmark::State& s) { workerAlone(s, move); })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    }
    for (qsizetype count = 1; count <= films.size(); ++count) {
        benchmark::RegisterBenchmark(("memory/" + std::to_string(count)).c_str(), [films, count](benchmark::State& s) { memory(s, films.mid(0, count)); })
            ->Iterations(1)
            ->Unit(benchmark::kSecond)
            ->UseRealTime();
    }
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.value(1) == "--show") return showFilms(words.mid(2));
    const QTemporaryDir folder;
    registerAll(writeFilms(folder.path()));
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
