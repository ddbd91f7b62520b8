// CompanionBar: strips above the film that say what lies over it beside the program's own findings: the presentation
// state, the segmentation, the parametric map, each with a switch and, when there are several, a choice; and the user's
// calibration with a button that takes it back. Hidden while there is nothing to say.
//   thread rule  GUI thread only
#pragma once

#include <QFrame>
#include <vector>

#include "ui/state/companions.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QToolButton;

namespace cxr::ui {

class CompanionBar : public QWidget {
    Q_OBJECT
  public:
    CompanionBar(Companions& companions, FilmSession& session, QWidget* parent = nullptr);

    // Follows the companions of the film on screen, and its calibration.
    void refresh();

  private:
    struct Row {
        ObjectKind kind = ObjectKind::Other;
        QFrame* frame = nullptr;
        QLabel* text = nullptr;
        QComboBox* choice = nullptr;
        QCheckBox* onOff = nullptr;
        CompanionPtr last;  // what the switch brings back
    };
    Row makeRow(ObjectKind kind, const QString& name, const QString& what);
    QFrame* makeCalibrationRow();
    void refreshRow(Row& row);
    void choose(std::size_t row, int index);
    void toggle(std::size_t row, bool isOn);

    Companions& m_companions;
    FilmSession& m_session;
    std::vector<Row> m_rows;
    QFrame* m_calibration = nullptr;
    QLabel* m_calibrationText = nullptr;
};

}  // namespace cxr::ui
