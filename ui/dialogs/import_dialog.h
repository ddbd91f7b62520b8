// ImportDialog: a file with weights becomes a model of the user's. The file is looked at first: what it is, its hash, whose
// weights they probably are. A TorchScript program is code and is run only after the user trusts its SHA-256.
//   What does not fit the network stands in one list; nothing is written then.
//   thread rule  GUI thread only; looking and importing run in workers
#pragma once

#include <QDialog>
#include <memory>

#include "ui/dialogs/models_dialog.h"

namespace cxr::ui {

class ImportDialog : public QDialog {
    Q_OBJECT
  public:
    explicit ImportDialog(ImportFunction importer, QWidget* parent = nullptr);
    ~ImportDialog() override;

    // As the Choose button does with the file that the user picks.
    void setFile(const QString& path);

  Q_SIGNALS:
    void imported(const QString& packId);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
