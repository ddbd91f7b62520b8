// FilmRowDelegate: see film_row_delegate.h.
#include "ui/panels/film_row_delegate.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QTextLayout>

#include "ui/icons.h"
#include "ui/state/study_tree_model.h"

namespace cxr::ui {

namespace {

constexpr int kThumbPx = 68;
constexpr int kMarginPx = 9;
constexpr int kErrorLines = 3;
constexpr int kGapPx = 5;
constexpr int kIconPx = 18;

QColor mixed(const QColor& a, const QColor& b, double share) {
    return QColor::fromRgbF(float(a.redF() * share + b.redF() * (1 - share)), float(a.greenF() * share + b.greenF() * (1 - share)),
                            float(a.blueF() * share + b.blueF() * (1 - share)));
}

void paintGround(QPainter& painter, const QStyleOptionViewItem& option) {
    const QColor base = option.palette.color(QPalette::Base);
    const QColor accent = QGuiApplication::palette().color(QPalette::Highlight);  // the view's own is transparent, for its branches
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

StudyNodeKind kindOf(const QModelIndex& index) { return static_cast<StudyNodeKind>(index.data(StudyTreeModel::NodeKindRole).toInt()); }

QFont smaller(const QFont& font) {
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() * 0.9);
    return small;
}

QFont heavier(const QFont& font) {
    QFont heavy = font;
    heavy.setWeight(QFont::DemiBold);
    return heavy;
}

const char* iconOf(ObjectKind kind) {
    switch (kind) {
        case ObjectKind::PresentationState: return "overlays";
        case ObjectKind::Segmentation: return "tool-edit";
        case ObjectKind::StructuredReport: return "findings";
        case ObjectKind::KeyObjects: return "list";
        case ObjectKind::EncapsulatedPdf: return "document";
        case ObjectKind::ParametricMap: return "heatmap";
        case ObjectKind::Film:
        case ObjectKind::Other: break;
    }
    return "film";
}

void paintFilm(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
    const QRect inner = option.rect.adjusted(kMarginPx, kMarginPx, -kMarginPx, -kMarginPx);
    const QRect thumb(inner.topLeft(), QSize(kThumbPx, kThumbPx));
    const auto status = static_cast<FilmStatus>(index.data(StudyTreeModel::StatusRole).toInt());
    paintThumbnail(*painter, thumb, index.data(Qt::DecorationRole).value<QImage>(), status);

    const QColor text = option.palette.color(QPalette::Text);
    const QColor quiet = option.palette.color(QPalette::PlaceholderText);
    QRect line(thumb.right() + kMarginPx + 2, inner.top(), inner.right() - thumb.right() - kMarginPx - 2, 0);
    const QFont title = heavier(option.font);
    painter->setFont(title);
    painter->setPen(text);
    const QFontMetrics metrics(title);
    line.setHeight(metrics.height());
    painter->drawText(line, Qt::AlignVCenter,
                      metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, line.width()));
    line.translate(0, metrics.height() + 2);

    painter->setFont(smaller(option.font));
    const QRect rest(line.topLeft(), QPoint(inner.right(), inner.bottom()));
    if (status == FilmStatus::Failed) {
        painter->setPen(option.palette.color(QPalette::BrightText));
        paintWrapped(*painter, rest, index.data(StudyTreeModel::ErrorRole).toString(), kErrorLines);
    } else {
        const QString facts = status == FilmStatus::Reading ? FilmRowDelegate::tr("Reading\u2026") : index.data(StudyTreeModel::FactsRole).toString();
        const QString result = index.data(StudyTreeModel::ResultRole).toString();
        painter->setPen(quiet);
        paintWrapped(*painter, rest, facts, result.isEmpty() ? 3 : 2);
        painter->setPen(text);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignBottom, result);
    }
}

// A line of text, and below it quiet ones.
void paintTwoTexts(QPainter* painter, const QRect& box, const QStyleOptionViewItem& option, const QModelIndex& index, bool isHeavy, int factLines) {
    const QFont title = isHeavy ? heavier(option.font) : option.font;
    const QFontMetrics metrics(title);
    painter->setFont(title);
    painter->setPen(option.palette.color(QPalette::Text));
    painter->drawText(QRect(box.topLeft(), QSize(box.width(), metrics.height())), Qt::AlignVCenter,
                      metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, box.width()));
    const bool isError = kindOf(index) == StudyNodeKind::Unusable;
    painter->setFont(smaller(option.font));
    painter->setPen(option.palette.color(isError ? QPalette::BrightText : QPalette::PlaceholderText));
    paintWrapped(*painter, box.adjusted(0, metrics.height(), 0, 0), index.data(StudyTreeModel::FactsRole).toString(), factLines);
}

void paintHeading(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
    const bool isPatient = kindOf(index) == StudyNodeKind::Patient;
    paintTwoTexts(painter, option.rect.adjusted(kGapPx, kGapPx, -kMarginPx, 0), option, index, isPatient || kindOf(index) == StudyNodeKind::Group, 1);
}

void paintObject(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
    const bool isUnusable = kindOf(index) == StudyNodeKind::Unusable;
    const auto kind = static_cast<ObjectKind>(index.data(StudyTreeModel::ObjectKindRole).toInt());
    const QRect icon(option.rect.topLeft() + QPoint(kGapPx, kGapPx + 2), QSize(kIconPx, kIconPx));
    themedIcon(isUnusable ? "warning" : iconOf(kind)).paint(painter, icon);
    paintTwoTexts(painter, option.rect.adjusted(2 * kGapPx + kIconPx, kGapPx, -kMarginPx, 0), option, index, false, isUnusable ? kErrorLines : 1);
}

}  // namespace

void FilmRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    painter->setClipRect(option.rect);
    paintGround(*painter, option);
    switch (kindOf(index)) {
        case StudyNodeKind::Film: paintFilm(painter, option, index); break;
        case StudyNodeKind::Companion:
        case StudyNodeKind::Unusable: paintObject(painter, option, index); break;
        default: paintHeading(painter, option, index); break;
    }
    painter->restore();
}

QSize FilmRowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const StudyNodeKind kind = kindOf(index);
    if (kind == StudyNodeKind::Film) return {200, kThumbPx + 2 * kMarginPx};
    const int lines = kind == StudyNodeKind::Unusable ? kErrorLines : 1;
    return {200, QFontMetrics(heavier(option.font)).height() + lines * QFontMetrics(smaller(option.font)).height() + 2 * kGapPx};
}

}  // namespace cxr::ui
