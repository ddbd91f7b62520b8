// DeidentifyDialog and TextBoxView with real widgets: options, review of boxes, export, refusals.
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/dicom_bytes.h"
#include "tests/ui/support/control_check.h"
#include "ui/dialogs/deidentify_dialog.h"
#include "ui/dialogs/text_box_view.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr int kSide = 200;
constexpr int kWaitMs = 60000;

// A flat gray film whose header names its patient.
bool writeFilm(const QString& path) {
    cxr::test::DicomBytes body;
    body.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, "UI", "1.3.999.5").text(0x00080020, "DA", "20240131");
    body.text(0x00080060, "CS", "CR").text(0x00100010, "PN", "Tokenname^Ada").text(0x00100020, "LO", "TOKENID");
    const std::vector<std::uint8_t> pixels(kSide * kSide, 90);
    body.picture(kSide, kSide, 8, 8).data(0x7FE00010, "OB", pixels);
    QFile file(path);
    const auto size = static_cast<qint64>(body.bytes.size());
    return file.open(QIODevice::WriteOnly) && file.write(reinterpret_cast<const char*>(body.bytes.data()), size) == size;
}

QByteArray onlyResult(const QString& folder) {
    QDirIterator at(folder, {QStringLiteral("*.dcm")}, QDir::Files, QDirIterator::Subdirectories);
    if (!at.hasNext()) return {};
    QFile file(at.next());
    return !at.hasNext() && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

template <typename T>
T* part(DeidentifyDialog& dialog, const char* name) {
    return dialog.findChild<T*>(QLatin1String(name));
}

void drag(QWidget* widget, QPoint from, QPoint to) {
    QTest::mousePress(widget, Qt::LeftButton, {}, from);
    QTest::mouseMove(widget, (from + to) / 2);
    QTest::mouseMove(widget, to);
    QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

}  // namespace

class TestDeidentifyDialog : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(writeFilm(film(1)) && writeFilm(film(2)));
    }

    void everyControlIsReachable() {
        DeidentifyDialog dialog({film(1), film(2)}, film(1));
        dialog.show();
        const QStringList faults = cxr::ui::test::controlFaults(dialog);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
    }

    // Who confirms boxes must see the letters in them.
    void filmsToLookAtGetRoom() {
        DeidentifyDialog dialog({film(1)}, film(1));
        dialog.show();
        const QSize before = dialog.size();
        part<QCheckBox>(dialog, "blackenWriting")->setChecked(true);
        auto* view = dialog.findChild<TextBoxView*>();
        QTRY_VERIFY_WITH_TIMEOUT(!view->filmRect().isEmpty(), kWaitMs);
        const QSize most = dialog.screen()->availableSize() * 0.92;
        QVERIFY(dialog.width() >= std::min(1240, most.width()) && dialog.height() >= std::min(860, most.height()));
        QVERIFY(dialog.size().expandedTo(before) == dialog.size());
        QTRY_VERIFY_WITH_TIMEOUT(view->filmRect().width() >= std::min(400, most.height() / 2), kWaitMs);
    }

    void theFilmOnScreenIsExported() {
        DeidentifyDialog dialog({film(1), film(2)}, film(1));
        dialog.show();
        QVERIFY(!part<QPushButton>(dialog, "startDeidentify")->isEnabled());
        dialog.setFolder(out());
        part<QComboBox>(dialog, "deidentifyDates")->setCurrentIndex(1);
        part<QPushButton>(dialog, "startDeidentify")->click();
        QTRY_VERIFY_WITH_TIMEOUT(part<QPlainTextEdit>(dialog, "privacyCard")->isVisible(), kWaitMs);
        const QByteArray result = onlyResult(out());
        QVERIFY(!result.isEmpty() && !result.contains("Tokenname") && !result.contains("TOKENID") && !result.contains("20240131"));
        QVERIFY(result.contains("MODIFIED") && result.endsWith(QByteArray(kSide * kSide, 90)));
        const QString card = part<QPlainTextEdit>(dialog, "privacyCard")->toPlainText();
        QVERIFY(card.contains("Header") && card.contains("Not looked for.") && card.contains("Not measured"));
        QVERIFY(part<QLabel>(dialog, "deidentifyMessage")->text().startsWith("1 file"));
    }

    void boxesAreConfirmedFilmByFilm() {
        DeidentifyDialog dialog({film(1), film(2)}, QString());
        dialog.resize(1000, 700);
        dialog.show();
        dialog.setFolder(out());
        part<QCheckBox>(dialog, "blackenWriting")->setChecked(true);
        auto* go = part<QPushButton>(dialog, "startDeidentify");
        QTRY_VERIFY_WITH_TIMEOUT(part<QPushButton>(dialog, "nextReviewed")->isEnabled(), kWaitMs);
        QVERIFY(!go->isEnabled());
        QVERIFY(go->toolTip().contains("Look at the other 1"));
        auto* view = part<TextBoxView>(dialog, "textBoxView");
        QTRY_VERIFY(view->filmRect().width() > 100);
        const QRectF shown = view->filmRect();
        drag(view, shown.topLeft().toPoint() + QPoint(20, 20), shown.topLeft().toPoint() + QPoint(80, 60));
        QCOMPARE(view->boxes().size(), 1U);
        const QRect box = view->boxes().front();
        part<QPushButton>(dialog, "nextReviewed")->click();
        QVERIFY(view->boxes().empty() && go->isEnabled());
        go->click();
        QTRY_VERIFY_WITH_TIMEOUT(part<QPlainTextEdit>(dialog, "privacyCard")->isVisible(), kWaitMs);
        QVERIFY(part<QPlainTextEdit>(dialog, "privacyCard")->toPlainText().contains("1 box on 1 film blackened, confirmed by a person"));
        int black = 0;
        QDirIterator at(out(), {QStringLiteral("*.dcm")}, QDir::Files, QDirIterator::Subdirectories);
        while (at.hasNext()) {
            QFile file(at.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            black += static_cast<int>(file.readAll().right(kSide * kSide).count('\0'));
        }
        QCOMPARE(black, box.width() * box.height());
    }

    void boxesAreAddedAndTakenAway() {
        TextBoxView view;
        view.resize(400, 400);
        view.show();
        view.setFilm(QImage(100, 100, QImage::Format_Grayscale8), QSize(200, 200), {QRect(20, 20, 40, 20)});
        const QSignalSpy edits(&view, &TextBoxView::boxesEdited);
        QCOMPARE(view.toFilm(QRectF(100, 100, 40, 20)), QRect(50, 50, 20, 10));
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(300, 300));
        QCOMPARE(view.boxes().size(), 1U);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(80, 60));
        QVERIFY(view.boxes().empty());
        drag(&view, {100, 100}, {140, 120});
        QCOMPARE(view.boxes().size(), 1U);
        QTest::keyClick(&view, Qt::Key_Delete);
        QVERIFY(view.boxes().empty());
        QCOMPARE(edits.count(), 3);
    }

    void refusalsAreTold() {
        QFile png(m_folder->filePath("no.dcm"));
        QVERIFY(png.open(QIODevice::WriteOnly) && png.write("nothing") == 7);
        png.close();
        DeidentifyDialog dialog({png.fileName()}, png.fileName());
        dialog.show();
        dialog.setFolder(out());
        part<QPushButton>(dialog, "startDeidentify")->click();
        QTRY_VERIFY_WITH_TIMEOUT(part<QPlainTextEdit>(dialog, "privacyCard")->isVisible(), kWaitMs);
        QVERIFY(part<QPlainTextEdit>(dialog, "privacyCard")->toPlainText().contains("Refused: no.dcm: it is not a DICOM file"));
    }

  private:
    [[nodiscard]] QString film(int number) const { return m_folder->filePath(QStringLiteral("film%1.dcm").arg(number)); }
    [[nodiscard]] QString out() const { return m_folder->filePath("out"); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestDeidentifyDialog)
#include "tst_deidentify_dialog.moc"
