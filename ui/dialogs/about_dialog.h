// AboutDialog: what this program is, its versions, licences, the notice.
// The engine is asked for its version in a worker: the window never waits for torch.
//   thread rule  GUI thread only
#pragma once

#include <QDialog>
#include <memory>

namespace cxr::ui {

class AboutDialog : public QDialog {
    Q_OBJECT
  public:
    explicit AboutDialog(QWidget* parent = nullptr);
    ~AboutDialog() override;

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
