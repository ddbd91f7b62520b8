// StatusFields: the numbers in the status bar: position and value under the cursor, zoom, window. Their places do not move.
//   thread rule  GUI thread only
#pragma once

#include <QObject>

#include <optional>

#include "core/image/image.h"

class QLabel;
class QStatusBar;

namespace cxr::ui {

class StatusFields : public QObject {
    Q_OBJECT
  public:
    explicit StatusFields(QStatusBar* bar);

    void setFilm(const ImagePtr& image);  // null: everything empty
    void setCursor(bool inside, int column, int row, double modalityValue);
    // The heatmap under the cursor: "map 0.83 logits"; none: the field is empty. Hidden while no map is on the film.
    void setMapShown(bool shown);
    void setMapValue(const std::optional<double>& value, const QString& unit);
    void setZoom(double screenPxPerFilmPx);
    void setVoi(const VoiSetting& voi);

  private:
    QLabel* m_map;
    QLabel* m_cursor;
    QLabel* m_zoom;
    QLabel* m_window;
    QString m_units;
    bool m_hasFilm = false;
};

// "C 1024  W 2048", "table: LUT name".
QString windowText(const VoiSetting& voi);

}  // namespace cxr::ui
