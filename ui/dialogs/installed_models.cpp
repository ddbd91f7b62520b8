// The installed packs; see installed_models.h.
#include "ui/dialogs/installed_models.h"

#include <QCoreApplication>
#include <filesystem>
#include <system_error>

#include "core/base/atomic_file.h"

namespace cxr::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLargestCard = 4 << 20;

QString tr(const char* text) { return QCoreApplication::translate("InstalledModel", text); }

bool isInUserFolder(const fs::path& pack) {
    const fs::path own = userModelFolder();
    std::error_code code;
    return !own.empty() && fs::equivalent(pack.parent_path(), own, code) && !code;
}

InstalledModel modelOf(const RegistryEntry& entry) {
    InstalledModel model{QString::fromStdString(entry.folder.filename().string()), entry, {}, -1, isInUserFolder(entry.folder)};
    if (!entry.pack) {
        model.card = tr("This model cannot be used. Install it again, or remove it.");
        return model;
    }
    const auto card = readWholeFile(entry.pack.value().card(), kLargestCard);
    model.card = card ? QString::fromStdString(card.value()) : tr("This model has no card.");
    std::error_code unknown;
    const auto bytes = fs::file_size(entry.pack.value().weights(), unknown);
    if (!unknown) model.weightsBytes = static_cast<qint64>(bytes);
    return model;
}

}  // namespace

QString InstalledModel::title() const {
    if (!isWhole()) return tr("%1 (damaged)").arg(id);
    return QString::fromStdString(manifest().name + " " + manifest().version);
}

Result<std::vector<InstalledModel>> readInstalledModels(const RunContext& context) {
    std::vector<InstalledModel> models;
    for (const RegistryEntry& entry : listPacks()) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        models.push_back(modelOf(entry));
    }
    return models;
}

Result<Done> removeModel(const InstalledModel& model) {
    if (!model.isOwn || !isInUserFolder(model.entry.folder)) {
        return Error{ErrorCode::InvalidArgument, "this model came with the program; switch it off instead"};
    }
    std::error_code problem;
    fs::remove_all(model.entry.folder, problem);
    if (problem) return Error{ErrorCode::WriteFailed, "the model could not be removed: " + problem.message()};
    return Done{};
}

}  // namespace cxr::ui
