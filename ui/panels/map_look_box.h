// MapLookBox: the controls of how a heatmap looks: colours, opacity, threshold, contours, boxes, scale, quantile pooling.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

#include "ui/state/map_preparation.h"

class QCheckBox;
class QComboBox;
class QToolButton;

namespace cxr::ui {

class SliderRow;

class MapLookBox : public QWidget {
    Q_OBJECT
  public:
    explicit MapLookBox(QWidget* parent = nullptr);

    // With the locked scale, if the reader locked one.
    [[nodiscard]] MapLook look() const;
    void setLook(const MapLook& look);  // emits nothing
    // Kernel, quantile and stride of the sliders, also while nothing is pooled.
    [[nodiscard]] PoolSpec poolValues() const;
    void setPoolValues(const PoolSpec& pool);  // emits nothing
    // Of the map that is wanted: whether pooling is on by itself depends on it. Emits nothing.
    void setMethod(ExplainMethod method);
    // The map that is looked at: what its own scale is, whether its values have a sign; nullptr: none.
    void setMap(const Heatmap* map);
    void setBoxesEdited(bool edited);  // something to reset

  Q_SIGNALS:
    void lookChanged();
    void resetBoxesRequested();

  private:
    void buildColours();
    void buildChecks();
    void buildPooling();
    void showScale();
    void showPooling();
    void onLock(bool on);
    void onPool(bool on);
    SliderRow* addSlider(const char* name, const QString& label, int low, int high, int sliderHigh, const QString& toolTip, QWidget* parent);
    QCheckBox* addCheck(const char* name, const QString& label, const QString& toolTip);

    QComboBox* m_colours = nullptr;
    SliderRow *m_opacity = nullptr, *m_threshold = nullptr, *m_kernel = nullptr, *m_quantile = nullptr, *m_stride = nullptr;
    QCheckBox *m_fill = nullptr, *m_contours = nullptr, *m_boxes = nullptr, *m_lock = nullptr, *m_pool = nullptr;
    QWidget* m_poolBox = nullptr;
    QToolButton* m_reset = nullptr;
    std::optional<MapScale> m_locked;
    MapScale m_own;
    ExplainMethod m_method = ExplainMethod::Cam;
    bool m_poolsByMethod = true;  // until the reader switches pooling against what the method needs
};

}  // namespace cxr::ui
