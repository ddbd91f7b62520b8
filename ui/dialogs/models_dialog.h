// ModelsDialog: the installed models: which one does what, how good each is by its own card, where it ran and how long;
// switching off, removing, importing. Choices are kept at once; the next analysis uses them.
//   thread rule  GUI thread only; packs are read, removed and imported in workers
#pragma once

#include <QDialog>
#include <functional>
#include <memory>

#include "core/pipeline/import_pack.h"
#include "ui/state/model_timings.h"

namespace cxr::ui {

class Settings;

// How weights become a pack; tests put their own in its place.
using ImportFunction = std::function<Result<ImportOutcome>(const ImportRequest&, const RunContext&)>;
// importPack() with the engine of this process.
Result<ImportOutcome> importWithEngine(const ImportRequest& request, const RunContext& context);

class ModelsDialog : public QDialog {
    Q_OBJECT
  public:
    ModelsDialog(Settings& settings, ModelTimings timings, ImportFunction importer = importWithEngine, QWidget* parent = nullptr);
    ~ModelsDialog() override;

    // Selects this pack as soon as the list is there.
    void select(const QString& packId);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
