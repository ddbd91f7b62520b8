// The servers that the user described, kept in Settings (without passwords), and their passwords.
//   passwords  of this session in memory; in the keyring of the computer (Secret Service or KWallet, over QtKeychain) only
//              where the user asks for it; never in a file of ours
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/pacs/server.h"

namespace cxr::ui {

class Settings;

enum class ServerSecret {
    Login,  // of the user of a DICOMweb service
    Key,    // of our encrypted private key
};

class ServerList : public QObject {
    Q_OBJECT
  public:
    explicit ServerList(Settings& settings, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<Server>& servers() const { return m_servers; }
    void put(int row, const Server& server);  // replaces; row == count adds
    void remove(int row);

    // Of this session; `inKeyring` keeps it there too, and says through keyringFailed() when that does not work.
    void setPassword(const Server& server, const QString& password, bool inKeyring, ServerSecret secret = ServerSecret::Login);
    [[nodiscard]] bool hasPassword(const Server& server, ServerSecret secret = ServerSecret::Login) const;
    // What the server still needs before it can be spoken to. Looks into the file of the private key.
    [[nodiscard]] static std::optional<ServerSecret> missingSecret(const Server& server);
    // The server with its passwords, from this session or the keyring; `give` gets isFound == false when neither has one of
    // them: missingSecret() says which. `give` is called at once or later, not after `receiver` is gone.
    void complete(const Server& server, QObject* receiver, const std::function<void(const Server& complete, bool isFound)>& give);

  Q_SIGNALS:
    void changed();
    void keyringFailed(const QString& reason);

  private:
    void store();
    [[nodiscard]] static QString keyOf(const Server& server, ServerSecret secret);
    [[nodiscard]] static Server filled(Server server, ServerSecret secret, const QString& password);
    void forget(const QString& key);

    Settings& m_settings;
    std::vector<Server> m_servers;
    std::map<QString, QString> m_passwords;
};

}  // namespace cxr::ui
