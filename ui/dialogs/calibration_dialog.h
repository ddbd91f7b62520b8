// CalibrationDialog: asks how long the line is that was drawn on the film. Stays open and says why when a length cannot be.
//   thread rule  GUI thread only
#pragma once

#include <QDialog>
#include <functional>

#include "core/base/result.h"

class QDoubleSpinBox;
class QLabel;

namespace cxr::ui {

class CalibrationDialog : public QDialog {
    Q_OBJECT
  public:
    // `now`: the line's length as the film has it before, "412 px" or "82 mm (at the detector)". `calibrate` is called with
    // mm; an Error is shown, and the dialog stays.
    CalibrationDialog(const QString& now, double suggestedMm, std::function<Result<Done>(double)> calibrate, QWidget* parent = nullptr);

    void accept() override;

  private:
    std::function<Result<Done>(double)> m_calibrate;
    QDoubleSpinBox* m_length;
    QLabel* m_problem;
};

}  // namespace cxr::ui
