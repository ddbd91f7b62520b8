// PacsWindow: servers, a search, what it found, and retrieving it. File > PACS...
//   One thing runs at a time: a test, a search, the series of a study, or a retrieve; Stop ends it, and so does closing.
//   thread rule  GUI thread only; all traffic runs in workers
#pragma once

#include <QDialog>
#include <memory>

namespace cxr::ui {

class ServerList;
class Settings;

class PacsWindow : public QDialog {
    Q_OBJECT
  public:
    // REQUIRES: both outlive the window
    PacsWindow(ServerList& servers, Settings& settings, QWidget* parent = nullptr);
    ~PacsWindow() override;

  Q_SIGNALS:
    void retrieved(const QStringList& folders);  // each holds what came of one study
    void helpWanted(const QString& page);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
