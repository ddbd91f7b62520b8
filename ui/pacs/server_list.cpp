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
    m_passwords.erase(keyOf(m_servers[static_cast<std::size_t>(row)]));
    auto* job = new QKeychain::DeletePasswordJob(kService);
    job->setKey(keyOf(m_servers[static_cast<std::size_t>(row)]));
    job->start();  // deletes itself; what was never there is no loss
    m_servers.erase(m_servers.begin() + row);
    store();
}

void ServerList::store() {
    QStringList list;
    for (const Server& server : m_servers) list << QString::fromStdString(serverToJson(server));
    m_settings.setPacsServers(list);
    Q_EMIT changed();
}

QString ServerList::keyOf(const Server& server) { return QString::fromStdString(server.user + " at " + addressOf(server)); }

void ServerList::setPassword(const Server& server, const QString& password, bool inKeyring) {
    m_passwords[keyOf(server)] = password;
    if (!inKeyring) return;
    auto* job = new QKeychain::WritePasswordJob(kService);
    job->setKey(keyOf(server));
    job->setTextData(password);
    connect(job, &QKeychain::Job::finished, this, [this](QKeychain::Job* done) {
        if (done->error() != QKeychain::NoError) Q_EMIT keyringFailed(done->errorString());
    });
    job->start();
}

bool ServerList::hasPassword(const Server& server) const { return m_passwords.count(keyOf(server)) > 0; }

void ServerList::complete(const Server& server, QObject* receiver, const std::function<void(const Server&, bool)>& give) {
    if (server.protocol == PacsProtocol::Dimse || server.user.empty()) return give(server, true);
    Server complete = server;
    if (const auto known = m_passwords.find(keyOf(server)); known != m_passwords.end()) {
        complete.password = known->second.toStdString();
        return give(complete, true);
    }
    auto* job = new QKeychain::ReadPasswordJob(kService);
    job->setKey(keyOf(server));
    connect(job, &QKeychain::Job::finished, receiver, [this, job, complete, give, list = QPointer<ServerList>(this)](QKeychain::Job* done) mutable {
        const bool isFound = list && done->error() == QKeychain::NoError;
        if (isFound) {
            complete.password = job->textData().toStdString();
            m_passwords[keyOf(complete)] = job->textData();
        }
        give(complete, isFound);
    });
    job->start();
}

}  // namespace cxr::ui
