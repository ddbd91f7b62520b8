// PriorEditor: the controls of a PriorSpec.
#include "ui/panels/prior_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/panels/panel_parts.h"
#include "ui/panels/slider_row.h"

namespace cxr::ui {

namespace {

constexpr double kQuantileStep = 0.001;  // what the spin box can show
constexpr int kFilmRows = 320;           // rows are given on a film 320 px high, whatever the size
// Seeds are 32-bit unsigned in NumPy; a spin box holds 31 bits. Larger seeds of a given spec are kept, see spec().
constexpr int kMaxSeed = std::numeric_limits<int>::max();

int shownSeed(const RLineSpec& lines) {
    return static_cast<int>(std::min<std::uint32_t>(lines.seed, static_cast<std::uint32_t>(kMaxSeed)));
}

QString labelOf(const QString& name) {
    const QString lines = name.section(QLatin1Char('+'), 0, 0);
    const bool inHeart = name.contains(QStringLiteral("+heart"));
    QString label = lines == QLatin1String("hline")    ? PriorEditor::tr("Horizontal lines")
                    : lines == QLatin1String("rline")  ? PriorEditor::tr("Random lines")
                    : lines == QLatin1String("heart")  ? PriorEditor::tr("Heart region")
                    : lines == QLatin1String("rhline") ? PriorEditor::tr("Both lines")
                                                       : lines;
    if (inHeart) label += PriorEditor::tr(" in the heart");
    return label;
}

bool hasSameParts(const PriorSpec& a, const PriorSpec& b) {
    return a.hline.has_value() == b.hline.has_value() && a.rline.has_value() == b.rline.has_value() &&
           a.heart.has_value() == b.heart.has_value();
}

}  // namespace

PriorEditor::PriorEditor(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("priorEditor"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    buildChoice();
    buildLines();
    buildPooling();
    setSpec(defaultPrior());
}

void PriorEditor::buildChoice() {
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("Keep"), this);
    label->setMinimumWidth(76);
    m_prior = new QComboBox(this);
    m_prior->setObjectName(QStringLiteral("priorCombo"));
    m_prior->setAccessibleName(tr("Prior: which pixels are kept"));
    m_prior->setToolTip(tr("Which pixels of the centre square are kept"));
    m_prior->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_prior->setMinimumContentsLength(12);
    for (const std::string& name : priorNames()) {
        if (name.starts_with("mp+")) continue;  // median pooling has its own check box
        const QString text = QString::fromStdString(name);
        m_prior->addItem(labelOf(text), text);
        m_prior->setItemData(m_prior->count() - 1, tr("On the command line: %1").arg(text), Qt::ToolTipRole);
    }
    label->setBuddy(m_prior);
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_prior, 1);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_prior, &QComboBox::currentIndexChanged, this, &PriorEditor::changed);
}

void PriorEditor::buildLines() {
    const auto add = [this](const char* name, const QString& label, SliderRow::Range range, const QString& toolTip) {
        auto* row = new SliderRow(QLatin1String(name), label, range, toolTip, this);
        layout()->addWidget(row);
        connect(row, &SliderRow::valueChanged, this, &PriorEditor::changed);
        return row;
    };
    m_lines = add("rlineCount", tr("Lines"), {1, 10000, 600}, tr("Number of random lines across the film"));
    m_seed = add("rlineSeed", tr("Seed"), {0, kMaxSeed, 100},
                 tr("Seed of the random lines: the same seed draws the same lines on every machine"));
    m_firstRow = add("hlineFirst", tr("First row"), {0, kFilmRows - 1, kFilmRows - 1},
                     tr("First horizontal line, counted on a film 320 px high"));
    m_endRow = add("hlineEnd", tr("Rows before"), {1, kFilmRows, kFilmRows},
                   tr("Horizontal lines end before this row, counted on a film 320 px high"));
    m_step = add("hlineStep", tr("Every"), {1, kFilmRows, 60}, tr("Distance between horizontal lines in rows"));
    m_threshold = add("heartThreshold", tr("Threshold"), {1, 255, 255},
                      tr("The heart region is kept where its picture is at least this bright (1 to 255)"));
    m_size = add("cropSize", tr("Crop side"), {16, 4096, 1024},
                 tr("Side of the square centre crop in pixels, before pooling"));
}

void PriorEditor::buildPooling() {
    m_pooling = new QCheckBox(tr("Quantile pooling before (median at 0.5)"), this);
    m_pooling->setObjectName(QStringLiteral("poolingCheck"));
    m_pooling->setAccessibleName(tr("Median or quantile pooling before the mask"));
    m_pooling->setToolTip(
        tr("Each kept pixel becomes a quantile of its neighbourhood: fewer pixels, less fine detail"));
    layout()->addWidget(m_pooling);
    m_poolingBox = new QWidget(this);
    auto* column = new QVBoxLayout(m_poolingBox);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_kernel = new SliderRow(QStringLiteral("poolKernel"), tr("Kernel"), {1, 256, 48},
                             tr("Side of the neighbourhood in pixels"), m_poolingBox);
    m_stride = new SliderRow(QStringLiteral("poolStride"), tr("Stride"), {1, 256, 12},
                             tr("Step between neighbourhoods in pixels; the picture shrinks by it"), m_poolingBox);
    column->addWidget(m_kernel);
    column->addWidget(m_stride);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("Quantile"), m_poolingBox);
    label->setMinimumWidth(76);
    m_quantile = new QDoubleSpinBox(m_poolingBox);
    m_quantile->setObjectName(QStringLiteral("poolQuantile"));
    m_quantile->setAccessibleName(tr("Quantile"));
    m_quantile->setToolTip(tr("0 keeps the darkest, 0.5 the median, 1 the brightest value of the neighbourhood"));
    m_quantile->setRange(0, 1);
    m_quantile->setSingleStep(0.05);
    m_quantile->setDecimals(3);
    m_padding = new QComboBox(m_poolingBox);
    m_padding->setObjectName(QStringLiteral("poolPadding"));
    m_padding->setAccessibleName(tr("Padding at the border"));
    m_padding->setToolTip(tr("Border of the pooling: reflected (same size) or only whole neighbourhoods (valid)"));
    m_padding->addItem(tr("same"), static_cast<int>(PoolPadding::SameReflect));
    m_padding->addItem(tr("valid"), static_cast<int>(PoolPadding::Valid));
    label->setBuddy(m_quantile);
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_quantile, 1);
    row->addWidget(m_padding, 1);
    column->addLayout(row);
    layout()->addWidget(m_poolingBox);
    connect(m_pooling, &QCheckBox::toggled, this, &PriorEditor::changed);
    connect(m_kernel, &SliderRow::valueChanged, this, &PriorEditor::changed);
    connect(m_stride, &SliderRow::valueChanged, this, &PriorEditor::changed);
    connect(m_quantile, &QDoubleSpinBox::valueChanged, this, &PriorEditor::changed);
    connect(m_padding, &QComboBox::currentIndexChanged, this, &PriorEditor::changed);
}

PriorSpec PriorEditor::chosenPrior() const {
    const auto chosen = priorByName(m_prior->currentData().toString().toStdString());
    return chosen ? chosen.value() : PriorSpec{};
}

PriorSpec PriorEditor::spec() const {
    PriorSpec spec = chosenPrior();
    spec.size = m_size->value();
    if (spec.hline) spec.hline = HLineSpec{m_firstRow->value(), m_endRow->value(), m_step->value()};
    if (spec.rline) spec.rline = RLineSpec{m_lines->value(), static_cast<std::uint32_t>(m_seed->value())};
    if (spec.heart) spec.heart = HeartSpec{m_threshold->value()};
    spec.pool.reset();
    if (m_pooling->isChecked())
        spec.pool = PoolSpec{m_kernel->value(), m_stride->value(), m_quantile->value(),
                             static_cast<PoolPadding>(m_padding->currentData().toInt())};
    if (spec.rline && m_given.rline && shownSeed(*m_given.rline) == m_seed->value())
        spec.rline->seed = m_given.rline->seed;
    if (spec.pool && m_given.pool && std::abs(m_given.pool->quantile - spec.pool->quantile) < kQuantileStep / 2)
        spec.pool->quantile = m_given.pool->quantile;
    return spec;
}

void PriorEditor::setSpec(const PriorSpec& spec) {
    const QSignalBlocker quiet(this);
    m_given = spec;
    for (int i = 0; i < m_prior->count(); ++i) {
        const auto candidate = priorByName(m_prior->itemData(i).toString().toStdString());
        if (candidate && hasSameParts(candidate.value(), spec)) m_prior->setCurrentIndex(i);
    }
    m_size->setValue(spec.size);
    const HLineSpec rows = spec.hline.value_or(HLineSpec{});
    m_firstRow->setValue(rows.firstRow);
    m_endRow->setValue(rows.endRow);
    m_step->setValue(rows.step);
    const RLineSpec lines = spec.rline.value_or(RLineSpec{});
    m_lines->setValue(lines.count);
    m_seed->setValue(shownSeed(lines));
    m_threshold->setValue(spec.heart.value_or(HeartSpec{}).threshold);
    const PoolSpec pool = spec.pool.value_or(PoolSpec{});
    m_pooling->setChecked(spec.pool.has_value());
    m_kernel->setValue(pool.kernel);
    m_stride->setRange(1, pool.kernel);
    m_stride->setValue(pool.stride);
    m_quantile->setValue(pool.quantile);
    m_padding->setCurrentIndex(m_padding->findData(static_cast<int>(pool.padding)));
    refreshStates();
}

void PriorEditor::changed() {
    if (signalsBlocked()) return;
    m_stride->setRange(1, m_kernel->value());  // a stride beyond the kernel would skip pixels
    refreshStates();
    Q_EMIT specChanged(spec());
}

void PriorEditor::refreshStates() {
    const PriorSpec parts = chosenPrior();
    const QString noRandom = tr("This prior draws no random lines");
    const QString noRows = tr("This prior draws no horizontal lines");
    m_lines->setUsable(parts.rline.has_value(), noRandom);
    m_seed->setUsable(parts.rline.has_value(), noRandom);
    for (SliderRow* row : {m_firstRow, m_endRow, m_step}) row->setUsable(parts.hline.has_value(), noRows);
    m_threshold->setUsable(parts.heart.has_value(), tr("This prior uses no heart region"));
    m_poolingBox->setVisible(m_pooling->isChecked());
}

}  // namespace cxr::ui
