// See halo_text.h.
#include "ui/print/halo_text.h"

#include <QCache>
#include <QFont>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

namespace cxr::ui {

namespace {

constexpr int kCacheKiB = 16 * 1024;
constexpr QRgb kRim = qRgba(0, 0, 0, 215);

QFont fontOf(const HaloTextStyle& style, double scale) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(style.fontPx * scale))));
    font.setBold(style.bold);
    return font;
}

double rimOf(double fontPx) { return std::max(1.5, fontPx / 7); }

// Device px, the rim's width as margin on all sides.
QImage rendered(const QString& text, const HaloTextStyle& style, double scale) {
    const QFont font = fontOf(style, scale);
    const QFontMetricsF metrics(font);
    const double rim = std::ceil(rimOf(style.fontPx * scale)) + 1;
    const QSize size(static_cast<int>(std::ceil(metrics.horizontalAdvance(text) + 2 * rim)),
                     static_cast<int>(std::ceil(metrics.height() + 2 * rim)));
    QImage picture(size, QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF baseline(rim, rim + std::round(metrics.ascent()));
    QPainterPath glyphs;
    glyphs.addText(baseline, font, text);
    painter.strokePath(glyphs, QPen(QColor::fromRgba(kRim), 2 * rimOf(style.fontPx * scale), Qt::SolidLine,
                                    Qt::RoundCap, Qt::RoundJoin));
    painter.setFont(font);
    painter.setPen(style.colour);
    painter.drawText(baseline, text);
    return picture;
}

const QImage& cached(const QString& text, const HaloTextStyle& style, double scale) {
    thread_local QCache<QString, QImage> cache(kCacheKiB);
    const QString key = QStringLiteral("%1|%2|%3|%4|%5")
                            .arg(style.fontPx * scale)
                            .arg(style.colour.rgba())
                            .arg(static_cast<int>(style.bold))
                            .arg(QGuiApplication::font().family(), text);
    if (const QImage* known = cache.object(key)) return *known;
    auto* made = new QImage(rendered(text, style, scale));  // the cache owns it
    const QImage& result = *made;
    static const QImage kNone;
    return cache.insert(key, made, static_cast<int>(made->sizeInBytes() / 1024 + 1)) ? result : kNone;
}

}  // namespace

QSizeF haloTextSize(const QString& text, const HaloTextStyle& style) {
    const QFontMetricsF metrics(fontOf(style, 1));
    return {metrics.horizontalAdvance(text), metrics.height()};
}

QRectF drawHaloText(QPainter& painter, QPointF at, Qt::Alignment alignment, const QString& text,
                    const HaloTextStyle& style) {
    if (text.isEmpty()) return {at, QSizeF()};
    const double scale = painter.device()->devicePixelRatioF();
    const QImage& picture = cached(text, style, scale);
    const double rim = (std::ceil(rimOf(style.fontPx * scale)) + 1) / scale;
    const QSizeF size(picture.width() / scale - 2 * rim, picture.height() / scale - 2 * rim);
    QPointF corner = at;
    if (alignment & Qt::AlignRight) corner.rx() -= size.width();
    if (alignment & Qt::AlignHCenter) corner.rx() -= size.width() / 2;
    if (alignment & Qt::AlignBottom) corner.ry() -= size.height();
    if (alignment & Qt::AlignVCenter) corner.ry() -= size.height() / 2;
    // whole device pixels, so that the glyphs stay crisp
    corner = {std::round(corner.x() * scale) / scale, std::round(corner.y() * scale) / scale};
    const QRectF target(corner.x() - rim, corner.y() - rim, picture.width() / scale, picture.height() / scale);
    painter.drawImage(target, picture);
    return {corner, size};
}

}  // namespace cxr::ui
