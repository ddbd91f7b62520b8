// ModelSection: which networks worked on the film: name, version, hash, device, time; the way to their cards.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

#include "core/measure/finding.h"

namespace cxr::ui {

class FactRows;

class ModelSection : public QWidget {
    Q_OBJECT
  public:
    explicit ModelSection(QWidget* parent = nullptr);

    // `heartLungs` with an empty id: nothing was analysed, the section hides. `seconds` of all networks, 0 = unknown.
    void setModels(const ModelStamp& heartLungs, const JudgementPtr& judgement, double seconds);

  Q_SIGNALS:
    void modelsRequested(const QString& packId);

  private:
    QString m_packId;
    FactRows* m_rows;
};

}  // namespace cxr::ui
