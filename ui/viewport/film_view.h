// FilmView: shows one film. Pan, zoom to the cursor, window/level, flip, rotate, magnifier, ruler, outlines and CTR lines
// with handles, patient banner, orientation letters, notice. Painted by ourselves: only the visible part is resampled,
// from a mip pyramid, then one look-up table. Works on every platform plugin.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "core/base/geometry.h"
#include "core/image/image.h"
#include "core/measure/chest.h"

namespace cxr::ui {

enum class FilmTool { WindowLevel, Pan, Zoom, Magnifier, Ruler, EditOutlines };

// Geometry of the view: rotation in quarter turns clockwise, then mirroring.
struct FilmOrientation {
    int quarterTurns = 0;  // 0..3
    bool flipHorizontal = false;
    bool flipVertical = false;
    bool operator==(const FilmOrientation&) const = default;
};

class FilmView : public QWidget {
    Q_OBJECT
  public:
    explicit FilmView(QWidget* parent = nullptr);
    ~FilmView() override;

    // Takes a film (null = empty view with a hint how to open one). Fits it and applies its default VOI.
    // The pyramid of a large film is built on first paint of a smaller scale; 30 ms for 2500x2048.
    void setImage(ImagePtr image);
    [[nodiscard]] ImagePtr image() const;

    void setVoi(const VoiSetting& voi);
    [[nodiscard]] VoiSetting voi() const;
    void setInverted(bool inverted);
    [[nodiscard]] bool isInverted() const;
    void setOrientation(FilmOrientation orientation);
    [[nodiscard]] FilmOrientation orientation() const;

    void setTool(FilmTool tool);  // what the left button does; middle always pans, right drag zooms, wheel zooms
    [[nodiscard]] FilmTool tool() const;

    void zoomToFit();
    void setZoom(double screenPxPerFilmPx);  // about the view's centre; clamped to [0.01, 64]
    void zoomBy(double factor);              // about the view's centre
    [[nodiscard]] double zoom() const;
    // For linked views (HeartSpot preview): centre in film px.
    void setCentre(PointPx centre);
    [[nodiscard]] PointPx centre() const;

    // Findings over the film. Not shown while overlays are off.
    void setMeasurement(const std::optional<ChestMeasurement>& measurement, const QString& modelName);
    [[nodiscard]] std::optional<ChestMeasurement> measurement() const;
    void setOverlaysVisible(bool visible);
    [[nodiscard]] bool overlaysVisible() const;
    void setBannerVisible(bool visible);

    void clearRulers();
    [[nodiscard]] std::vector<LinePx> rulers() const;

    [[nodiscard]] PointPx toFilm(QPointF widgetPoint) const;
    [[nodiscard]] QPointF toWidget(PointPx filmPoint) const;

  Q_SIGNALS:
    void voiChanged(const cxr::VoiSetting& voi);
    void viewChanged(double zoom, cxr::PointPx centre);
    // sample position and modality value under the cursor; `inside` false when it left the film
    void cursorMoved(bool inside, int column, int row, double modalityValue);
    // while dragging a handle (isFinal false, at most once per frame) and at its end (isFinal true)
    void measurementEdited(const cxr::ChestMeasurement& measurement, bool isFinal);
    void filesDropped(const QStringList& files);
    void rulersChanged();

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
