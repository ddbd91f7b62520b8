// StudyList: the films of this sitting with thumbnails, what is known of them and, for those that could not be opened,
// the reason. Reading, order and thumbnails are FilmListState's; this only shows.
//   thread rule  GUI thread only
#pragma once

#include <QListView>
#include <QWidget>

class QAction;
class QLabel;

namespace cxr::ui {

class FilmListState;

class StudyList : public QWidget {
    Q_OBJECT
  public:
    StudyList(FilmListState& films, const QList<QAction*>& buttons, QWidget* parent = nullptr);

    void setCurrentRow(int row);  // -1: none; emits nothing
    [[nodiscard]] QListView* view() const { return m_view; }

  Q_SIGNALS:
    void rowChosen(int row);
    void removeRequested(int row);  // Delete key or context menu
    void removeAllRequested();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void wantVisibleThumbnails();
    void showCount();
    void showMenu(const QPoint& at);

    FilmListState& m_films;
    QListView* m_view;
    QLabel* m_count;
    bool m_isSilent = false;
};

}  // namespace cxr::ui
