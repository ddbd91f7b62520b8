// Resample, look up, draw; see film_layer.h.
#include "ui/viewport/film_layer.h"

#include <QPainter>
#include <algorithm>

#include "core/image/pixel_chain.h"
#include "ui/print/companion_painter.h"

namespace cxr::ui {

namespace {

// Makes `picture` the size and format asked for; keeps its memory when it has them already.
void ensurePicture(QImage& picture, QSize size, QImage::Format format) {
    if (picture.size() != size || picture.format() != format) picture = QImage(size, format);
}

void lookUpRows(const cv::Mat& samples, const std::array<std::uint8_t, 65536>& table, QImage& picture) {
    for (int y = 0; y < samples.rows; ++y) {
        const auto* source = samples.ptr<std::uint16_t>(y);
        uchar* target = picture.scanLine(y);
        for (int x = 0; x < samples.cols; ++x) target[x] = table[source[x]];
    }
}

void drawAtDevicePixels(QPainter& painter, const QRect& deviceRect, const QImage& picture) {
    const qreal ratio = painter.device()->devicePixelRatioF();
    const QRectF target(deviceRect.x() / ratio, deviceRect.y() / ratio, deviceRect.width() / ratio,
                        deviceRect.height() / ratio);
    painter.drawImage(target, picture);
}

}  // namespace

void FilmLayer::setImage(ImagePtr image, FilmPyramid pyramid) {
    m_image = std::move(image);
    m_presented.reset();
    m_palette.clear();
    m_pyramid = m_image && pyramid.isEmpty() ? FilmPyramid(m_image->samples) : std::move(pyramid);
    m_table.reset();
    m_samplesValid = false;
    m_planes.clear();
    m_planesPrepared = false;
}

void FilmLayer::setPresented(const std::optional<PresentedFilm>& presented) {
    m_presented = presented;
    m_palette = presented && presented->colours ? paletteOf(*presented->colours) : QList<QRgb>();
    m_table.reset();
    m_planes.clear();
    m_planesPrepared = false;
}

void FilmLayer::setVoi(const VoiSetting& voi, bool inverted) {
    if (voi == m_voi && inverted == m_inverted) return;
    m_voi = voi;
    m_inverted = inverted;
    m_table.reset();
}

const std::array<std::uint8_t, 65536>& FilmLayer::table() {
    if (!m_table) {
        m_table = m_presented ? presentedTable8(*m_presented, m_voi, m_inverted) : grayTable8(*m_image, m_voi, m_inverted);
        m_pictureValid = false;
    }
    return *m_table;
}

void FilmLayer::lookUp() {
    ensurePicture(m_picture, m_visible.deviceRect.size(), format());
    if (!m_palette.isEmpty()) m_picture.setColorTable(m_palette);
    lookUpRows(m_visible.samples, table(), m_picture);
    m_pictureValid = true;
}

void FilmLayer::paintFilm(QPainter& painter, const QTransform& filmToDevice, QSize deviceSize) {
    if (!m_image) return;
    if (!m_samplesValid || filmToDevice != m_lastTransform || deviceSize != m_lastSize) {
        resampleVisible(m_pyramid, filmToDevice, deviceSize, m_visible);
        m_lastTransform = filmToDevice;
        m_lastSize = deviceSize;
        m_samplesValid = true;
        m_pictureValid = false;
    }
    if (m_visible.deviceRect.isEmpty()) return;
    table();
    if (!m_pictureValid) lookUp();
    drawAtDevicePixels(painter, m_visible.deviceRect, m_picture);
}

QImage FilmLayer::piece(const QTransform& filmToPiece, QSize size, int background) {
    QImage result(size, format());
    if (!m_palette.isEmpty()) result.setColorTable(m_palette);
    result.fill(background);
    if (!m_image) return result;
    ResampledFilm part;
    resampleVisible(m_pyramid, filmToPiece, size, part);
    const auto& grays = table();
    for (int y = 0; y < part.deviceRect.height(); ++y) {
        const auto* source = part.samples.ptr<std::uint16_t>(y);
        uchar* target = result.scanLine(part.deviceRect.y() + y) + part.deviceRect.x();
        for (int x = 0; x < part.deviceRect.width(); ++x) target[x] = grays[source[x]];
    }
    return result;
}

void FilmLayer::preparePlanes() {
    m_planesPrepared = true;
    m_planesSize = {};
    for (const OverlayPlane& plane : shown().overlays) {
        if (plane.mask.empty() || plane.mask.type() != CV_8UC1) continue;
        cv::Mat coverage;
        plane.mask.convertTo(coverage, CV_16UC1, 257);
        m_planes.push_back({FilmPyramid(coverage), QPointF(plane.originColumn - 1, plane.originRow - 1), {}, {}});
    }
}

void FilmLayer::paintOverlayPlanes(QPainter& painter, const QTransform& filmToDevice, QSize deviceSize,
                                   const QColor& colour) {
    if (!m_image || shown().overlays.empty()) return;
    if (!m_planesPrepared) preparePlanes();
    const bool moved = filmToDevice != m_planesTransform || deviceSize != m_planesSize;
    for (Plane& plane : m_planes) {
        if (moved) {
            const QTransform toDevice = QTransform::fromTranslate(plane.origin.x(), plane.origin.y()) * filmToDevice;
            resampleVisible(plane.coverage, toDevice, deviceSize, plane.visible);
            ensurePicture(plane.picture, plane.visible.deviceRect.size(), QImage::Format_ARGB32_Premultiplied);
            for (int y = 0; y < plane.visible.deviceRect.height(); ++y) {
                const auto* source = plane.visible.samples.ptr<std::uint16_t>(y);
                auto* target = reinterpret_cast<QRgb*>(plane.picture.scanLine(y));
                for (int x = 0; x < plane.visible.deviceRect.width(); ++x) {
                    target[x] = qPremultiply(qRgba(colour.red(), colour.green(), colour.blue(), source[x] >> 8));
                }
            }
        }
        if (!plane.visible.deviceRect.isEmpty()) drawAtDevicePixels(painter, plane.visible.deviceRect, plane.picture);
    }
    m_planesTransform = filmToDevice;
    m_planesSize = deviceSize;
}

}  // namespace cxr::ui
