// Every action of the window in one table: id, menu, icon, name, shortcuts, tooltip, when it is enabled, what it does.
// A new command is one row in actions.cpp and one function in MainWindow.
//   thread rule  GUI thread only
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QHash>
#include <QString>
#include <vector>

namespace cxr::ui {

class MainWindow;

// What an action needs; it is disabled otherwise.
enum class ActionNeeds { Nothing, Films, Film, Prior, Measurement, Work, Undo, Redo, Recent };
enum class ActionMenu { File, Edit, View, Film, Tools, Analysis, Help };

struct ActionSpec {
    const char* id;
    ActionMenu menu;
    const char* icon;       // resources/icons/<icon>.svg
    const char* text;       // with &mnemonic
    const char* shortcuts;  // QKeySequence texts, separated by a space
    const char* toolTip;    // one sentence, without the shortcut
    ActionNeeds needs;
    const char* group;      // actions of one group exclude each other; nullptr: none. "" = checkable alone
    void (*handler)(MainWindow& window, bool isChecked);
    bool separatorBefore = false;
};

const std::vector<ActionSpec>& actionTable();

// The QActions of the table, owned by the window; names are "action.<id>".
class ActionSet {
  public:
    explicit ActionSet(MainWindow& window);

    // REQUIRES: the table has this id.
    [[nodiscard]] QAction* operator[](const QString& id) const;
    [[nodiscard]] const QHash<QString, QAction*>& all() const { return m_actions; }
    void setEnabled(ActionNeeds needs, bool isEnabled);
    // Checks without calling the handler.
    void setChecked(const QString& id, bool isChecked);

  private:
    QAction* make(const ActionSpec& spec, MainWindow& window);

    QHash<QString, QAction*> m_actions;
    QHash<QString, QActionGroup*> m_groups;
};

}  // namespace cxr::ui
