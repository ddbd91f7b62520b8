// ServerBar: the list of servers with Add, Edit, Remove and, where wanted, Test. Asks for a password that nobody kept.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <functional>

#include "core/pacs/server.h"

class QComboBox;
class QPushButton;

namespace cxr::ui {

class ServerList;

class ServerBar : public QWidget {
    Q_OBJECT
  public:
    ServerBar(ServerList& servers, QWidget* parent);

    [[nodiscard]] bool hasServer() const;
    // The chosen server with its passwords; not called when the user gives none.
    void withServer(const std::function<void(const Server&)>& use);

  Q_SIGNALS:
    void testWanted();
    void chosen();  // another server, or none
    void said(const QString& message);

  private:
    QPushButton* addButton(const char* name, const QString& text, const QString& accessible, const QString& toolTip);
    void fill();
    void edit(int row);
    void take(int row, const class ServerDialog& dialog);
    void complete(const Server& server, const std::function<void(const Server&)>& use);
    void askPassword(const Server& server, const std::function<void(const Server&)>& use);

    ServerList& m_servers;
    QComboBox* m_choice;
    QPushButton *m_edit, *m_remove, *m_test;
};

}  // namespace cxr::ui
