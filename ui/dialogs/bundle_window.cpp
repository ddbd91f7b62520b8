#include "ui/dialogs/bundle_window.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QThreadPool>
#include <QVBoxLayout>

#include "core/engine/explain_methods.h"
#include "core/measure/finding.h"
#include "core/report/report.h"
#include "ui/jobs/job.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/picture_box.h"
#include "ui/print/prior_figure.h"

namespace cxr::ui {

namespace {

constexpr QSize kFirstSize(820, 560);
constexpr int kFactsPx = 300;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

}  // namespace

class BundleWindow::Private {
  public:
    explicit Private(BundleWindow* window) : q(window) {}

    void build();
    QWidget* buildFacts();
    void show(const HeartSpotBundle& bundle);
    void showReading(const HeartSpotBundle& bundle);
    void refreshPicture();

    BundleWindow* q;
    JobHandle job;
    PriorPanel panel;
    PictureBox* picture = nullptr;
    QLabel *title = nullptr, *keeps = nullptr, *note = nullptr;
    FactRows* rows = nullptr;
    QCheckBox* relevance = nullptr;
};

BundleWindow::BundleWindow(const QString& file, QWidget* parent) : QDialog(parent), d(std::make_unique<Private>(this)) {
    setObjectName(QStringLiteral("bundleWindow"));
    setWindowTitle(tr("%1 \u2013 HeartSpot bundle").arg(QFileInfo(file).fileName()));
    resize(kFirstSize);
    d->build();
    d->job = startJob<HeartSpotBundle>(
        *QThreadPool::globalInstance(), this, [file](const RunContext&) { return readBundle(file.toStdString()); }, {},
        [this](Result<HeartSpotBundle> read) {
            if (read.isOk()) {
                d->show(read.value());
                Q_EMIT opened();
                return;
            }
            d->keeps->setText(tr("The bundle could not be opened: %1.").arg(text(read.error().message)));
            Q_EMIT failed(text(read.error().message));
        });
}

BundleWindow::~BundleWindow() = default;

bool BundleWindow::isBundle(const QString& file) { return looksLikeBundle(file.toStdString()); }

void BundleWindow::Private::build() {
    auto* column = new QVBoxLayout(q);
    auto* row = new QHBoxLayout;
    picture = new PictureBox(QStringLiteral("bundlePicture"), q);
    picture->setToolTip(tr("The kept pixels in their places; black was dropped and is not in the file"));
    row->addWidget(picture, 1);
    row->addWidget(buildFacts());
    column->addLayout(row, 1);
    auto* foot = new QHBoxLayout;
    relevance = new QCheckBox(tr("Show what spoke for &cardiomegaly"), q);
    relevance->setObjectName(QStringLiteral("bundleRelevanceCheck"));
    relevance->setAccessibleName(tr("Show what spoke for cardiomegaly"));
    relevance->setToolTip(tr("Colours the kept pixels that moved the network most, as the bundle tells it"));
    relevance->setEnabled(false);
    auto* close = new QPushButton(tr("Close"), q);
    close->setObjectName(QStringLiteral("closeBundleButton"));
    close->setAccessibleName(close->text());
    close->setToolTip(tr("Close this window"));
    foot->addWidget(relevance);
    foot->addStretch(1);
    foot->addWidget(close);
    column->addLayout(foot);
    QObject::connect(relevance, &QCheckBox::toggled, q, [this] { refreshPicture(); });
    QObject::connect(close, &QPushButton::clicked, q, &QDialog::close);
}

QWidget* BundleWindow::Private::buildFacts() {
    auto* card = new Card(QStringLiteral("bundleCard"), q);
    card->setFixedWidth(kFactsPx);
    auto* column = new QVBoxLayout(card);
    title = wrappedText(QStringLiteral("bundleTitle"), card);
    QFont strong = title->font();
    strong.setPointSizeF(strong.pointSizeF() * 1.25);
    strong.setWeight(QFont::DemiBold);
    title->setFont(strong);
    keeps = wrappedText(QStringLiteral("bundleKeeps"), card);
    keeps->setText(tr("Opening\u2026"));
    rows = new FactRows(QStringLiteral("bundleRows"), card);
    rows->addRow(QStringLiteral("bundlePixels"), tr("Kept pixels"), tr("Of the square crop; all others are not in the file"));
    rows->addRow(QStringLiteral("bundlePrior"), tr("Prior"), tr("Which pixels were kept"));
    rows->addRow(QStringLiteral("bundleSquare"), tr("Taken from"), tr("The square of the film that the prior was laid on"));
    rows->addRow(QStringLiteral("bundleModel"), tr("Model"), tr("The network that judged the kept pixels"));
    rows->addRow(QStringLiteral("bundleMethod"), tr("Explained by"), tr("How the network's answer was explained, from the kept pixels alone"));
    note = wrappedText(QStringLiteral("bundleNote"), card);
    for (QWidget* part : std::initializer_list<QWidget*>{title, keeps, rows, note}) column->addWidget(part);
    column->addStretch(1);
    return card;
}

void BundleWindow::Private::show(const HeartSpotBundle& bundle) {
    panel = priorPanel(PriorResult{{}, bundle});
    QString sentence = text(keepsSentence(bundle));
    sentence.front() = sentence.front().toUpper();
    keeps->setText(sentence);
    rows->setValue(QStringLiteral("bundlePixels"), tr("%1 of %2").arg(bundle.samples.size()).arg(bundle.cropPixels()));
    rows->setValue(QStringLiteral("bundlePrior"), text(bundle.spec.name()), text(bundle.spec.toJson()));
    rows->setValue(QStringLiteral("bundleSquare"), bundle.square == kThoraxSquare ? tr("the thorax") : tr("the middle of the film"));
    showReading(bundle);
    if (bundle.explanation) {
        const QString method = text(explainMethodInfo(bundle.explanation->method).name);
        const QString parameters = text(bundle.explanation->parameters);
        rows->setValue(QStringLiteral("bundleMethod"), parameters.isEmpty() ? method : method + QStringLiteral(", ") + parameters);
    }
    relevance->setEnabled(bundle.explanation.has_value());
    if (!bundle.explanation) relevance->setToolTip(tr("This bundle holds no explanation"));
    refreshPicture();
}

void BundleWindow::Private::showReading(const HeartSpotBundle& bundle) {
    QString notice = QLatin1String(kNotDiagnostic);
    if (!bundle.reading) {
        title->setText(tr("No probability"));
        note->setText(tr("No network was asked about these pixels. %1.").arg(notice));
        return;
    }
    const ModelStamp& model = bundle.reading->model;
    title->setText(QStringLiteral("%1 %2").arg(text(bundle.reading->output), text(percentText(bundle.reading->probability))));
    rows->setValue(QStringLiteral("bundleModel"), QStringLiteral("%1 %2").arg(text(model.name), text(model.version)),
                   tr("%1, weights %2").arg(text(model.id), text(model.weightsSha256)));
    note->setText(tr("The probability and its explanation come from the kept pixels alone, as the file's maker says; "
                     "\"heartspot open --ask\" of the command line asks the network again. %1.").arg(notice));
}

void BundleWindow::Private::refreshPicture() { picture->setImage(paintedPanel(panel, relevance->isChecked())); }

}  // namespace cxr::ui
