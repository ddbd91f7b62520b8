// A main window with its own settings, a fake analysis and films written by the test.
#pragma once

#include <QApplication>
#include <QLabel>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <thread>

#include "core/image/pixel_chain.h"
#include "tests/support/dicom_bytes.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/main_window.h"
#include "ui/panels/film_area.h"
#include "ui/panels/study_list.h"

namespace cxr::ui::test {

inline constexpr int kSidePx = 256;
inline constexpr double kRatio = 0.57;

inline PhantomSpec smallSpec() {
    PhantomSpec spec;
    spec.width = spec.height = kSidePx;
    return spec;
}

// What a perfect network would say about the phantom, at once.
inline Result<Analysis> measuredAtOnce(const ImagePtr& image, const AnalysisOptions&, const RunContext&) {
    const SampleFilm sample = sampleFilm(kRatio, smallSpec());
    return Analysis{image, sample.chest, sample.model, 0.25, nullptr};
}

// Never ends by itself.
inline Result<Analysis> measuredNever(const ImagePtr&, const AnalysisOptions&, const RunContext& context) {
    context.report(0.3);
    while (!context.isCancelled()) std::this_thread::yield();
    return Error{ErrorCode::Cancelled, "stopped"};
}

class WindowFixture {
  public:
    explicit WindowFixture(AnalyzeFunction analyze = measuredAtOnce, ReadFunction read = readFilm,
                           ExplanationCalls explanations = explanationsWithEngine())
        : settings(m_folder.filePath("settings.ini")),
          window(settings, {std::move(read), std::move(analyze), std::move(explanations)}) {
        window.resize(1400, 1100);
        window.show();
    }

    QString path(const QString& name) const { return m_folder.filePath(name); }

    // The phantom as an 8-bit PNG.
    QString writePng(const QString& name) const {
        const Image image = makePhantom(smallSpec()).image;
        const cv::Mat gray = renderGray8(image, image.defaultVoi);
        const QImage picture(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step[0]), QImage::Format_Grayscale8);
        if (!picture.save(path(name), "PNG")) qFatal("cannot write a test film");
        return path(name);
    }

    // The same as a 12-bit DICOM.
    QString writeDicom(const QString& name) const {
        const Image image = makePhantom(smallSpec()).image;
        cxr::test::DicomBytes dataSet;
        dataSet.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, "UI", "1.2.3").text(0x00080060, "CS", "CR");
        dataSet.text(0x00100010, "PN", "Phantom^Test").text(0x00185101, "CS", "PA");
        dataSet.picture(image.height(), image.width());
        dataSet.words(0x7FE00010, {image.samples.ptr<std::uint16_t>(), image.samples.total()});
        write(name, cxr::test::dicomFile(dataSet.bytes, cxr::test::kExplicitLittle));
        return path(name);
    }

    QString write(const QString& name, const std::vector<std::uint8_t>& bytes) const {
        std::ofstream(path(name).toStdString(), std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()),
                                                                        static_cast<std::streamsize>(bytes.size()));
        return path(name);
    }

    FilmView& view() { return window.filmView(); }
    FilmSession& session() { return window.workbench().session(); }
    FilmListState& films() { return window.workbench().films(); }
    QAction* action(const char* id) const { return window.actions()[id]; }
    template <typename T>
    T* child(const char* name) const {
        return window.findChild<T*>(QLatin1String(name));
    }

  private:
    QTemporaryDir m_folder;

  public:
    Settings settings;
    MainWindow window;
};

inline void drag(QWidget& widget, QPointF from, QPointF to) {
    const auto at = [](QPointF point) { return point.toPoint(); };
    QTest::mouseMove(&widget, at(from));
    QTest::mousePress(&widget, Qt::LeftButton, {}, at(from));
    for (int step = 1; step <= 4; ++step) QTest::mouseMove(&widget, at(from + (to - from) * step / 4.0));
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, at(to));
}

}  // namespace cxr::ui::test
