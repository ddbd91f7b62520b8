// SettingsDialog: what OK keeps is there after a restart; Cancel and Restore Defaults keep nothing by themselves.
#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/ui/support/control_check.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/state/settings.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

struct Fixture {
    QTemporaryDir folder;
    QString file = folder.filePath(QStringLiteral("settings.conf"));
    Settings settings{file};
    SettingsDialog dialog{settings};

    template <typename T>
    T* part(const char* name) {
        return dialog.findChild<T*>(QLatin1String(name));
    }
    void changeEverything() {
        part<QComboBox>("themeCombo")->setCurrentIndex(1);
        part<QComboBox>("deviceCombo")->setCurrentIndex(2);
        for (const char* name : {"bannerCheck", "overlaysCheck", "autoAnalyzeCheck", "readAheadCheck"})
            part<QCheckBox>(name)->toggle();
        part<QSpinBox>("threadsSpin")->setValue(3);
        part<QSpinBox>("megapixelsSpin")->setValue(100);
        part<QSpinBox>("mebibytesSpin")->setValue(512);
    }
};

}  // namespace

class TestSettingsDialog : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void okIsKeptAfterARestart();
    void cancelChangesNothing();
    void defaultsAreShownNotKept();
    void everyControlIsNamed();
};

void TestSettingsDialog::okIsKeptAfterARestart() {
    Fixture f;
    QSignalSpy changed(&f.settings, &Settings::themeChanged);
    f.changeEverything();
    QTest::mouseClick(f.part<QPushButton>("okButton"), Qt::LeftButton);
    QCOMPARE(f.dialog.result(), int(QDialog::Accepted));
    QCOMPARE(changed.count(), 1);
    const Settings again(f.file);
    QVERIFY(again.theme() == Theme::Light);
    QVERIFY(again.device() == DeviceChoice::Cuda);
    QVERIFY(!again.bannerVisible() && !again.overlaysOnOpen() && !again.autoAnalyze() && !again.readAhead());
    QCOMPARE(again.threads(), 3);
    QCOMPARE(again.readLimits().maxPixels, std::int64_t{100'000'000});
    QCOMPARE(again.readLimits().maxDecodedBytes, std::int64_t{512} << 20);
    QCOMPARE(again.readLimits().maxSequenceDepth, ReadLimits{}.maxSequenceDepth);
}

void TestSettingsDialog::cancelChangesNothing() {
    Fixture f;
    QSignalSpy changed(&f.settings, &Settings::changed);
    f.changeEverything();
    QTest::mouseClick(f.part<QPushButton>("cancelButton"), Qt::LeftButton);
    QCOMPARE(f.dialog.result(), int(QDialog::Rejected));
    QCOMPARE(changed.count(), 0);
    QVERIFY(Settings(f.file).theme() == Theme::Dark);
    QVERIFY(Settings(f.file).autoAnalyze());
}

void TestSettingsDialog::defaultsAreShownNotKept() {
    Fixture f;
    f.settings.setThreads(5);
    SettingsDialog dialog(f.settings);
    auto* threads = dialog.findChild<QSpinBox*>(QStringLiteral("threadsSpin"));
    QCOMPARE(threads->value(), 5);
    QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("defaultsButton")), Qt::LeftButton);
    QCOMPARE(threads->value(), 0);
    QCOMPARE(threads->text(), QStringLiteral("all cores"));
    QCOMPARE(f.settings.threads(), 5);
    dialog.accept();
    QCOMPARE(f.settings.threads(), 0);
}

void TestSettingsDialog::everyControlIsNamed() {
    Fixture f;
    const QStringList faults = test::controlFaults(f.dialog);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestSettingsDialog)
#include "tst_settings_dialog.moc"
