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

QList<QRgb> grays() {
    QList<QRgb> colours;
    for (int step = 0; step < 256; ++step) colours << qRgb(step, step, step);
    return colours;
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
    m_colours = grays();
    m_pyramid = m_image && pyramid.isEmpty() ? FilmPyramid(m_image->samples) : std::move(pyramid);
    m_table.reset();
    m_samplesValid = false;
    m_planes.clear();
    m_planesPrepared = false;
}

void FilmLayer::setPresented(const std::optional<PresentedFilm>& presented) {
    m_presented = presented;
    m_colours = presented && presented->colours ? paletteOf(*presented->colours) : grays();
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

// RGB32: what QPainter copies to the screen as it is; Grayscale8 it converts, in threads that a small view waits for.
void FilmLayer::lookUpInto(QImage& picture, QPoint corner, const cv::Mat& samples) {
    const auto& steps = table();
    const QRgb* colours = m_colours.constData();
    for (int y = 0; y < samples.rows; ++y) {
        const auto* source = samples.ptr<std::uint16_t>(y);
        auto* target = reinterpret_cast<QRgb*>(picture.scanLine(corner.y() + y)) + corner.x();
        for (int x = 0; x < samples.cols; ++x) target[x] = colours[steps[source[x]]];
    }
}

void FilmLayer::lookUp() {
    ensurePicture(m_picture, m_visible.deviceRect.size(), QImage::Format_RGB32);
    lookUpInto(m_picture, {}, m_visible.samples);
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

QImage FilmLayer::piece(const QTransform& filmToPiece, QSize size) {
    QImage result(size, QImage::Format_RGB32);
    result.fill(Qt::black);
    if (!m_image) return result;
    ResampledFilm part;
    resampleVisible(m_pyramid, filmToPiece, size, part);
    if (!part.deviceRect.isEmpty()) lookUpInto(result, part.deviceRect.topLeft(), part.samples);
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
