// AboutDialog: program, licences.
#include "ui/dialogs/about_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFile>
#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QPushButton>
#include <QSysInfo>
#include <QTabWidget>
#include <QTextBrowser>
#include <QThreadPool>
#include <QVBoxLayout>
#include <array>
#include <opencv2/core/utility.hpp>

#include "core/engine/engine.h"
#include "core/report/report.h"
#include "ui/dialogs/help_pages.h"
#include "ui/jobs/job.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

struct Library {
    const char* name;
    const char* use;
    const char* licence;
};
constexpr std::array<Library, 12> kLibraries{{
    {"Qt 6", "window, printing", "LGPL-3.0"},
    {"LibTorch (PyTorch)", "networks", "BSD-3-Clause"},
    {"OpenBLAS", "linear algebra of the networks", "BSD-3-Clause"},
    {"oneDNN", "convolutions of the networks", "Apache-2.0"},
    {"OpenCV", "image processing", "Apache-2.0"},
    {"DCMTK", "DICOM", "BSD-3-Clause"},
    {"VTK", "curves of outlines", "BSD-3-Clause"},
    {"OpenJPEG", "JPEG 2000", "BSD-2-Clause"},
    {"OpenSSL", "SHA-256", "Apache-2.0"},
    {"XZ Utils (liblzma)", "compression of kept pixels", "public domain"},
    {"JSON for Modern C++", "JSON", "MIT"},
    {"zlib", "deflated DICOM, PNG", "Zlib"},
}};

// Debian installs the full texts; without them the names of the licences remain.
QString licencesHtml() {
    QString rows;
    for (const Library& library : kLibraries)
        rows += QStringLiteral("<tr><td>%1</td><td>%2</td><td>%3</td></tr>")
                    .arg(QLatin1String(library.name), QLatin1String(library.use), QLatin1String(library.licence));
    return AboutDialog::tr(
               "<h3>Libraries that Precordia uses</h3><table cellpadding='5' cellspacing='0'><tr><th "
               "align='left'>Library</th><th align='left'>For</th><th align='left'>Licence</th></tr>%1</table>"
               "<p>Their full texts lie in <code>/usr/share/doc</code> on Debian.</p>"
               "<h3>Precordia: Apache License 2.0</h3>")
        .arg(rows);
}

QString ownLicence() {
    helpChapterNames();  // makes the resources known
    QFile file(QStringLiteral(":/help/LICENSE"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

class AboutDialog::Private {
  public:
    explicit Private(AboutDialog* dialog) : q(dialog) {}

    void build();
    QWidget* buildProgram();
    QWidget* buildLicences();
    void askEngine();
    void copyVersions();

    AboutDialog* q;
    QTabWidget* tabs = nullptr;
    FactRows* versions = nullptr;
    JobHandle engineJob;
};

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent), d(std::make_unique<Private>(this)) {
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Precordia"));
    d->build();
    d->askEngine();
}

AboutDialog::~AboutDialog() = default;

void AboutDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(14, 14, 14, 14);
    tabs = new QTabWidget(q);
    tabs->setObjectName(QStringLiteral("aboutTabs"));
    tabs->setAccessibleName(tr("Pages"));
    tabs->addTab(buildProgram(), tr("&Program"));
    tabs->addTab(buildLicences(), tr("&Licences"));
    column->addWidget(tabs);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, q);
    QPushButton* close = buttons->button(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("closeButton"));
    close->setAccessibleName(AboutDialog::tr("Close"));
    close->setToolTip(AboutDialog::tr("Close this window"));
    auto* copy = buttons->addButton(tr("Copy versions"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("copyVersionsButton"));
    copy->setAccessibleName(copy->text());
    copy->setToolTip(tr("Copy all versions as text, for a question or a bug report"));
    copy->setAutoDefault(false);
    QObject::connect(copy, &QPushButton::clicked, q, [this] { copyVersions(); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
    column->addWidget(buttons);
    q->resize(680, 540);
}

QWidget* AboutDialog::Private::buildProgram() {
    auto* pageWidget = new QWidget(tabs);
    auto* column = new QVBoxLayout(pageWidget);
    column->setContentsMargins(18, 18, 18, 12);
    column->setSpacing(10);
    auto* head = new QHBoxLayout;
    auto* icon = new QLabel(pageWidget);
    icon->setPixmap(QApplication::windowIcon().pixmap(64, 64));
    auto* title = new QLabel(QStringLiteral("<span style='font-size:22pt; font-weight:600'>Precordia</span><br>%1")
                                 .arg(tr("A chest X-ray viewer that shows its reasons")),
                             pageWidget);
    title->setObjectName(QStringLiteral("aboutTitle"));
    head->addWidget(icon);
    head->addSpacing(8);
    head->addWidget(title, 1);
    auto* notice = wrappedText(QStringLiteral("aboutNotice"), pageWidget);
    notice->setText(tr("%1. Precordia is a research program, not a medical device. Read every film yourself.")
                        .arg(QLatin1String(kNotDiagnostic)));
    versions = new FactRows(QStringLiteral("versionRows"), pageWidget);
    const auto add = [&](const char* name, const QString& key, const QString& value) {
        versions->addRow(QLatin1String(name), key);
        versions->setValue(QLatin1String(name), value);
    };
    add("versionPrecordia", QStringLiteral("Precordia"), QStringLiteral(CXR_VERSION));
    add("versionQt", QStringLiteral("Qt"), QLatin1String(qVersion()));
    add("versionTorch", QStringLiteral("LibTorch"), tr("asking the engine…"));
    add("versionDevices", tr("Networks run on"), {});
    add("versionOpenCv", QStringLiteral("OpenCV"), QString::fromStdString(cv::getVersionString()));
    add("versionDcmtk", QStringLiteral("DCMTK"), QStringLiteral(CXR_DCMTK_VERSION));
    add("versionVtk", QStringLiteral("VTK"), QStringLiteral(CXR_VTK_VERSION));
    add("versionSystem", tr("System"),
        QStringLiteral("%1, %2").arg(QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture()));
    column->addLayout(head);
    column->addWidget(notice);
    column->addWidget(versions);
    column->addStretch(1);
    return pageWidget;
}

QWidget* AboutDialog::Private::buildLicences() {
    auto* text = new QTextBrowser(tabs);
    text->setObjectName(QStringLiteral("licencesText"));
    text->setAccessibleName(tr("Licences"));
    text->setOpenExternalLinks(true);
    text->setHtml(licencesHtml() + QStringLiteral("<pre>%1</pre>").arg(ownLicence().toHtmlEscaped()));
    return text;
}

void AboutDialog::Private::askEngine() {
    engineJob = startJob<EngineInfo>(
        *QThreadPool::globalInstance(), q,
        [](const RunContext&) -> Result<EngineInfo> {
            const auto engine = loadEngine();
            if (!engine) return engine.error();
            return engine.value()->info();
        },
        {},
        [this](Result<EngineInfo> info) {
            if (!info)
                return versions->setValue(QStringLiteral("versionTorch"), QString::fromStdString(info.error().message));
            versions->setValue(QStringLiteral("versionTorch"), QString::fromStdString(info.value().torchVersion));
            QStringList devices;
            for (const std::string& device : info.value().devices) devices << QString::fromStdString(device);
            versions->setValue(QStringLiteral("versionDevices"), devices.join(QStringLiteral("; ")));
        });
}

void AboutDialog::Private::copyVersions() {
    QStringList lines;
    for (const char* name : {"versionPrecordia", "versionQt", "versionTorch", "versionDevices", "versionOpenCv",
                             "versionDcmtk", "versionVtk", "versionSystem"})
        lines << QStringLiteral("%1: %2").arg(QString::fromLatin1(name).mid(7), versions->value(QLatin1String(name)));
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace cxr::ui
