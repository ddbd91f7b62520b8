// SettingsDialog: the user's choices, kept in Settings. OK writes them, Cancel changes nothing.
//   thread rule  GUI thread only
#pragma once

#include <QDialog>
#include <memory>

namespace cxr::ui {

class Settings;

class SettingsDialog : public QDialog {
    Q_OBJECT
  public:
    explicit SettingsDialog(Settings& settings, QWidget* parent = nullptr);
    ~SettingsDialog() override;

    void accept() override;  // writes the settings, then closes

  Q_SIGNALS:
    void forgetCorrectionsWanted();  // not yet asked whether really

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
