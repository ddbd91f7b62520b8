// Studies in the main window: folders, discs and archives as a tree; films and companions by mouse and keys; prior films beside
// the film on screen; reasons of files that cannot be used.
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

#include "core/model/zip_writer.h"
#include "tests/support/study_files.h"
#include "tests/ui/main_window/window_fixture.h"
#include "tests/ui/support/control_check.h"
#include "ui/compare/compare_window.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;
using cxr::test::StudyFile;

namespace {

StudyFile film(int study, const std::string& date, int number = 1) {
    StudyFile file;
    file.study = "1.2.3." + std::to_string(study);
    file.series = file.study + ".1";
    file.instance = file.series + "." + std::to_string(number);
    file.instanceNumber = std::to_string(number);
    file.date = date;
    return file;
}

// Two studies of Jane Doe (the older with a lateral view and a report) and one of another patient, a text and a cut-off file.
class StudyFixture : public WindowFixture {
  public:
    explicit StudyFixture(ReadFunction read = readFilm) : WindowFixture(measuredAtOnce, std::move(read)) {}

    QString writeStudies(const std::string& below = "disc") {
        const std::filesystem::path folder = path(QString::fromStdString(below)).toStdString();
        cxr::test::writeStudyFile(folder / "NOW", film(2, "20220301"));
        cxr::test::writeStudyFile(folder / "OLD1", film(1, "20190102", 1));
        StudyFile lateral = film(1, "20190102", 2), report = film(1, "20190102", 3), other = film(9, "20210101");
        lateral.view = "LL";
        report.series = "1.2.3.1.2";
        report.sopClass = cxr::test::kPdfDocument;
        report.title = "Report of the chest film";
        report.side = 0;
        other.patientName = "Adams^Ann";
        other.patientId = "1";
        cxr::test::writeStudyFile(folder / "OLD2", lateral);
        cxr::test::writeStudyFile(folder / "REPORT", report);
        cxr::test::writeStudyFile(folder / "OTHER", other);
        auto cut = cxr::test::bytesOf(film(3, "20200101"));
        cut.resize(210);
        cxr::test::writeBytes(folder / "CUT", cut);
        return QString::fromStdString(folder.string());
    }

    StudyList& list() { return *child<StudyList>("studyPanel"); }
    // "title" of every node, two spaces for each level.
    QString treeText(const QModelIndex& parent = {}, int depth = 0) {
        const QAbstractItemModel& model = *list().view()->model();
        QString text;
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const QModelIndex index = model.index(row, 0, parent);
            text += QString(2 * depth, ' ') + index.data().toString() + '\n' + treeText(index, depth + 1);
        }
        return text;
    }
    QModelIndex find(const QString& title, const QModelIndex& parent = {}) {
        const QAbstractItemModel& model = *list().view()->model();
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const QModelIndex index = model.index(row, 0, parent);
            if (index.data().toString() == title) return index;
            if (const QModelIndex below = find(title, index); below.isValid()) return below;
        }
        return {};
    }
    void click(const QModelIndex& index) {
        list().view()->scrollTo(index);
        QTest::mouseClick(list().view()->viewport(), Qt::LeftButton, {}, list().view()->visualRect(index).center());
    }
    QString fileOnScreen() { return QFileInfo(session().path()).fileName(); }
};

const char* const kTree =
    "Adams, Ann\n"
    "  2021-01-01 10:15\n"
    "    PA DX image 1\n"
    "Doe, Jane\n"
    "  2022-03-01 10:15\n"
    "    PA DX image 1\n"
    "  2019-01-02 10:15\n"
    "    Series 1, DX\n"
    "      PA DX image 1\n"
    "      lateral DX image 2\n"
    "    Encapsulated document\n"
    "Not shown\n"
    "  CUT\n";

}  // namespace

class TestStudyWindow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Theme::Dark); }

    void aFolderIsATreeOfPatientsAndStudies() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        QTRY_VERIFY(f.session().isOpen());
        QCOMPARE(f.treeText(), QString(kTree));
        QCOMPARE(f.fileOnScreen(), QString("OTHER"));  // the first film of the tree
        QCOMPARE(f.films().count(), 4);
        QVERIFY(f.films().row(1).facts.contains("64") && f.films().row(1).facts.contains("2022-03-01"));
        const QModelIndex cut = f.find("CUT");
        QVERIFY(cut.data(StudyTreeModel::ErrorRole).toString().contains("cut off"));
        QVERIFY(!f.list().view()->isExpanded(cut.parent()) && f.list().view()->isExpanded(f.find("Series 1, DX")));
        QTRY_VERIFY(!f.films().row(3).thumbnail.isNull());  // of films that were not opened
        QCOMPARE(f.child<QLabel>("filmCount")->text(), QString("4 films of 2 patients"));
        QCOMPARE(controlFaults(f.window).join('\n'), QString());
    }

    void discsAndArchivesAreTheSame() {
        StudyFixture f;
        const QString folder = f.writeStudies();
        QFile::remove(folder + "/CUT");
        cxr::test::writeDicomdir(folder.toStdString(), {"NOW", "OLD1", "OLD2", "OTHER", "REPORT"});
        QVERIFY(QFile::rename(folder + "/OLD1", folder + "/old1"));  // as some systems mount discs
        f.window.openPaths({folder + "/DICOMDIR"});
        QTRY_COMPARE(f.films().count(), 4);
        const QString expected = QString(kTree).section("Not shown", 0, 0);
        QCOMPARE(f.treeText(), expected);
        std::vector<ZipItem> items;
        for (const QString name : {"NOW", "old1", "OLD2", "OTHER", "REPORT"}) {
            QFile file(folder + '/' + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            items.push_back({"studies/" + name.toStdString(), file.readAll().toStdString(), true});
        }
        const std::string zip = zipBytes(items).value();
        f.action("closeAll")->trigger();
        QVERIFY(f.treeText().isEmpty());
        f.window.openPaths({f.write("studies.zip", {zip.begin(), zip.end()})});
        QTRY_COMPARE(f.films().count(), 4);
        QCOMPARE(f.treeText(), expected);
        QTRY_VERIFY(f.session().measurement());
        const QString unpacked = f.session().path();
        QVERIFY(QFile::exists(unpacked) && !unpacked.startsWith(f.path("")));
        QVERIFY(f.find("PA DX image 1").data(Qt::ToolTipRole).toString().startsWith("studies.zip: studies/OTHER"));
        f.action("closeAll")->trigger();
        QVERIFY(!QFile::exists(unpacked));  // films of an archive do not stay on the disk
    }

    void clicksAndKeysOpenFilms() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        QTRY_COMPARE(f.fileOnScreen(), QString("OTHER"));
        f.click(f.find("lateral DX image 2"));
        QTRY_COMPARE(f.fileOnScreen(), QString("OLD2"));
        f.action("previous")->trigger();
        QTRY_COMPARE(f.fileOnScreen(), QString("OLD1"));
        QCOMPARE(f.list().view()->currentIndex().data().toString(), QString("PA DX image 1"));
        QTest::keyClick(f.list().view(), Qt::Key_Down);
        QTRY_COMPARE(f.fileOnScreen(), QString("OLD2"));
        f.click(f.find("Doe, Jane"));  // a heading opens nothing
        QCOMPARE(f.fileOnScreen(), QString("OLD2"));
        QTest::keyClick(f.list().view(), Qt::Key_Return);
        QVERIFY(!f.list().view()->isExpanded(f.find("Doe, Jane")));
        f.window.openPaths({f.writePng("more.png")});  // the tree is built anew: what was closed stays closed
        QTRY_COMPARE(f.fileOnScreen(), QString("more.png"));
        QVERIFY(!f.list().view()->isExpanded(f.find("Doe, Jane")) && f.list().view()->isExpanded(f.find("Adams, Ann")));
    }

    void companionsAreHandedOver() {
        StudyFixture f;
        QSignalSpy activated(&f.window.workbench(), &Workbench::companionActivated);
        const QString folder = f.writeStudies();
        f.window.openPaths({folder});
        QTRY_VERIFY(f.session().isOpen());
        f.click(f.find("Encapsulated document"));
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.front().at(0).toString(), folder + "/REPORT");
        QCOMPARE(activated.front().at(1).value<ObjectKind>(), ObjectKind::EncapsulatedPdf);
        QCOMPARE(f.fileOnScreen(), QString("OTHER"));  // the film stays on screen
        QTest::keyClick(f.list().view(), Qt::Key_Return);
        QCOMPARE(activated.count(), 2);
        f.action("closeAll")->trigger();
        f.window.openPaths({folder + "/REPORT"});  // alone: at once
        QTRY_COMPARE(activated.count(), 3);
        QVERIFY(f.find("Encapsulated document").isValid());
    }

    void aPriorFilmIsOfferedAndComparedOnTheLeft() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        QTRY_COMPARE(f.fileOnScreen(), QString("OTHER"));
        auto* offer = f.child<QPushButton>("studyList.prior");
        QVERIFY(offer->isHidden() && !f.action("comparePrior")->isEnabled());  // another patient
        f.click(f.find("2022-03-01 10:15").model()->index(0, 0, f.find("2022-03-01 10:15")));
        QTRY_COMPARE(f.fileOnScreen(), QString("NOW"));
        QVERIFY(offer->isVisible() && f.action("comparePrior")->isEnabled());
        QCOMPARE(offer->text(), QString("Compare with 2019-01-02 PA"));
        offer->click();
        auto* compare = f.window.findChild<CompareWindow*>();
        QVERIFY(compare && compare->isVisible() && compare->layoutKind() == CompareWindow::Layout::OneByTwo);
        QTRY_VERIFY(compare->tile(1).view().image() && compare->tile(1).view().image()->sourceName == "OLD1");
        QCOMPARE(compare->tile(2).view().image(), f.session().image());
        QCOMPARE(compare->findChild<QComboBox*>("tileSource1")->currentText(), QString("Film 2019-01-02 PA \u00b7 OLD1"));
        QCOMPARE(compare->findChild<QComboBox*>("tileSource2")->currentText(), QString("Film 2022-03-01 PA"));
        compare->tile(2).view().setZoom(9);  // linked
        QTRY_COMPARE(compare->tile(1).view().zoom(), compare->tile(2).view().zoom());
        f.click(f.find("Adams, Ann").model()->index(0, 0, f.find("2021-01-01 10:15")));
        QTRY_COMPARE(f.fileOnScreen(), QString("OTHER"));
        QTRY_COMPARE(compare->tile(1).view().image(), f.session().image());  // no prior of one patient beside another
        QVERIFY(offer->isHidden());
    }

    void theFilterKeepsWhatMatches() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        QTRY_VERIFY(f.session().isOpen());
        auto* filter = f.child<QLineEdit>("studyFilter");
        QVERIFY(filter->isVisible());
        QTest::keyClicks(filter, "doe lateral");
        QCOMPARE(f.treeText(), QString("Doe, Jane\n  2019-01-02 10:15\n    Series 1, DX\n      lateral DX image 2\n"));
        filter->clear();
        QCOMPARE(f.treeText(), QString(kTree));
        QCOMPARE(f.list().view()->currentIndex().data().toString(), QString("PA DX image 1"));
    }

    void aStudyIsClosedAsAWhole() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        QTRY_COMPARE(f.fileOnScreen(), QString("OTHER"));
        f.click(f.find("2019-01-02 10:15"));
        QTest::keyClick(f.list().view(), Qt::Key_Delete);
        QCOMPARE(f.films().count(), 2);
        QVERIFY(!f.find("Encapsulated document").isValid());
        QCOMPARE(f.fileOnScreen(), QString("OTHER"));
        f.click(f.find("Adams, Ann"));
        QTest::keyClick(f.list().view(), Qt::Key_Delete);
        QTRY_COMPARE(f.fileOnScreen(), QString("NOW"));  // the film on screen went: the next one comes
    }

    void anUnusableArchiveSaysWhy() {
        StudyFixture f;
        QSignalSpy failed(&f.window, &MainWindow::openFailed);
        const std::string bomb = zipBytes({{"IM1", std::string(std::size_t{150} << 20, '\0'), true}}).value();
        f.window.openPaths({f.write("bomb.zip", {bomb.begin(), bomb.end()})});
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY2(failed.front().front().toString().startsWith("bomb.zip cannot be opened: the zip archive claims"), qPrintable(failed.front().front().toString()));
        QCOMPARE(f.window.filmArea().message(), failed.front().front().toString());
        QCOMPARE(f.treeText(), QString("Not shown\n  bomb.zip\n"));
    }

    // Chosen while a folder was looked through: the folder's films only join the list.
    void aFilmThatWasChosenMeanwhileStays() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        f.window.openSample();
        QTRY_VERIFY(!f.films().isListing() && f.films().count() > 3);
        QTRY_COMPARE(f.session().path(), kSamplePath);
        QCOMPARE(f.films().row(f.window.workbench().currentRow()).path, kSamplePath);
    }

    void listingStopsWithEscape() {
        StudyFixture f;
        f.window.openPaths({f.writeStudies()});
        QVERIFY(f.films().isListing() && f.action("cancel")->isEnabled());
        f.action("cancel")->trigger();
        QVERIFY(!f.films().isListing());
        QCoreApplication::processEvents();
        QCOMPARE(f.films().count(), 0);
    }
};

QTEST_MAIN(TestStudyWindow)
#include "tst_study_window.moc"
