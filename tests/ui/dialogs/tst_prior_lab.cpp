// PriorLab and BundleWindow with real widgets: comparing a film and a folder, sliders, saving, stopping; opening a bundle.
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <cmath>
#include <opencv2/core.hpp>
#include <thread>

#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/seal_heartspot.h"
#include "core/prior/heartspot.h"
#include "tests/ui/support/control_check.h"
#include "ui/dialogs/bundle_window.h"
#include "ui/dialogs/prior_figure_view.h"
#include "ui/dialogs/prior_lab.h"
#include "ui/dialogs/prior_lab_table.h"
#include "ui/panels/picture_box.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

cv::Mat heartPicture() {
    cv::Mat region(64, 64, CV_8UC1, cv::Scalar(0));
    region(cv::Rect(20, 24, 30, 26)).setTo(255);
    return region;
}

ImagePtr phantomFilm() {
    PhantomSpec spec;
    spec.width = spec.height = 400;
    return std::make_shared<Image>(makePhantom(spec).image);
}

// No network, and priors that need no installed heart region are compared as always.
Result<PriorJudges> noJudges() { return priorJudges(nullptr); }

struct Fixture {
    explicit Fixture(PriorJudgesCall judges = noJudges) : lab(std::move(judges)) {
        lab.setHeartRegion(heartPicture());
        lab.show();
    }
    template <typename T>
    T* part(const char* name) {
        return lab.findChild<T*>(QLatin1String(name));
    }
    void openFilm() { lab.setFilm(film, film->defaultVoi, QStringLiteral("film.png")); }
    QTableWidget* table() { return part<QTableWidget>("priorTable"); }
    QString cell(int row, int column) { return table()->item(row, column)->text(); }

    ImagePtr film = phantomFilm();
    PriorLab lab;
    QSignalSpy compared{&lab, &PriorLab::compared};
    QSignalSpy failed{&lab, &PriorLab::failed};
    QSignalSpy updated{&lab, &PriorLab::pictureUpdated};
};

bool isHeartRegionInstalled() { return sealHeartSpot(networkFilm(*phantomFilm(), 400, nullptr), priorByName("heart").value()).isOk(); }

}  // namespace

class TestPriorLab : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyControlIsNamed() {
        Fixture f;
        QCOMPARE(test::controlFaults(f.lab).join('\n'), QString());
        QVERIFY(!f.part<QPushButton>("compareFilmButton")->isEnabled());
        QCOMPARE(f.part<QPushButton>("compareFilmButton")->toolTip(), QStringLiteral("Open a film first"));
        QVERIFY(!f.part<QPushButton>("saveTableButton")->isEnabled());
    }

    void comparesTheOpenFilm() {
        if (!isHeartRegionInstalled()) QSKIP("the model pack heart-lungs is not installed; its heart region is needed here");
        Fixture f;
        f.openFilm();
        QTest::mouseClick(f.part<QPushButton>("compareFilmButton"), Qt::LeftButton);
        QVERIFY(!f.part<QPushButton>("compareFilmButton")->isEnabled());
        QVERIFY(f.part<QPushButton>("stopComparingButton")->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(f.compared.count(), 1, 60000);
        QCOMPARE(f.table()->rowCount(), 14);
        QCOMPARE(f.cell(0, 0), QStringLiteral("hline"));
        QCOMPARE(f.cell(0, 1), QStringLiteral("6.3 %"));
        QCOMPARE(f.cell(7, 0), QStringLiteral("mp+hline"));
        QCOMPARE(f.cell(7, 1), QStringLiteral("3.1 %"));
        QCOMPARE(f.table()->item(7, 9)->toolTip(), QStringLiteral("no network was asked"));
        QVERIFY(f.part<QLabel>("priorLabStatus")->text().contains("No network was asked"));
        QVERIFY(!f.part<PriorFigureView>("priorFigure")->painted().isNull());
        QCOMPARE(f.lab.comparison().figure.panels.size(), std::size_t{14});
        QVERIFY(f.part<QPushButton>("saveFigureButton")->isEnabled());
        // Sorted by what is kept, a line chosen: the sliders show that prior.
        f.table()->sortByColumn(1, Qt::AscendingOrder);
        const int last = f.table()->rowCount() - 1;
        QTest::mouseClick(f.table()->viewport(), Qt::LeftButton, {}, f.table()->visualItemRect(f.table()->item(last, 0)).center());
        f.table()->selectRow(last);
        QCOMPARE(f.cell(last, 0), QStringLiteral("rhline"));
        QTRY_COMPARE(f.part<QLabel>("priorLabKept")->text(), QStringLiteral("Keeps 32.0 % of the pixels; re-identification risk not measured"));
    }

    void slidersAnswerWithTheNewestPrior() {
        Fixture f;
        f.openFilm();
        QTRY_VERIFY(f.updated.count() > 0);
        auto* slider = f.part<QSlider>("rlineCountSlider");
        for (int i = 0; i < 20; ++i) slider->setValue(10 + 20 * i);
        PriorSpec spec = defaultPrior();
        spec.rline->count = 390;
        const cv::Mat mask = priorMask(spec, heartPicture()).value();
        const QString expected = QStringLiteral("Keeps %1 % of the pixels; re-identification risk not measured")
                                     .arg(std::round(1000.0 * cv::countNonZero(mask) / (320 * 320)) / 10, 0, 'f', 1);
        QTRY_COMPARE(f.part<QLabel>("priorLabKept")->text(), expected);
        QVERIFY(!f.part<PictureBox>("priorLabPicture")->image().isNull());
    }

    void anOwnPriorJoinsTheTable() {
        Fixture f;
        f.openFilm();
        PriorSpec own = priorByName("hline").value();
        own.hline->step = 25;
        f.part<QSpinBox>("hlineStepSpin")->setValue(25);
        auto* prior = f.part<QComboBox>("priorCombo");
        prior->setCurrentIndex(prior->findData(QStringLiteral("hline")));
        for (int round = 1; round <= 2; ++round) {
            QTest::mouseClick(f.part<QPushButton>("addPriorButton"), Qt::LeftButton);
            QTRY_COMPARE_WITH_TIMEOUT(f.compared.count(), round, 60000);
            f.part<QSpinBox>("hlineStepSpin")->setValue(30);
        }
        QCOMPARE(f.table()->rowCount(), 2);
        QCOMPARE(f.cell(0, 1), QStringLiteral("2.5 %"));  // 8 rows of 320
        QCOMPARE(f.lab.comparison().figure.panels.size(), std::size_t{2});
        QVERIFY(f.lab.comparison().rows[0].spec == own);
    }

    void comparesAFolder() {
        if (!isHeartRegionInstalled()) QSKIP("the model pack heart-lungs is not installed; its heart region is needed here");
        QTemporaryDir folder;
        const cv::Mat gray = renderGray8(*phantomFilm(), phantomFilm()->defaultVoi);
        const QImage picture(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step[0]), QImage::Format_Grayscale8);
        QVERIFY(picture.save(folder.filePath("a.png")) && picture.mirrored().save(folder.filePath("b.png")));
        QFile broken(folder.filePath("c.png"));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("\x89PNG\r\n\x1a\nbroken") > 0);
        broken.close();
        Fixture f;
        f.lab.compareFolder(folder.path());
        QTRY_COMPARE_WITH_TIMEOUT(f.compared.count(), 1, 120000);
        QCOMPARE(f.lab.comparison().rows.size(), std::size_t{28});
        QCOMPARE(f.table()->rowCount(), 14);
        QVERIFY(f.table()->item(0, 0)->toolTip().startsWith("Mean over 2 film"));
        const QStringList words{"Means over 2 film", QFileInfo(folder.path()).fileName(), "pictures: a.png"};
        for (const QString& word : words) QVERIFY2(f.part<QLabel>("priorLabFilm")->text().contains(word), qPrintable(f.part<QLabel>("priorLabFilm")->text()));
        QVERIFY2(f.part<QLabel>("priorLabStatus")->text().contains("c.png"), qPrintable(f.part<QLabel>("priorLabStatus")->text()));
        const std::filesystem::path csv = folder.filePath("t.csv").toStdString(), markdown = folder.filePath("t.md").toStdString();
        QVERIFY(writePriorTable(f.lab.comparison(), csv).isOk() && writePriorTable(f.lab.comparison(), markdown).isOk());
        QVERIFY(!writePriorTable(f.lab.comparison(), folder.filePath("t.doc").toStdString()).isOk());
        QVERIFY(std::filesystem::file_size(csv) > 1000 && std::filesystem::file_size(markdown) > 1000);
    }

    void failuresAreSaid() {
        QTemporaryDir empty;
        Fixture f;
        f.lab.compareFolder(empty.path());
        QTRY_COMPARE(f.failed.count(), 1);
        QVERIFY(f.part<QLabel>("priorLabStatus")->text().contains("there is no film in this folder"));
        Fixture g([]() -> Result<PriorJudges> { return Error{ErrorCode::Corrupt, "the pack is damaged"}; });
        g.openFilm();
        g.lab.compareFilm();
        QTRY_COMPARE(g.failed.count(), 1);
        QVERIFY(g.part<QLabel>("priorLabStatus")->text().contains("the pack is damaged"));
        QVERIFY(g.part<QPushButton>("compareFilmButton")->isEnabled());
    }

    void stopKeepsTheTable() {
        std::atomic<bool> isRunning = false;
        std::atomic<bool> mayEnd = false;
        Fixture f([&]() -> Result<PriorJudges> {
            isRunning = true;
            while (!mayEnd) std::this_thread::yield();
            return priorJudges(nullptr);
        });
        f.openFilm();
        f.lab.compareFilm();
        QTRY_VERIFY(isRunning);
        QTest::mouseClick(f.part<QPushButton>("stopComparingButton"), Qt::LeftButton);
        mayEnd = true;
        QVERIFY(QThreadPool::globalInstance()->waitForDone(30000));
        QCoreApplication::processEvents();
        QCOMPARE(f.compared.count(), 0);
        QCOMPARE(f.part<QLabel>("priorLabStatus")->text(), QStringLiteral("Stopped."));
        QVERIFY(f.part<QPushButton>("compareFilmButton")->isEnabled());
    }

    // --- bundles -------------------------------------------------------------------------------------------------------

    void aBundleOpensWithWhatItHolds() {
        QTemporaryDir folder;
        const PriorSpec spec = priorByName("mp+hline").value();
        HeartSpotBundle bundle = sealHeartSpot(networkFilm(*phantomFilm(), 400, nullptr), spec).value().bundle;
        bundle.reading = BundleReading{{"spot", "HeartSpot net", "2.0", std::string(64, 'a'), {}}, "Cardiomegaly", 0.25};
        bundle.explanation = BundleExplanation{ExplainMethod::InputXGradient, "", std::vector<float>(bundle.samples.size(), 0.0F)};
        bundle.explanation->values[1500] = 1;
        const QString file = folder.filePath("x.heartspot");
        QVERIFY(writeBundle(file.toStdString(), bundle).isOk() && BundleWindow::isBundle(file) && !BundleWindow::isBundle("x.png"));
        BundleWindow window(file);
        QSignalSpy opened(&window, &BundleWindow::opened);
        window.show();
        QTRY_COMPARE(opened.count(), 1);
        const auto text = [&](const char* name) { return window.findChild<QLabel*>(QLatin1String(name))->text(); };
        QCOMPARE(text("bundleTitle"), QStringLiteral("Cardiomegaly 25 %"));
        QCOMPARE(text("bundleKeeps"), QStringLiteral("Keeps 3.1 % of the pixels; re-identification risk not measured"));
        QVERIFY(text("bundleNote").contains("Not for diagnostic use"));
        const QImage before = window.findChild<PictureBox*>()->image();
        QCOMPARE(before.size(), QSize(160, 160));
        QTest::mouseClick(window.findChild<QCheckBox*>("bundleRelevanceCheck"), Qt::LeftButton, {}, QPoint(8, 8));
        const QImage after = window.findChild<PictureBox*>()->image();
        int changed = 0;
        for (int y = 0; y < 160; ++y)
            for (int x = 0; x < 160; ++x) changed += before.pixel(x, y) != after.pixel(x, y) ? 1 : 0;
        QCOMPARE(changed, 1);
        QCOMPARE(test::controlFaults(window).join('\n'), QString());
    }

    void aBrokenBundleSaysWhy() {
        QTemporaryDir folder;
        QFile file(folder.filePath("broken.heartspot"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nothing") > 0);
        file.close();
        BundleWindow window(file.fileName());
        QSignalSpy failed(&window, &BundleWindow::failed);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(window.findChild<QLabel*>("bundleKeeps")->text().contains("no zip archive"));
        QVERIFY(!window.findChild<QCheckBox*>("bundleRelevanceCheck")->isEnabled());
    }
};

QTEST_MAIN(TestPriorLab)
#include "tst_prior_lab.moc"
