// Draws the Prior lab with a real film, its exports, and a bundle's window, to look at; tells how fast the sliders answer.
//   render_prior_lab FILM FOLDER [light]
#include <QApplication>
#include <QCheckBox>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "build_paths.h"
#include "core/io/image_reader.h"
#include "core/pipeline/prior_table.h"
#include "ui/dialogs/bundle_window.h"
#include "ui/dialogs/prior_lab.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;
namespace fs = std::filesystem;

namespace {

void measureSliders(PriorLab& lab) {
    QSignalSpy updated(&lab, &PriorLab::pictureUpdated);
    for (const char* name : {"rlineCountSlider", "rlineSeedSlider", "hlineStepSlider"}) {
        std::vector<double> times;
        auto* slider = lab.findChild<QSlider*>(QLatin1String(name));
        for (int i = 0; i < 40; ++i) {
            updated.clear();
            QElapsedTimer timer;
            timer.start();
            slider->setValue(5 + (i * 7) % (slider->maximum() - 6));
            while (updated.isEmpty() && timer.elapsed() < 5000) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        std::sort(times.begin(), times.end());
        std::printf("%s: median %.1f ms, 90 %% %.1f ms, slowest %.1f ms\n", name, times[20], times[36], times.back());
    }
}

void drawBundle(const Image& image, const fs::path& folder) {
    const PriorJudges judges = installedPriorJudges().value();
    SealOptions options;
    for (const Pack& pack : judges.heartSpot) {
        options.pack = pack.folder;
        options.spec = priorFromJson(pack.manifest.input.priorJson).value();
    }
    const auto bundle = sealFilm(image, options, judges.engine.get(), judges.segmenter);
    const fs::path file = folder / "film.heartspot";
    if (!bundle.isOk() || !writeBundle(file, bundle.value()).isOk()) return;
    std::printf("bundle: %ju bytes\n", static_cast<std::uintmax_t>(fs::file_size(file)));
    BundleWindow window(QString::fromStdString(file.string()));
    QSignalSpy opened(&window, &BundleWindow::opened);
    window.show();
    opened.wait(10000);
    window.findChild<QCheckBox*>("bundleRelevanceCheck")->setChecked(true);
    window.grab().save(QString::fromStdString((folder / "bundle_window.png").string()));
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    if (argc < 3) return 2;
    applyTheme(application, argc > 3 ? Theme::Light : Theme::Dark);
    setEngineFolder(CXR_BIN_DIR);
    const auto image = readImage(argv[1]);
    if (!image.isOk()) return 1;
    const fs::path folder = argv[2];
    fs::create_directories(folder);
    PriorLab lab;
    lab.show();
    QSignalSpy compared(&lab, &PriorLab::compared), updated(&lab, &PriorLab::pictureUpdated);
    lab.setFilm(image.value(), image.value()->defaultVoi, QString::fromStdString(image.value()->sourceName));
    QElapsedTimer timer;
    timer.start();
    lab.compareFilm();
    compared.wait(120000);
    std::printf("compared in %.1f s\n", static_cast<double>(timer.elapsed()) / 1000);
    if (updated.isEmpty()) updated.wait(5000);
    measureSliders(lab);
    lab.grab().save(QString::fromStdString((folder / "prior_lab.png").string()));
    for (const char* name : {"figure.png", "figure.svg", "figure.pdf"}) {
        if (!writePriorFigure(lab.comparison().figure, folder / name).isOk()) return 1;
    }
    drawBundle(*image.value(), folder);
    return 0;
}
