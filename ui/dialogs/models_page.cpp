// ModelsPage: the installed model packs and the card of the chosen one.
#include "ui/dialogs/models_page.h"

#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QSplitter>
#include <QTextBrowser>
#include <QThreadPool>
#include <QVBoxLayout>
#include <filesystem>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/model/registry.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

constexpr std::int64_t kLargestCard = 4 << 20;

QString cardOf(const Pack& pack) {
    const auto text = readWholeFile(pack.card(), kLargestCard);
    return text ? QString::fromStdString(text.value()) : ModelsPage::tr("This model has no card.");
}

QString summaryOf(const Pack& pack) {
    const Manifest& manifest = pack.manifest;
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(pack.weights(), unknown);
    QStringList parts{QString::fromStdString(manifest.task)};
    if (!manifest.licence.empty()) parts << QString::fromStdString(manifest.licence);
    if (!unknown) parts << QLocale(QLocale::English).formattedDataSize(static_cast<qint64>(bytes));
    parts << ModelsPage::tr("weights SHA-256 %1").arg(QString::fromStdString(manifest.weightsSha256).left(16));
    return parts.join(QStringLiteral("  ·  "));
}

InstalledModel modelOf(const RegistryEntry& entry) {
    const QString id = QString::fromStdString(entry.folder.filename().string());
    if (!entry.pack) {
        const QString why = QString::fromStdString(entry.pack.error().message);
        return {id, ModelsPage::tr("%1 (damaged)").arg(id), why,
                ModelsPage::tr("This model cannot be used. Install it again.")};
    }
    const Pack& pack = entry.pack.value();
    const QString title = QString::fromStdString(pack.manifest.name + " " + pack.manifest.version);
    return {id, title, summaryOf(pack), cardOf(pack)};
}

}  // namespace

Result<std::vector<InstalledModel>> readInstalledModels(const RunContext& context) {
    std::vector<InstalledModel> models;
    for (const RegistryEntry& entry : listPacks()) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        models.push_back(modelOf(entry));
    }
    return models;
}

ModelsPage::ModelsPage(QWidget* parent)
    : QWidget(parent), m_list(new QListWidget(this)), m_summary(nullptr), m_card(new QTextBrowser(this)) {
    setObjectName(QStringLiteral("modelsPage"));
    m_list->setObjectName(QStringLiteral("modelsList"));
    m_list->setAccessibleName(tr("Installed models"));
    m_list->setToolTip(tr("Installed models; the card of the chosen one is at the right"));
    m_summary = wrappedText(QStringLiteral("modelSummary"), this);
    m_summary->setText(tr("Reading the models…"));
    m_card->setObjectName(QStringLiteral("modelCard"));
    m_card->setAccessibleName(tr("Model card"));
    m_card->setOpenExternalLinks(true);
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_summary);
    column->addWidget(m_card, 1);
    auto* splitter = new QSplitter(this);
    splitter->addWidget(m_list);
    splitter->addWidget(right);
    splitter->setSizes({170, 480});
    splitter->setStretchFactor(1, 1);
    auto* outer = new QVBoxLayout(this);
    outer->addWidget(splitter);
    connect(m_list, &QListWidget::currentRowChanged, this, &ModelsPage::showCard);
    m_job = startJob<std::vector<InstalledModel>>(
        *QThreadPool::globalInstance(), this, [](const RunContext& context) { return readInstalledModels(context); },
        {}, [this](Result<std::vector<InstalledModel>> models) { show(std::move(models)); });
}

void ModelsPage::select(const QString& packId) {
    m_wanted = packId;
    for (std::size_t i = 0; i < m_models.size(); ++i)
        if (m_models[i].id == packId) m_list->setCurrentRow(static_cast<int>(i));
}

void ModelsPage::show(Result<std::vector<InstalledModel>> models) {
    if (!models) {
        m_summary->setText(QString::fromStdString(models.error().message));
        return;
    }
    m_models = std::move(models).value();
    for (const InstalledModel& model : m_models) m_list->addItem(model.title);
    if (m_models.empty())
        m_summary->setText(tr("No model is installed. Install the program again to get its models."));
    else
        m_list->setCurrentRow(0);
    if (!m_wanted.isEmpty()) select(m_wanted);
}

void ModelsPage::showCard(int row) {
    if (row < 0 || row >= static_cast<int>(m_models.size())) return;
    const InstalledModel& model = m_models[static_cast<std::size_t>(row)];
    m_summary->setText(model.summary);
    m_card->setMarkdown(model.card);
}

}  // namespace cxr::ui
