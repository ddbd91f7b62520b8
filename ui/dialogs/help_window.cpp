// HelpWindow: contents and search at the left, the chapter at the right.
#include "ui/dialogs/help_window.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/dialogs/help_pages.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr int kUrlRole = Qt::UserRole;
constexpr QSize kRowSize{0, 25};  // room between the lines of the contents

// Rich text knows a part of CSS 2.1; colours come from the palette so that both themes read well.
QString helpStyle(const QPalette& palette) {
    const bool dark = isDark(palette);
    const QString quiet = dark ? QStringLiteral("#2b2f36") : QStringLiteral("#eef0f3");
    const QString link = dark ? QStringLiteral("#7fb6ff") : QStringLiteral("#0b57b0");
    return QStringLiteral(
               "h1 { font-size: xx-large; font-weight: 600; margin-top: 4px; margin-bottom: 10px; }"
               "h2 { font-size: large; font-weight: 600; margin-top: 22px; margin-bottom: 6px; }"
               "p, li { line-height: 135%; margin-top: 4px; margin-bottom: 8px; }"
               "p.picture { line-height: 100%; }"
               "a { color: %2; text-decoration: none; }"
               "th { background-color: %1; text-align: left; font-weight: 600; }"
               "pre { background-color: %1; font-family: monospace; }"
               "code { font-family: monospace; }")
        .arg(quiet, link);
}

}  // namespace

class HelpWindow::Private {
  public:
    explicit Private(HelpWindow* window) : q(window) {}

    void build();
    QWidget* buildBar();
    QWidget* buildSide();
    void fillContents();
    void search(const QString& words);
    void open(const QUrl& url);
    void select(const QUrl& url);
    void restyle();

    HelpWindow* q;
    QTextBrowser* page = nullptr;
    QTreeWidget* contents = nullptr;
    QListWidget* hits = nullptr;
    QLabel* hitCount = nullptr;
    QLineEdit* words = nullptr;
    QStackedWidget* side = nullptr;
};

HelpWindow::HelpWindow(QWidget* parent) : QWidget(parent, Qt::Window), d(std::make_unique<Private>(this)) {
    setObjectName(QStringLiteral("helpWindow"));
    setWindowTitle(tr("Precordia help"));
    d->build();
    d->fillContents();
    showChapter(chapters().first());
    resize(980, 720);
}

HelpWindow::~HelpWindow() = default;

QStringList HelpWindow::chapters() { return helpChapterNames(); }

void HelpWindow::showChapter(const QString& chapter) {
    const QString name = chapter.section(QLatin1Char('#'), 0, 0);
    const QString anchor = chapter.section(QLatin1Char('#'), 1);
    QUrl url(helpUrl(chapters().contains(name) ? name : chapters().first()));
    if (!anchor.isEmpty()) url.setFragment(anchor);
    d->open(url);
}

void HelpWindow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && d && d->page) d->restyle();
}

void HelpWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QWidget::keyPressEvent(event);
}

void HelpWindow::Private::build() {
    auto* outer = new QVBoxLayout(q);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    page = new QTextBrowser(q);
    page->setObjectName(QStringLiteral("helpPage"));
    page->setAccessibleName(tr("Help text"));
    page->setFrameShape(QFrame::NoFrame);
    page->setOpenExternalLinks(true);
    page->document()->setDocumentMargin(28);
    outer->addWidget(buildBar());
    auto* splitter = new QSplitter(Qt::Horizontal, q);
    splitter->addWidget(buildSide());
    splitter->addWidget(page);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({270, 710});
    outer->addWidget(splitter, 1);
    restyle();
    QObject::connect(page, &QTextBrowser::sourceChanged, q, [this](const QUrl& url) { select(url); });
    const auto shortcut = [this](const QKeySequence& keys, auto&& action) {
        QObject::connect(new QShortcut(keys, q), &QShortcut::activated, q, action);
    };
    shortcut(QKeySequence::Find, [this] { words->setFocus(), words->selectAll(); });
    shortcut(QKeySequence::Back, [this] { page->backward(); });
    shortcut(QKeySequence::Forward, [this] { page->forward(); });
}

QWidget* HelpWindow::Private::buildBar() {
    auto* bar = new QWidget(q);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(10, 8, 10, 8);
    const auto add = [&](const char* name, const QString& text, const QString& toolTip, auto&& action) {
        auto* button = new QToolButton(bar);
        button->setObjectName(QLatin1String(name));
        button->setText(text);
        button->setAccessibleName(toolTip);
        button->setToolTip(toolTip);
        QObject::connect(button, &QToolButton::clicked, q, action);
        row->addWidget(button);
        return button;
    };
    auto* back = add("helpBack", QStringLiteral("←"), tr("Back (Alt+Left)"), [this] { page->backward(); });
    auto* forward = add("helpForward", QStringLiteral("→"), tr("Forward (Alt+Right)"), [this] { page->forward(); });
    back->setEnabled(false);
    forward->setEnabled(false);
    QObject::connect(page, &QTextBrowser::backwardAvailable, back, &QToolButton::setEnabled);
    QObject::connect(page, &QTextBrowser::forwardAvailable, forward, &QToolButton::setEnabled);
    words = new QLineEdit(bar);
    words->setObjectName(QStringLiteral("helpSearch"));
    words->setAccessibleName(tr("Search the help"));
    words->setToolTip(tr("Search all chapters (Ctrl+F)"));
    words->setPlaceholderText(tr("Search"));
    words->setClearButtonEnabled(true);
    words->setMaximumWidth(420);
    QObject::connect(words, &QLineEdit::textChanged, q, [this](const QString& text) { search(text); });
    QObject::connect(words, &QLineEdit::returnPressed, q, [this] {
        if (hits->count() > 0) hits->setFocus(), hits->setCurrentRow(0);
    });
    row->addWidget(words, 1);
    row->addStretch(1);
    return bar;
}

QWidget* HelpWindow::Private::buildSide() {
    side = new QStackedWidget(q);
    contents = new QTreeWidget(side);
    contents->setObjectName(QStringLiteral("helpContents"));
    contents->setAccessibleName(tr("Contents"));
    contents->setHeaderHidden(true);
    contents->setFrameShape(QFrame::NoFrame);
    contents->setIndentation(14);
    contents->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QObject::connect(contents, &QTreeWidget::currentItemChanged, q, [this](QTreeWidgetItem* item) {
        if (item) open(item->data(0, kUrlRole).toUrl());
    });
    auto* found = new QWidget(side);
    auto* column = new QVBoxLayout(found);
    column->setContentsMargins(8, 4, 4, 4);
    hitCount = new QLabel(found);
    hitCount->setObjectName(QStringLiteral("helpHitCount"));
    hits = new QListWidget(found);
    hits->setObjectName(QStringLiteral("helpHits"));
    hits->setAccessibleName(tr("Places found"));
    hits->setFrameShape(QFrame::NoFrame);
    hits->setWordWrap(true);
    hits->setSpacing(3);
    hits->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QObject::connect(hits, &QListWidget::currentItemChanged, q, [this](QListWidgetItem* item) {
        if (!item) return;
        open(item->data(kUrlRole).toUrl());
        page->find(words->text().simplified().section(QLatin1Char(' '), 0, 0));  // marks the first word
    });
    column->addWidget(hitCount);
    column->addWidget(hits, 1);
    side->addWidget(contents);
    side->addWidget(found);
    return side;
}

void HelpWindow::Private::fillContents() {
    for (const HelpChapter& chapter : helpChapters()) {
        auto* top = new QTreeWidgetItem(contents, {chapter.title});
        top->setData(0, kUrlRole, QUrl(helpUrl(chapter.name)));
        top->setToolTip(0, chapter.title);
        top->setSizeHint(0, kRowSize);
        for (const HelpSection& section : chapter.sections) {
            auto* item = new QTreeWidgetItem(top, {section.title});
            QUrl url(helpUrl(chapter.name));
            url.setFragment(section.anchor);
            item->setData(0, kUrlRole, url);
            item->setToolTip(0, section.title);
            item->setSizeHint(0, kRowSize);
        }
    }
}

void HelpWindow::Private::search(const QString& text) {
    hits->clear();
    const bool isSearching = text.simplified().size() >= 2;
    side->setCurrentIndex(isSearching ? 1 : 0);
    if (!isSearching) return;
    for (const HelpHit& hit : searchHelp(text)) {
        auto* item = new QListWidgetItem(hit.title + QLatin1Char('\n') + hit.snippet, hits);
        QUrl url(helpUrl(hit.chapter));
        if (!hit.anchor.isEmpty()) url.setFragment(hit.anchor);
        item->setData(kUrlRole, url);
    }
    hitCount->setText(hits->count() == 0 ? tr("Nothing found. Try another word.")
                                         : tr("%n place(s)", nullptr, hits->count()));
}

void HelpWindow::Private::open(const QUrl& url) {
    if (page->source() != url) page->setSource(url);
}

// The contents follow links inside the text.
void HelpWindow::Private::select(const QUrl& url) {
    const QSignalBlocker quiet(contents);
    for (QTreeWidgetItemIterator it(contents); *it; ++it) {
        if ((*it)->data(0, kUrlRole).toUrl() != url) continue;
        contents->setCurrentItem(*it);
        if (!(*it)->parent()) (*it)->setExpanded(true);
    }
}

void HelpWindow::Private::restyle() {
    page->document()->setDefaultStyleSheet(helpStyle(q->palette()));
    if (!page->source().isEmpty()) page->reload();
}

}  // namespace cxr::ui
