// FilmCanvas: what a mouse tool may see and change of the film view. Widget points are logical px.
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QPointF>
#include <optional>
#include <vector>

#include "core/image/image.h"
#include "core/localize/boxes.h"
#include "core/measure/chest.h"
#include "core/measure/length_calibration.h"
#include "ui/viewport/view_geometry.h"

namespace cxr::ui {

class FilmCanvas {
  public:
    virtual ~FilmCanvas() = default;
    [[nodiscard]] virtual ImagePtr image() const = 0;  // never null while a tool is asked
    [[nodiscard]] virtual const ViewGeometry& geometry() const = 0;

    [[nodiscard]] virtual VoiSetting voi() const = 0;
    virtual void changeVoi(const VoiSetting& voi) = 0;
    [[nodiscard]] virtual bool isLowBright() const = 0;  // after MONOCHROME1 and the user's inversion

    virtual void panBy(QPointF widgetDelta) = 0;
    virtual void zoomAbout(QPointF widgetPoint, double zoom) = 0;

    // What is shown; empty while overlays are off.
    [[nodiscard]] virtual const std::optional<ChestMeasurement>& shownMeasurement() const = 0;
    // Shows it and tells the world: `isFinal` ends one edit.
    virtual void editMeasurement(const ChestMeasurement& measurement, bool isFinal) = 0;

    // Boxes of the heatmap on screen; empty while they are hidden.
    [[nodiscard]] virtual const std::vector<FindingBox>& shownBoxes() const = 0;
    // Shows them and tells the world: `isFinal` ends one edit.
    virtual void editBoxes(std::vector<FindingBox> boxes, bool isFinal) = 0;

    // The tool for correcting findings is chosen: more than the ends of lines may be grabbed.
    [[nodiscard]] virtual bool isEditing() const = 0;

    [[nodiscard]] virtual const std::vector<LinePx>& rulers() const = 0;
    virtual void setRulers(std::vector<LinePx> rulers) = 0;

    // The line that gives the film its spacing; none: the header does.
    [[nodiscard]] virtual const std::optional<LengthCalibration>& calibration() const = 0;
    // A line was drawn whose length the user is to give.
    virtual void calibrateBy(const LinePx& line) = 0;

    // A round piece of film about `filmPoint`, `zoom` device px per film px, diameter in device px.
    [[nodiscard]] virtual QImage magnified(PointPx filmPoint, double zoom, int diameterPx) = 0;
    virtual void refresh() = 0;  // repaint soon
};

}  // namespace cxr::ui
