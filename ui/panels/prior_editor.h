// PriorEditor: the controls of a PriorSpec. Every spec that is in range can be set and read back unchanged.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

#include "core/prior/prior_spec.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace cxr::ui {

class SliderRow;

class PriorEditor : public QWidget {
    Q_OBJECT
  public:
    explicit PriorEditor(QWidget* parent = nullptr);

    [[nodiscard]] PriorSpec spec() const;
    void setSpec(const PriorSpec& spec);  // emits nothing

  Q_SIGNALS:
    void specChanged(const cxr::PriorSpec& spec);  // by the user

  private:
    void buildChoice();
    void buildLines();
    void buildPooling();
    void changed();
    void refreshStates();
    [[nodiscard]] PriorSpec chosenPrior() const;

    QComboBox* m_prior = nullptr;
    SliderRow *m_lines = nullptr, *m_seed = nullptr;
    SliderRow *m_firstRow = nullptr, *m_endRow = nullptr, *m_step = nullptr;
    SliderRow *m_threshold = nullptr, *m_size = nullptr;
    QCheckBox* m_pooling = nullptr;
    SliderRow *m_kernel = nullptr, *m_stride = nullptr;
    QDoubleSpinBox* m_quantile = nullptr;
    QComboBox* m_padding = nullptr;
    QWidget* m_poolingBox = nullptr;
    PriorSpec m_given;  // of setSpec(): a seed above 2^31 or a fine quantile survives controls that cannot show it
};

}  // namespace cxr::ui
