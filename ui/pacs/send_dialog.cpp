#include "ui/pacs/send_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <array>
#include <map>
#include <mutex>

#include "core/pacs/pacs.h"
#include "ui/dialogs/export_job.h"
#include "ui/jobs/job.h"
#include "ui/pacs/server_bar.h"
#include "ui/pacs/server_list.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

struct KindText {
    ExportKind kind;
    const char* objectName;
    const char* label;
    const char* toolTip;
};
constexpr std::array<KindText, 6> kKinds{{
    {ExportKind::DicomReport, "sendReport", QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Structured report (SR)"),
     QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Ratio, findings with probability and operating point, networks with their hashes")},
    {ExportKind::DicomSegmentation, "sendSegmentation", QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Segmentation (SEG)"),
     QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Heart, left lung and right lung")},
    {ExportKind::DicomState, "sendState", QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Presentation state (GSPS)"),
     QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Window, outlines, lines and words over the film")},
    {ExportKind::DicomPicture, "sendPicture", QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Annotated picture (SC)"),
     QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "The picture with its notice burnt in, as a secondary capture")},
    {ExportKind::DicomPdf, "sendPdf", QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Report (PDF inside)"),
     QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "The PDF report as a DICOM object")},
    {ExportKind::DicomMap, "sendMap", QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "Heatmap (parametric map)"),
     QT_TRANSLATE_NOOP("cxr::ui::SendDialog", "The heatmap's values on the film's pixels")},
}};

// The objects of one dialog, each written once: sending again sends the same ones, so that the archive has nothing twice.
class WrittenObjects {
  public:
    // In the order of the plan's kinds. One worker at a time; another waits.
    Result<std::vector<std::filesystem::path>> write(ExportPlan plan, const RunContext& context) {
        const std::lock_guard lock(m_mutex);
        if (!m_folder.isValid()) return Error{ErrorCode::WriteFailed, "no temporary folder can be made"};
        const std::vector<ExportKind> wanted = std::move(plan.kinds);
        plan.folder = m_folder.path().toStdString();
        plan.kinds.clear();
        for (const ExportKind kind : wanted) {
            if (m_files.count(kind) == 0) plan.kinds.push_back(kind);
        }
        if (!plan.kinds.empty()) {
            const auto written = runExport(plan, context);
            if (!written.isOk()) return written.error();
            for (const ExportKind kind : plan.kinds) m_files[kind] = fileOf(plan, kind);
        }
        std::vector<std::filesystem::path> files;
        for (const ExportKind kind : wanted) files.push_back(m_files[kind]);
        return files;
    }

  private:
    std::mutex m_mutex;
    QTemporaryDir m_folder;
    std::map<ExportKind, std::filesystem::path> m_files;
};

Result<StoreOutcome> writeAndSend(WrittenObjects& objects, const ExportPlan& plan, const Server& server, const RunContext& context) {
    const auto files = objects.write(plan, context.part(0, 0.5));
    if (!files.isOk()) return files.error();
    return storeFiles(server, files.value(), context.part(0.5, 1));
}

}  // namespace

class SendDialog::Private {
  public:
    Private(SendDialog* dialog, ServerList& list, ExportContext given) : q(dialog), servers(list), context(std::move(given)) {}

    void build();
    void buildEnd(QVBoxLayout* column);
    [[nodiscard]] ExportPlan plan() const;
    void send();
    void finish(const ExportPlan& plan, const Result<StoreOutcome>& outcome);
    void stop();
    void refresh();

    SendDialog* q;
    ServerList& servers;
    ExportContext context;
    ServerBar* bar = nullptr;
    std::array<QCheckBox*, kKinds.size()> kinds{};
    QTreeWidget* answers = nullptr;
    QLabel* message = nullptr;
    QProgressBar* progress = nullptr;
    QPushButton *go = nullptr, *close = nullptr;
    std::shared_ptr<WrittenObjects> objects = std::make_shared<WrittenObjects>();
    JobHandle job;
    bool isRunning = false;
};

SendDialog::SendDialog(ServerList& servers, ExportContext context, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, servers, std::move(context))) {
    setObjectName(QStringLiteral("sendDialog"));
    setWindowTitle(tr("Send results"));
    d->build();
    d->refresh();
}

SendDialog::~SendDialog() = default;

void SendDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(8);
    bar = new ServerBar(servers, q);
    column->addWidget(bar);
    column->addWidget(sectionTitle(tr("Objects of the film's study"), q));
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        const QString why = kindProblem(context, kKinds[i].kind);
        auto* check = new QCheckBox(tr(kKinds[i].label), q);
        check->setObjectName(QLatin1String(kKinds[i].objectName));
        check->setAccessibleName(check->text());
        check->setToolTip(why.isEmpty() ? tr(kKinds[i].toolTip) : why);
        check->setEnabled(why.isEmpty());
        check->setChecked(why.isEmpty() && kKinds[i].kind != ExportKind::DicomMap);
        QObject::connect(check, &QCheckBox::toggled, q, [this] { refresh(); });
        column->addWidget(check);
        kinds[i] = check;
    }
    answers = new QTreeWidget(q);
    answers->setObjectName(QStringLiteral("sendAnswers"));
    answers->setAccessibleName(tr("What the server answered"));
    answers->setToolTip(tr("The server's answer for each object"));
    answers->setHeaderLabels({tr("Object"), tr("Answer")});
    answers->setRootIsDecorated(false);
    answers->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    column->addWidget(answers, 1);
    buildEnd(column);
    QObject::connect(bar, &ServerBar::chosen, q, [this] { refresh(); });
    QObject::connect(bar, &ServerBar::said, q, [this](const QString& text) { message->setText(text); });
    QObject::connect(bar, &ServerBar::testWanted, q, [this] {
        bar->withServer([this](const Server& server) {
            isRunning = true;
            refresh();
            job = startJob<Done>(
                *QThreadPool::globalInstance(), q, [server](const RunContext& run) { return echoServer(server, run); }, nullptr,
                [this, server](const Result<Done>& answered) {
                    isRunning = false;
                    refresh();
                    message->setText(answered ? tr("%1 answers.").arg(QString::fromStdString(addressOf(server)))
                                              : tr("Failed: %1.").arg(QString::fromStdString(answered.error().message)));
                });
        });
    });
    q->resize(640, 560);
}

void SendDialog::Private::buildEnd(QVBoxLayout* column) {
    message = wrappedText(QStringLiteral("sendMessage"), q);
    progress = new QProgressBar(q);
    progress->setObjectName(QStringLiteral("sendProgress"));
    progress->setAccessibleName(tr("Progress"));
    progress->setRange(0, 100);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, q);
    close = buttons->button(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("sendClose"));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close; what runs is stopped, objects that the server has taken stay there"));
    close->setAutoDefault(false);
    go = buttons->addButton(tr("&Send"), QDialogButtonBox::ActionRole);
    go->setObjectName(QStringLiteral("sendGo"));
    go->setAccessibleName(tr("Send"));
    go->setToolTip(tr("Write the chosen objects and send them to the server"));
    go->setDefault(true);
    column->addWidget(message);
    column->addWidget(progress);
    column->addWidget(buttons);
    QObject::connect(go, &QPushButton::clicked, q, [this] { send(); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, [this] {
        stop();
        q->reject();
    });
}

ExportPlan SendDialog::Private::plan() const {
    ExportPlan wanted{context, {}, {}, QStringLiteral("object"), {}};
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (kinds[i]->isChecked()) wanted.kinds.push_back(kKinds[i].kind);
    }
    return wanted;
}

void SendDialog::Private::send() {
    const ExportPlan wanted = plan();
    if (wanted.kinds.empty()) return;
    answers->clear();
    bar->withServer([this, wanted](const Server& server) {
        isRunning = true;
        message->setText(tr("Sending to %1 …").arg(QString::fromStdString(addressOf(server))));
        progress->setValue(0);
        refresh();
        job = startJob<StoreOutcome>(
            *QThreadPool::globalInstance(), q, [wanted, server, written = objects](const RunContext& run) { return writeAndSend(*written, wanted, server, run); },
            [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); },
            [this, wanted](const Result<StoreOutcome>& outcome) { finish(wanted, outcome); });
    });
}

void SendDialog::Private::finish(const ExportPlan& wanted, const Result<StoreOutcome>& outcome) {
    isRunning = false;
    refresh();
    if (!outcome) return message->setText(tr("Nothing was sent: %1.").arg(QString::fromStdString(outcome.error().message)));
    const std::vector<SentObject>& said = outcome.value().objects;
    for (std::size_t i = 0; i < said.size() && i < wanted.kinds.size(); ++i) {
        QString label;
        for (const KindText& kind : kKinds) {
            if (kind.kind == wanted.kinds[i]) label = tr(kind.label);
        }
        new QTreeWidgetItem(answers, {label, QString::fromStdString(said[i].answer)});
    }
    message->setText(tr("The server stored %1 of %2 objects.").arg(outcome.value().stored()).arg(said.size()));
    Q_EMIT q->sent(outcome.value().stored(), static_cast<int>(said.size()));
}

void SendDialog::Private::stop() {
    job = {};
    isRunning = false;
}

void SendDialog::Private::refresh() {
    if (!go) return;
    go->setEnabled(bar->hasServer() && !isRunning && !plan().kinds.empty());
    progress->setVisible(isRunning);
    if (!bar->hasServer()) message->setText(tr("Add a server first."));
}

}  // namespace cxr::ui
