// AboutDialog: versions, licences; the engine answers from a worker.
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <QThreadPool>
#include <QtTest>

#include "tests/ui/support/control_check.h"
#include "ui/dialogs/about_dialog.h"

using namespace cxr::ui;

class TestAboutDialog : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }
    void namesVersionsAndTheNotice();
    void engineAnswersWithoutBlocking();
    void licencesAreNamed();
    void versionsAreCopied();
    void everyControlIsNamed();
};

void TestAboutDialog::namesVersionsAndTheNotice() {
    AboutDialog dialog;
    QCOMPARE(dialog.findChild<QLabel*>(QStringLiteral("versionQt"))->text(), QLatin1String(qVersion()));
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("versionDcmtk"))->text().startsWith(QStringLiteral("3.")));
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("versionPrecordia"))->text().contains(QLatin1Char('.')));
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("aboutNotice"))
                ->text()
                .startsWith(QStringLiteral("Not for diagnostic use")));
}

void TestAboutDialog::engineAnswersWithoutBlocking() {
    AboutDialog dialog;
    auto* torch = dialog.findChild<QLabel*>(QStringLiteral("versionTorch"));
    QVERIFY(torch->text().contains(QStringLiteral("asking")));  // the dialog is there before the answer
    QTRY_VERIFY_WITH_TIMEOUT(!torch->text().contains(QStringLiteral("asking")), 30000);
    QVERIFY(!torch->text().isEmpty());
}

void TestAboutDialog::licencesAreNamed() {
    AboutDialog dialog;
    const QString text = dialog.findChild<QTextBrowser*>(QStringLiteral("licencesText"))->toPlainText();
    for (const char* word : {"Apache License", "LGPL-3.0", "DCMTK", "OpenCV", "LibTorch", "TERMS AND CONDITIONS"})
        QVERIFY2(text.contains(QLatin1String(word)), word);
}

void TestAboutDialog::versionsAreCopied() {
    AboutDialog dialog;
    dialog.findChild<QPushButton*>(QStringLiteral("copyVersionsButton"))->click();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("Qt: ") + QLatin1String(qVersion())));
}

void TestAboutDialog::everyControlIsNamed() {
    AboutDialog dialog;
    const QStringList faults = test::controlFaults(dialog);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestAboutDialog)
#include "tst_about_dialog.moc"
