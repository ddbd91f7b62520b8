// SliderRow: a slider and a spin box that always agree.
#include "ui/panels/slider_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>

namespace cxr::ui {

SliderRow::SliderRow(const QString& objectName, const QString& label, Range range, const QString& toolTip,
                     QWidget* parent)
    : QWidget(parent),
      m_label(new QLabel(label, this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_spin(new QSpinBox(this)),
      m_toolTip(toolTip) {
    setObjectName(objectName);
    m_label->setMinimumWidth(76);
    m_label->setBuddy(m_spin);
    m_slider->setObjectName(objectName + QStringLiteral("Slider"));
    m_slider->setAccessibleName(tr("%1, slider").arg(label));
    m_slider->setMinimumWidth(60);
    m_slider->setRange(range.low, range.sliderHigh);
    m_spin->setObjectName(objectName + QStringLiteral("Spin"));
    m_spin->setAccessibleName(label);
    m_spin->setRange(range.low, range.high);
    m_spin->setKeyboardTracking(false);
    m_spin->setMinimumWidth(72);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_label);
    row->addWidget(m_slider, 1);
    row->addWidget(m_spin);
    connect(m_slider, &QSlider::valueChanged, this, [this](int v) { follow(v, true); });
    connect(m_spin, &QSpinBox::valueChanged, this, [this](int v) { follow(v, false); });
    setUsable(true, {});
}

int SliderRow::value() const { return m_spin->value(); }

void SliderRow::setValue(int value) {
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietSpin(m_spin);
    m_spin->setValue(value);
    m_slider->setValue(value);
}

void SliderRow::setRange(int low, int high) {
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietSpin(m_spin);
    m_spin->setRange(low, high);
    m_slider->setRange(low, high);
}

void SliderRow::setUsable(bool usable, const QString& why) {
    for (QWidget* part :
         {static_cast<QWidget*>(m_label), static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_spin)}) {
        part->setEnabled(usable);
        part->setToolTip(usable ? m_toolTip : why);
    }
    setToolTip(usable ? m_toolTip : why);
}

void SliderRow::follow(int value, bool fromSlider) {
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietSpin(m_spin);
    fromSlider ? m_spin->setValue(value) : m_slider->setValue(value);
    Q_EMIT valueChanged(m_spin->value());
}

}  // namespace cxr::ui
