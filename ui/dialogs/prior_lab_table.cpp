#include "ui/dialogs/prior_lab_table.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QLocale>
#include <cmath>

#include "core/measure/finding.h"

namespace cxr::ui {

namespace {

constexpr int kMeanRole = Qt::UserRole + 1;  // index into m_means
constexpr double kNothing = -1e300;          // sorts before every number

struct Column {
    const char* title;
    const char* toolTip;
};
constexpr Column kColumns[] = {
    {QT_TRANSLATE_NOOP("PriorLabTable", "Prior"), QT_TRANSLATE_NOOP("PriorLabTable", "Its name on the command line; choose a line to see it with the sliders")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Kept"), QT_TRANSLATE_NOOP("PriorLabTable", "Kept pixels / pixels of the centre crop")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Raw"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes of the kept samples as they are")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Float LZMA"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes of the kept pixels as 32-bit floats under LZMA: the paper's own format")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "LZMA"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes of the kept samples under LZMA")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "JPEG-LS"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes as lossless JPEG-LS, kept pixels of each row moved together")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "PNG"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes as PNG, kept pixels of each row moved together")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Bundle"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes of the sealed bundle (8 bits a pixel) without probability and explanation")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "JPEG 95"), QT_TRANSLATE_NOOP("PriorLabTable", "Bytes of the whole centre crop as JPEG of quality 95")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Cardiomegaly"), QT_TRANSLATE_NOOP("PriorLabTable", "Probability by the HeartSpot network that was trained with this prior; no network is asked about another prior")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Change"), QT_TRANSLATE_NOOP("PriorLabTable", "That probability minus the one of the network that judges the whole film")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "In heart"), QT_TRANSLATE_NOOP("PriorLabTable", "Share of what speaks for cardiomegaly that lies in the heart, and share of the kept pixels that lie there")},
    {QT_TRANSLATE_NOOP("PriorLabTable", "Time"), QT_TRANSLATE_NOOP("PriorLabTable", "Making the picture and asking the network")},
};

class NumberItem : public QTableWidgetItem {
  public:
    NumberItem(const QString& text, double number, const QString& toolTip) : QTableWidgetItem(text) {
        setData(Qt::UserRole, number);
        setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (!toolTip.isEmpty()) setToolTip(toolTip);
    }
    bool operator<(const QTableWidgetItem& other) const override {
        return data(Qt::UserRole).toDouble() < other.data(Qt::UserRole).toDouble();
    }
};

QString dash() { return QStringLiteral("\u2013"); }

NumberItem* bytesItem(std::size_t bytes) {
    return new NumberItem(QLocale(QLocale::English).toString(static_cast<qulonglong>(bytes)), static_cast<double>(bytes), {});
}

NumberItem* shareItem(const std::optional<double>& value, const QString& text, const QString& reason) {
    return new NumberItem(value ? text : dash(), value.value_or(kNothing), value ? QString() : reason);
}

}  // namespace

PriorLabTable::PriorLabTable(QWidget* parent) : QTableWidget(0, static_cast<int>(std::size(kColumns)), parent) {
    setObjectName(QStringLiteral("priorTable"));
    setAccessibleName(tr("Table of priors"));
    setToolTip(tr("Click a heading to sort; choose a line to see that prior with the sliders"));
    for (int column = 0; column < columnCount(); ++column) {
        auto* heading = new QTableWidgetItem(tr(kColumns[column].title));
        heading->setToolTip(tr(kColumns[column].toolTip));
        setHorizontalHeaderItem(column, heading);
    }
    verticalHeader()->hide();
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setHighlightSections(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setAlternatingRowColors(true);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    for (auto* corner : findChildren<QAbstractButton*>()) corner->setObjectName(QStringLiteral("qt_priorTableCorner"));
    connect(this, &QTableWidget::itemSelectionChanged, this, [this] {
        const QList<QTableWidgetItem*> chosen = selectedItems();
        if (!chosen.isEmpty()) Q_EMIT priorChosen(m_means[static_cast<std::size_t>(chosen.first()->data(kMeanRole).toInt())].row.spec);
    });
}

void PriorLabTable::setMeans(const std::vector<PriorMean>& means) {
    const QSignalBlocker quiet(this);
    setSortingEnabled(false);
    m_means = means;
    setRowCount(static_cast<int>(means.size()));
    for (int row = 0; row < rowCount(); ++row) addRow(row, means[static_cast<std::size_t>(row)]);
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);  // in the order of the comparison until a heading is clicked
    setSortingEnabled(true);
}

void PriorLabTable::addRow(int row, const PriorMean& mean) {
    const PriorRow& r = mean.row;
    const QString reason = QString::fromStdString(r.reason);
    const QString films = tr("Mean over %n film(s)", nullptr, mean.films);
    auto* name = new QTableWidgetItem(QString::fromStdString(labelOf(r.spec)));
    name->setToolTip(films + QLatin1Char('\n') + QString::fromStdString(r.spec.toJson()));
    const auto percent = [](double share, int digits) { return tr("%1 %").arg(std::round(share * 1000) / 10, 0, 'f', digits); };
    const QString inHeart = r.heartShare && r.heartArea ? tr("%1 of %2").arg(percent(*r.heartShare, 0), percent(*r.heartArea, 0)) : QString();
    const QString probability = r.probability ? QString::fromStdString(percentText(*r.probability)) : QString();
    const QString change = r.change ? tr("%1 points").arg(QString::asprintf("%+.1f", 100 * *r.change)) : QString();
    QTableWidgetItem* items[] = {name,
                                 new NumberItem(percent(r.keptShare(), 1), r.keptShare(), tr("%1 pixels").arg(r.keptPixels)),
                                 bytesItem(r.bytes.raw),
                                 bytesItem(r.bytes.floatLzma),
                                 bytesItem(r.bytes.lzma),
                                 bytesItem(r.bytes.jpegLs),
                                 bytesItem(r.bytes.png),
                                 bytesItem(r.bundleBytes),
                                 bytesItem(r.bytes.jpeg),
                                 shareItem(r.probability, probability, reason),
                                 shareItem(r.change, change, reason),
                                 shareItem(r.heartShare, inHeart, reason),
                                 new NumberItem(tr("%1 ms").arg(1000 * r.seconds, 0, 'f', 1), r.seconds, {})};
    for (int column = 0; column < columnCount(); ++column) {
        items[column]->setData(kMeanRole, row);
        setItem(row, column, items[column]);
    }
}

}  // namespace cxr::ui
