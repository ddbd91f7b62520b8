// ThemedIconEngine: replaces the drawing's black by a colour of the palette when it is painted. See icons.h.
#include "ui/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <cmath>

// Q_INIT_RESOURCE must stand outside of any namespace.
static void registerCxrResources() { Q_INIT_RESOURCE(cxr); }

namespace cxr::ui {

void initResources() {
    static const bool isDone = (registerCxrResources(), true);
    Q_UNUSED(isDone)
}

namespace {

QString fileOf(const QString& name) { return QStringLiteral(":/icons/%1.svg").arg(name); }

QColor colorOf(QIcon::Mode mode) {
    const QPalette palette = QGuiApplication::palette();
    if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::WindowText);
    return palette.color(mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::WindowText);
}

class ThemedIconEngine : public QIconEngine {
  public:
    explicit ThemedIconEngine(QString name) : m_name(std::move(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QSvgRenderer renderer(colored(colorOf(mode)));
        renderer.render(painter, rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return cached(size, 1.0, mode);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
        return cached(size, scale, mode);
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(m_name); }
    QString iconName() override { return m_name; }
    bool isNull() override { return !QFile::exists(fileOf(m_name)); }

  private:
    QByteArray colored(const QColor& color) const {
        QFile file(fileOf(m_name));
        if (!file.open(QIODevice::ReadOnly)) return {};
        return file.readAll().replace("#000", color.name().toLatin1());
    }

    QPixmap cached(const QSize& size, qreal scale, QIcon::Mode mode) {
        const QColor color = colorOf(mode);
        const QString key = QStringLiteral("cxr-icon/%1/%2x%3@%4/%5")
                                .arg(m_name).arg(size.width()).arg(size.height()).arg(scale).arg(color.name());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) return pixmap;
        pixmap = QPixmap(size);  // Qt passes device pixels
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        QSvgRenderer(colored(color)).render(&painter, QRectF(QPointF(0, 0), QSizeF(size)));
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QString m_name;
};

}  // namespace

QIcon themedIcon(const QString& name) {
    initResources();
    return QIcon(new ThemedIconEngine(name));
}

bool hasIcon(const QString& name) {
    initResources();
    return QFile::exists(fileOf(name));
}

}  // namespace cxr::ui
