// FilmView: presentation states, segmentations and calibration over the film.
#include <QScreen>
#include <algorithm>

#include "ui/viewport/film_view_p.h"

namespace cxr::ui {

namespace {
constexpr double kMmPerInch = 25.4;
}

void FilmView::Private::showArea(const DisplayedArea& area) {
    m_isFitted = false;
    const bool isLying = m_geometry.orientation.quarterTurns % 2 != 0;
    const double width = area.right - area.left, height = area.bottom - area.top;
    const double across = isLying ? height : width, down = isLying ? width : height;
    double zoom = std::min(m_geometry.widgetSize.width() / across, m_geometry.widgetSize.height() / down) * m_geometry.devicePixelRatio;
    if (area.mode == SizeMode::Magnify) zoom = area.magnification;
    if (area.mode == SizeMode::TrueSize && m_view.screen() != nullptr) {
        const double screenPxPerMm = m_view.screen()->physicalDotsPerInch() * m_geometry.devicePixelRatio / kMmPerInch;
        zoom = area.columnMm * screenPxPerMm;
    }
    changeGeometry([&](ViewGeometry& geometry) {
        geometry.zoom = std::clamp(zoom, kSmallestZoom, kLargestZoom);
        geometry.moveCentre({(area.left + area.right) / 2, (area.top + area.bottom) / 2});
    });
}

void FilmView::Private::present(const PresentationPtr& state) {
    if (!m_before) m_before = Before{m_voi, m_inverted, m_geometry, m_isFitted};
    m_companions.presentation = state;
    m_presented = presentedFilm(state, m_image);
    m_layer.setPresented(m_presented);
    m_inverted = false;
    m_view.setOrientation({state->quarterTurns, state->isMirrored, false});
    const DisplayedArea* area = state->areaFor(m_image->study.sopInstanceUid);
    const bool isWhole = area == nullptr || (area->mode == SizeMode::ScaleToFit && area->left == 0 && area->top == 0 &&
                                             area->right == m_image->width() && area->bottom == m_image->height());
    if (isWhole) {
        fit();  // and stays fitted when the window grows
    } else {
        showArea(*area);
    }
    changeVoi(m_presented->voi);
}

void FilmView::Private::unpresent() {
    m_companions.presentation.reset();
    m_presented.reset();
    m_layer.setPresented({});
    if (!m_before) return;
    const Before back = *m_before;
    m_before.reset();
    m_inverted = back.isInverted;
    m_view.setOrientation(back.geometry.orientation);
    if (back.isFitted) {
        fit();
    } else {
        m_isFitted = false;
        changeGeometry([&](ViewGeometry& geometry) {
            geometry.zoom = back.geometry.zoom;
            geometry.moveCentre(back.geometry.centre);
        });
    }
    changeVoi(back.voi);
}

void FilmView::setPresentation(const PresentationPtr& state) {
    if (!d->m_image || state == d->m_companions.presentation) return;
    if (state) {
        d->present(state);
    } else {
        d->unpresent();
    }
    update();
}

const PresentationPtr& FilmView::presentation() const { return d->m_companions.presentation; }

void FilmView::setSegments(const SegmentedFilmPtr& segments) {
    d->m_companions.segments = segments;
    update();
}

const SegmentedFilmPtr& FilmView::segments() const { return d->m_companions.segments; }

void FilmView::setSpacingOf(const ImagePtr& film) {
    if (!d->m_image || !film || film->samples.data != d->m_image->samples.data) return;
    d->m_image = film;
    update();
}

void FilmView::setCalibration(const std::optional<LengthCalibration>& calibration) {
    d->m_calibration = calibration;
    update();
}

}  // namespace cxr::ui
