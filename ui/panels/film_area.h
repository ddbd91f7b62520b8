// FilmArea: the middle of the window. One page at a time: welcome (nothing open), reading (with progress), the film, or
// why it could not be opened; above the film a bar for what went wrong with it. Never a modal box.
//   reading page  comes after kReadingDelayMs only, so that quick films do not flicker; until then the old film is hidden
//   thread rule  GUI thread only
#pragma once

#include <QFrame>
#include <QStackedWidget>
#include <QTimer>
#include <QWidget>

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace cxr::ui {

class FilmView;

class FilmArea : public QWidget {
    Q_OBJECT
  public:
    static constexpr int kReadingDelayMs = 120;

    // What the pages offer; owned by the window.
    struct Actions {
        QAction* open;
        QAction* openFolder;
        QAction* openSample;
        QAction* close;
    };
    FilmArea(FilmView* view, const Actions& actions, QWidget* parent = nullptr);

    void showWelcome();
    void showReading(const QString& title);
    void setReadingProgress(double fraction);
    void showFilm();
    void showFailure(const QString& title, const QString& reason);

    // One sentence above whatever is shown; empty hides the bar. `action` (may be null) becomes a button.
    void showMessage(const QString& sentence, QAction* action = nullptr);
    // A strip of its own between messages and film; it shows and hides itself.
    void addStrip(QWidget* strip);
    [[nodiscard]] QString message() const;   // empty: no bar
    [[nodiscard]] QString failure() const;   // empty: the failure page is not shown

  Q_SIGNALS:
    void cancelRequested();
    void retryRequested();

  private:
    QWidget* makeWelcome(const Actions& actions);
    QWidget* makeReading();
    QWidget* makeFailure(const Actions& actions);
    QFrame* makeMessageBar();
    void turnTo(QWidget* page);

    QStackedWidget* m_pages;
    QWidget* m_film;  // the view
    QWidget* m_welcome;
    QWidget* m_reading;
    QWidget* m_failure;
    QWidget* m_blank;
    QLabel* m_readingTitle;
    QProgressBar* m_readingProgress;
    QLabel* m_failureTitle;
    QLabel* m_failureReason;
    QFrame* m_messageBar;
    QLabel* m_messageText;
    QPushButton* m_messageButton;
    QMetaObject::Connection m_messageAction;
    QTimer m_readingDelay;
};

}  // namespace cxr::ui
