// A machine without OpenGL: a sentence instead of landscapes. Libglvnd is told to look for drivers where there are none.
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/relief/relief_scene.h"
#include "ui/relief/relief_frames.h"
#include "ui/relief/relief_renderer.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

class TestReliefWithoutGl : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("__EGL_VENDOR_LIBRARY_DIRS", "/nowhere");
        qputenv("__EGL_VENDOR_LIBRARY_FILENAMES", "/nowhere/none.json");
    }
    void theReasonSaysWhatToInstall() {
        const auto made = ReliefRenderer::create();
        QVERIFY(!made);
        QVERIFY(made.error().code == ErrorCode::Unsupported);
        QVERIFY(QString::fromStdString(made.error().message).contains("libegl-mesa0"));
    }
    void framesFailOnceAndStayQuiet() {
        ReliefFrames frames;
        QSignalSpy failed(&frames, &ReliefFrames::failed);
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.5, 0.5));
        const ReliefFrames::Wish wish{{made}, {QSize(100, 80)}, {}, false};
        frames.want(wish);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(frames.problem().contains("relief view"));
        frames.want(wish);
        QVERIFY(!frames.isBusy());
        JobHandle job;
        bool hasFailed = false;
        job = frames.makePicture(&frames, {{made}, 1, {300, 200}, {}, {}}, [&](const Result<QImage>& result) { hasFailed = !result; });
        QTRY_VERIFY(hasFailed);
    }
};

QTEST_MAIN(TestReliefWithoutGl)
#include "tst_relief_without_gl.moc"
