// FilmView: shows one film. Pan, zoom to the cursor, window/level, flip, rotate, magnifier, ruler, outlines and CTR lines
// with handles, patient banner, orientation letters, notice. Painted by ourselves: only the visible part is resampled,
// from a mip pyramid, then one look-up table. Works on every platform plugin.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "core/base/geometry.h"
#include "core/image/film_pyramid.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/measure/length_calibration.h"
#include "ui/print/companion_painter.h"
#include "ui/print/heatmap_painter.h"
#include "ui/viewport/film_orientation.h"

namespace cxr::ui {

enum class FilmTool { WindowLevel, Pan, Zoom, Magnifier, Ruler, EditOutlines, Calibrate };

class FilmView : public QWidget {
    Q_OBJECT
  public:
    explicit FilmView(QWidget* parent = nullptr);
    ~FilmView() override;

    // Takes a film (null = empty view with a hint how to open one). Fits it and applies its default VOI.
    // `pyramid`: of this film, built in a worker; without it its levels are built when they are first painted, which
    // takes up to 30 ms for 2500x2048.
    void setImage(ImagePtr image, FilmPyramid pyramid = {});
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
    // Device pixels of the screen per film pixel, so 1 is 1:1 on every display; about the view's centre; clamped to
    // [0.01, 64].
    void setZoom(double screenPxPerFilmPx);
    void zoomBy(double factor);              // about the view's centre
    [[nodiscard]] double zoom() const;
    // For linked views (HeartSpot preview): centre in film px.
    void setCentre(PointPx centre);
    [[nodiscard]] PointPx centre() const;

    // Findings over the film. Not shown while overlays are off.
    void setMeasurement(const std::optional<ChestMeasurement>& measurement, const QString& modelName);
    [[nodiscard]] std::optional<ChestMeasurement> measurement() const;
    // A heatmap between film and findings. Not shown while overlays are off.
    void setHeatmap(const std::optional<ShownHeatmap>& shown);
    [[nodiscard]] const std::optional<ShownHeatmap>& heatmap() const;
    // The painted map's value under a film point; none outside of it, or while it is hidden.
    [[nodiscard]] std::optional<double> heatmapValueAt(PointPx film) const;
    // A presentation state over the film: its gray values, turn and displayed area are taken at once, shutter and drawings
    // painted. The user may change window and view as ever. null: back to how the film was seen before.
    void setPresentation(const PresentationPtr& state);
    [[nodiscard]] const PresentationPtr& presentation() const;
    // Outlines of a segmentation; null: none. Drawings and segments are not shown while overlays are off.
    void setSegments(const SegmentedFilmPtr& segments);
    [[nodiscard]] const SegmentedFilmPtr& segments() const;

    // The film that is shown, with another spacing: what lengths follow from. Another film is not taken.
    void setSpacingOf(const ImagePtr& film);
    // The line that the spacing was calibrated by, shown with the calibration tool; none: no calibration.
    void setCalibration(const std::optional<LengthCalibration>& calibration);

    // A cross where the cursor is in a linked view; none: no cross.
    void setMarker(const std::optional<PointPx>& film);
    [[nodiscard]] std::optional<PointPx> marker() const;

    void setOverlaysVisible(bool visible);
    [[nodiscard]] bool overlaysVisible() const;
    void setBannerVisible(bool visible);
    [[nodiscard]] bool isBannerVisible() const;

    // One sentence where the user looks, for example why a file did not open; empty = none. A new film clears it.
    void setMessage(const QString& message);
    [[nodiscard]] QString message() const;

    void clearRulers();
    [[nodiscard]] std::vector<LinePx> rulers() const;

    [[nodiscard]] PointPx toFilm(QPointF widgetPoint) const;
    [[nodiscard]] QPointF toWidget(PointPx filmPoint) const;

  Q_SIGNALS:
    void voiChanged(const cxr::VoiSetting& voi);
    void viewChanged(double zoom, cxr::PointPx centre);
    // sample position and modality value under the cursor; `inside` false when it left the film
    void cursorMoved(bool inside, int column, int row, double modalityValue);
    // while dragging a handle (isFinal false, at most once per frame) and at its end (isFinal true); Esc during the
    // drag restores and tells so with isFinal false
    void measurementEdited(const cxr::ChestMeasurement& measurement, bool isFinal);
    // as measurementEdited, for the boxes of the heatmap
    void boxesEdited(const std::vector<cxr::FindingBox>& boxes, bool isFinal);
    void filesDropped(const QStringList& files);
    void rulersChanged();
    // a line was drawn with the calibration tool
    void calibrationDrawn(const cxr::LinePx& line);
    // the film was turned or mirrored
    void orientationChanged();
    // right button pressed and released without moving; the place is in widget px
    void contextMenuWanted(const QPoint& at);

  protected:
    bool event(QEvent* event) override;  // touch, and the keys that a drag takes from shortcuts
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;  // fit
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;  // arrows pan, Esc ends a drag, Del removes the marked ruler
    void leaveEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
