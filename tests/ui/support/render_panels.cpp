// Draws the panels and dialogs with a synthetic film, offscreen: the pictures of the manual, and both themes to look
// at. Usage: render_panels FOLDER [help]   with "help" only the manual's pictures, under their names
#include <QApplication>
#include <QDir>
#include <QEventLoop>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QTreeWidget>
#include <cstdio>
#include <functional>

#include "tests/support/sample_judgement.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/export_job.h"
#include "ui/dialogs/help_window.h"
#include "ui/dialogs/models_dialog.h"
#include "ui/dialogs/report_editor.h"
#include "ui/dialogs/report_preview.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/panels/findings_panel.h"
#include "ui/panels/heartspot_panel.h"
#include "ui/panels/judgement_section.h"
#include "ui/panels/picture_box.h"
#include "ui/state/settings.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

QString g_folder;

void save(QWidget& widget, const QString& name) {
    widget.ensurePolished();
    const QString file = QDir(g_folder).filePath(name + QStringLiteral(".png"));
    if (!widget.grab().save(file)) std::fprintf(stderr, "cannot write %s\n", qPrintable(file));
}

void renderFindings(const QString& name, double ratio,
                    const std::function<void(cxr::ui::test::SampleFilm&, FindingsPanel&)>& more) {
    cxr::ui::test::SampleFilm sample = cxr::ui::test::sampleFilm(ratio);
    FindingsPanel panel;
    panel.resize(320, 760);
    panel.setFilm(sample.image);
    panel.setAnalysis(sample.chest, sample.model, 1.2);
    if (more) more(sample, panel);
    panel.show();
    QTest::qWait(50);
    save(panel, name);
}

// The whole panel without scrolling, as wide as its dock.
void renderJudged(const QString& name, int width, const JudgementPtr& judgement) {
    const cxr::ui::test::SampleFilm sample = cxr::ui::test::sampleFilm(0.57);
    FindingsPanel panel;
    panel.setFilm(sample.image);
    panel.setAnalysis(sample.chest, sample.model, 1.2);
    panel.setJudgement(judgement, {});
    panel.resize(width, 1560);
    panel.show();
    QTest::qWait(50);
    save(panel, name);
}

JudgementPtr doubtfulJudgement() {
    auto judgement = std::make_shared<Judgement>(cxr::test::sampleJudgementValue());
    judgement->packs[0].findings[0].probability = 0.93;
    judgement->view = readView(judgement->packs[0], ViewPosition::PA);
    judgement->packs[2].findings[0].probability = 0.04;
    for (FindingProbability& finding : judgement->packs[1].findings) finding.isCalibrated = false;
    judgement->packs[3].findings.clear();
    judgement->packs[3].error = "its weights are damaged; install the pack again.";
    return judgement;
}

void renderHeartSpot(const QString& name, const char* prior, bool isMeasured, int height) {
    const cxr::ui::test::SampleFilm sample = cxr::ui::test::sampleFilm();
    QThreadPool pool;
    HeartSpotPanel panel(pool);
    panel.resize(320, height);
    panel.setPopulationRegion({});
    panel.setSpec(priorByName(prior).value());
    panel.setFilm(sample.image, sample.image->defaultVoi);
    if (isMeasured) panel.setMeasurement(sample.chest);
    panel.show();
    if (isMeasured && !QTest::qWaitFor([&] { return panel.facts().has_value(); }, 10000))
        std::fprintf(stderr, "no statistics\n");
    QTest::qWait(50);
    save(panel, name);
    pool.waitForDone();
}

void renderExport(const QString& name) {
    const cxr::ui::test::SampleFilm sample = cxr::ui::test::sampleFilm();
    ExportDialog dialog({sample.image, sample.image->defaultVoi, false, sample.chest, sample.model, {}, nullptr, {}});
    dialog.setFolder(QStringLiteral("/home/reader/Documents"));
    dialog.show();
    auto* preview = dialog.findChild<PictureBox*>();
    if (!QTest::qWaitFor([&] { return !preview->image().isNull(); }, 20000)) std::fprintf(stderr, "no preview\n");
    QTest::qWait(50);
    save(dialog, name);
}

// A German report of a patient who does not exist, with the draft for what was found.
void renderReport(const QString& name) {
    cxr::ui::test::SampleFilm sample = cxr::ui::test::sampleFilm();
    Image film = *sample.image;
    film.patient = {"Muster, Erika", "SYN-0042", "1949-03-08", "F", "063Y"};
    film.study.studyDate = "2012-04-01";
    film.study.modality = "DX";
    film.view = ViewPosition::PA;
    ExportContext context{std::make_shared<const Image>(std::move(film)), sample.image->defaultVoi, false, sample.chest, sample.model, {}, cxr::test::sampleJudgement(), {}};
    context.text.language = ReportLanguage::German;
    context.text.question = "Belastungsdyspnoe";
    QTemporaryDir folder;
    ReportEditor editor(context, folder.filePath(QStringLiteral("templates.json")), QStringLiteral("Dr. Weber"));
    auto* preview = editor.findChild<ReportPreview*>();
    QSignalSpy painted(preview, &ReportPreview::painted);
    editor.resize(1180, 820);
    editor.show();
    editor.findChild<QPushButton*>(QStringLiteral("insertTemplate"))->click();
    (void)QTest::qWaitFor([&] { return painted.size() >= 2; }, 20000);
    QTest::qWait(200);
    save(editor, name);
    QThreadPool::globalInstance()->waitForDone();
}

void renderWindows(const QString& theme) {
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("s.conf")));
    SettingsDialog settingsDialog(settings);
    settingsDialog.show();
    QTest::qWait(50);
    save(settingsDialog, QStringLiteral("settings-") + theme);
    AboutDialog about;
    about.show();
    (void)QTest::qWaitFor(
        [&] {
            return !about.findChild<QLabel*>(QStringLiteral("versionTorch"))->text().contains(QStringLiteral("asking"));
        },
        20000);
    save(about, QStringLiteral("about-") + theme);
    ModelsDialog models(settings, {});
    models.select(QStringLiteral("heart-lungs"));
    models.show();
    auto* list = models.findChild<QListWidget*>();
    (void)QTest::qWaitFor([&] { return list->count() > 0; }, 10000);
    QTest::qWait(100);
    save(models, QStringLiteral("models-") + theme);
    HelpWindow help;
    help.show();
    for (const QString& chapter : HelpWindow::chapters()) {
        help.showChapter(chapter);
        QTest::qWait(30);
        save(help, QStringLiteral("help-%1-%2").arg(chapter, theme));
    }
}

// Readings and diseases alone.
void renderDiseases(const QString& name) {
    JudgementSection section;
    section.setJudgement(cxr::test::sampleJudgement(), {});
    section.setMeasurement(cxr::ui::test::sampleFilm(0.57).chest);
    section.setContentsMargins(12, 12, 12, 12);
    section.resize(400, section.sizeHint().height());
    section.show();
    QTest::qWait(50);
    section.resize(400, section.heightForWidth(400) > 0 ? section.heightForWidth(400) : section.sizeHint().height());
    QTest::qWait(50);
    save(section, name);
}

void renderHelpPictures() {
    const cxr::ui::test::SampleFilm sample = cxr::ui::test::sampleFilm();
    exportPicture({sample.image, sample.image->defaultVoi, false, sample.chest, sample.model, {}, nullptr, {}}, 640)
        .save(QDir(g_folder).filePath(QStringLiteral("annotated.png")));
    renderFindings(QStringLiteral("findings"), 0.57, {});
    renderDiseases(QStringLiteral("diseases"));
    renderHeartSpot(QStringLiteral("heartspot"), "rhline+heart", true, 720);
    renderExport(QStringLiteral("export"));
    renderReport(QStringLiteral("report"));
}

void renderTheme(const QString& theme) {
    renderFindings(QStringLiteral("findings-enlarged-") + theme, 0.57, {});
    renderFindings(
        QStringLiteral("findings-uncertain-") + theme, 0.57, [](cxr::ui::test::SampleFilm& sample, FindingsPanel& panel) {
            sample.chest.isUncertain = true;
            sample.chest.quality = 0.41;
            sample.chest.notes = {
                "The outlines of the film and of its mirror image differ: correct them or measure with the ruler.",
                "The header does not say how the film was taken, so the limits may not hold."};
            panel.setAnalysis(sample.chest, sample.model, 1.2);
        });
    renderJudged(QStringLiteral("judged-320-") + theme, 320, cxr::test::sampleJudgement());
    renderJudged(QStringLiteral("judged-380-") + theme, 380, cxr::test::sampleJudgement());
    renderJudged(QStringLiteral("judged-doubtful-") + theme, 380, doubtfulJudgement());
    renderFindings(QStringLiteral("findings-busy-") + theme, 0.46, [](cxr::ui::test::SampleFilm& sample, FindingsPanel& panel) {
        panel.setFilm(sample.image);
        panel.setBusy(0.42);
    });
    renderFindings(QStringLiteral("findings-error-") + theme, 0.46, [](cxr::ui::test::SampleFilm& sample, FindingsPanel& panel) {
        panel.setFilm(sample.image);
        panel.setError(QStringLiteral("The model heart-lungs is not installed; install the program again."));
    });
    renderHeartSpot(QStringLiteral("heartspot-hline-") + theme, "mp+hline", true, 900);
    renderHeartSpot(QStringLiteral("heartspot-waiting-") + theme, "rhline+heart", false, 900);
    renderHeartSpot(QStringLiteral("heartspot-rhline-heart-") + theme, "rhline+heart", true, 900);
    renderExport(QStringLiteral("export-") + theme);
    renderReport(QStringLiteral("report-") + theme);
    renderWindows(theme);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 2) return std::fprintf(stderr, "usage: render_panels FOLDER [help]\n"), 2;
    g_folder = QString::fromLocal8Bit(argv[1]);
    applyTheme(application, Theme::Dark);
    if (argc > 2) return renderHelpPictures(), 0;
    renderTheme(QStringLiteral("dark"));
    applyTheme(application, Theme::Light);
    renderTheme(QStringLiteral("light"));
    return 0;
}
