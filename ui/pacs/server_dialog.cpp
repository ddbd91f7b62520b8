#include "ui/pacs/server_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

constexpr int kWidthPx = 520;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }
QString text(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

}  // namespace

class ServerDialog::Private {
  public:
    Private(ServerDialog* dialog, Server described, bool isKnown) : q(dialog), before(std::move(described)), hasPassword(isKnown) {}

    void build();
    QWidget* buildNode();
    QWidget* buildWeb();
    QWidget* buildTls();
    QWidget* buildTimes();
    template <typename Widget>
    Widget* named(Widget* widget, const char* name, const QString& label, const QString& toolTip, QFormLayout* form);
    QLineEdit* addText(QFormLayout* form, const char* name, const QString& label, const QString& toolTip, const QString& value);
    QSpinBox* addNumber(QFormLayout* form, const char* name, const QString& label, const QString& toolTip, int most, int value);
    QLineEdit* addFile(QFormLayout* form, const char* name, const QString& label, const QString& toolTip, const std::filesystem::path& value);
    QDoubleSpinBox* addSeconds(QFormLayout* form, const char* name, const QString& label, const QString& toolTip, int ms);
    void choose(QLineEdit* edit, const QString& title);
    void refresh();
    [[nodiscard]] Server described() const;

    ServerDialog* q;
    Server before;
    bool hasPassword;
    QLineEdit *name = nullptr, *host = nullptr, *called = nullptr, *calling = nullptr, *url = nullptr, *user = nullptr, *password = nullptr;
    QLineEdit *trusted = nullptr, *certificate = nullptr, *key = nullptr, *keyPassword = nullptr;
    QSpinBox *port = nullptr, *receivePort = nullptr, *retries = nullptr;
    QDoubleSpinBox *connectTime = nullptr, *associateTime = nullptr, *answerTime = nullptr;
    QComboBox *protocol = nullptr, *method = nullptr, *check = nullptr;
    QCheckBox *tls = nullptr, *keep = nullptr, *keepKey = nullptr;
    QWidget *node = nullptr, *web = nullptr, *files = nullptr;
    QLabel* problem = nullptr;
    QPushButton* ok = nullptr;
};

ServerDialog::ServerDialog(const Server& server, bool hasPassword, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, server, hasPassword)) {
    setObjectName(QStringLiteral("serverDialog"));
    setWindowTitle(tr("Server"));
    d->build();
    d->refresh();
}

ServerDialog::~ServerDialog() = default;

Server ServerDialog::server() const { return d->described(); }
QString ServerDialog::newPassword() const { return d->password->text(); }
bool ServerDialog::keepsPassword() const { return d->keep->isChecked(); }
void ServerDialog::tellKeyPassword() { d->keyPassword->setPlaceholderText(tr("unchanged")); }
QString ServerDialog::newKeyPassword() const { return d->keyPassword->text(); }
bool ServerDialog::keepsKeyPassword() const { return d->keepKey->isChecked(); }

template <typename Widget>
Widget* ServerDialog::Private::named(Widget* widget, const char* objectName, const QString& label, const QString& toolTip, QFormLayout* form) {
    widget->setObjectName(QLatin1String(objectName));
    widget->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    widget->setToolTip(toolTip);
    if (form) form->addRow(label, widget);
    return widget;
}

QLineEdit* ServerDialog::Private::addText(QFormLayout* form, const char* objectName, const QString& label, const QString& toolTip, const QString& value) {
    auto* edit = named(new QLineEdit(value, q), objectName, label, toolTip, form);
    QObject::connect(edit, &QLineEdit::textChanged, q, [this] { refresh(); });
    return edit;
}

QSpinBox* ServerDialog::Private::addNumber(QFormLayout* form, const char* objectName, const QString& label, const QString& toolTip, int most, int value) {
    auto* box = named(new QSpinBox(q), objectName, label, toolTip, form);
    box->setRange(0, most);
    box->setValue(value);
    QObject::connect(box, &QSpinBox::valueChanged, q, [this] { refresh(); });
    return box;
}

QDoubleSpinBox* ServerDialog::Private::addSeconds(QFormLayout* form, const char* objectName, const QString& label, const QString& toolTip, int ms) {
    auto* box = named(new QDoubleSpinBox(q), objectName, label, toolTip, form);
    box->setRange(0.1, 3600);
    box->setDecimals(1);
    box->setSuffix(tr(" s"));
    box->setValue(ms / 1000.0);
    return box;
}

QLineEdit* ServerDialog::Private::addFile(QFormLayout* form, const char* objectName, const QString& label, const QString& toolTip,
                                          const std::filesystem::path& value) {
    auto* edit = addText(nullptr, objectName, label, toolTip, text(value));
    const QString plain = QString(label).remove(QLatin1Char('&'));
    auto* button = named(new QPushButton(tr("Choose…"), q), (std::string(objectName) + "Choose").c_str(), tr("Choose: %1").arg(plain), tr("Choose the file"), nullptr);
    button->setAutoDefault(false);
    QObject::connect(button, &QPushButton::clicked, q, [this, edit, plain] { choose(edit, plain); });
    auto* row = new QHBoxLayout;
    row->addWidget(edit, 1);
    row->addWidget(button);
    form->addRow(label, row);
    static_cast<QLabel*>(form->labelForField(row))->setBuddy(edit);
    return edit;
}

void ServerDialog::Private::choose(QLineEdit* edit, const QString& title) {
    auto* dialog = new QFileDialog(q, title, edit->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    QObject::connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
    dialog->open();
}

void ServerDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(8);
    auto* head = new QFormLayout;
    name = addText(head, "serverName", tr("&Name"), tr("What this server is called in the list"), text(before.name));
    protocol = named(new QComboBox(q), "serverProtocol", tr("&Kind"), tr("DICOM node: C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE. DICOMweb: QIDO, WADO, STOW over HTTP"), head);
    protocol->addItems({tr("DICOM node"), tr("DICOMweb service")});
    protocol->setCurrentIndex(before.protocol == PacsProtocol::DicomWeb ? 1 : 0);
    QObject::connect(protocol, &QComboBox::currentIndexChanged, q, [this] { refresh(); });
    column->addLayout(head);
    column->addWidget(node = buildNode());
    column->addWidget(web = buildWeb());
    column->addWidget(files = buildTls());
    column->addWidget(buildTimes());
    problem = wrappedText(QStringLiteral("serverProblem"), q);
    column->addWidget(problem);
    column->addStretch(1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, q);
    ok = named(buttons->button(QDialogButtonBox::Ok), "serverOk", tr("Keep this server"), tr("Keep this server in the list"), nullptr);
    named(buttons->button(QDialogButtonBox::Cancel), "serverCancel", tr("Cancel"), tr("Change nothing"), nullptr)->setAutoDefault(false);
    QObject::connect(buttons, &QDialogButtonBox::accepted, q, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
    column->addWidget(buttons);
}

QWidget* ServerDialog::Private::buildNode() {
    auto* box = new QWidget(q);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    host = addText(form, "serverHost", tr("&Host"), tr("Name or address of the computer"), text(before.host));
    port = addNumber(form, "serverPort", tr("&Port"), tr("The server's DICOM port, often 104 or 11112"), 65535, before.port);
    called = addText(form, "serverCalled", tr("Server's AE &title"), tr("What the server calls itself, at most 16 letters"), text(before.calledAe));
    calling = addText(form, "serverCalling", tr("&Our AE title"), tr("What the server knows us as; its administrator adds it"), text(before.callingAe));
    method = named(new QComboBox(q), "serverMethod", tr("&Retrieve by"),
                   tr("C-GET needs nothing but the connection. For C-MOVE the server must know our AE title, host and port"), form);
    method->addItems({tr("C-GET"), tr("C-MOVE")});
    method->setCurrentIndex(before.retrieveBy == RetrieveMethod::Move ? 1 : 0);
    QObject::connect(method, &QComboBox::currentIndexChanged, q, [this] { refresh(); });
    receivePort = addNumber(form, "serverReceivePort", tr("Our p&ort"), tr("Where we take films during a C-MOVE; the firewall must let the server in"), 65535, before.receivePort);
    tls = named(new QCheckBox(tr("Encrypt with T&LS"), q), "serverTls", tr("Encrypt with TLS"), tr("The server's DICOM port must speak TLS"), nullptr);
    tls->setChecked(before.tls.isOn);
    QObject::connect(tls, &QCheckBox::toggled, q, [this] { refresh(); });
    form->addRow(tls);
    return box;
}

QWidget* ServerDialog::Private::buildWeb() {
    auto* box = new QWidget(q);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    url = addText(form, "serverUrl", tr("&Address"), tr("For example https://pacs.example/dicom-web. With http:// films and password can be read on the way"), text(before.webUrl));
    user = addText(form, "serverUser", tr("&User"), tr("Empty: the service wants none"), text(before.user));
    password = addText(form, "serverPassword", tr("Pass&word"), tr("Kept until the program ends, never in a file of ours"), {});
    password->setEchoMode(QLineEdit::Password);
    if (hasPassword) password->setPlaceholderText(tr("unchanged"));
    keep = named(new QCheckBox(tr("Keep in this computer's &keyring"), q), "serverKeep", tr("Keep the password in this computer's keyring"),
                 tr("The keyring of your desktop (GNOME, KDE) keeps it encrypted, for later sessions"), nullptr);
    form->addRow(keep);
    return box;
}

QWidget* ServerDialog::Private::buildTls() {
    auto* box = new QWidget(q);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    check = named(new QComboBox(q), "serverCheck", tr("&Certificate"), tr("How the server proves who it is"), form);
    check->addItems({tr("Trusted, and made for this host"), tr("Trusted, whatever host it names"), tr("Not checked: anybody could answer")});
    check->setCurrentIndex(static_cast<int>(before.tls.check));
    trusted = addFile(form, "serverTrusted", tr("Trus&ted authorities"), tr("PEM file; empty: those that this computer trusts"), before.tls.trusted);
    certificate = addFile(form, "serverCertificate", tr("Our certi&ficate"), tr("PEM file that we show; empty: none"), before.tls.certificate);
    key = addFile(form, "serverKey", tr("Its private ke&y"), tr("PEM file; its password, if it has one, stands below"), before.tls.key);
    keyPassword = addText(form, "serverKeyPassword", tr("Password of the key"), tr("Of an encrypted private key. Kept until the program ends, never in a file of ours"), {});
    keyPassword->setEchoMode(QLineEdit::Password);
    keepKey = named(new QCheckBox(tr("Keep it in this computer's keyring"), q), "serverKeepKey", tr("Keep the password of the key in this computer's keyring"),
                    tr("The keyring of your desktop (GNOME, KDE) keeps it encrypted, for later sessions"), nullptr);
    form->addRow(keepKey);
    return box;
}

QWidget* ServerDialog::Private::buildTimes() {
    auto* box = new QWidget(q);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    connectTime = addSeconds(form, "serverConnectTime", tr("Wait for a connection"), tr("How long to wait until the server can be reached"), before.timeouts.connectMs);
    associateTime = addSeconds(form, "serverAssociateTime", tr("Wait for its consent"), tr("How long to wait until a DICOM node takes the connection"), before.timeouts.associateMs);
    answerTime = addSeconds(form, "serverAnswerTime", tr("Wait for an answer"), tr("How long the server may be silent in the middle of work"), before.timeouts.answerMs);
    retries = addNumber(form, "serverRetries", tr("Further tries"), tr("How often work is taken up again when the connection breaks"), 10, before.retries);
    return box;
}

Server ServerDialog::Private::described() const {
    Server server = before;
    server.name = name->text().trimmed().toStdString();
    server.protocol = protocol->currentIndex() == 1 ? PacsProtocol::DicomWeb : PacsProtocol::Dimse;
    server.host = host->text().trimmed().toStdString();
    server.port = port->value();
    server.calledAe = called->text().trimmed().toStdString();
    server.callingAe = calling->text().trimmed().toStdString();
    server.retrieveBy = method->currentIndex() == 1 ? RetrieveMethod::Move : RetrieveMethod::Get;
    server.receivePort = receivePort->value();
    server.webUrl = url->text().trimmed().toStdString();
    server.user = user->text().trimmed().toStdString();
    server.tls = {tls->isChecked(), static_cast<TlsCheck>(check->currentIndex()), trusted->text().trimmed().toStdString(),
                  certificate->text().trimmed().toStdString(), key->text().trimmed().toStdString(), {}};
    const auto ms = [](const QDoubleSpinBox* box) { return qRound(box->value() * 1000); };
    server.timeouts = {ms(connectTime), ms(associateTime), ms(answerTime)};
    server.retries = retries->value();
    if (server.name.empty()) server.name = addressOf(server);
    return server;
}

void ServerDialog::Private::refresh() {
    if (!ok) return;
    const bool isWeb = protocol->currentIndex() == 1;
    const bool hasFiles = isWeb || tls->isChecked();
    const bool isOtherShape = node->isHidden() != isWeb || files->isHidden() == hasFiles || q->width() < kWidthPx;
    node->setVisible(!isWeb);
    web->setVisible(isWeb);
    files->setVisible(hasFiles);
    receivePort->setEnabled(method->currentIndex() == 1);
    associateTime->setEnabled(!isWeb);
    keep->setEnabled(!password->text().isEmpty());
    keyPassword->setEnabled(!key->text().trimmed().isEmpty());
    keepKey->setEnabled(!keyPassword->text().isEmpty());
    const std::string why = problemOf(described());
    problem->setText(text(why));
    problem->setVisible(!why.empty());
    ok->setEnabled(why.empty());
    if (!isOtherShape) return;
    q->layout()->activate();
    q->resize(kWidthPx, q->layout()->totalSizeHint().height());
}

}  // namespace cxr::ui
