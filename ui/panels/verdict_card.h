// VerdictCard: the cardiothoracic ratio in large figures, its verdict as sign, word and colour, its place on the scale,
// and a sentence.
//   thread rule  GUI thread only
#pragma once

#include <QLabel>
#include <optional>

#include "core/measure/chest.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

class RatioScale;

class VerdictCard : public Card {
    Q_OBJECT
  public:
    explicit VerdictCard(QWidget* parent = nullptr);

    // nullopt: not measured. `explanation` stands below the scale.
    void setMeasurement(const std::optional<ChestMeasurement>& chest, const QString& explanation);

  private:
    QLabel *m_ratio, *m_sign, *m_word, *m_sentence;
    RatioScale* m_scale;
};

}  // namespace cxr::ui
