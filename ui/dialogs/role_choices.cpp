// RoleChoices: see role_choices.h.
#include "ui/dialogs/role_choices.h"

#include <QComboBox>
#include <QGridLayout>
#include <QSignalBlocker>
#include <algorithm>

namespace cxr::ui {

namespace {

constexpr const char* kAutomatic = "automatic";  // no folder name: packs are found by what stands in a second role
constexpr int kIsAutomatic = Qt::UserRole + 1;

const char* nameOf(ModelRole role) {
    const char* names[] = {"roleHeartLungs", "roleView", "roleDiseases", "roleCardiomegaly", "roleHeartSpot"};
    return names[static_cast<int>(role)];
}

QString toolTipOf(ModelRole role) {
    switch (role) {
        case ModelRole::HeartLungs:
            return RoleChoices::tr("Finds the outlines of heart and lungs; everything else rests on it");
        case ModelRole::View:
            return RoleChoices::tr("Tells frontal from side views, so that side views get no ratio");
        case ModelRole::Diseases:
            return RoleChoices::tr("Gives a probability for each disease");
        case ModelRole::Cardiomegaly:
            return RoleChoices::tr("Reads cardiomegaly from the film, beside the ratio");
        case ModelRole::HeartSpot:
            return RoleChoices::tr("Reads cardiomegaly from the HeartSpot picture alone");
    }
    return {};
}

const InstalledModel* modelOf(const std::string& folderName, const std::vector<InstalledModel>& models) {
    const auto found = std::find_if(models.begin(), models.end(), [&](const auto& m) { return m.id.toStdString() == folderName; });
    return found == models.end() ? nullptr : &*found;
}

// What Automatic stands for now: "Automatic: 14 diseases 1.0.0", "Automatic: none installed".
QString automaticText(ModelRole role, const ModelChoice& choice, const std::vector<InstalledModel>& models) {
    ModelChoice automatic = choice;
    automatic.chosen.erase(role);
    std::vector<RegistryEntry> entries;
    for (const InstalledModel& model : models) entries.push_back(model.entry);
    for (const RolePack& pack : choosePacks(automatic, entries)) {
        if (pack.role != role) continue;
        if (const InstalledModel* model = modelOf(pack.folder.filename().string(), models)) {
            return RoleChoices::tr("Automatic: %1").arg(model->title());
        }
    }
    return RoleChoices::tr("Automatic: none installed");
}

}  // namespace

QString titleOf(ModelRole role) {
    switch (role) {
        case ModelRole::HeartLungs:
            return RoleChoices::tr("Heart and lungs");
        case ModelRole::View:
            return RoleChoices::tr("View");
        case ModelRole::Diseases:
            return RoleChoices::tr("Diseases");
        case ModelRole::Cardiomegaly:
            return RoleChoices::tr("Cardiomegaly");
        case ModelRole::HeartSpot:
            return RoleChoices::tr("Cardiomegaly, HeartSpot");
    }
    return {};
}

RoleChoices::RoleChoices(QWidget* parent) : Card(QStringLiteral("roleChoices"), parent), m_combos{} {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(14, 10, 14, 10);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    for (std::size_t i = 0; i < kModelRoles.size(); ++i) {
        const ModelRole role = kModelRoles[i];
        auto* label = new QLabel(titleOf(role), this);
        auto* combo = new QComboBox(this);
        combo->setObjectName(QLatin1String(nameOf(role)));
        combo->setAccessibleName(tr("Model for %1").arg(titleOf(role)));
        combo->setToolTip(toolTipOf(role));
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(18);
        label->setBuddy(combo);
        const int row = static_cast<int>(i / 2), column = static_cast<int>(i % 2) * 2;
        grid->addWidget(label, row, column);
        grid->addWidget(combo, row, column + 1);
        m_combos[i] = combo;
        connect(combo, &QComboBox::activated, this, [this, role, combo] {
            Q_EMIT roleChosen(role, combo->currentData(kIsAutomatic).toBool(), combo->currentData().toString());
        });
    }
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
}

void RoleChoices::setModels(const std::vector<InstalledModel>& models, const ModelChoice& choice) {
    for (std::size_t i = 0; i < kModelRoles.size(); ++i) {
        const ModelRole role = kModelRoles[i];
        QComboBox* combo = m_combos[i];
        const QSignalBlocker quiet(combo);
        combo->clear();
        combo->addItem(automaticText(role, choice, models), QLatin1String(kAutomatic));
        combo->setItemData(0, true, kIsAutomatic);
        for (const InstalledModel& model : models) {
            const bool isOffered = model.isWhole() && suits(model.manifest(), role) && !choice.disabled.contains(model.id.toStdString());
            if (isOffered) combo->addItem(model.title(), model.id);
        }
        if (role != ModelRole::HeartLungs) combo->addItem(tr("None"), QString());
        const auto chosen = choice.chosen.find(role);
        int index = 0;
        for (int item = 1; chosen != choice.chosen.end() && item < combo->count(); ++item) {
            if (combo->itemData(item).toString().toStdString() == chosen->second) index = item;
        }
        combo->setCurrentIndex(index);
    }
}

}  // namespace cxr::ui
