// RatioScale: the cardiothoracic ratio on a line from 0.30 to 0.70 with the limits 0.50 and 0.55 and a marker.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <optional>

namespace cxr::ui {

class RatioScale : public QWidget {
    Q_OBJECT
  public:
    explicit RatioScale(QWidget* parent = nullptr);

    // nullopt: no marker. `isUncertain`: the marker is hollow. Values off the scale sit at its end with an arrow.
    void setRatio(std::optional<double> ratio, bool isUncertain);
    [[nodiscard]] std::optional<double> ratio() const { return m_ratio; }
    // Where a ratio lies, widget pixels from the left.
    [[nodiscard]] double xOf(double ratio) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void paintZones(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;
    void paintMarker(QPainter& painter) const;

    std::optional<double> m_ratio;
    bool m_isUncertain = false;
};

}  // namespace cxr::ui
