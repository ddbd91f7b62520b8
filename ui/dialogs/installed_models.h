// The installed packs as the Models dialog shows them.
//   thread rule  readInstalledModels: any thread, reads the disk; values are immutable
#pragma once

#include <QString>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/model/registry.h"

namespace cxr::ui {

struct InstalledModel {
    QString id;       // folder name
    RegistryEntry entry;
    QString card;     // Markdown of CARD.md, or a sentence that there is none
    qint64 weightsBytes = -1;  // -1: not known
    bool isOwn = false;        // in the user's folder: may be removed

    [[nodiscard]] bool isWhole() const { return entry.pack.isOk(); }
    [[nodiscard]] const Manifest& manifest() const { return entry.pack.value().manifest; }  // REQUIRES: isWhole()
    [[nodiscard]] QString title() const;  // name and version, or the id and "(damaged)"
};

Result<std::vector<InstalledModel>> readInstalledModels(const RunContext& context);

// Deletes the folder of a pack of the user's. fails InvalidArgument (it is not the user's), WriteFailed.
Result<Done> removeModel(const InstalledModel& model);

}  // namespace cxr::ui
