// MapLookBox: see map_look_box.h.
#include "ui/panels/map_look_box.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/pipeline/explain_default.h"
#include "core/pipeline/explain_film.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/slider_row.h"

namespace cxr::ui {

namespace {

constexpr QSize kSwatch(48, 12);
constexpr int kLargestKernel = 96;  // of the sliders; larger ones are typed
constexpr int kLargestStride = 48;

QIcon swatch(ColourMap map) {
    QImage strip(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i) strip.setPixel(i, 0, colourTable(map)[static_cast<std::size_t>(i)]);
    return QIcon(QPixmap::fromImage(strip.scaled(kSwatch)));
}

QString labelOf(ColourMap map) {
    switch (map) {
        case ColourMap::Inferno: return MapLookBox::tr("Inferno");
        case ColourMap::Gray: return MapLookBox::tr("Gray");
        case ColourMap::Diverging: return MapLookBox::tr("For and against");
        case ColourMap::Cividis: break;
    }
    return MapLookBox::tr("Cividis");
}

}  // namespace

MapLookBox::MapLookBox(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("mapLookBox"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    buildColours();
    m_opacity = addSlider("mapOpacity", tr("Opacity"), 5, 100, 100, tr("How much the colours cover the film, in percent; the same everywhere"), this);
    m_threshold = addSlider("mapThreshold", tr("Threshold"), 0, 95, 95,
                            tr("Values below this share of the scale's end (in percent) stay clear, so that the film shows"), this);
    column->addWidget(m_opacity);
    column->addWidget(m_threshold);
    buildChecks();
    buildPooling();
    setLook({{}, saliencyPooling(), true});
}

SliderRow* MapLookBox::addSlider(const char* name, const QString& label, int low, int high, int sliderHigh, const QString& toolTip, QWidget* parent) {
    auto* row = new SliderRow(QLatin1String(name), label, {low, high, sliderHigh}, toolTip, parent);
    connect(row, &SliderRow::valueChanged, this, &MapLookBox::lookChanged);
    return row;
}

QCheckBox* MapLookBox::addCheck(const char* name, const QString& label, const QString& toolTip) {
    auto* check = new QCheckBox(label, this);
    check->setObjectName(QLatin1String(name));
    check->setAccessibleName(label);
    check->setToolTip(toolTip);
    return check;
}

void MapLookBox::buildColours() {
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("Colours"), this);
    label->setMinimumWidth(76);
    m_colours = new QComboBox(this);
    m_colours->setObjectName(QStringLiteral("mapColours"));
    m_colours->setAccessibleName(tr("Colours of the heatmap"));
    m_colours->setToolTip(tr("Colours from the lowest to the highest value. \"For and against\" shows values of both signs, where a method has them"));
    m_colours->setIconSize(kSwatch);
    for (const ColourMap map : kColourMaps) m_colours->addItem(swatch(map), labelOf(map), idOf(map));
    label->setBuddy(m_colours);
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_colours, 1);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_colours, &QComboBox::currentIndexChanged, this, [this] { Q_EMIT lookChanged(); });
}

void MapLookBox::buildChecks() {
    auto* column = static_cast<QVBoxLayout*>(layout());
    m_fill = addCheck("mapFill", tr("Colours"), tr("Colour the film; without it only contours and boxes are drawn"));
    m_contours = addCheck("mapContours", tr("Contours"), tr("Lines of equal value, from the threshold to the scale's end"));
    m_boxes = addCheck("mapBoxes", tr("Boxes"), tr("Boxes round values above 0.7 of the largest. The tool Edit outlines (E) moves, resizes and deletes them"));
    m_reset = new QToolButton(this);
    m_reset->setObjectName(QStringLiteral("resetBoxes"));
    m_reset->setText(tr("Reset"));
    m_reset->setAccessibleName(tr("Boxes as the map gives them"));
    m_reset->setFocusPolicy(Qt::StrongFocus);
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    for (QWidget* part : {static_cast<QWidget*>(m_fill), static_cast<QWidget*>(m_contours), static_cast<QWidget*>(m_boxes)}) row->addWidget(part);
    row->addStretch(1);
    row->addWidget(m_reset);
    column->addLayout(row);
    m_lock = addCheck("mapLock", tr("Lock the scale"), {});
    column->addWidget(m_lock);
    for (QCheckBox* check : {m_fill, m_contours, m_boxes}) connect(check, &QCheckBox::toggled, this, &MapLookBox::lookChanged);
    connect(m_lock, &QCheckBox::toggled, this, &MapLookBox::onLock);
    connect(m_reset, &QToolButton::clicked, this, &MapLookBox::resetBoxesRequested);
    setBoxesEdited(false);
}

void MapLookBox::buildPooling() {
    m_pool = addCheck("mapPool", tr("Quantile pooling"),
                      tr("Each cell becomes a quantile of its neighbourhood: single bright cells vanish, places where many are bright stay. "
                         "Signs are lost. On by itself for methods that give a value to each pixel"));
    layout()->addWidget(m_pool);
    m_poolBox = new QWidget(this);
    auto* column = new QVBoxLayout(m_poolBox);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_kernel = addSlider("mapKernel", tr("Kernel"), 1, 256, kLargestKernel, tr("Side of the neighbourhood k, counted on a map of 320 x 320 cells"), m_poolBox);
    m_quantile = addSlider("mapQuantile", tr("Quantile"), 0, 100, 100, tr("Quantile q in percent: 50 is the median, 90 keeps what is bright in a tenth of the neighbourhood"), m_poolBox);
    m_stride = addSlider("mapStride", tr("Stride"), 1, 256, kLargestStride, tr("Step s from one neighbourhood to the next, counted as the kernel is and no larger: above 1 the map becomes coarser"), m_poolBox);
    for (SliderRow* row : {m_kernel, m_quantile, m_stride}) column->addWidget(row);
    layout()->addWidget(m_poolBox);
    connect(m_pool, &QCheckBox::toggled, this, &MapLookBox::onPool);
}

MapLook MapLookBox::look() const {
    MapLook look;
    look.style.colours = colourMapById(m_colours->currentData().toString());
    look.style.opacity = m_opacity->value() / 100.0;
    look.style.threshold = m_threshold->value() / 100.0;
    look.style.locked = m_locked;
    look.style.showColours = m_fill->isChecked();
    look.style.showContours = m_contours->isChecked();
    look.style.showBoxes = m_boxes->isChecked();
    look.poolsPixelsOnly = m_poolsByMethod;
    if (m_poolsByMethod || m_pool->isChecked()) look.pool = poolValues();
    return look;
}

PoolSpec MapLookBox::poolValues() const {
    PoolSpec pool = saliencyPooling();
    pool.kernel = m_kernel->value();
    pool.quantile = m_quantile->value() / 100.0;
    pool.stride = std::min(pool.kernel, m_stride->value());
    return pool;
}

void MapLookBox::setPoolValues(const PoolSpec& pool) {
    m_kernel->setValue(pool.kernel);
    m_stride->setValue(pool.stride);
    m_quantile->setValue(static_cast<int>(std::lround(pool.quantile * 100)));
}

void MapLookBox::setMethod(ExplainMethod method) {
    m_method = method;
    showPooling();
}

void MapLookBox::onPool(bool on) {
    m_poolsByMethod = on == defaultPooling(m_method).has_value();
    m_poolBox->setVisible(on);
    Q_EMIT lookChanged();
}

void MapLookBox::showPooling() {
    if (!m_poolsByMethod) return;
    const QSignalBlocker quiet(m_pool);
    m_pool->setChecked(defaultPooling(m_method).has_value());
    m_poolBox->setVisible(m_pool->isChecked());
}

void MapLookBox::setLook(const MapLook& look) {
    const QSignalBlocker quiet(this);
    m_colours->setCurrentIndex(m_colours->findData(idOf(look.style.colours)));
    m_opacity->setValue(static_cast<int>(std::lround(look.style.opacity * 100)));
    m_threshold->setValue(static_cast<int>(std::lround(look.style.threshold * 100)));
    m_fill->setChecked(look.style.showColours);
    m_contours->setChecked(look.style.showContours);
    m_boxes->setChecked(look.style.showBoxes);
    if (look.pool) setPoolValues(*look.pool);
    m_poolsByMethod = look.pool && look.poolsPixelsOnly;
    const QSignalBlocker quietPool(m_pool);
    m_pool->setChecked(poolOf(look, m_method).has_value());
    m_poolBox->setVisible(m_pool->isChecked());
    m_locked = look.style.locked;
    showScale();
}

void MapLookBox::setMap(const Heatmap* map) {
    MapLook unlocked = look();
    unlocked.style.locked.reset();
    m_own = map ? shownScale(*map, unlocked.style) : MapScale{};
    const bool isSigned = !map || map->isSigned;
    auto* items = qobject_cast<QStandardItemModel*>(m_colours->model());
    QStandardItem* both = items->item(m_colours->findData(idOf(ColourMap::Diverging)));
    both->setEnabled(isSigned);
    both->setToolTip(isSigned ? QString() : tr("This map has no sign"));
    showScale();
}

void MapLookBox::setBoxesEdited(bool edited) {
    m_reset->setEnabled(edited);
    m_reset->setToolTip(edited ? tr("Boxes as the map gives them; your changes are dropped") : tr("No box was changed"));
}

void MapLookBox::onLock(bool on) {
    m_locked = on && !m_own.isEmpty() ? std::optional(m_own) : std::nullopt;
    showScale();
    Q_EMIT lookChanged();
}

void MapLookBox::showScale() {
    const QSignalBlocker quiet(m_lock);
    m_lock->setChecked(m_locked.has_value());
    m_lock->setEnabled(m_locked || !m_own.isEmpty());
    const MapScale& scale = m_locked ? *m_locked : m_own;
    const QString end = QString::fromStdString(legendText(scale.high));
    m_lock->setText(scale.isEmpty() ? tr("Lock the scale") : m_locked ? tr("Scale locked at %1").arg(end) : tr("Lock the scale at %1").arg(end));
    m_lock->setToolTip(m_lock->isEnabled() ? tr("One scale for all maps and films: the same colour means the same value everywhere")
                                           : tr("There is no map whose scale could be locked"));
}

}  // namespace cxr::ui
