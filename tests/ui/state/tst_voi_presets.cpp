// Window presets: stable digits, regions from outlines, nothing twice. Thumbnails: size and gray.
#include "ui/state/voi_presets.h"

#include <QGuiApplication>
#include <QTest>

#include "core/image/pixel_chain.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/state/thumbnail.h"

using namespace cxr;
using namespace cxr::ui;

class TestVoiPresets : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        PhantomSpec spec;
        spec.width = spec.height = 256;
        m_sample = test::sampleFilm(0.5, spec);
    }

    void digitsAreStable() {
        const auto without = voiPresets(*m_sample.image, std::nullopt);
        const auto with = voiPresets(*m_sample.image, m_sample.chest);
        QVERIFY(without.size() >= 5);
        QCOMPARE(with.size(), without.size());
        for (std::size_t i = 0; i < with.size(); ++i) QCOMPARE(with[i].name, without[i].name);
        QVERIFY(!without[3].setting && !without[4].setting);  // lungs and heart need outlines
        QVERIFY(with[3].setting && with[4].setting);
        QVERIFY(*with[0].setting == m_sample.image->defaultVoi);
        QVERIFY(*with[1].setting == fullRangeVoi(*m_sample.image));
        QVERIFY(with[3].setting->center < with[4].setting->center);  // air is darker than muscle
    }

    void headerWindowsFollowAndHaveAnEnd() {
        Image image = *m_sample.image;
        image.presets.clear();
        image.presets.push_back({"default again", image.defaultVoi});
        for (int i = 0; i < 20; ++i) image.presets.push_back({"window " + std::to_string(i), {100.0 + i, 50, VoiFunction::Linear, nullptr}});
        const auto presets = voiPresets(image, std::nullopt);
        QCOMPARE(presets.size(), std::size_t(kMaxPresets));
        QCOMPARE(presets[5].name, QString("window 0"));  // the default is the first preset already
    }

    void theRegionIsTheInsideOfTheOutline() {
        const Outline square{Organ::Heart, {{10, 20}, {30, 20}, {30, 50}, {10, 50}}, false};
        const cv::Mat mask = regionMask({&square}, 64, 64);
        int inside = 0;
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x) inside += mask.at<std::uint8_t>(y, x) == 255;
        QCOMPARE(inside, 20 * 30);
        QCOMPARE(int(mask.at<std::uint8_t>(20, 10)), 255);
        QCOMPARE(int(mask.at<std::uint8_t>(19, 10)), 0);
        QCOMPARE(int(mask.at<std::uint8_t>(49, 29)), 255);
        QCOMPARE(int(mask.at<std::uint8_t>(50, 30)), 0);
    }

    void thumbnailsKeepShapeAndGray() {
        Image image;
        image.samples = cv::Mat(100, 400, CV_16UC1, cv::Scalar(0));
        image.samples.colRange(200, 400).setTo(255);
        image.defaultVoi = {127.5, 256, VoiFunction::Linear, nullptr};
        const QImage thumbnail = makeThumbnail(image, 128);
        QCOMPARE(thumbnail.size(), QSize(128, 32));
        QVERIFY(qGray(thumbnail.pixel(3, 16)) <= 1);
        QVERIFY(qGray(thumbnail.pixel(124, 16)) >= 254);
    }

  private:
    test::SampleFilm m_sample;
};

QTEST_GUILESS_MAIN(TestVoiPresets)
#include "tst_voi_presets.moc"
