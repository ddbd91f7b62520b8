// VerdictCard: see verdict_card.h.
#include "ui/panels/verdict_card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/panels/ratio_scale.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr int kSignPx = 26;

QLabel* enlarged(QLabel* label, double factor) {
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

}  // namespace

VerdictCard::VerdictCard(QWidget* parent)
    : Card(QStringLiteral("verdictCard"), parent),
      m_ratio(enlarged(new QLabel(this), 2.9)),
      m_sign(new QLabel(this)),
      m_word(enlarged(new QLabel(this), 1.35)),
      m_sentence(wrappedText(QStringLiteral("verdictSentence"), this)),
      m_scale(new RatioScale(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(6);
    auto* caption = new QLabel(tr("Cardiothoracic ratio"), this);
    caption->setForegroundRole(QPalette::PlaceholderText);
    m_ratio->setObjectName(QStringLiteral("ratioValue"));
    m_ratio->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sign->setObjectName(QStringLiteral("verdictSign"));
    m_word->setObjectName(QStringLiteral("verdictWord"));
    m_word->setWordWrap(true);
    auto* row = new QHBoxLayout;
    row->addWidget(m_ratio);
    row->addStretch(1);
    row->addWidget(m_sign);
    row->addWidget(m_word);
    column->addWidget(caption);
    column->addLayout(row);
    column->addWidget(m_scale);
    column->addWidget(m_sentence);
}

void VerdictCard::setMeasurement(const std::optional<ChestMeasurement>& chest, const QString& explanation) {
    const ChestMeasurement none;
    const ChestMeasurement& shown = chest ? *chest : none;
    const bool isMeasured = shown.ratio > 0;
    const FindingTone tone = toneOf(shown);
    const QColor color = toneColor(tone, palette());
    m_ratio->setText(isMeasured ? QString::fromStdString(ratioText(shown.ratio)) : QStringLiteral("–"));
    m_ratio->setEnabled(isMeasured && !shown.isUncertain);
    m_ratio->setAccessibleName(isMeasured ? tr("Cardiothoracic ratio %1").arg(m_ratio->text())
                                          : tr("Cardiothoracic ratio not measured"));
    m_sign->setPixmap(tonePixmap(tone, color, kSignPx, devicePixelRatioF()));
    m_sign->setVisible(chest.has_value());
    m_sign->setAccessibleName(wordOf(shown));
    m_word->setText(chest ? wordOf(shown) : QString());
    m_word->setAccessibleName(tr("Verdict: %1").arg(wordOf(shown)));
    QPalette ink = palette();
    ink.setColor(QPalette::WindowText, color);
    m_word->setPalette(ink);
    m_scale->setRatio(isMeasured ? std::optional(shown.ratio) : std::nullopt, shown.isUncertain);
    m_sentence->setText(explanation);
}

}  // namespace cxr::ui
