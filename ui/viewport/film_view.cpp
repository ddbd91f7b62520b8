// FilmView: its state and what can be set from outside. Events are in film_view_events.cpp, painting of texts and
// findings in film_view_paint.cpp.
#include "ui/viewport/film_view.h"

#include <algorithm>

#include "core/image/pixel_chain.h"
#include "core/localize/map_geometry.h"
#include "ui/viewport/film_view_p.h"
#include "ui/viewport/tools/box_tool.h"
#include "ui/viewport/tools/calibration_tool.h"
#include "ui/viewport/tools/chest_line_tool.h"
#include "ui/viewport/tools/magnifier_tool.h"
#include "ui/viewport/tools/outline_tool.h"
#include "ui/viewport/tools/pan_tool.h"
#include "ui/viewport/tools/ruler_tool.h"
#include "ui/viewport/tools/window_level_tool.h"
#include "ui/viewport/tools/zoom_tool.h"

namespace cxr::ui {

namespace {
constexpr int kFrameMs = 16;
}

FilmView::Private::Private(FilmView& view) : m_view(view) {
    const auto put = [this](FilmTool tool, std::unique_ptr<MouseTool> made) {
        m_tools[static_cast<std::size_t>(tool)] = std::move(made);
    };
    put(FilmTool::WindowLevel, std::make_unique<WindowLevelTool>(*this));
    put(FilmTool::Pan, std::make_unique<PanTool>(*this));
    put(FilmTool::Zoom, std::make_unique<ZoomTool>(*this));
    put(FilmTool::Magnifier, std::make_unique<MagnifierTool>(*this));
    put(FilmTool::Ruler, std::make_unique<RulerTool>(*this));
    put(FilmTool::EditOutlines, std::make_unique<OutlineTool>(*this));
    put(FilmTool::Calibrate, std::make_unique<CalibrationTool>(*this));
    m_lineTool = std::make_unique<ChestLineTool>(*this);
    m_boxTool = std::make_unique<BoxTool>(*this);
    m_editTimer.setSingleShot(true);
    m_editTimer.setInterval(kFrameMs);
    QObject::connect(&m_editTimer, &QTimer::timeout, &view, [this] {
        if (!m_editPending || !m_measurement) return;
        m_editPending = false;
        Q_EMIT m_view.measurementEdited(*m_measurement, false);
        m_editTimer.start();
    });
}

void FilmView::Private::changeVoi(const VoiSetting& voi) {
    if (voi == m_voi) return;
    m_voi = voi;
    m_view.update();
    Q_EMIT m_view.voiChanged(m_voi);
}

void FilmView::Private::panBy(QPointF widgetDelta) {
    m_isFitted = false;
    changeGeometry([&](ViewGeometry& geometry) { geometry.panBy(widgetDelta); });
}

void FilmView::Private::zoomAbout(QPointF widgetPoint, double zoom) {
    m_isFitted = false;
    changeGeometry([&](ViewGeometry& geometry) { geometry.zoomAbout(widgetPoint, zoom); });
}

void FilmView::Private::fit() {
    m_isFitted = true;
    changeGeometry([](ViewGeometry& geometry) { geometry.fit(); });
}

void FilmView::Private::adoptWidgetSize() {
    m_geometry.widgetSize = m_view.size();
    m_geometry.devicePixelRatio = m_view.devicePixelRatioF();
    if (m_isFitted) fit();
}

const std::optional<ChestMeasurement>& FilmView::Private::shownMeasurement() const {
    static const std::optional<ChestMeasurement> kNone;
    return m_overlaysVisible && !m_companions.replaceFindings() ? m_measurement : kNone;
}

void FilmView::Private::editMeasurement(const ChestMeasurement& measurement, bool isFinal) {
    m_measurement = measurement;
    m_view.update();
    if (isFinal) {
        m_editTimer.stop();
        m_editPending = false;
        Q_EMIT m_view.measurementEdited(measurement, true);
        return;
    }
    m_editPending = true;
    if (m_editTimer.isActive()) return;
    m_editPending = false;
    m_editTimer.start();
    Q_EMIT m_view.measurementEdited(measurement, false);
}

const std::vector<FindingBox>& FilmView::Private::shownBoxes() const {
    static const std::vector<FindingBox> kNone;
    return showsHeatmap() && m_heatmap.shown()->style.showBoxes ? m_heatmap.shown()->boxes : kNone;
}

void FilmView::Private::editBoxes(std::vector<FindingBox> boxes, bool isFinal) {
    m_heatmap.setBoxes(std::move(boxes));
    m_view.update();
    Q_EMIT m_view.boxesEdited(m_heatmap.shown()->boxes, isFinal);
}

void FilmView::Private::setRulers(std::vector<LinePx> rulers) {
    if (rulers == m_rulers) return;
    m_rulers = std::move(rulers);
    m_view.update();
    Q_EMIT m_view.rulersChanged();
}

QImage FilmView::Private::magnified(PointPx filmPoint, double zoom, int diameterPx) {
    ViewGeometry loupe = m_geometry;
    loupe.widgetSize = QSizeF(diameterPx, diameterPx);
    loupe.devicePixelRatio = 1;
    loupe.zoom = zoom;
    loupe.centre = filmPoint;
    m_layer.setVoi(m_voi, m_inverted);
    return m_layer.piece(loupe.filmToDevice(), QSize(diameterPx, diameterPx));
}

FilmView::FilmView(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(*this)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(true);
    setMinimumSize(160, 120);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setAttribute(Qt::WA_AcceptTouchEvents);
    setAccessibleName(tr("Film"));
    setAccessibleDescription(tr("Shows the open film. Drag to change the window, wheel to zoom, arrow keys to pan."));
    d->adoptWidgetSize();
}

FilmView::~FilmView() = default;

void FilmView::setImage(ImagePtr image, FilmPyramid pyramid) {
    d->cancelDrag();
    d->m_image = std::move(image);
    d->m_layer.setImage(d->m_image, std::move(pyramid));
    d->m_measurement.reset();
    d->m_heatmap.set({});
    d->m_companions = {};
    d->m_presented.reset();
    d->m_before.reset();
    d->m_calibration.reset();
    d->m_marker.reset();
    d->m_editTimer.stop();
    d->m_editPending = false;
    d->m_inverted = false;
    d->m_message.clear();
    d->m_geometry.orientation = {};
    d->m_geometry.filmSize = d->m_image ? QSize(d->m_image->width(), d->m_image->height()) : QSize();
    for (auto& tool : d->m_tools) {
        if (tool) tool->filmChanged();
    }
    if (d->m_lineTool) d->m_lineTool->filmChanged();
    if (d->m_boxTool) d->m_boxTool->filmChanged();
    d->setRulers({});
    d->fit();
    d->changeVoi(d->m_image ? d->m_image->defaultVoi : VoiSetting{});
    update();
}

ImagePtr FilmView::image() const { return d->m_image; }

void FilmView::setVoi(const VoiSetting& voi) { d->changeVoi(voi); }
VoiSetting FilmView::voi() const { return d->m_voi; }

void FilmView::setInverted(bool inverted) {
    d->m_inverted = inverted;
    update();
}
bool FilmView::isInverted() const { return d->m_inverted; }

void FilmView::setOrientation(FilmOrientation orientation) {
    orientation.quarterTurns = ((orientation.quarterTurns % 4) + 4) % 4;
    if (orientation == d->m_geometry.orientation) return;
    d->m_geometry.orientation = orientation;
    if (d->m_isFitted) d->fit();
    update();
    Q_EMIT orientationChanged();
}
FilmOrientation FilmView::orientation() const { return d->m_geometry.orientation; }

void FilmView::setTool(FilmTool tool) {
    if (tool == d->m_tool) return;
    d->cancelDrag();
    d->current().leave();
    d->m_tool = tool;
    d->updateCursor(mapFromGlobal(QCursor::pos()));
    update();
}
FilmTool FilmView::tool() const { return d->m_tool; }

void FilmView::zoomToFit() { d->fit(); }

void FilmView::setZoom(double screenPxPerFilmPx) {
    d->zoomAbout(QPointF(width() / 2.0, height() / 2.0), screenPxPerFilmPx);
}
void FilmView::zoomBy(double factor) { setZoom(d->m_geometry.zoom * factor); }
double FilmView::zoom() const { return d->m_geometry.zoom; }

void FilmView::setCentre(PointPx centre) {
    d->m_isFitted = false;
    d->changeGeometry([&](ViewGeometry& geometry) { geometry.moveCentre(centre); });
}
PointPx FilmView::centre() const { return d->m_geometry.centre; }

void FilmView::setMeasurement(const std::optional<ChestMeasurement>& measurement, const QString& modelName) {
    if (d->m_dragging && d->m_dragging->editsMeasurement()) d->cancelDrag();
    d->m_measurement = measurement;
    d->m_modelName = modelName;
    update();
}
std::optional<ChestMeasurement> FilmView::measurement() const { return d->m_measurement; }

void FilmView::setHeatmap(const std::optional<ShownHeatmap>& shown) {
    if (d->m_dragging && d->m_dragging == d->m_boxTool.get()) d->cancelDrag();
    d->m_heatmap.set(shown);
    update();
}
const std::optional<ShownHeatmap>& FilmView::heatmap() const { return d->m_heatmap.shown(); }

std::optional<double> FilmView::heatmapValueAt(PointPx film) const {
    if (!d->showsHeatmap() || !d->m_geometry.isInFilm(film)) return {};
    return valueAt(*d->m_heatmap.shown()->map, film);
}

void FilmView::setMarker(const std::optional<PointPx>& film) {
    if (film == d->m_marker) return;
    d->m_marker = film;
    update();
}
std::optional<PointPx> FilmView::marker() const { return d->m_marker; }

void FilmView::setOverlaysVisible(bool visible) {
    d->m_overlaysVisible = visible;
    update();
}
bool FilmView::overlaysVisible() const { return d->m_overlaysVisible; }

void FilmView::setBannerVisible(bool visible) {
    d->m_bannerVisible = visible;
    update();
}
bool FilmView::isBannerVisible() const { return d->m_bannerVisible; }

void FilmView::setMessage(const QString& message) {
    d->m_message = message;
    update();
}
QString FilmView::message() const { return d->m_message; }

void FilmView::clearRulers() { d->setRulers({}); }
std::vector<LinePx> FilmView::rulers() const { return d->m_rulers; }

PointPx FilmView::toFilm(QPointF widgetPoint) const { return d->m_geometry.toFilm(widgetPoint); }
QPointF FilmView::toWidget(PointPx filmPoint) const { return d->m_geometry.toWidget(filmPoint); }

}  // namespace cxr::ui
