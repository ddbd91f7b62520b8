// FilmArea: see film_area.h.
#include "ui/panels/film_area.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/icons.h"
#include "ui/viewport/film_view.h"

namespace cxr::ui {

namespace {

constexpr int kTextWidthPx = 520;

QLabel* centredText(const QString& name, const QString& text, const char* property, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setObjectName(name);
    label->setAlignment(Qt::AlignHCenter);
    label->setWordWrap(true);
    label->setFixedWidth(kTextWidthPx);
    if (property) label->setProperty(property, true);
    return label;
}

QPushButton* makeButton(const QString& name, const QString& text, const QString& toolTip, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    button->setProperty("plain", true);
    return button;
}

// A push button that does what the action does.
QPushButton* buttonFor(QAction* action, const QString& name, QWidget* parent) {
    const QString text = QString(action->text()).remove('&').remove(QStringLiteral("\u2026"));
    QPushButton* button = makeButton(name, text, action->toolTip(), parent);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

QWidget* centredPage(const QString& name, QVBoxLayout** content) {
    auto* page = new QWidget;
    page->setObjectName(name);
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    *content = new QVBoxLayout;
    (*content)->setSpacing(10);
    auto* across = new QHBoxLayout;
    across->addStretch(1);
    across->addLayout(*content);
    across->addStretch(1);
    auto* down = new QVBoxLayout(page);
    down->addStretch(4);
    down->addLayout(across);
    down->addStretch(5);
    return page;
}

}  // namespace

FilmArea::FilmArea(FilmView* view, const Actions& actions, QWidget* parent)
    : QWidget(parent), m_pages(new QStackedWidget(this)), m_film(view) {
    setObjectName("filmArea");
    m_welcome = makeWelcome(actions);
    m_reading = makeReading();
    m_failure = makeFailure(actions);
    m_blank = new QWidget;
    m_blank->setAutoFillBackground(true);
    m_blank->setBackgroundRole(QPalette::Base);
    m_messageBar = makeMessageBar();
    for (QWidget* page : {m_welcome, m_reading, m_failure, m_blank, m_film}) m_pages->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messageBar);
    layout->addWidget(m_pages, 1);
    m_readingDelay.setSingleShot(true);
    m_readingDelay.setInterval(kReadingDelayMs);
    connect(&m_readingDelay, &QTimer::timeout, this, [this] { turnTo(m_reading); });
    showWelcome();
}

QWidget* FilmArea::makeWelcome(const Actions& actions) {
    QVBoxLayout* content = nullptr;
    QWidget* page = centredPage("welcomePage", &content);
    auto* picture = new QLabel(page);
    picture->setPixmap(QIcon(":/precordia.svg").pixmap(QSize(96, 96)));
    picture->setAlignment(Qt::AlignHCenter);
    content->addWidget(picture);
    content->addSpacing(6);
    content->addWidget(centredText("welcomeTitle", tr("Open a chest film"), "headline", page));
    content->addWidget(centredText("welcomeText",
                                   tr("Drop DICOM, PNG, TIFF or JPEG files or a folder here. The heart is outlined and "
                                      "the cardiothoracic ratio measured as soon as a film is on screen."),
                                   "quiet", page));
    content->addSpacing(12);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    QPushButton* open = buttonFor(actions.open, "welcomeOpen", page);
    open->setProperty("plain", false);
    open->setProperty("primary", true);
    buttons->addWidget(open);
    buttons->addWidget(buttonFor(actions.openFolder, "welcomeOpenFolder", page));
    buttons->addWidget(buttonFor(actions.openSample, "welcomeOpenSample", page));
    buttons->addStretch(1);
    content->addLayout(buttons);
    content->addSpacing(12);
    content->addWidget(centredText("welcomeNotice", tr("Not for diagnostic use"), "quiet", page));
    return page;
}

QWidget* FilmArea::makeReading() {
    QVBoxLayout* content = nullptr;
    QWidget* page = centredPage("readingPage", &content);
    m_readingTitle = centredText("readingTitle", {}, "quiet", page);
    m_readingProgress = new QProgressBar(page);
    m_readingProgress->setObjectName("readingProgress");
    m_readingProgress->setAccessibleName(tr("Reading progress"));
    m_readingProgress->setTextVisible(false);
    m_readingProgress->setFixedHeight(6);
    QPushButton* cancel = makeButton("readingCancel", tr("Cancel"), tr("Stop reading this film"), page);
    connect(cancel, &QPushButton::clicked, this, &FilmArea::cancelRequested);
    content->addWidget(m_readingTitle);
    content->addWidget(m_readingProgress);
    content->addWidget(cancel, 0, Qt::AlignHCenter);
    return page;
}

QWidget* FilmArea::makeFailure(const Actions& actions) {
    QVBoxLayout* content = nullptr;
    QWidget* page = centredPage("failurePage", &content);
    auto* sign = new QLabel(page);
    sign->setPixmap(themedIcon("warning").pixmap(QSize(48, 48)));
    sign->setAlignment(Qt::AlignHCenter);
    m_failureTitle = centredText("failureTitle", {}, "headline", page);
    m_failureReason = centredText("failureReason", {}, "danger", page);
    m_failureReason->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    content->addWidget(sign);
    content->addWidget(m_failureTitle);
    content->addWidget(m_failureReason);
    content->addSpacing(10);
    QPushButton* retry = makeButton("failureRetry", tr("Try again"), tr("Read the file once more"), page);
    connect(retry, &QPushButton::clicked, this, &FilmArea::retryRequested);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(retry);
    buttons->addWidget(buttonFor(actions.close, "failureClose", page));
    buttons->addWidget(buttonFor(actions.open, "failureOpen", page));
    buttons->addStretch(1);
    content->addLayout(buttons);
    return page;
}

QFrame* FilmArea::makeMessageBar() {
    auto* bar = new QFrame(this);
    bar->setObjectName("messageBar");
    auto* sign = new QLabel(bar);
    sign->setPixmap(themedIcon("warning").pixmap(QSize(20, 20)));
    m_messageText = new QLabel(bar);
    m_messageText->setObjectName("messageText");
    m_messageText->setWordWrap(true);
    m_messageText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_messageButton = makeButton("messageAction", tr("Try again"), tr("Try again"), bar);
    auto* dismiss = new QToolButton(bar);
    dismiss->setObjectName("messageDismiss");
    dismiss->setIcon(themedIcon("dismiss"));
    dismiss->setAutoRaise(true);
    dismiss->setToolTip(tr("Dismiss this message"));
    dismiss->setAccessibleName(tr("Dismiss this message"));
    connect(dismiss, &QToolButton::clicked, this, [this] { showMessage({}); });
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 7, 8, 7);
    layout->addWidget(sign);
    layout->addWidget(m_messageText, 1);
    layout->addWidget(m_messageButton);
    layout->addWidget(dismiss);
    bar->hide();
    return bar;
}

void FilmArea::addStrip(QWidget* strip) { static_cast<QVBoxLayout*>(layout())->insertWidget(1, strip); }

void FilmArea::turnTo(QWidget* page) {
    m_readingDelay.stop();
    m_pages->setCurrentWidget(page);
}

void FilmArea::showWelcome() { turnTo(m_welcome); }

void FilmArea::showReading(const QString& title) {
    showMessage({});
    m_readingTitle->setText(tr("Reading %1\u2026").arg(title));
    m_readingProgress->setRange(0, 0);
    turnTo(m_blank);
    m_readingDelay.start();
}

void FilmArea::setReadingProgress(double fraction) {
    m_readingProgress->setRange(0, 1000);
    m_readingProgress->setValue(static_cast<int>(fraction * 1000));
}

void FilmArea::showFilm() {
    turnTo(m_film);
    m_film->setFocus();
}

void FilmArea::showFailure(const QString& title, const QString& reason) {
    m_failureTitle->setText(tr("%1 could not be opened").arg(title));
    m_failureReason->setText(reason);
    turnTo(m_failure);
}

void FilmArea::showMessage(const QString& sentence, QAction* action) {
    disconnect(m_messageAction);
    m_messageText->setText(sentence);
    m_messageButton->setVisible(action != nullptr);
    if (action) {
        m_messageButton->setText(QString(action->text()).remove('&'));
        m_messageButton->setAccessibleName(m_messageButton->text());
        m_messageButton->setToolTip(action->toolTip());
        m_messageAction = connect(m_messageButton, &QPushButton::clicked, action, &QAction::trigger);
    }
    m_messageBar->setVisible(!sentence.isEmpty());
}

QString FilmArea::message() const { return m_messageText->text(); }
QString FilmArea::failure() const { return m_pages->currentWidget() == m_failure ? m_failureReason->text() : QString(); }

}  // namespace cxr::ui
