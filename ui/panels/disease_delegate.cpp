// DiseaseDelegate: see disease_delegate.h.
#include "ui/panels/disease_delegate.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/panels/disease_model.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr int kMarkPx = 16;    // room for the diamond
constexpr int kPadPx = 6;
constexpr double kBarPx = 6;
constexpr double kNameShare = 0.42;  // of the row
constexpr double kMostNameShare = 0.55;

QFont smallFont(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.82);
    return font;
}

void paintGround(QPainter& painter, const QStyleOptionViewItem& option) {
    if (option.state & QStyle::State_Selected) {
        QColor ground = option.palette.color(QPalette::Highlight);
        ground.setAlphaF(0.22F);
        painter.fillRect(option.rect, ground);
    }
    if (option.state & QStyle::State_HasFocus) {
        painter.setPen(QPen(option.palette.color(QPalette::Highlight), 1));
        painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void paintDiamond(QPainter& painter, const QPointF& centre, const QColor& color) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF{centre + QPointF(0, -4.5), centre + QPointF(4.5, 0), centre + QPointF(0, 4.5), centre + QPointF(-4.5, 0)});
}

void paintBar(QPainter& painter, const QRectF& bar, double share, const QColor& color, const QPalette& palette) {
    QColor ground = palette.color(QPalette::WindowText);
    ground.setAlphaF(0.12F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(bar, kBarPx / 2, kBarPx / 2);
    QPainterPath track;
    track.addRoundedRect(bar, kBarPx / 2, kBarPx / 2);
    painter.save();
    painter.setClipPath(track);
    painter.fillRect(QRectF(bar.topLeft(), QPointF(DiseaseDelegate::xOf(share, bar), bar.bottom())), color);
    painter.restore();
}

}  // namespace

QRectF DiseaseDelegate::barOf(const QRectF& row, const QFont& font) {
    QFont bold(font);
    bold.setWeight(QFont::DemiBold);
    const QFontMetricsF metrics(bold);  // the name of a positive finding
    const double longest = kMarkPx + 2 + metrics.horizontalAdvance(QStringLiteral("Pleural thickening")) + kPadPx + 1;
    const double left = row.left() + std::clamp(longest, row.width() * kNameShare, row.width() * kMostNameShare);
    const double right = row.right() - kPadPx - metrics.horizontalAdvance(QStringLiteral("> 99.9 %")) - kPadPx;
    return {left, row.center().y() - kBarPx / 2, std::max(20.0, right - left), kBarPx};
}

double DiseaseDelegate::xOf(double share, const QRectF& bar) {
    return bar.left() + std::sqrt(std::clamp(share, 0.0, 1.0)) * bar.width();
}

void DiseaseDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintGround(*painter, option);
    const QRectF row(option.rect);
    const bool isPositive = index.data(DiseaseModel::PositiveRole).toBool();
    const QColor ink = option.palette.color(QPalette::WindowText), quiet = option.palette.color(QPalette::PlaceholderText);
    const QColor strong = toneColor(FindingTone::Doubtful, option.palette);
    if (isPositive) paintDiamond(*painter, {row.left() + kMarkPx / 2.0 + 1, row.center().y()}, strong);

    QFont font = option.font;
    font.setWeight(isPositive ? QFont::DemiBold : QFont::Normal);
    painter->setFont(font);
    painter->setPen(ink);
    const QRectF bar = barOf(row, option.font);
    const QRectF name(row.left() + kMarkPx + 2, row.top(), bar.left() - row.left() - kMarkPx - 2 - kPadPx, row.height());
    painter->drawText(name, Qt::AlignVCenter, QFontMetricsF(font).elidedText(index.data().toString(), Qt::ElideRight, name.width()));
    painter->drawText(row.adjusted(0, 0, -kPadPx, 0), Qt::AlignVCenter | Qt::AlignRight, index.data(DiseaseModel::PercentRole).toString());

    paintBar(*painter, bar, index.data(DiseaseModel::ProbabilityRole).toDouble(), isPositive ? strong : quiet, option.palette);
    const QVariant threshold = index.data(DiseaseModel::ThresholdRole);
    if (threshold.isValid()) {
        const double x = xOf(threshold.toDouble(), bar);
        painter->setPen(QPen(ink, 1.6));
        painter->drawLine(QPointF(x, bar.top() - 4), QPointF(x, bar.bottom() + 4));
    }
    painter->restore();
}

QSize DiseaseDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {160, option.fontMetrics.height() + 6};
}

ProbabilityAxis::ProbabilityAxis(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("probabilityAxis"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("The bars grow with the square root of the probability, so that small ones can be told apart. The tick on a "
                  "bar is the operating point."));
}

QSize ProbabilityAxis::sizeHint() const { return {160, QFontMetrics(smallFont(font())).height() + 1}; }

void ProbabilityAxis::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const QRectF bar = DiseaseDelegate::barOf(QRectF(rect()), font());
    painter.setFont(smallFont(font()));
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QFontMetricsF metrics(painter.font());
    for (const int percent : {0, 5, 25, 50, 100}) {
        const QString number = percent == 100 ? QStringLiteral("100 %") : QString::number(percent);
        const double width = metrics.horizontalAdvance(QString::number(percent));
        painter.drawText(QPointF(DiseaseDelegate::xOf(percent / 100.0, bar) - width / 2, height() - metrics.descent()), number);
    }
}

}  // namespace cxr::ui
