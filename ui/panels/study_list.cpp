// StudyList: see study_list.h.
#include "ui/panels/study_list.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QTimer>
#include <QToolButton>

#include "ui/icons.h"
#include "ui/panels/film_row_delegate.h"
#include "ui/state/film_list_state.h"

namespace cxr::ui {

StudyList::StudyList(FilmListState& films, const QList<QAction*>& buttons, QWidget* parent)
    : QWidget(parent), m_films(films), m_view(new QListView(this)), m_count(new QLabel(this)) {
    setObjectName("studyPanel");
    m_view->setObjectName("studyList");
    m_view->setAccessibleName(tr("Films"));
    m_view->setModel(&films);
    m_view->setItemDelegate(new FilmRowDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);

    m_count->setObjectName("filmCount");
    m_count->setProperty("quiet", true);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(10, 5, 5, 5);
    header->addWidget(m_count, 1);
    for (QAction* action : buttons) {
        auto* button = new QToolButton(this);
        button->setObjectName("studyList." + action->objectName());
        button->setDefaultAction(action);
        button->setAccessibleName(QString(action->text()).remove('&'));
        button->setAutoRaise(true);
        header->addWidget(button);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(m_view, 1);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        if (!m_isSilent && now.isValid()) Q_EMIT rowChosen(now.row());
    });
    connect(m_view, &QWidget::customContextMenuRequested, this, &StudyList::showMenu);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &StudyList::wantVisibleThumbnails);
    for (auto signal : {&FilmListState::rowsInserted, &FilmListState::rowsRemoved}) {
        connect(&films, signal, this, &StudyList::showCount);
    }
    connect(&films, &FilmListState::modelReset, this, &StudyList::showCount);
    connect(&films, &FilmListState::listing, this, &StudyList::showCount);
    showCount();
}

void StudyList::setCurrentRow(int row) {
    m_isSilent = true;
    const QModelIndex index = m_films.index(row, 0);
    m_view->setCurrentIndex(index);
    if (index.isValid()) m_view->scrollTo(index);
    m_isSilent = false;
}

bool StudyList::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_view && event->type() == QEvent::KeyPress && m_view->currentIndex().isValid() &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        Q_EMIT removeRequested(m_view->currentIndex().row());
        return true;
    }
    if (watched == m_view->viewport() && (event->type() == QEvent::Resize || event->type() == QEvent::Show)) {
        QTimer::singleShot(0, this, &StudyList::wantVisibleThumbnails);
    }
    return QWidget::eventFilter(watched, event);
}

void StudyList::wantVisibleThumbnails() {
    const QRect area = m_view->viewport()->rect();
    const QModelIndex first = m_view->indexAt(area.topLeft() + QPoint(1, 1));
    const QModelIndex last = m_view->indexAt(area.bottomLeft() + QPoint(1, -1));
    if (first.isValid()) m_films.wantThumbnails(first.row(), last.isValid() ? last.row() : m_films.count() - 1);
}

void StudyList::showCount() {
    const int count = m_films.count();
    m_count->setText(count == 1 ? tr("1 film") : tr("%1 films").arg(count));
    QTimer::singleShot(0, this, &StudyList::wantVisibleThumbnails);
}

void StudyList::showMenu(const QPoint& at) {
    const QModelIndex index = m_view->indexAt(at);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (index.isValid()) {
        menu->addAction(themedIcon("close"), tr("Close this film"), this,
                        [this, row = index.row()] { Q_EMIT removeRequested(row); });
    }
    menu->addAction(themedIcon("close-all"), tr("Close all films"), this, &StudyList::removeAllRequested)
        ->setEnabled(m_films.count() > 0);
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

}  // namespace cxr::ui
