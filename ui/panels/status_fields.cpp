// StatusFields: see status_fields.h.
#include "ui/panels/status_fields.h"

#include <QLabel>
#include <QStatusBar>

namespace cxr::ui {

namespace {

// Whole numbers as they are, others with three digits.
QString number(double value) {
    return value == static_cast<long long>(value) ? QString::number(static_cast<long long>(value)) : QString::number(value, 'g', 5);
}

QLabel* makeField(QStatusBar* bar, const QString& name, const QString& accessibleName, const QString& widest) {
    auto* label = new QLabel(bar);
    label->setObjectName(name);
    label->setAccessibleName(accessibleName);
    label->setToolTip(accessibleName);
    label->setMinimumWidth(label->fontMetrics().horizontalAdvance(widest) + 20);
    bar->addPermanentWidget(label);
    return label;
}

}  // namespace

QString windowText(const VoiSetting& voi) {
    if (voi.table) return StatusFields::tr("window from a table");
    return QStringLiteral("C %1   W %2").arg(voi.center, 0, 'f', voi.width < 20 ? 2 : 0).arg(voi.width, 0, 'f', voi.width < 20 ? 2 : 0);
}

StatusFields::StatusFields(QStatusBar* bar)
    : QObject(bar),
      m_map(makeField(bar, "statusMap", tr("Heatmap under the cursor: value and unit"), "map -0.0000 logits a cell")),
      m_cursor(makeField(bar, "statusCursor", tr("Pixel under the cursor: column, row, value"), "x 00000  y 00000   value 000000")),
      m_zoom(makeField(bar, "statusZoom", tr("Zoom: screen pixels for each film pixel"), "zoom 0000 %")),
      m_window(makeField(bar, "statusWindow", tr("Window centre and width"), "C 00000   W 00000")) {
    setMapShown(false);
}

void StatusFields::setFilm(const ImagePtr& image) {
    m_hasFilm = image != nullptr;
    m_units = image ? QString::fromStdString(image->modality.units) : QString();
    if (m_units == "US") m_units.clear();  // "unspecified"
    m_cursor->clear();
    if (m_hasFilm) return;
    m_zoom->clear();
    m_window->clear();
}

void StatusFields::setCursor(bool inside, int column, int row, double modalityValue) {
    if (!inside || !m_hasFilm) {
        m_cursor->clear();
        return;
    }
    QString text = tr("x %1  y %2   value %3").arg(column).arg(row).arg(number(modalityValue));
    if (!m_units.isEmpty()) text += ' ' + m_units;
    m_cursor->setText(text);
}

void StatusFields::setMapShown(bool shown) {
    m_map->setVisible(shown);
    m_map->clear();
}

void StatusFields::setMapValue(const std::optional<double>& value, const QString& unit) {
    m_map->setText(value ? tr("map %1 %2").arg(*value, 0, 'g', 3).arg(unit) : QString());
}

void StatusFields::setZoom(double screenPxPerFilmPx) {
    if (m_hasFilm) m_zoom->setText(tr("zoom %1 %").arg(screenPxPerFilmPx * 100, 0, 'f', screenPxPerFilmPx < 0.1 ? 1 : 0));
}

void StatusFields::setVoi(const VoiSetting& voi) {
    if (m_hasFilm) m_window->setText(windowText(voi));
}

}  // namespace cxr::ui
