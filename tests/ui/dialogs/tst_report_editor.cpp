// ReportEditor: what is typed is told and printed, templates are filled and kept, the language changes the pages.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QtTest>

#include "core/report/report_templates.h"
#include "tests/support/sample_judgement.h"
#include "tests/ui/support/control_check.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/dialogs/export_job.h"
#include "ui/dialogs/report_editor.h"
#include "ui/dialogs/report_preview.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

ExportContext sampleContext(ReaderText text = {}) {
    auto sample = cxr::ui::test::sampleFilm();
    Image film = *sample.image;
    film.patient = {"Quillfeather, Ada", "ID-778899", "1949-03-08", "F", "063Y"};
    film.view = ViewPosition::PA;
    ExportContext context{std::make_shared<const Image>(std::move(film)), sample.image->defaultVoi, false, sample.chest, sample.model, {}, cxr::test::sampleJudgement(), {}};
    context.text = std::move(text);
    return context;
}

constexpr int kPatienceMs = 60'000;  // a loaded machine paints slowly

struct Fixture {
    explicit Fixture(ReaderText text = {}, const QString& name = {}) : Fixture(std::make_shared<QTemporaryDir>(), std::move(text), name) {}
    Fixture(std::shared_ptr<QTemporaryDir> kept, ReaderText text, const QString& name = {})
        : folder(std::move(kept)), editor(sampleContext(std::move(text)), templatesFile(), name) {
        editor.show();
    }
    ~Fixture() { QThreadPool::globalInstance()->waitForDone(); }
    [[nodiscard]] QString templatesFile() const { return folder->filePath(QStringLiteral("own/templates.json")); }
    template <typename T>
    T* part(const char* name) {
        T* found = editor.findChild<T*>(QLatin1String(name));
        if (found == nullptr) qFatal("there is no %s", name);
        return found;
    }
    void press(const char* name) {
        QCoreApplication::processEvents();
        QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton);
    }
    [[nodiscard]] QString impression() { return part<QPlainTextEdit>("reportImpression")->toPlainText(); }

    std::shared_ptr<QTemporaryDir> folder;
    ReportEditor editor;
    QSignalSpy edited{&editor, &ReportEditor::textEdited};
};

}  // namespace

class TestReportEditor : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void whatIsTypedIsTold() {
        Fixture f({}, QStringLiteral("Dr. Weber"));
        QCOMPARE(f.edited.size(), 0);  // nothing was written yet
        QCOMPARE(f.part<QLineEdit>("reportReader")->text(), QStringLiteral("Dr. Weber"));
        f.part<QPlainTextEdit>("reportImpression")->setFocus();
        QTest::keyClicks(f.part<QPlainTextEdit>("reportImpression"), QStringLiteral("Large heart."));
        QTest::keyClicks(f.part<QLineEdit>("reportQuestion"), QStringLiteral("Dyspnea"));
        QTest::keyClicks(f.part<QLineEdit>("reportComparison"), QStringLiteral("2019"));
        const ReaderText expected{ReportLanguage::English, "Dyspnea", "2019", "Large heart.", "Dr. Weber"};
        QVERIFY(f.editor.text() == expected);
        QVERIFY(f.edited.last()[0].value<ReaderText>() == expected);
    }
    void whatWasKeptIsThere() {
        const ReaderText kept{ReportLanguage::German, "Frage", "keine", "Eins.\nZwei.", "Dr. B"};
        Fixture f(kept, QStringLiteral("Dr. Weber"));
        QVERIFY(f.editor.text() == kept);
        QCOMPARE(f.edited.size(), 0);
    }
    void thePagesFollowTheText() {
        Fixture f;
        auto* preview = f.part<ReportPreview>("reportPreview");
        QSignalSpy painted(preview, &ReportPreview::painted);
        QTRY_VERIFY_WITH_TIMEOUT(!painted.isEmpty(), kPatienceMs);
        QVERIFY(preview->pageCount() >= 1);
        const auto page = [&] { return preview->widget()->findChild<QLabel*>()->pixmap().toImage(); };
        const QImage before = page();
        const auto keep = qScopeGuard([&] {  // to look at
            if (const QString kept = qEnvironmentVariable("CXR_KEEP_PICTURE"); !kept.isEmpty()) f.editor.grab().save(kept);
        });
        f.part<QPlainTextEdit>("reportImpression")->setPlainText(QStringLiteral("A sentence that was not there."));
        QTRY_VERIFY_WITH_TIMEOUT(page() != before, kPatienceMs);
        const QImage written = page();
        f.part<QComboBox>("reportLanguage")->setCurrentIndex(1);
        QTRY_VERIFY_WITH_TIMEOUT(page() != written, kPatienceMs);
        QVERIFY(f.editor.text().language == ReportLanguage::German);
    }
    void theTemplateForWhatWasFoundIsFilled() {
        Fixture f;
        QCOMPARE(f.part<QComboBox>("reportTemplate")->currentData().toString(), QStringLiteral("enlarged-heart"));
        f.press("insertTemplate");
        QVERIFY2(f.impression().startsWith(QStringLiteral("Heart enlarged: cardiothoracic ratio 0.")), qPrintable(f.impression()));
        QVERIFY(f.impression().contains(QStringLiteral("Cardiomegaly 41 %")) && !f.impression().contains(QLatin1Char('{')));
        f.part<QPlainTextEdit>("reportImpression")->undo();
        QVERIFY(f.impression().isEmpty());
        f.part<QComboBox>("reportLanguage")->setCurrentIndex(1);
        f.press("insertTemplate");
        QVERIFY2(f.impression().startsWith(QStringLiteral("Herz vergrößert: Herz-Thorax-Quotient 0,")), qPrintable(f.impression()));
    }
    void ownTemplatesAreKeptAndDeleted() {
        const auto folder = std::make_shared<QTemporaryDir>();
        {
            Fixture f(folder, {});
            QVERIFY(!f.part<QPushButton>("saveTemplate")->isEnabled() && !f.part<QPushButton>("deleteTemplate")->isEnabled());
            f.part<QPlainTextEdit>("reportImpression")->setPlainText(QStringLiteral("Ratio {ctr}, as ever."));
            f.part<QLineEdit>("templateName")->setText(QStringLiteral("Mine"));
            f.press("saveTemplate");
            QCOMPARE(f.part<QComboBox>("reportTemplate")->currentText(), QStringLiteral("Mine"));
            QVERIFY(f.part<QPushButton>("deleteTemplate")->isEnabled());
        }
        Fixture f(folder, {});
        auto* templates = f.part<QComboBox>("reportTemplate");
        const int own = templates->findText(QStringLiteral("Mine"));
        QVERIFY(own >= 0);
        templates->setCurrentIndex(own);
        f.press("insertTemplate");
        QVERIFY2(QRegularExpression(QStringLiteral("^Ratio 0\\.\\d+, as ever\\.$")).match(f.impression()).hasMatch(), qPrintable(f.impression()));
        f.press("deleteTemplate");
        QVERIFY(templates->findText(QStringLiteral("Mine")) < 0);
        QVERIFY(readTemplates(f.templatesFile().toStdString()).value().empty());
    }
    void aDamagedFileOfTemplatesIsToldAndLeftAlone() {
        const auto folder = std::make_shared<QTemporaryDir>();
        QVERIFY(QDir(folder->path()).mkdir(QStringLiteral("own")));
        QFile file(folder->filePath(QStringLiteral("own/templates.json")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no list") > 0);
        file.close();
        Fixture f(folder, {});
        QVERIFY(f.part<QLabel>("reportMessage")->text().contains(QStringLiteral("damaged")));
        f.part<QPlainTextEdit>("reportImpression")->setPlainText(QStringLiteral("Text"));
        f.part<QLineEdit>("templateName")->setText(QStringLiteral("Mine"));
        QVERIFY(!f.part<QPushButton>("saveTemplate")->isEnabled());
        QVERIFY(f.part<QPushButton>("insertTemplate")->isEnabled());  // the built-in ones
    }
    void savingIsAskedFor() {
        Fixture f;
        QSignalSpy wanted(&f.editor, &ReportEditor::exportWanted);
        f.press("reportSave");
        QCOMPARE(wanted.size(), 1);
    }
    // What the export writes holds the text, in the language that was chosen.
    void theExportHoldsTheText() {
        const QTemporaryDir folder;
        ExportPlan plan{sampleContext({ReportLanguage::German, "", "", "Herz groß, keine Stauung.", "Dr. B"}), {}, folder.path().toStdString(), QStringLiteral("r"),
                        {ExportKind::Html, ExportKind::Json, ExportKind::Fhir}};
        QVERIFY(runExport(plan, {}).isOk());
        const auto content = [&](const char* name) {
            QFile file(folder.filePath(QLatin1String(name)));
            return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
        };
        QVERIFY(content("r.html").contains(QStringLiteral("<html lang=\"de\">")) && content("r.html").contains(QStringLiteral("Herz groß, keine Stauung.")));
        QVERIFY(content("r.html").contains(QStringLiteral("Dr. B")) && content("r.html").contains(QStringLiteral("HTQ 0,")));
        QVERIFY(content("r.json").contains(QStringLiteral("Herz groß, keine Stauung.")) && content("r.json").contains(QStringLiteral("CTR 0.")));
        QVERIFY(content("r-fhir.json").contains(QStringLiteral("Impression of the reader: Herz groß, keine Stauung.")));
    }
    void everyControlIsNamed() {
        Fixture f;
        const QStringList faults = cxr::ui::test::controlFaults(f.editor);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char(10))));
    }
};

QTEST_MAIN(TestReportEditor)
#include "tst_report_editor.moc"
