// ReadingsCard: cardiomegaly read in up to three ways, side by side, and whether they agree.
//   each reading is a sign, a value and its decision in words, never colour alone
//   thread rule  GUI thread only
#pragma once

#include <array>

#include "core/measure/finding.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

class ReadingsCard : public Card {
    Q_OBJECT
  public:
    explicit ReadingsCard(QWidget* parent = nullptr);

    void setReadings(const CardiomegalyReadings& readings);

  private:
    struct Column {
        QWidget* box = nullptr;
        QLabel *name = nullptr, *sign = nullptr, *value = nullptr, *decision = nullptr;
    };
    Column addColumn(const char* objectName);
    void fill(const Column& column, const CardiomegalyReading& reading) const;

    std::array<Column, 3> m_columns;
    QLabel* m_sentence;
};

}  // namespace cxr::ui
