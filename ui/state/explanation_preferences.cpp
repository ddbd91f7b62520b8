// See explanation_preferences.h.
#include "ui/state/explanation_preferences.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "core/engine/explain_methods.h"

namespace cxr::ui {

namespace {

constexpr int kLargestKernel = 256;

double share(const QJsonObject& object, const char* key, double standard) {
    return std::clamp(object[QLatin1String(key)].toDouble(standard), 0.0, 1.0);
}

bool flag(const QJsonObject& object, const char* key, bool standard) { return object[QLatin1String(key)].toBool(standard); }

// "auto": pooled where a method gives a value a pixel.
QString poolingWord(const MapLook& look) {
    if (look.pool && look.poolsPixelsOnly) return QStringLiteral("auto");
    return look.pool ? QStringLiteral("on") : QStringLiteral("off");
}

}  // namespace

QString toJson(const ExplanationPreferences& preferences) {
    const HeatmapStyle& style = preferences.look.style;
    QJsonObject object{{QStringLiteral("colours"), idOf(style.colours)},
                       {QStringLiteral("opacity"), style.opacity},
                       {QStringLiteral("threshold"), style.threshold},
                       {QStringLiteral("fill"), style.showColours},
                       {QStringLiteral("contours"), style.showContours},
                       {QStringLiteral("boxes"), style.showBoxes},
                       {QStringLiteral("pooling"), poolingWord(preferences.look)},
                       {QStringLiteral("kernel"), preferences.poolValues.kernel},
                       {QStringLiteral("quantile"), preferences.poolValues.quantile},
                       {QStringLiteral("stride"), preferences.poolValues.stride}};
    if (preferences.method) object[QStringLiteral("method")] = QString::fromStdString(explainMethodInfo(*preferences.method).id);
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

ExplanationPreferences explanationPreferencesFrom(const QString& json) {
    const QJsonObject object = QJsonDocument::fromJson(json.toUtf8()).object();
    ExplanationPreferences preferences;
    HeatmapStyle& style = preferences.look.style;
    if (object.contains(QLatin1String("colours"))) style.colours = colourMapById(object[QLatin1String("colours")].toString());
    style.opacity = std::max(0.05, share(object, "opacity", style.opacity));
    style.threshold = std::min(0.95, share(object, "threshold", style.threshold));
    style.showColours = flag(object, "fill", style.showColours);
    style.showContours = flag(object, "contours", style.showContours);
    style.showBoxes = flag(object, "boxes", style.showBoxes);
    PoolSpec& pool = preferences.poolValues;
    pool.kernel = std::clamp(object[QLatin1String("kernel")].toInt(pool.kernel), 1, kLargestKernel);
    pool.quantile = share(object, "quantile", pool.quantile);
    pool.stride = std::clamp(object[QLatin1String("stride")].toInt(pool.stride), 1, pool.kernel);
    const QString pooling = object[QLatin1String("pooling")].toString(QStringLiteral("auto"));
    preferences.look.pool = pooling == QLatin1String("off") ? std::nullopt : std::optional(pool);
    preferences.look.poolsPixelsOnly = preferences.look.pool && pooling != QLatin1String("on");
    preferences.method = explainMethodById(object[QLatin1String("method")].toString().toStdString());
    return preferences;
}

}  // namespace cxr::ui
