// DeidentifyDialog: DICOM files without their patient's identity. Options, the writing found on each film to be confirmed, the
// folder and the key, and at the end the privacy card. The originals are not touched.
//   Writing is blackened only after every film has been looked at.
//   thread rule  GUI thread only; looking for writing and exporting run in workers
#pragma once

#include <QDialog>
#include <memory>

#include "ui/dialogs/deidentify_job.h"

namespace cxr::ui {

class DeidentifyDialog : public QDialog {
    Q_OBJECT
  public:
    // `files`: of the film list; `current`: the one on screen, which is what is exported unless the user asks for all.
    DeidentifyDialog(const QStringList& files, const QString& current, QWidget* parent = nullptr);
    ~DeidentifyDialog() override;

    // As the Choose buttons do with what the user picks.
    void setFolder(const QString& folder);
    void setKeyFile(const QString& file);

  Q_SIGNALS:
    void helpWanted(const QString& page);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
