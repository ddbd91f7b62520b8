// SanityList: see sanity_list.h.
#include "ui/panels/sanity_list.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/panels/panel_parts.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

FindingTone toneOf(SanityVerdict verdict) {
    switch (verdict) {
        case SanityVerdict::Passed: return FindingTone::Good;
        case SanityVerdict::Doubtful: return FindingTone::Doubtful;
        case SanityVerdict::Failed: return FindingTone::Bad;
        case SanityVerdict::Informs:
        case SanityVerdict::NotRun: break;
    }
    return FindingTone::None;
}

QString text(const std::string& words) { return QString::fromStdString(words); }

}  // namespace

SanityList::SanityList(QWidget* parent)
    : QWidget(parent), m_rows(new QTreeWidget(this)), m_detail(wrappedText(QStringLiteral("sanityDetail"), this)) {
    setObjectName(QStringLiteral("sanityList"));
    m_rows->setObjectName(QStringLiteral("sanityRows"));
    m_rows->setAccessibleName(tr("Checks of this map"));
    m_rows->setColumnCount(2);
    m_rows->setHeaderHidden(true);
    m_rows->setRootIsDecorated(false);
    m_rows->setUniformRowHeights(true);
    m_rows->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_rows->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_rows->header()->setStretchLastSection(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_rows);
    column->addWidget(m_detail);
    connect(m_rows, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        m_detail->setText(item ? item->data(0, Qt::UserRole).toString() : QString());
        m_detail->setVisible(item != nullptr);
    });
    setChecks({});
}

void SanityList::setChecks(const std::vector<SanityCheck>& checks) {
    m_checks = checks;
    setVisible(!checks.empty());
    fill();
}

void SanityList::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) fill();
}

void SanityList::fill() {
    m_rows->clear();
    m_detail->hide();
    for (const SanityCheck& check : m_checks) {
        const FindingTone tone = toneOf(check.verdict);
        const QString value = check.value.empty() ? text(toString(check.verdict)) : text(check.value);
        auto* item = new QTreeWidgetItem(m_rows, {text(check.name), value});
        item->setIcon(0, tonePixmap(tone, toneColor(tone, palette()), 16, devicePixelRatioF()));
        const QString sentence = text(check.sentence);
        item->setData(0, Qt::UserRole, sentence);
        for (const int part : {0, 1}) {
            item->setToolTip(part, QStringLiteral("<p>%1</p><p>%2: %3</p>").arg(text(check.meaning).toHtmlEscaped(), text(toString(check.verdict)), sentence.toHtmlEscaped()));
            item->setData(part, Qt::AccessibleTextRole, QStringLiteral("%1: %2, %3").arg(text(check.name), value, text(toString(check.verdict))));
        }
    }
    const int rowHeight = m_checks.empty() ? 0 : m_rows->sizeHintForRow(0);
    m_rows->setFixedHeight(rowHeight * static_cast<int>(m_checks.size()) + 2 * m_rows->frameWidth() + 2);
}

}  // namespace cxr::ui
