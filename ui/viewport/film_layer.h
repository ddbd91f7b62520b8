// FilmLayer: the film as a picture of the visible part, and only as much of it recomputed as changed:
//   view moved       -> samples resampled, then looked up
//   window changed   -> looked up
//   overlays changed -> nothing
// Overlay planes 60xx go the same way through pyramids of their own, as coverage.
//   thread rule  GUI thread only
#pragma once

#include <QColor>
#include <QImage>
#include <QTransform>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/image/film_pyramid.h"
#include "core/dicom_in/presented_film.h"
#include "core/image/image.h"
#include "ui/viewport/film_resampler.h"

class QPainter;

namespace cxr::ui {

class FilmLayer {
  public:
    void setImage(ImagePtr image, FilmPyramid pyramid);  // an empty pyramid is made here
    // Its gray values and overlay planes as a presentation state wants them; none: as the film's header does.
    void setPresented(const std::optional<PresentedFilm>& presented);
    void setVoi(const VoiSetting& voi, bool inverted);

    // Paints at device pixels: the painter must have no transform but its device pixel ratio.
    void paintFilm(QPainter& painter, const QTransform& filmToDevice, QSize deviceSize);
    void paintOverlayPlanes(QPainter& painter, const QTransform& filmToDevice, QSize deviceSize, const QColor& colour);

    // A piece of the film at another scale, for the magnifier; black outside the film.
    [[nodiscard]] QImage piece(const QTransform& filmToPiece, QSize size);

  private:
    struct Plane {
        FilmPyramid coverage;    // 0 or 65535
        QPointF origin;          // film px of its first pixel's corner
        ResampledFilm visible;
        QImage picture;
    };
    void lookUp();
    void lookUpInto(QImage& picture, QPoint corner, const cv::Mat& samples);
    const std::array<std::uint8_t, 65536>& table();
    void preparePlanes();

    [[nodiscard]] const Image& shown() const { return m_presented ? *m_presented->image : *m_image; }

    ImagePtr m_image;
    std::optional<PresentedFilm> m_presented;
    QList<QRgb> m_colours;  // of the 256 steps of the table: grays, or those of a pseudo-colour state
    FilmPyramid m_pyramid;
    VoiSetting m_voi;
    bool m_inverted = false;
    std::optional<std::array<std::uint8_t, 65536>> m_table;  // empty: window or film changed
    ResampledFilm m_visible;
    QImage m_picture;
    QTransform m_lastTransform;
    QSize m_lastSize;
    bool m_samplesValid = false;
    bool m_pictureValid = false;
    std::vector<Plane> m_planes;
    bool m_planesPrepared = false;
    QTransform m_planesTransform;
    QSize m_planesSize;
};

}  // namespace cxr::ui
