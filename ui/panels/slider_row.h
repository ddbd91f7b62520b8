// SliderRow: one number with a slider and a spin box that always agree, and a name.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

class QLabel;
class QSlider;
class QSpinBox;

namespace cxr::ui {

class SliderRow : public QWidget {
    Q_OBJECT
  public:
    struct Range {
        int low = 0;
        int high = 100;        // of the spin box
        int sliderHigh = 100;  // of the slider: the range people use; larger values are typed
    };

    // Slider and spin box are named objectName + "Slider" and + "Spin".
    SliderRow(const QString& objectName, const QString& label, Range range, const QString& toolTip, QWidget* parent);

    [[nodiscard]] int value() const;
    void setValue(int value);  // emits nothing
    void setRange(int low, int high);
    // A disabled row says why in its tooltip.
    void setUsable(bool usable, const QString& why);

  Q_SIGNALS:
    void valueChanged(int value);  // by the user

  private:
    void follow(int value, bool fromSlider);

    QLabel* m_label;
    QSlider* m_slider;
    QSpinBox* m_spin;
    QString m_toolTip;
};

}  // namespace cxr::ui
