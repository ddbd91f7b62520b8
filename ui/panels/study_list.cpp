// StudyList: see study_list.h.
#include "ui/panels/study_list.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTimer>
#include <QToolButton>

#include "ui/icons.h"
#include "ui/panels/film_row_delegate.h"

namespace cxr::ui {

namespace {

constexpr int kIndentPx = 12;

StudyNodeKind kindOf(const QModelIndex& index) { return static_cast<StudyNodeKind>(index.data(StudyTreeModel::NodeKindRole).toInt()); }
QString keyOf(const QModelIndex& index) { return index.data(StudyTreeModel::KeyRole).toString(); }

// Everything is open at first but the files that cannot be used.
bool isOpenAtFirst(const QModelIndex& index) { return !keyOf(index).endsWith(QStringLiteral("/unusable")); }

QString closingText(StudyNodeKind kind) {
    switch (kind) {
        case StudyNodeKind::Patient: return StudyList::tr("Close this patient");
        case StudyNodeKind::Study: return StudyList::tr("Close this study");
        case StudyNodeKind::Series: return StudyList::tr("Close this series");
        case StudyNodeKind::Companion: return StudyList::tr("Take this object off the list");
        default: return StudyList::tr("Close this film");
    }
}

}  // namespace

StudyList::StudyList(FilmListState& films, const QList<QAction*>& buttons, QAction* compare, QWidget* parent)
    : QWidget(parent), m_films(films), m_model(new StudyTreeModel(films, this)), m_view(new QTreeView(this)), m_count(new QLabel(this)),
      m_filter(new QLineEdit(this)), m_prior(new QPushButton(this)) {
    setObjectName("studyPanel");
    buildView();
    buildFilter();
    m_prior->setObjectName("studyList.prior");
    m_prior->setIcon(compare->icon());
    connect(m_prior, &QPushButton::clicked, compare, &QAction::trigger);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(buildHeader(buttons));
    const auto addWithMargin = [layout](QWidget* widget) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(8, 4, 8, 6);
        row->addWidget(widget);
        layout->addLayout(row);
    };
    addWithMargin(m_filter);
    layout->addWidget(m_view, 1);
    addWithMargin(m_prior);
    setPrior({});
    onModelReset();
}

QLayout* StudyList::buildHeader(const QList<QAction*>& buttons) {
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
    return header;
}

void StudyList::buildView() {
    m_view->setObjectName("studyList");
    m_view->setAccessibleName(tr("Patients, studies and films"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new FilmRowDelegate(m_view));
    m_view->setHeaderHidden(true);
    QPalette withoutHighlight = m_view->palette();  // the delegate paints what is selected, beside the branches
    withoutHighlight.setColor(QPalette::Highlight, Qt::transparent);
    m_view->setPalette(withoutHighlight);
    m_view->setIndentation(kIndentPx);
    m_view->setExpandsOnDoubleClick(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &StudyList::onCurrent);
    connect(m_view, &QTreeView::clicked, this, &StudyList::activate);
    connect(m_view, &QWidget::customContextMenuRequested, this, &StudyList::showMenu);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &StudyList::wantVisibleThumbnails);
    const auto remember = [this](bool isOpen) {
        return [this, isOpen](const QModelIndex& index) {
            if (m_isSilent) return;
            if (isOpen == isOpenAtFirst(index)) {
                m_toggled.remove(keyOf(index));
            } else {
                m_toggled.insert(keyOf(index));
            }
            QTimer::singleShot(0, this, &StudyList::wantVisibleThumbnails);
        };
    };
    connect(m_view, &QTreeView::expanded, this, remember(true));
    connect(m_view, &QTreeView::collapsed, this, remember(false));
    connect(m_model, &StudyTreeModel::modelReset, this, &StudyList::onModelReset);
    connect(&m_films, &FilmListState::listing, this, &StudyList::showCount);
}

void StudyList::buildFilter() {
    m_filter->setObjectName("studyFilter");
    m_filter->setAccessibleName(tr("Filter of the list"));
    m_filter->setPlaceholderText(tr("Filter: name, ID, date, view\u2026"));
    m_filter->setToolTip(tr("Show only what has all these words: in the patient, study, series or object"));
    m_filter->setClearButtonEnabled(true);
    connect(m_filter, &QLineEdit::textChanged, m_model, &StudyTreeModel::setFilter);
}

void StudyList::setPrior(const QString& title) {
    m_prior->setVisible(!title.isEmpty());
    const QString text = tr("Compare with %1").arg(title);
    m_prior->setText(text);
    m_prior->setAccessibleName(text);
    m_prior->setToolTip(tr("This patient has an earlier film in the list: see it beside this one, the newer film on the right"));
}

void StudyList::setCurrentRow(int row) {
    m_isSilent = true;
    m_current = row < 0 ? QString() : m_films.row(row).path;
    const QModelIndex index = m_model->indexOf(m_current);
    m_view->setCurrentIndex(index);
    if (index.isValid()) m_view->scrollTo(index);
    m_isSilent = false;
}

// The tree was built anew: what was open is opened, the film on screen stays current.
void StudyList::onModelReset() {
    m_isSilent = true;
    expandRemembered({});
    const QModelIndex index = m_model->indexOf(m_current);
    bool isInView = index.isValid();  // the view opens whatever holds its current row
    for (QModelIndex above = index.parent(); above.isValid(); above = above.parent()) isInView = isInView && m_view->isExpanded(above);
    if (isInView) m_view->setCurrentIndex(index);
    m_isSilent = false;
    m_filter->setVisible(m_films.count() > 1 || !m_filter->text().isEmpty());
    showCount();
}

void StudyList::expandRemembered(const QModelIndex& parent) {
    for (int row = 0; row < m_model->rowCount(parent); ++row) {
        const QModelIndex index = m_model->index(row, 0, parent);
        if (m_model->rowCount(index) == 0) continue;
        m_view->setExpanded(index, isOpenAtFirst(index) != m_toggled.contains(keyOf(index)));
        expandRemembered(index);
    }
}

void StudyList::onCurrent(const QModelIndex& now) {
    if (m_isSilent || !now.isValid() || kindOf(now) != StudyNodeKind::Film) return;
    const QString path = now.data(StudyTreeModel::PathRole).toString();
    if (const int row = m_films.rowOf(path); row >= 0) Q_EMIT rowChosen(row);
}

// A click or Enter: the film again, should another have come on screen meanwhile; a companion is shown by whoever listens.
void StudyList::activate(const QModelIndex& index) {
    if (!index.isValid()) return;
    if (kindOf(index) == StudyNodeKind::Film) return onCurrent(index);
    if (kindOf(index) != StudyNodeKind::Companion) return;
    Q_EMIT companionActivated(index.data(StudyTreeModel::PathRole).toString(),
                              static_cast<ObjectKind>(index.data(StudyTreeModel::ObjectKindRole).toInt()));
}

bool StudyList::onKey(int key) {
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid()) return false;
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        activate(index);
        if (m_model->rowCount(index) > 0) m_view->setExpanded(index, !m_view->isExpanded(index));
        return true;
    }
    if (key != Qt::Key_Delete) return false;
    if (const QStringList paths = m_model->pathsUnder(index); !paths.isEmpty()) Q_EMIT removeRequested(paths);
    return true;
}

bool StudyList::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_view && event->type() == QEvent::KeyPress && onKey(static_cast<QKeyEvent*>(event)->key())) return true;
    if (watched == m_view->viewport() && (event->type() == QEvent::Resize || event->type() == QEvent::Show)) {
        QTimer::singleShot(0, this, &StudyList::wantVisibleThumbnails);
    }
    return QWidget::eventFilter(watched, event);
}

void StudyList::wantVisibleThumbnails() {
    const QRect area = m_view->viewport()->rect();
    QStringList paths;
    for (QModelIndex index = m_view->indexAt(area.topLeft() + QPoint(1, 1)); index.isValid(); index = m_view->indexBelow(index)) {
        if (m_view->visualRect(index).top() > area.bottom()) break;
        if (kindOf(index) == StudyNodeKind::Film) paths << index.data(StudyTreeModel::PathRole).toString();
    }
    m_films.wantThumbnails(paths);
}

void StudyList::showCount() {
    const int count = m_films.count();
    const auto patients = static_cast<int>(m_films.tree().patients.size());
    QString text = count == 1 ? tr("1 film") : tr("%1 films").arg(count);
    if (patients > 1) text += tr(" of %1 patients").arg(patients);
    m_count->setText(text);
    QTimer::singleShot(0, this, &StudyList::wantVisibleThumbnails);
}

void StudyList::showMenu(const QPoint& at) {
    const QModelIndex index = m_view->indexAt(at);
    auto* menu = new QMenu(this);
    menu->setObjectName("studyMenu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const QStringList paths = m_model->pathsUnder(index); index.isValid() && !paths.isEmpty()) {
        menu->addAction(themedIcon("close"), closingText(kindOf(index)), this, [this, paths] { Q_EMIT removeRequested(paths); });
    }
    menu->addAction(themedIcon("close-all"), tr("Close all films"), this, &StudyList::removeAllRequested)
        ->setEnabled(m_model->rowCount() > 0);
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

}  // namespace cxr::ui
