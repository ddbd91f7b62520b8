// ModelsDialog and ImportDialog with real widgets: facts of packs, roles and switches kept in the settings, damaged packs,
// removal of the user's own packs only, import with its misfits, and trust asked for programs.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QThreadPool>
#include <QtTest>

#include "tests/core/model/checkpoint_bytes.h"
#include "tests/support/sample_judgement.h"
#include "tests/support/written_packs.h"
#include "tests/ui/support/control_check.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/dialogs/installed_models.h"
#include "ui/dialogs/models_dialog.h"
#include "ui/state/settings.h"

using namespace cxr;
using namespace cxr::ui;
namespace fs = std::filesystem;

namespace {

template <typename W>
W* child(QWidget& dialog, const char* name) {
    return dialog.findChild<W*>(QLatin1String(name));
}

int rowOf(QListWidget& list, const QString& start) {
    for (int row = 0; row < list.count(); ++row)
        if (list.item(row)->text().startsWith(start)) return row;
    return -1;
}

// {"w": two numbers} as safetensors.
std::string tinySafetensors() {
    std::string header = R"({"classifier.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::string bytes(8, '\0');
    for (int i = 0; i < 8; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<char>(header.size() >> (8 * i));
    return bytes + header + std::string(8, '\0');
}

}  // namespace

class TestModelsDialog : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_shipped, m_own;
    std::unique_ptr<Settings> m_settings;

    // A dialog whose list is there.
    std::unique_ptr<ModelsDialog> opened(ModelTimings timings = {}, ImportFunction importer = importWithEngine) {
        auto dialog = std::make_unique<ModelsDialog>(*m_settings, std::move(timings), std::move(importer));
        dialog->show();
        auto* list = child<QListWidget>(*dialog, "modelsList");
        if (!QTest::qWaitFor([&] { return list->count() > 0; }, 10000)) qWarning("no list");
        return dialog;
    }
    QString written(const char* name, const std::string& bytes) const {
        const QString file = m_folder.filePath(QLatin1String(name));
        return writeFileAtomically(file.toStdString(), bytes).isOk() ? file : QString();
    }

  private Q_SLOTS:
    void init() {
        const fs::path root = m_folder.path().toStdString();
        m_shipped = root / "shipped";
        m_own = root / "data/precordia/models";
        fs::remove_all(m_shipped);
        fs::remove_all(root / "data");
        qputenv("PRECORDIA_MODELS", m_shipped.c_str());
        qputenv("XDG_DATA_HOME", (root / "data").c_str());
        const auto diseases = cxr::test::diseaseOutputs({kChest14Diseases.begin(), kChest14Diseases.end()});
        QVERIFY(cxr::test::writePack(m_shipped, cxr::test::manifestOf("chest14", diseases, "thorax"), "# Chest 14\n\nIts card.\n"));
        QVERIFY(cxr::test::writePack(m_shipped, cxr::test::manifestOf("cardiomegaly", {cxr::test::outputOf("Cardiomegaly", 2)})));
        QVERIFY(cxr::test::writePack(m_own, cxr::test::manifestOf("chexnet", cxr::test::diseaseOutputs({"Cardiomegaly", "Edema"}))));
        m_settings = std::make_unique<Settings>(m_folder.filePath(QStringLiteral("s.conf")));
        m_settings->setModelChoice({});
    }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void packsAreListedWithTheirFacts() {
        auto dialog = opened({{QStringLiteral("chest14"), {0.21, QStringLiteral("CPU, 2 threads")}}});
        auto* list = child<QListWidget>(*dialog, "modelsList");
        dialog->select(QStringLiteral("chest14"));
        QVERIFY(list->currentItem()->text().startsWith(QStringLiteral("Test network chest14 1.0.0\ndiseases")));
        QCOMPARE(child<QLabel>(*dialog, "modelAccuracy")->text(), QStringLiteral("mean AUC 0.74 of 14 outputs (0.74 to 0.74)"));
        QCOMPARE(child<QLabel>(*dialog, "modelTask")->text(), QStringLiteral("classification, 14 outputs · used for diseases"));
        QCOMPARE(child<QLabel>(*dialog, "modelExplains")->text(), QStringLiteral("class activation maps, Grad-CAM, gradients, DeepLift, relevance (LRP), guided backpropagation, occlusion"));
        QCOMPARE(child<QLabel>(*dialog, "modelSpeed")->text(), QStringLiteral("0.21 s a film on CPU, 2 threads"));
        QVERIFY(child<QLabel>(*dialog, "modelWeights")->text().startsWith(QStringLiteral("100 bytes, SHA-256 ")));
        QCOMPARE(child<QLabel>(*dialog, "modelWeights")->toolTip().right(64).size(), 64);
        QCOMPARE(child<QLabel>(*dialog, "modelLicence")->text(), QStringLiteral("Apache-2.0"));
        QVERIFY(child<QTextBrowser>(*dialog, "modelCard")->toPlainText().contains(QStringLiteral("Its card.")));
        dialog->select(QStringLiteral("chexnet"));
        QCOMPARE(child<QLabel>(*dialog, "modelSpeed")->text(), QStringLiteral("not run in this session"));
    }
    void rolesFollowTheUser() {
        auto dialog = opened();
        auto* diseases = child<QComboBox>(*dialog, "roleDiseases");
        QCOMPARE(diseases->currentText(), QStringLiteral("Automatic: Test network chest14 1.0.0"));
        QCOMPARE(diseases->count(), 4);  // automatic, chest14, chexnet, none
        QVERIFY(child<QComboBox>(*dialog, "roleView")->currentText().startsWith(QStringLiteral("Automatic")));
        diseases->setFocus();
        QTest::keyClick(diseases, Qt::Key_Down);
        QTest::keyClick(diseases, Qt::Key_Down);
        QCOMPARE(m_settings->modelChoice().chosen.at(ModelRole::Diseases), std::string("chexnet"));
        auto* list = child<QListWidget>(*dialog, "modelsList");
        QVERIFY(list->item(rowOf(*list, QStringLiteral("Test network chest14")))->text().endsWith(QStringLiteral("not used now")));
        QTest::keyClick(diseases, Qt::Key_Down);
        QCOMPARE(m_settings->modelChoice().chosen.at(ModelRole::Diseases), std::string());
        QTest::keyClick(diseases, Qt::Key_Home);
        QVERIFY(m_settings->modelChoice().chosen.empty());
        QCOMPARE(child<QComboBox>(*dialog, "roleHeartLungs")->findText(QStringLiteral("None")), -1);
    }
    void aModelThatIsSwitchedOffTakesNoRole() {
        auto dialog = opened();
        dialog->select(QStringLiteral("chest14"));
        auto* enabled = child<QCheckBox>(*dialog, "modelEnabled");
        QVERIFY(enabled->isChecked());
        QTest::keyClick(enabled, Qt::Key_Space);
        QVERIFY(m_settings->modelChoice().disabled.contains("chest14"));
        QCOMPARE(child<QComboBox>(*dialog, "roleDiseases")->currentText(), QStringLiteral("Automatic: none installed"));
        auto* list = child<QListWidget>(*dialog, "modelsList");
        QVERIFY(list->currentItem()->text().endsWith(QStringLiteral("switched off")));
        QTest::keyClick(enabled, Qt::Key_Space);
        QVERIFY(m_settings->modelChoice().disabled.empty());
    }
    void aDamagedModelIsTold() {
        QVERIFY(writeFileAtomically(m_own / "chexnet/model.json", std::string("{")).isOk());
        auto dialog = opened();
        dialog->select(QStringLiteral("chexnet"));
        QVERIFY(child<QListWidget>(*dialog, "modelsList")->currentItem()->text().startsWith(QStringLiteral("chexnet (damaged)")));
        QVERIFY(!child<QLabel>(*dialog, "modelProblem")->text().isEmpty());
        QCOMPARE(child<QComboBox>(*dialog, "roleDiseases")->count(), 3);  // it is not offered
    }
    void onlyTheUsersOwnModelsCanBeRemoved() {
        auto dialog = opened();
        dialog->select(QStringLiteral("chest14"));
        QVERIFY(!child<QPushButton>(*dialog, "removeModel")->isEnabled());
        QVERIFY(child<QPushButton>(*dialog, "removeModel")->toolTip().contains(QStringLiteral("came with the program")));
        dialog->select(QStringLiteral("chexnet"));
        const auto ask = [&] {
            QTest::mouseClick(child<QPushButton>(*dialog, "removeModel"), Qt::LeftButton);
            return child<QMessageBox>(*dialog, "removeQuestion");
        };
        QMessageBox* question = ask();
        QVERIFY(question);
        question->button(QMessageBox::Cancel)->click();
        QVERIFY(fs::exists(m_own / "chexnet"));
        QTRY_VERIFY(!child<QMessageBox>(*dialog, "removeQuestion"));
        child<QPushButton>(*ask(), "removeYes")->click();
        QTRY_VERIFY(!fs::exists(m_own / "chexnet"));
        auto* list = child<QListWidget>(*dialog, "modelsList");
        QTRY_COMPARE(rowOf(*list, QStringLiteral("Test network chexnet")), -1);
        const auto models = readInstalledModels({});
        for (const InstalledModel& model : models.value())
            if (!model.isOwn) QVERIFY(!removeModel(model));
    }
    void everyControlIsNamed() {
        auto dialog = opened();
        ImportDialog importing{importWithEngine};
        for (QWidget* window : {static_cast<QWidget*>(dialog.get()), static_cast<QWidget*>(&importing)}) {
            const QStringList faults = cxr::ui::test::controlFaults(*window);
            QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
        }
    }

    void importShowsWhatTheFileIsAndWhatDoesNotFit() {
        ImportRequest asked;
        ImportDialog dialog{[&asked](const ImportRequest& request, const RunContext&) -> Result<ImportOutcome> {
            asked = request;
            ImportOutcome outcome;
            outcome.misfits = {"classifier.weight: the network wants 14 x 1024, the file has 1 x 2", "features.conv0.weight: missing"};
            return outcome;
        }};
        QSignalSpy imported(&dialog, &ImportDialog::imported);
        dialog.show();
        auto* go = child<QPushButton>(dialog, "startImport");
        QVERIFY(!go->isEnabled());
        dialog.setFile(written("My Weights.safetensors", tinySafetensors()));
        QTRY_VERIFY(go->isEnabled());
        QVERIFY(child<QLabel>(dialog, "importFacts")->text().startsWith(QStringLiteral("safetensors file: 1 arrays, 2 numbers")));
        QCOMPARE(child<QLineEdit>(dialog, "importId")->text(), QStringLiteral("my-weights"));
        QVERIFY(!child<QWidget>(dialog, "trustCard")->isVisible());
        child<QLineEdit>(dialog, "importClasses")->setText(QStringLiteral("Cardiomegaly, Edema"));
        QTest::mouseClick(go, Qt::LeftButton);
        auto* misfits = child<QPlainTextEdit>(dialog, "importMisfits");
        QTRY_VERIFY(misfits->isVisible());
        QVERIFY(misfits->toPlainText().contains(QStringLiteral("features.conv0.weight: missing")));
        QVERIFY(child<QLabel>(dialog, "importMessage")->text().contains(QStringLiteral("nothing was imported")));
        QCOMPARE(asked.classes, (std::vector<std::string>{"Cardiomegaly", "Edema"}));
        QCOMPARE(asked.outFolder, m_own / "my-weights");
        QVERIFY(asked.trustedSha256.empty());
        QCOMPARE(imported.count(), 0);
        child<QLineEdit>(dialog, "importId")->setText(QStringLiteral("chexnet"));
        QVERIFY(!go->isEnabled() && go->toolTip().contains(QStringLiteral("already")));
    }
    void anImportedModelStandsInTheList() {
        const fs::path own = m_own;
        auto dialog = opened({}, [own](const ImportRequest& request, const RunContext&) -> Result<ImportOutcome> {
            if (!cxr::test::writePack(own, cxr::test::manifestOf(request.id, cxr::test::diseaseOutputs({"Edema", "Mass"}))))
                return Error{ErrorCode::WriteFailed, "full"};
            ImportOutcome outcome;
            outcome.folder = request.outFolder;
            return outcome;
        });
        QTest::mouseClick(child<QPushButton>(*dialog, "importModel"), Qt::LeftButton);
        auto* importing = dialog->findChild<ImportDialog*>();
        QVERIFY(importing);
        importing->setFile(written("new.safetensors", tinySafetensors()));
        auto* go = child<QPushButton>(*importing, "startImport");
        QTRY_VERIFY(go->isEnabled());
        QTest::mouseClick(go, Qt::LeftButton);
        auto* list = child<QListWidget>(*dialog, "modelsList");
        QTRY_VERIFY(list->currentItem() && list->currentItem()->text().startsWith(QStringLiteral("Test network new")));
        QVERIFY(child<QPushButton>(*dialog, "removeModel")->isEnabled());
    }
    void aProgramIsImportedOnlyWhenItIsTrusted() {
        ImportRequest asked;
        ImportDialog dialog{[&asked](const ImportRequest& request, const RunContext&) -> Result<ImportOutcome> {
            asked = request;
            return Error{ErrorCode::Unsupported, "the program gives no numbers"};
        }};
        dialog.show();
        dialog.setFile(written("program.pt", cxr::test::zipped({{"a/data.pkl", "x"}, {"a/constants.pkl", "x"}, {"a/code/__torch__.py", ""}})));
        auto* trust = child<QCheckBox>(dialog, "trustProgram");
        QTRY_VERIFY(trust->isVisible());
        auto* go = child<QPushButton>(dialog, "startImport");
        QVERIFY(!go->isEnabled());
        QVERIFY(child<QLabel>(dialog, "trustText")->text().contains(QRegularExpression(QStringLiteral("[0-9a-f]{64}"))));
        trust->setFocus();
        QTest::keyClick(trust, Qt::Key_Space);
        QVERIFY(go->isEnabled());
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY(child<QLabel>(dialog, "importMessage")->text().contains(QStringLiteral("the program gives no numbers")));
        QCOMPARE(asked.trustedSha256.size(), std::size_t{64});
    }
    void aFileThatIsNoWeightsIsToldAtOnce() {
        ImportDialog dialog{importWithEngine};
        dialog.show();
        dialog.setFile(written("letter.txt", "Dear Sir"));
        auto* facts = child<QLabel>(dialog, "importFacts");
        QTRY_VERIFY(!facts->text().startsWith(QStringLiteral("Looking")));
        QVERIFY(!facts->text().isEmpty() && !child<QPushButton>(dialog, "startImport")->isEnabled());
    }
};

QTEST_MAIN(TestModelsDialog)
#include "tst_models_dialog.moc"
