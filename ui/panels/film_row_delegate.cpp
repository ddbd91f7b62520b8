// FilmRowDelegate: see film_row_delegate.h.
#include "ui/panels/film_row_delegate.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QTextLayout>

#include "ui/icons.h"
#include "ui/state/film_list_state.h"

namespace cxr::ui {

namespace {

constexpr int kThumbPx = 68;
constexpr int kMarginPx = 9;
constexpr int kErrorLines = 3;

QColor mixed(const QColor& a, const QColor& b, double share) {
    return QColor::fromRgbF(float(a.redF() * share + b.redF() * (1 - share)), float(a.greenF() * share + b.greenF() * (1 - share)),
                            float(a.blueF() * share + b.blueF() * (1 - share)));
}

void paintGround(QPainter& painter, const QStyleOptionViewItem& option) {
    const QColor base = option.palette.color(QPalette::Base);
    const QColor accent = option.palette.color(QPalette::Highlight);
    if (option.state & QStyle::State_Selected) {
        painter.fillRect(option.rect, mixed(accent, base, 0.28));
        painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), accent);
    } else if (option.state & QStyle::State_MouseOver) {
        painter.fillRect(option.rect, option.palette.color(QPalette::AlternateBase));
    }
}

void paintThumbnail(QPainter& painter, const QRect& box, const QImage& picture, FilmStatus status) {
    painter.fillRect(box, QColor(0, 0, 0));
    if (!picture.isNull()) {
        const QSizeF size = QSizeF(picture.size()).scaled(box.size(), Qt::KeepAspectRatio);
        QRectF target(QPointF(0, 0), size);
        target.moveCenter(QRectF(box).center());
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(target, picture);
        return;
    }
    const QRect icon = QRect(0, 0, 26, 26).translated(box.center() - QPoint(13, 13));
    painter.setOpacity(status == FilmStatus::Failed ? 1.0 : 0.45);
    // The box is black in both themes, so the drawing is always light.
    QPixmap drawing = themedIcon(status == FilmStatus::Failed ? "warning" : "film").pixmap(icon.size());
    QPainter tint(&drawing);
    tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
    tint.fillRect(drawing.rect(), QColor(200, 208, 216));
    tint.end();
    painter.drawPixmap(icon, drawing);
    painter.setOpacity(1);
}

// Wraps into at most `maxLines` lines, the last one shortened with an ellipsis.
void paintWrapped(QPainter& painter, const QRect& box, const QString& text, int maxLines) {
    const QFontMetrics metrics = painter.fontMetrics();
    QTextLayout layout(text, painter.font());
    layout.beginLayout();
    int y = box.top();
    for (int number = 1; number <= maxLines; ++number) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) break;
        line.setLineWidth(box.width());
        const int end = line.textStart() + line.textLength();
        const bool isCut = number == maxLines && end < text.size();
        const QString piece = isCut ? metrics.elidedText(text.mid(line.textStart()), Qt::ElideRight, box.width())
                                    : text.mid(line.textStart(), line.textLength());
        painter.drawText(QRect(box.left(), y, box.width(), metrics.height()), Qt::AlignLeft | Qt::AlignTop, piece);
        y += metrics.height();
    }
    layout.endLayout();
}

}  // namespace

void FilmRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    painter->setClipRect(option.rect);
    paintGround(*painter, option);
    const QRect inner = option.rect.adjusted(kMarginPx, kMarginPx, -kMarginPx, -kMarginPx);
    const QRect thumb(inner.topLeft(), QSize(kThumbPx, kThumbPx));
    const auto status = static_cast<FilmStatus>(index.data(FilmListState::StatusRole).toInt());
    paintThumbnail(*painter, thumb, index.data(Qt::DecorationRole).value<QImage>(), status);

    const QColor text = option.palette.color(QPalette::Text);
    const QColor quiet = option.palette.color(QPalette::PlaceholderText);
    QRect line(thumb.right() + kMarginPx + 2, inner.top(), inner.right() - thumb.right() - kMarginPx - 2, 0);
    QFont title = option.font;
    title.setWeight(QFont::DemiBold);
    painter->setFont(title);
    painter->setPen(text);
    const QFontMetrics metrics(title);
    line.setHeight(metrics.height());
    painter->drawText(line, Qt::AlignVCenter,
                      metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, line.width()));
    line.translate(0, metrics.height() + 2);

    QFont small = option.font;
    small.setPointSizeF(option.font.pointSizeF() * 0.9);
    painter->setFont(small);
    const QRect rest(line.topLeft(), QPoint(inner.right(), inner.bottom()));
    if (status == FilmStatus::Failed) {
        painter->setPen(option.palette.color(QPalette::BrightText));
        paintWrapped(*painter, rest, index.data(FilmListState::ErrorRole).toString(), kErrorLines);
    } else {
        const QString facts = status == FilmStatus::Reading ? tr("Reading\u2026") : index.data(FilmListState::FactsRole).toString();
        const QString result = index.data(FilmListState::ResultRole).toString();
        painter->setPen(quiet);
        paintWrapped(*painter, rest, facts, result.isEmpty() ? 3 : 2);
        painter->setPen(text);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignBottom, result);
    }
    painter->restore();
}

QSize FilmRowDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {200, kThumbPx + 2 * kMarginPx};
}

}  // namespace cxr::ui
