// ExportDialog: every kind of file, whole or not at all, existing ones asked about once, identities kept out.
#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QtTest>

#include "tests/ui/support/control_check.h"
#include "tests/ui/support/sample_findings.h"
#include "tests/ui/support/sample_heatmap.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/export_job.h"
#include "ui/panels/picture_box.h"
#include "ui/print/findings_painter.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

const QString kFamilyName = QStringLiteral("Quillfeather");

ExportContext sampleContext() {
    auto sample = test::sampleFilm();
    Image film = *sample.image;
    film.patient = {"Quillfeather, Ada", "ID-778899", "1949-03-08", "F", "063Y"};
    film.sourceName = "quillfeather_ada.dcm";
    film.sourceSha256 = "3fa9c1" + std::string(58, '0');
    film.study.studyDate = "2001-02-03";
    HeartSpotFacts facts;
    facts.priorName = "hline";
    facts.priorHash = std::string(64, 'b');
    facts.priorJson = "{}";
    facts.keptPixels = 6400;
    facts.cropPixels = 102400;
    return {std::make_shared<const Image>(std::move(film)),
            sample.image->defaultVoi,
            false,
            sample.chest,
            sample.model,
            facts,
            nullptr,
            {}};
}

// With a map over the heart, as the Explanations panel hands it over.
ExportContext explainedContext(bool isShown) {
    ExportContext context = sampleContext();
    const auto map = std::make_shared<const Heatmap>(test::hill(24, 0.5, 0.6, {0, 0}, context.image->width()));
    context.heatmap = ExportedMap{{map, {}, {}, {}}, map};
    context.hasHeatmap = isShown;
    return context;
}

QByteArray contentOf(const QString& file) {
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

QStringList everythingIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

struct Fixture {
    QTemporaryDir folder;
    ExportDialog dialog;
    QSignalSpy exported{&dialog, &ExportDialog::exported};
    QSignalSpy failed{&dialog, &ExportDialog::failed};

    explicit Fixture(ExportContext context = sampleContext()) : dialog(std::move(context)) {
        dialog.setFolder(folder.path());
        dialog.show();
    }
    ~Fixture() { QThreadPool::globalInstance()->waitForDone(); }
    template <typename T>
    T* part(const char* name) {
        return dialog.findChild<T*>(QLatin1String(name));
    }
    void chooseAll() {
        for (const char* name : {"exportPng", "exportPdf", "exportHtml", "exportJson", "exportCsv"})
            part<QCheckBox>(name)->setChecked(true);
    }
    void press(const char* name) {
        QCoreApplication::processEvents();  // parts that just appeared get their places
        QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton);
    }
    QString path(const QString& name) const { return folder.filePath(name); }
};

}  // namespace

class TestExportDialog : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void writesEveryKind();
    void showsThePictureFirst();
    void asksOnceAndReplaces();
    void asksOnceAndRenames();
    void asksOnceAndGoesBack();
    void aFolderThatCannotBeWrittenLeavesNothing();
    void aFailureHalfWayLeavesNothing();
    void cancelLeavesNothing();
    void saysWhatIsMissing();
    void pseudonymKeepsThePatientOut();
    void nothingKeepsThePatientOut();
    void aTypedNameStays();
    void aHeatmapGoesAlongWhenItIsWanted();
    void addedPicturesGoAlongUnlessUnchecked();
    void everyControlIsNamed();
};

void TestExportDialog::writesEveryKind() {
    Fixture f;
    f.chooseAll();
    QCOMPARE(f.part<QLineEdit>("baseNameEdit")->text(), QStringLiteral("quillfeather_ada"));
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    QCOMPARE(everythingIn(f.folder.path()),
             (QStringList{"quillfeather_ada.csv", "quillfeather_ada.html", "quillfeather_ada.json",
                          "quillfeather_ada.pdf", "quillfeather_ada.png"}));
    const QImage picture(f.path("quillfeather_ada.png"));
    QVERIFY(std::max(picture.width(), picture.height()) >= 1600);
    QVERIFY(contentOf(f.path("quillfeather_ada.pdf")).startsWith("%PDF-"));
    QVERIFY(contentOf(f.path("quillfeather_ada.html")).contains("Quillfeather"));
    QVERIFY(QJsonDocument::fromJson(contentOf(f.path("quillfeather_ada.json"))).isObject());
    QCOMPARE(contentOf(f.path("quillfeather_ada.csv")).trimmed().split('\n').size(), 2);
    QVERIFY(f.part<QLabel>("exportResult")->text().contains(QStringLiteral("quillfeather_ada.pdf")));
    QVERIFY(f.part<QPushButton>("openFolderButton")->isVisibleTo(&f.dialog));
}

void TestExportDialog::aHeatmapGoesAlongWhenItIsWanted() {
    Fixture without;
    QVERIFY(!without.part<QCheckBox>("exportHeatmap")->isEnabled());
    QVERIFY(without.part<QCheckBox>("exportHeatmap")->toolTip().contains("Explanations"));
    Fixture f(explainedContext(false));
    auto* check = f.part<QCheckBox>("exportHeatmap");
    QVERIFY(check->isEnabled() && !check->isChecked());  // off unless it is on the film
    f.chooseAll();
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    QVERIFY(!contentOf(f.path("quillfeather_ada.html")).contains("Class activation map"));
    const QImage bare(f.path("quillfeather_ada.png"));
    Fixture g(explainedContext(true));
    QVERIFY(g.part<QCheckBox>("exportHeatmap")->isChecked());
    g.chooseAll();
    g.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(g.exported.count(), 1, 20000);
    const QImage mapped(g.path("quillfeather_ada.png"));
    QVERIFY(mapped.height() > bare.height());  // the legend's row
    const QPoint top(bare.width() / 2, bare.width() * 6 / 10);
    QVERIFY(mapped.pixelColor(top).saturation() > 60 && mapped.pixel(top) != bare.pixel(top));
    QVERIFY(contentOf(g.path("quillfeather_ada.html")).contains("Class activation map"));
    QVERIFY(contentOf(g.path("quillfeather_ada.json")).contains("explanations"));
}

void TestExportDialog::addedPicturesGoAlongUnlessUnchecked() {
    Fixture without;
    QVERIFY(!without.part<QCheckBox>("exportPictures")->isVisibleTo(&without.dialog));
    ExportContext context = sampleContext();
    QImage picture(60, 40, QImage::Format_RGB32);
    picture.fill(Qt::darkGreen);
    context.pictures = {{"Relief of 2 heatmaps", "One scale.", "Two hills.", toPng(picture)}};
    Fixture f(context);
    auto* check = f.part<QCheckBox>("exportPictures");
    QVERIFY(check->isVisibleTo(&f.dialog) && check->isChecked() && check->toolTip().contains("Relief of 2 heatmaps"));
    f.chooseAll();
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    QVERIFY(contentOf(f.path("quillfeather_ada.html")).contains("alt=\"Two hills.\""));
    Fixture g(context);
    g.part<QCheckBox>("exportPictures")->setChecked(false);
    g.chooseAll();
    g.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(g.exported.count(), 1, 20000);
    QVERIFY(!contentOf(g.path("quillfeather_ada.html")).contains("Two hills."));
}

void TestExportDialog::showsThePictureFirst() {
    Fixture f;
    auto* preview = f.part<PictureBox>("exportPreview");
    QTRY_VERIFY_WITH_TIMEOUT(!preview->image().isNull(), 20000);
    QVERIFY(everythingIn(f.folder.path()).isEmpty());
}

void TestExportDialog::asksOnceAndReplaces() {
    Fixture f;
    QFile old(f.path("quillfeather_ada.png"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    f.press("exportButton");
    QVERIFY(f.part<QPushButton>("replaceButton")->isVisibleTo(&f.dialog));
    QVERIFY(f.part<QLabel>("overwriteText")->text().contains(QStringLiteral("quillfeather_ada.png")));
    QVERIFY(!f.part<QPushButton>("exportButton")->isEnabled());
    QCOMPARE(contentOf(f.path("quillfeather_ada.png")), QByteArray("old"));
    f.press("replaceButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    QVERIFY(contentOf(f.path("quillfeather_ada.png")).startsWith("\x89PNG"));
}

void TestExportDialog::asksOnceAndRenames() {
    Fixture f;
    QFile old(f.path("quillfeather_ada.pdf"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    f.press("exportButton");
    f.press("renameButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    QCOMPARE(contentOf(f.path("quillfeather_ada.pdf")), QByteArray("old"));
    QVERIFY(QFile::exists(f.path("quillfeather_ada-2.pdf")));
    QVERIFY(QFile::exists(f.path("quillfeather_ada-2.png")));
}

void TestExportDialog::asksOnceAndGoesBack() {
    Fixture f;
    QFile old(f.path("quillfeather_ada.pdf"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    f.press("exportButton");
    f.press("backButton");
    QVERIFY(!f.part<QPushButton>("replaceButton")->isVisibleTo(&f.dialog));
    QVERIFY(f.part<QPushButton>("exportButton")->isEnabled());
    QCOMPARE(everythingIn(f.folder.path()), QStringList{"quillfeather_ada.pdf"});
}

void TestExportDialog::aFolderThatCannotBeWrittenLeavesNothing() {
    Fixture f;
    QFile file(f.path("plain"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    f.dialog.setFolder(f.path("plain/below"));  // below a plain file nothing can be created, not even by root
    f.chooseAll();
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.failed.count(), 1, 20000);
    QCOMPARE(everythingIn(f.folder.path()), QStringList{"plain"});
    QVERIFY2(f.part<QLabel>("exportResult")->text().startsWith(QStringLiteral("Nothing was written")),
             qPrintable(f.part<QLabel>("exportResult")->text()));
    f.dialog.setFolder(f.folder.path());
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
}

void TestExportDialog::aFailureHalfWayLeavesNothing() {
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("film.json")));  // a folder stands where a file should go
    const ExportPlan plan{sampleContext(), {}, folder.path().toStdString(), QStringLiteral("film"), allExportKinds()};
    const auto written = runExport(plan, {});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::WriteFailed);
    QCOMPARE(everythingIn(folder.path()), QStringList{"film.json"});
}

void TestExportDialog::cancelLeavesNothing() {
    QTemporaryDir folder;
    const ExportPlan plan{sampleContext(), {}, folder.path().toStdString(), QStringLiteral("film"), allExportKinds()};
    std::stop_source source;
    RunContext context{source.get_token(), [&](double fraction) {
                           if (fraction > 0.4) source.request_stop();
                       }};
    const auto written = runExport(plan, context);
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Cancelled);
    QVERIFY(everythingIn(folder.path()).isEmpty());
}

void TestExportDialog::saysWhatIsMissing() {
    Fixture f;
    for (const char* name : {"exportPng", "exportPdf"}) f.part<QCheckBox>(name)->setChecked(false);
    QVERIFY(!f.part<QPushButton>("exportButton")->isEnabled());
    QVERIFY(f.part<QLabel>("exportProblem")->text().contains(QStringLiteral("kind of file")));
    f.part<QCheckBox>("exportCsv")->setChecked(true);
    QVERIFY(f.part<QPushButton>("exportButton")->isEnabled());
    f.part<QLineEdit>("baseNameEdit")->setText(QStringLiteral("../other"));
    QVERIFY(!f.part<QPushButton>("exportButton")->isEnabled());
}

void TestExportDialog::pseudonymKeepsThePatientOut() {
    Fixture f;
    f.chooseAll();
    QTest::mouseClick(f.part<QRadioButton>("identityPseudonym"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(f.part<QRadioButton>("identityPseudonym")->isChecked());
    f.part<QLineEdit>("pseudonymEdit")->setText(QStringLiteral("P-0042"));
    QCOMPARE(f.part<QLineEdit>("baseNameEdit")->text(), QStringLiteral("P-0042"));
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    for (const QString& name : everythingIn(f.folder.path())) {
        QVERIFY(name.startsWith(QStringLiteral("P-0042")));
        const QByteArray content = contentOf(f.path(name)).toLower();
        QVERIFY2(!content.contains(kFamilyName.toLower().toUtf8()) && !content.contains("778899") &&
                     !content.contains("1949-03-08"),
                 qPrintable(name));
    }
    QVERIFY(contentOf(f.path("P-0042.html")).contains("P-0042"));
}

void TestExportDialog::nothingKeepsThePatientOut() {
    Fixture f;
    f.chooseAll();
    f.part<QRadioButton>("identityNone")->setChecked(true);
    QCOMPARE(f.part<QLineEdit>("baseNameEdit")->text(), QStringLiteral("chest-film-3fa9c100"));
    f.press("exportButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.exported.count(), 1, 20000);
    for (const QString& name : everythingIn(f.folder.path())) {
        const QByteArray content = contentOf(f.path(name)).toLower();
        QVERIFY2(!content.contains(kFamilyName.toLower().toUtf8()) && !content.contains("778899"), qPrintable(name));
    }
}

void TestExportDialog::aTypedNameStays() {
    Fixture f;
    auto* name = f.part<QLineEdit>("baseNameEdit");
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("mine"));
    f.part<QRadioButton>("identityNone")->setChecked(true);
    QCOMPARE(name->text(), QStringLiteral("mine"));
}

void TestExportDialog::everyControlIsNamed() {
    Fixture f;
    const QStringList faults = test::controlFaults(f.dialog);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestExportDialog)
#include "tst_export_dialog.moc"
