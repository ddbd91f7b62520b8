// ServerDialog: one server of the list. What it takes is checked while it is typed.
//   thread rule  GUI thread only
#pragma once

#include <QDialog>
#include <memory>

#include "core/pacs/server.h"

namespace cxr::ui {

class ServerDialog : public QDialog {
    Q_OBJECT
  public:
    explicit ServerDialog(const Server& server, bool hasPassword, QWidget* parent = nullptr);
    ~ServerDialog() override;

    [[nodiscard]] Server server() const;
    [[nodiscard]] QString newPassword() const;  // empty: unchanged
    [[nodiscard]] bool keepsPassword() const;   // in the keyring
    // The same of an encrypted private key.
    void tellKeyPassword();  // it has one already
    [[nodiscard]] QString newKeyPassword() const;
    [[nodiscard]] bool keepsKeyPassword() const;

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
