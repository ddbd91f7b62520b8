#include "ui/state/plural_forms.h"

namespace cxr::ui {

QString PluralForms::translate(const char* /*context*/, const char* sourceText, const char* /*disambiguation*/, int n) const {
    if (n < 0 || sourceText == nullptr) return {};
    QString text = QString::fromUtf8(sourceText);
    if (!text.contains(QLatin1String("s)"))) return {};
    const bool isOne = n == 1;
    text.replace(QLatin1String("(es)"), QLatin1String(isOne ? "" : "es"));
    text.replace(QLatin1String("(s)"), QLatin1String(isOne ? "" : "s"));
    return text;
}

}  // namespace cxr::ui
