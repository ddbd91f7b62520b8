// StudyList: patients, studies and series of this sitting with their films and companions, and the files that cannot be
// used with the reason. A film comes on screen as soon as it is the current row; companions are activated by a click or
// Enter. Reading, order and thumbnails are FilmListState's, the tree is StudyTreeModel's; this only shows.
//   thread rule  GUI thread only
#pragma once

#include <QSet>
#include <QTreeView>
#include <QWidget>

#include "ui/state/study_tree_model.h"

class QAction;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cxr::ui {

class StudyList : public QWidget {
    Q_OBJECT
  public:
    // `compare` opens the compare window with a prior film; its button is there while the film on screen has one.
    StudyList(FilmListState& films, const QList<QAction*>& buttons, QAction* compare, QWidget* parent = nullptr);

    void setCurrentRow(int row);  // of FilmListState; -1: none; emits nothing
    void setPrior(const QString& title);  // "2019-03-08 PA"; empty: the film on screen has no prior
    [[nodiscard]] QTreeView* view() const { return m_view; }
    [[nodiscard]] const StudyTreeModel& model() const { return *m_model; }

  Q_SIGNALS:
    void rowChosen(int row);
    void companionActivated(const QString& path, cxr::ObjectKind kind);
    void removeRequested(const QStringList& paths);  // Delete key or context menu
    void removeAllRequested();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    QLayout* buildHeader(const QList<QAction*>& buttons);
    void buildView();
    void buildFilter();
    void onModelReset();
    void onCurrent(const QModelIndex& now);
    bool onKey(int key);
    void activate(const QModelIndex& index);
    void expandRemembered(const QModelIndex& parent);
    void wantVisibleThumbnails();
    void showCount();
    void showMenu(const QPoint& at);

    FilmListState& m_films;
    StudyTreeModel* m_model;
    QTreeView* m_view;
    QLabel* m_count;
    QLineEdit* m_filter;
    QPushButton* m_prior;
    QSet<QString> m_toggled;  // keys of nodes that the user closed, and of groups that the user opened
    QString m_current;        // path of the film on screen
    bool m_isSilent = false;
};

}  // namespace cxr::ui
