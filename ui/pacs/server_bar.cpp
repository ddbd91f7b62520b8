#include "ui/pacs/server_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "ui/pacs/server_dialog.h"
#include "ui/pacs/server_list.h"

namespace cxr::ui {

ServerBar::ServerBar(ServerList& servers, QWidget* parent) : QWidget(parent), m_servers(servers), m_choice(new QComboBox(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    auto* title = new QLabel(tr("&Server"), this);
    title->setBuddy(m_choice);
    m_choice->setObjectName(QStringLiteral("pacsServer"));
    m_choice->setAccessibleName(tr("Server"));
    m_choice->setToolTip(tr("The archive to search, to retrieve from and to send to"));
    row->addWidget(title);
    row->addWidget(m_choice, 1);
    auto* add = addButton("pacsAdd", tr("&Add…"), tr("Add a server"), tr("Describe another server"));
    m_edit = addButton("pacsEdit", tr("&Edit…"), tr("Edit the server"), tr("Change the description of this server"));
    m_remove = addButton("pacsRemove", tr("Remo&ve"), tr("Remove the server"), tr("Take this server off the list and forget its password"));
    m_test = addButton("pacsTest", tr("&Test"), tr("Test the server"), tr("Does the server answer? C-ECHO, or a search over DICOMweb"));
    for (QPushButton* button : {add, m_edit, m_remove, m_test}) row->addWidget(button);
    connect(add, &QPushButton::clicked, this, [this] { edit(static_cast<int>(m_servers.servers().size())); });
    connect(m_edit, &QPushButton::clicked, this, [this] { edit(m_choice->currentIndex()); });
    connect(m_remove, &QPushButton::clicked, this, [this] { m_servers.remove(m_choice->currentIndex()); });
    connect(m_test, &QPushButton::clicked, this, &ServerBar::testWanted);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &ServerBar::chosen);
    connect(&m_servers, &ServerList::changed, this, [this] { fill(); });
    connect(&m_servers, &ServerList::keyringFailed, this, [this](const QString& reason) {
        Q_EMIT said(tr("The keyring of this computer cannot keep the password (%1): it is kept until the program ends.").arg(reason));
    });
    fill();
}

QPushButton* ServerBar::addButton(const char* name, const QString& text, const QString& accessible, const QString& toolTip) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(accessible);
    button->setToolTip(toolTip);
    button->setAutoDefault(false);
    return button;
}

bool ServerBar::hasServer() const { return m_choice->currentIndex() >= 0; }

void ServerBar::fill() {
    const int before = m_choice->currentIndex();
    const QSignalBlocker quiet(m_choice);
    m_choice->clear();
    for (const Server& server : m_servers.servers()) {
        const QString name = QString::fromStdString(server.name), address = QString::fromStdString(addressOf(server));
        m_choice->addItem(name == address ? name : tr("%1 (%2)").arg(name, address));
    }
    m_choice->setCurrentIndex(std::min(std::max(before, 0), m_choice->count() - 1));
    for (QPushButton* button : {m_edit, m_remove, m_test}) button->setEnabled(hasServer());
    Q_EMIT chosen();
}

void ServerBar::edit(int row) {
    const bool isNew = row == static_cast<int>(m_servers.servers().size());
    const Server before = isNew ? Server{} : m_servers.servers()[static_cast<std::size_t>(row)];
    auto* dialog = new ServerDialog(before, !isNew && m_servers.hasPassword(before), this);
    if (!isNew && m_servers.hasPassword(before, ServerSecret::Key)) dialog->tellKeyPassword();
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, row, dialog] { take(row, *dialog); });
    dialog->open();
}

void ServerBar::take(int row, const ServerDialog& dialog) {
    const Server server = dialog.server();
    m_servers.put(std::min(row, static_cast<int>(m_servers.servers().size())), server);
    m_choice->setCurrentIndex(row);
    if (!dialog.newPassword().isEmpty()) m_servers.setPassword(server, dialog.newPassword(), dialog.keepsPassword());
    if (!dialog.newKeyPassword().isEmpty()) m_servers.setPassword(server, dialog.newKeyPassword(), dialog.keepsKeyPassword(), ServerSecret::Key);
}

void ServerBar::withServer(const std::function<void(const Server&)>& use) {
    if (hasServer()) complete(m_servers.servers()[static_cast<std::size_t>(m_choice->currentIndex())], use);
}

void ServerBar::complete(const Server& server, const std::function<void(const Server&)>& use) {
    m_servers.complete(server, this, [this, use](const Server& complete, bool isFound) {
        if (isFound) return use(complete);
        askPassword(complete, use);
    });
}

// Of what is missing; then whether something else is.
void ServerBar::askPassword(const Server& server, const std::function<void(const Server&)>& use) {
    const ServerSecret secret = ServerList::missingSecret(server).value_or(ServerSecret::Login);
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("pacsPassword"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Password"));
    dialog->setLabelText(secret == ServerSecret::Key
                             ? tr("Password of our private key %1. It is kept until the program ends.").arg(QString::fromStdString(server.tls.key.filename().string()))
                             : tr("Password of %1 for %2. It is kept until the program ends.")
                                   .arg(QString::fromStdString(server.user), QString::fromStdString(addressOf(server))));
    dialog->setTextEchoMode(QLineEdit::Password);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, server, secret, use](const QString& password) {
        m_servers.setPassword(server, password, false, secret);
        complete(server, use);
    });
    dialog->open();
}

}  // namespace cxr::ui
