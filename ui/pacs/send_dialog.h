// SendDialog: the open film's results as DICOM objects to an archive; each object with the server's answer.
//   The objects are written once, into a temporary folder, as the export does it; sending again sends the same ones.
//   thread rule  GUI thread only; writing and sending run in a worker
#pragma once

#include <QDialog>
#include <memory>

#include "ui/dialogs/export_dialog.h"

namespace cxr::ui {

class ServerList;

class SendDialog : public QDialog {
    Q_OBJECT
  public:
    // REQUIRES: `servers` outlives the dialog
    SendDialog(ServerList& servers, ExportContext context, QWidget* parent = nullptr);
    ~SendDialog() override;

  Q_SIGNALS:
    void sent(int stored, int offered);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
