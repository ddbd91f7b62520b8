// ViewLinks: see view_links.h.
#include "ui/compare/view_links.h"

#include <QEvent>
#include <cmath>

#include "ui/viewport/film_view.h"
#include "ui/viewport/view_geometry.h"

namespace cxr::ui {

namespace {

double fitZoomOf(const FilmView& view) {
    ViewGeometry geometry;
    if (view.image()) geometry.filmSize = {view.image()->width(), view.image()->height()};
    geometry.widgetSize = view.size();
    geometry.devicePixelRatio = view.devicePixelRatioF();
    geometry.orientation = view.orientation();
    return geometry.fitZoom();
}

PointPx toReference(const LinkedView& linked, PointPx picture) {
    return {linked.offset.x + linked.scale * picture.x, linked.offset.y + linked.scale * picture.y};
}

PointPx toPicture(const LinkedView& linked, PointPx reference) {
    return {(reference.x - linked.offset.x) / linked.scale, (reference.y - linked.offset.y) / linked.scale};
}

}  // namespace

void ViewLinks::setViews(std::vector<LinkedView> views) {
    for (const LinkedView& old : m_views) {
        old.view->removeEventFilter(this);
        disconnect(old.view, nullptr, this, nullptr);
        old.view->setMarker({});
    }
    m_views = std::move(views);
    for (const LinkedView& one : m_views) {
        one.view->installEventFilter(this);
        connect(one.view, &FilmView::viewChanged, this, [this, one] { follow(one); });
        connect(one.view, &FilmView::voiChanged, this, [this, one](const VoiSetting& voi) { followVoi(one, voi); });
        connect(one.view, &FilmView::cursorMoved, this, [this, one](bool inside, int column, int row) { mark(one, inside, {column + 0.5, row + 0.5}); });
    }
    settle();
}

void ViewLinks::apply(const LinkedView& follower) const {
    follower.view->setZoom(m_zoom * follower.scale);
    follower.view->setCentre(toPicture(follower, m_centre));
}

void ViewLinks::follow(const LinkedView& leader) {
    if (m_isFollowing || m_isSettling) return;
    m_isFollowing = true;
    m_zoom = leader.view->zoom() / leader.scale;
    m_centre = toReference(leader, leader.view->centre());
    m_isFitted = leader.isReference && std::abs(leader.view->zoom() - fitZoomOf(*leader.view)) < 1e-9;
    for (const LinkedView& one : m_views)
        if (one.view != leader.view && one.view->image()) apply(one);
    m_isFollowing = false;
}

void ViewLinks::followVoi(const LinkedView& leader, const VoiSetting& voi) {
    if (m_isFollowing || !leader.isReference) return;
    m_isFollowing = true;
    for (const LinkedView& one : m_views)
        if (one.view != leader.view && one.isReference) one.view->setVoi(voi);
    m_isFollowing = false;
}

void ViewLinks::mark(const LinkedView& leader, bool inside, PointPx picture) {
    const PointPx reference = toReference(leader, picture);
    for (const LinkedView& one : m_views) {
        const bool isMarked = inside && one.view != leader.view && one.view->image();
        one.view->setMarker(isMarked ? std::optional(toPicture(one, reference)) : std::nullopt);
    }
    Q_EMIT cursorMoved(inside, reference);
}

bool ViewLinks::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && !m_isSettling) {
        m_isSettling = true;
        QMetaObject::invokeMethod(this, &ViewLinks::settle, Qt::QueuedConnection);  // when all have their new size
    }
    return QObject::eventFilter(watched, event);
}

// A fitted picture leads; the others show the same part of the film.
void ViewLinks::settle() {
    m_isSettling = false;
    m_isFollowing = true;
    const LinkedView* first = nullptr;
    for (const LinkedView& one : m_views)
        if (!first && one.isReference && one.view->image()) first = &one;
    if (m_isFitted && first) {
        first->view->zoomToFit();
        m_zoom = first->view->zoom();
        m_centre = first->view->centre();
    }
    for (const LinkedView& one : m_views)
        if (one.view->image() && (first || !m_isFitted)) apply(one);
    m_isFollowing = false;
}

void ViewLinks::fit() {
    m_isFitted = true;
    settle();
}

}  // namespace cxr::ui
