// WindowBar: window centre and width by numbers, and the menu of window presets. Lives in the tool bar.
//   tables  a VOI look-up table has no centre and width: the numbers are empty ("table") until one is typed
//   thread rule  GUI thread only
#pragma once

#include <QDoubleSpinBox>
#include <QToolButton>
#include <QWidget>

#include "core/image/image.h"

namespace cxr::ui {

class WindowBar : public QWidget {
    Q_OBJECT
  public:
    explicit WindowBar(QMenu* presetMenu, QWidget* parent = nullptr);

    // Shows a setting without emitting anything.
    void setVoi(const VoiSetting& voi);

  Q_SIGNALS:
    void voiEntered(const cxr::VoiSetting& voi);

  private:
    QDoubleSpinBox* makeBox(const QString& name, const QString& accessibleName, const QString& toolTip, double low);
    void enter();

    VoiSetting m_voi;
    QDoubleSpinBox* m_center;
    QDoubleSpinBox* m_width;
};

}  // namespace cxr::ui
