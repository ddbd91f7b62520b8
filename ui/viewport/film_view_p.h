// The inside of FilmView: state, and what the mouse tools may do with it. Not for other folders.
//   thread rule  GUI thread only
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "ui/viewport/film_layer.h"
#include "ui/viewport/film_view.h"
#include "ui/viewport/heatmap_layer.h"
#include "ui/viewport/tools/film_canvas.h"
#include "ui/viewport/tools/mouse_tool.h"
#include "ui/viewport/tools/two_fingers.h"

class QTouchEvent;

namespace cxr::ui {

inline constexpr int kFilmToolCount = 7;

class FilmView::Private : public FilmCanvas {
  public:
    explicit Private(FilmView& view);

    [[nodiscard]] ImagePtr image() const override { return m_image; }
    [[nodiscard]] const ViewGeometry& geometry() const override { return m_geometry; }
    [[nodiscard]] VoiSetting voi() const override { return m_voi; }
    void changeVoi(const VoiSetting& voi) override;
    [[nodiscard]] bool isLowBright() const override { return m_image && grayFilm().isInverse != m_inverted; }
    void panBy(QPointF widgetDelta) override;
    void zoomAbout(QPointF widgetPoint, double zoom) override;
    [[nodiscard]] const std::optional<ChestMeasurement>& shownMeasurement() const override;
    void editMeasurement(const ChestMeasurement& measurement, bool isFinal) override;
    [[nodiscard]] const std::vector<FindingBox>& shownBoxes() const override;
    void editBoxes(std::vector<FindingBox> boxes, bool isFinal) override;
    [[nodiscard]] bool isEditing() const override { return m_tool == FilmTool::EditOutlines; }
    [[nodiscard]] const std::vector<LinePx>& rulers() const override { return m_rulers; }
    void setRulers(std::vector<LinePx> rulers) override;
    [[nodiscard]] const std::optional<LengthCalibration>& calibration() const override { return m_calibration; }
    void calibrateBy(const LinePx& line) override { Q_EMIT m_view.calibrationDrawn(line); }
    [[nodiscard]] QImage magnified(PointPx filmPoint, double zoom, int diameterPx) override;
    void refresh() override { m_view.update(); }

    // Runs `change` on the geometry; repaints and tells the world when it moved anything.
    template <typename Change>
    void changeGeometry(Change change) {
        const double zoomBefore = m_geometry.zoom;
        const PointPx centreBefore = m_geometry.centre;
        change(m_geometry);
        if (m_geometry.zoom == zoomBefore && m_geometry.centre == centreBefore) return;
        m_view.update();
        if (m_image) Q_EMIT m_view.viewChanged(m_geometry.zoom, m_geometry.centre);
    }
    void adoptWidgetSize();
    void fit();
    // The film whose gray values are shown: as presented, or as stored.
    [[nodiscard]] const Image& grayFilm() const { return m_presented ? *m_presented->image : *m_image; }
    void present(const PresentationPtr& state);
    void showArea(const DisplayedArea& area);
    void unpresent();

    [[nodiscard]] MouseTool& toolFor(FilmTool tool) const { return *m_tools[static_cast<std::size_t>(tool)]; }
    [[nodiscard]] MouseTool& current() const { return toolFor(m_tool); }
    // The tool that a left press at this point comes to: the nearest handle's, else the chosen tool.
    [[nodiscard]] MouseTool& toolAt(QPointF at) const;
    void hover(QPointF at);
    void startDrag(MouseTool& tool, Qt::MouseButton button, QPointF at);
    void moveDrag(QPointF at);
    void endDrag(QPointF at);
    bool cancelDrag();
    // One finger does what the left button does, two zoom and pan, a double tap fits.
    void touch(const QTouchEvent& event);
    void touchDown(QPointF at);
    void touchUp();
    void updateCursor(QPointF at);
    void reportCursor(QPointF at);

    void paint(QPainter& painter);
    // Returns what they cover.
    std::vector<QRectF> paintTexts(QPainter& painter);
    // Upwards from `bottom` at the right; empty: nothing to say.
    QRectF paintVerdict(QPainter& painter, const QRectF& area, double bottom);
    QRectF paintHeatmapTexts(QPainter& painter, const QRectF& area, double bottom);
    void paintForeignTexts(QPainter& painter, const std::vector<QRectF>& taken);
    void paintMarker(QPainter& painter);
    [[nodiscard]] bool showsHeatmap() const { return m_overlaysVisible && m_heatmap.shown().has_value(); }
    [[nodiscard]] QString shownModels() const;
    [[nodiscard]] bool showsDrawings() const { return m_overlaysVisible && m_companions.presentation; }

    FilmView& m_view;
    ImagePtr m_image;
    FilmLayer m_layer;
    ViewGeometry m_geometry;
    bool m_isFitted = true;
    VoiSetting m_voi;
    bool m_inverted = false;
    std::optional<ChestMeasurement> m_measurement;
    QString m_modelName;
    HeatmapLayer m_heatmap;
    FilmCompanions m_companions;
    std::optional<PresentedFilm> m_presented;
    // How the film was seen before a presentation state came over it.
    struct Before {
        VoiSetting voi;
        bool isInverted = false;
        ViewGeometry geometry;
        bool isFitted = true;
    };
    std::optional<Before> m_before;
    std::optional<LengthCalibration> m_calibration;
    std::optional<PointPx> m_marker;
    bool m_overlaysVisible = true;
    bool m_bannerVisible = true;
    QString m_message;
    std::vector<LinePx> m_rulers;

    FilmTool m_tool = FilmTool::WindowLevel;
    std::array<std::unique_ptr<MouseTool>, kFilmToolCount> m_tools;  // indexed by FilmTool
    std::unique_ptr<MouseTool> m_lineTool;                          // ends of the CTR lines, in every tool
    std::unique_ptr<MouseTool> m_boxTool;                           // boxes of the heatmap, while editing
    MouseTool* m_dragging = nullptr;
    Qt::MouseButton m_dragButton = Qt::NoButton;
    QPointF m_pressedAt;
    bool m_moved = false;  // farther than a click

    TwoFingers m_twoFingers{*this};
    qsizetype m_fingers = 0;  // on the film
    QPointF m_lastTouch;
    QElapsedTimer m_sinceTap;  // invalid: none before

    QTimer m_editTimer;  // live edits are told at most once per frame
    bool m_editPending = false;
};

}  // namespace cxr::ui
