// RoleChoices: which model does what, one combo for each role. A role left at Automatic takes its default model.
//   thread rule  GUI thread only
#pragma once

#include <array>
#include <vector>

#include "core/pipeline/model_roles.h"
#include "ui/dialogs/installed_models.h"
#include "ui/panels/panel_parts.h"

class QComboBox;

namespace cxr::ui {

class RoleChoices : public Card {
    Q_OBJECT
  public:
    explicit RoleChoices(QWidget* parent = nullptr);

    void setModels(const std::vector<InstalledModel>& models, const ModelChoice& choice);

  Q_SIGNALS:
    void roleChosen(cxr::ModelRole role, bool isAutomatic, const QString& packId);  // "" = none

  private:
    std::array<QComboBox*, kModelRoles.size()> m_combos;
};

// "Diseases"
QString titleOf(ModelRole role);

}  // namespace cxr::ui
