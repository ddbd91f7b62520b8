#include "ui/pacs/server_list.h"

#include <qt6keychain/keychain.h>

#include <QPointer>

#include "ui/state/settings.h"

namespace cxr::ui {

namespace {

const QString kService = QStringLiteral("Precordia");

}  // namespace

ServerList::ServerList(Settings& settings, QObject* parent) : QObject(parent), m_settings(settings) {
    for (const QString& json : settings.pacsServers()) {
        Result<Server> server = serverFromJson(json.toStdString());
        if (server) m_servers.push_back(std::move(server).value());
    }
}

void ServerList::put(int row, const Server& server) {
    if (row == static_cast<int>(m_servers.size())) m_servers.emplace_back();
    Server& kept = m_servers[static_cast<std::size_t>(row)];
    kept = server;
    kept.password.clear();
    store();
}

void ServerList::remove(int row) {
    for (const ServerSecret secret : {ServerSecret::Login, ServerSecret::Key}) forget(keyOf(m_servers[static_cast<std::size_t>(row)], secret));
    m_servers.erase(m_servers.begin() + row);
    store();
}

void ServerList::forget(const QString& key) {
    m_passwords.erase(key);
    auto* job = new QKeychain::DeletePasswordJob(kService);
    job->setKey(key);
    job->start();  // deletes itself; what was never there is no loss
}

void ServerList::store() {
    QStringList list;
    for (const Server& server : m_servers) list << QString::fromStdString(serverToJson(server));
    m_settings.setPacsServers(list);
    Q_EMIT changed();
}

QString ServerList::keyOf(const Server& server, ServerSecret secret) {
    if (secret == ServerSecret::Key) return QStringLiteral("key ") + QString::fromStdString(server.tls.key.string());
    return QString::fromStdString(server.user + " at " + addressOf(server));
}

Server ServerList::filled(Server server, ServerSecret secret, const QString& password) {
    (secret == ServerSecret::Key ? server.tls.keyPassword : server.password) = password.toStdString();
    return server;
}

void ServerList::setPassword(const Server& server, const QString& password, bool inKeyring, ServerSecret secret) {
    m_passwords[keyOf(server, secret)] = password;
    if (!inKeyring) return;
    auto* job = new QKeychain::WritePasswordJob(kService);
    job->setKey(keyOf(server, secret));
    job->setTextData(password);
    connect(job, &QKeychain::Job::finished, this, [this](QKeychain::Job* done) {
        if (done->error() != QKeychain::NoError) Q_EMIT keyringFailed(done->errorString());
    });
    job->start();
}

bool ServerList::hasPassword(const Server& server, ServerSecret secret) const { return m_passwords.count(keyOf(server, secret)) > 0; }

std::optional<ServerSecret> ServerList::missingSecret(const Server& server) {
    const bool isWeb = server.protocol == PacsProtocol::DicomWeb;
    if (isWeb && !server.user.empty() && server.password.empty()) return ServerSecret::Login;
    const bool usesKey = isWeb || server.tls.isOn;
    if (usesKey && server.tls.keyPassword.empty() && hasEncryptedKey(server.tls)) return ServerSecret::Key;
    return std::nullopt;
}

// One secret after the other.
void ServerList::complete(const Server& server, QObject* receiver, const std::function<void(const Server&, bool)>& give) {
    const std::optional<ServerSecret> secret = missingSecret(server);
    if (!secret) return give(server, true);
    const auto goOn = [this, server, secret = *secret, receiver, give](const QString& password) {
        if (password.isEmpty()) return give(server, true);  // the user has one, and it is empty
        complete(filled(server, secret, password), receiver, give);
    };
    const QString key = keyOf(server, *secret);
    if (const auto known = m_passwords.find(key); known != m_passwords.end()) return goOn(QString(known->second));
    auto* job = new QKeychain::ReadPasswordJob(kService);
    job->setKey(key);
    connect(job, &QKeychain::Job::finished, receiver, [this, job, server, key, goOn, give, list = QPointer<ServerList>(this)](QKeychain::Job* done) {
        if (!list || done->error() != QKeychain::NoError) return give(server, false);
        m_passwords[key] = job->textData();
        goOn(job->textData());
    });
    job->start();
}

}  // namespace cxr::ui
