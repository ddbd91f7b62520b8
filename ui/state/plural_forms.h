// "2 boxes" and "1 box" for tr("%n box(es)", nullptr, n): the texts are written in English, which Qt counts only where a translation
// says how. This is that translation, for every text with "(s)" or "(es)" in it; all others stay as they are.
//   thread rule  immutable; any thread
#pragma once

#include <QTranslator>

namespace cxr::ui {

class PluralForms : public QTranslator {
  public:
    using QTranslator::QTranslator;
    [[nodiscard]] bool isEmpty() const override { return false; }
    // A null string: as it is. `n` is filled in by Qt.
    [[nodiscard]] QString translate(const char* context, const char* sourceText, const char* disambiguation = nullptr, int n = -1) const override;
};

}  // namespace cxr::ui
