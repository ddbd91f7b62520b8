// HelpWindow: every chapter, link and picture is there; contents and search lead to the right place.
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QRegularExpression>
#include <QSet>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

#include "tests/ui/support/control_check.h"
#include "ui/dialogs/help_pages.h"
#include "ui/dialogs/help_window.h"

using namespace cxr::ui;

namespace {

QString htmlOf(const QString& chapter) {
    QFile file(QStringLiteral(":/help/%1.html").arg(chapter));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QStringList matches(const QString& text, const char* pattern) {
    QStringList found;
    auto it = QRegularExpression(QLatin1String(pattern)).globalMatch(text);
    while (it.hasNext()) found << it.next().captured(1);
    return found;
}

}  // namespace

class TestHelpWindow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyChapterHasTitleAndSections();
    void everyLinkAndPictureResolves();
    void wordsAreHonest();
    void contentsOpenChapters();
    void linksMoveTheContents();
    void searchFindsAndOpens();
    void searchSaysWhenNothingIsFound();
    void unknownChapterOpensTheFirst();
    void textFollowsTheTheme();
    void everyControlIsNamed();
};

void TestHelpWindow::everyChapterHasTitleAndSections() {
    const auto chapters = helpChapters();
    QCOMPARE(qsizetype(chapters.size()), helpChapterNames().size());
    QVERIFY(helpChapterNames().size() >= 15);
    for (const HelpChapter& chapter : chapters) {
        QVERIFY2(chapter.title != chapter.name, qPrintable(chapter.name));
        QVERIFY2(!chapter.sections.empty(), qPrintable(chapter.name));
        QSet<QString> anchors;
        for (const HelpSection& section : chapter.sections) {
            QVERIFY2(!section.anchor.isEmpty(), qPrintable(chapter.name + QLatin1Char(' ') + section.title));
            QVERIFY2(!anchors.contains(section.anchor), qPrintable(section.anchor));
            anchors << section.anchor;
        }
    }
}

void TestHelpWindow::everyLinkAndPictureResolves() {
    for (const QString& chapter : helpChapterNames()) {
        const QString html = htmlOf(chapter);
        for (const QString& link : matches(html, "href=\"([^\"]+)\"")) {
            const QString target = htmlOf(link.section(QStringLiteral(".html"), 0, 0));
            QVERIFY2(!target.isEmpty(), qPrintable(chapter + QStringLiteral(" -> ") + link));
            const QString anchor = link.section(QLatin1Char('#'), 1);
            QVERIFY2(anchor.isEmpty() || target.contains(QStringLiteral("name=\"%1\"").arg(anchor)), qPrintable(link));
        }
        for (const QString& picture : matches(html, "src=\"([^\"]+)\""))
            QVERIFY2(!QImage(QStringLiteral(":/help/") + picture).isNull(), qPrintable(picture));
    }
}

void TestHelpWindow::wordsAreHonest() {
    for (const QString& chapter : helpChapterNames())
        QVERIFY(!htmlOf(chapter).contains(QStringLiteral("anonym"), Qt::CaseInsensitive));
    QVERIFY(htmlOf(QStringLiteral("start")).contains(QStringLiteral("Not for diagnostic use")));
    QVERIFY(
        htmlOf(QStringLiteral("heartspot")).contains(QStringLiteral("re-identification risk has not been measured")));
}

void TestHelpWindow::contentsOpenChapters() {
    HelpWindow window;
    auto* contents = window.findChild<QTreeWidget*>(QStringLiteral("helpContents"));
    auto* page = window.findChild<QTextBrowser*>(QStringLiteral("helpPage"));
    QCOMPARE(qsizetype(contents->topLevelItemCount()), helpChapterNames().size());
    contents->setCurrentItem(contents->topLevelItem(0));
    QTest::keyClick(contents, Qt::Key_End);
    QVERIFY(page->source() != QUrl(helpUrl(QStringLiteral("start"))));
    contents->setCurrentItem(contents->topLevelItem(4)->child(2));
    QCOMPARE(page->source().fragment(), QStringLiteral("limits"));
    QVERIFY(page->toPlainText().contains(QStringLiteral("PA films")));
    auto* back = window.findChild<QToolButton*>(QStringLiteral("helpBack"));
    QVERIFY(back->isEnabled());
    back->click();
    QVERIFY(page->source().fragment() != QStringLiteral("limits"));
}

void TestHelpWindow::linksMoveTheContents() {
    HelpWindow window;
    window.findChild<QTextBrowser*>(QStringLiteral("helpPage"))->setSource(QUrl(helpUrl(QStringLiteral("privacy"))));
    auto* contents = window.findChild<QTreeWidget*>(QStringLiteral("helpContents"));
    QCOMPARE(contents->currentItem()->text(0), QStringLiteral("Privacy"));
}

void TestHelpWindow::searchFindsAndOpens() {
    HelpWindow window;
    auto* words = window.findChild<QLineEdit*>(QStringLiteral("helpSearch"));
    auto* hits = window.findChild<QListWidget*>(QStringLiteral("helpHits"));
    auto* page = window.findChild<QTextBrowser*>(QStringLiteral("helpPage"));
    QTest::keyClicks(words, QStringLiteral("hausdorff"));
    QCOMPARE(hits->count(), 1);
    QTest::keyClick(words, Qt::Key_Return);
    QVERIFY(page->source().path().endsWith(QStringLiteral("models.html")));
    QCOMPARE(page->textCursor().selectedText().toLower(), QStringLiteral("hausdorff"));
    QVERIFY(searchHelp(QStringLiteral("detector lengths")).size() >= 1);
    QCOMPARE(searchHelp(QStringLiteral("mask quality")).front().anchor,
             QStringLiteral("quality"));  // headings come first
}

void TestHelpWindow::searchSaysWhenNothingIsFound() {
    HelpWindow window;
    window.findChild<QLineEdit*>(QStringLiteral("helpSearch"))->setText(QStringLiteral("xylophone"));
    QVERIFY(
        window.findChild<QLabel*>(QStringLiteral("helpHitCount"))->text().contains(QStringLiteral("Nothing found")));
    QVERIFY(searchHelp(QStringLiteral("  ")).empty());
}

void TestHelpWindow::unknownChapterOpensTheFirst() {
    HelpWindow window;
    auto* page = window.findChild<QTextBrowser*>(QStringLiteral("helpPage"));
    window.showChapter(QStringLiteral("heartspot#numbers"));
    QCOMPARE(page->source().fragment(), QStringLiteral("numbers"));
    window.showChapter(QStringLiteral("no-such-chapter"));
    QCOMPARE(page->source(), QUrl(helpUrl(QStringLiteral("start"))));
}

void TestHelpWindow::textFollowsTheTheme() {
    HelpWindow window;
    auto* page = window.findChild<QTextBrowser*>(QStringLiteral("helpPage"));
    QPalette dark(QColor(30, 32, 36));
    dark.setColor(QPalette::WindowText, Qt::white);
    window.setPalette(dark);
    const QString before = page->document()->defaultStyleSheet();
    QPalette light(QColor(250, 250, 250));
    light.setColor(QPalette::WindowText, Qt::black);
    window.setPalette(light);
    QVERIFY(page->document()->defaultStyleSheet() != before);
}

void TestHelpWindow::everyControlIsNamed() {
    HelpWindow window;
    const QStringList faults = test::controlFaults(window);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestHelpWindow)
#include "tst_help_window.moc"
