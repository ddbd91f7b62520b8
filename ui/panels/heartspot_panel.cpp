// HeartSpotPanel: preview on top, what is kept below it, then the controls.
#include "ui/panels/heartspot_panel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/model/registry.h"
#include "core/pipeline/heartspot_bundle.h"
#include "ui/jobs/job.h"
#include "ui/panels/heart_region.h"
#include "ui/panels/heartspot_files.h"
#include "ui/panels/heartspot_picture.h"
#include "ui/panels/heartspot_preview.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/prior_editor.h"

namespace cxr::ui {

namespace {

constexpr const char* kHeartRegionFile = "heart_region.png";  // in the pack
constexpr int kStatisticsDelayMs = 120;                       // the slider rests this long before LZMA and JPEG run

QString percent(double part, double whole) { return QLocale::c().toString(whole > 0 ? 100 * part / whole : 0, 'f', 1); }

}  // namespace

class HeartSpotPanel::Private {
  public:
    Private(HeartSpotPanel* panel, QThreadPool& pool) : q(panel), shared(pool) { live.setMaxThreadCount(1); }

    void build();
    QWidget* buildKept(QWidget* parent);
    QWidget* buildControls(QWidget* parent);
    QWidget* buildFiles(QWidget* parent);

    void findPopulationRegion();
    void requestPicture();
    void startPicture();
    void showPicture(Result<PictureResult> result);
    void startStatistics();
    void showStatistics(Result<HeartSpotFacts> result);
    void forgetFacts();
    void showWaiting(const QString& hint);
    void refreshKept();
    void refreshFiles();
    void tell(const QString& message) { status->setText(message), status->setVisible(!message.isEmpty()); }
    [[nodiscard]] bool isCurrent(const PictureResult& result) const {
        const bool sameRegion = !result.spec.heart || result.heartRegion.data == region->region().data;
        return result.film == film && result.spec == editor->spec() && sameRegion;
    }
    void save(const QString& title, const QString& suffix, const QString& filter,
              const std::function<Result<Done>(const std::filesystem::path&)>& write);
    void askForBundle();
    void load();

    HeartSpotPanel* q;
    QThreadPool& shared;  // LZMA and JPEG
    QThreadPool live;     // mask and picture: never waits behind an analysis
    ImagePtr film;
    VoiSetting voi;
    std::optional<PictureResult> shown;  // what the preview shows
    std::optional<HeartSpotFacts> facts;
    JobHandle pictureJob, statisticsJob, regionJob, bundleJob;
    bool isRunning = false, isDirty = false;
    QTimer statisticsDelay;

    HeartSpotPreview* preview = nullptr;
    QLabel *kept = nullptr, *risk = nullptr, *status = nullptr;
    FactRows* rows = nullptr;
    PriorEditor* editor = nullptr;
    HeartRegionChooser* region = nullptr;
    QCheckBox* dropped = nullptr;
    QToolButton *copyHash = nullptr, *saveButton = nullptr;
    QAction *savePicture = nullptr, *savePrior = nullptr, *saveVector = nullptr, *saveBundle = nullptr;
};

HeartSpotPanel::HeartSpotPanel(QThreadPool& pool, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, pool)) {
    setObjectName(QStringLiteral("heartSpotPanel"));
    setAccessibleName(tr("HeartSpot"));
    d->build();
    d->findPopulationRegion();
    d->requestPicture();
}

HeartSpotPanel::~HeartSpotPanel() {
    d->regionJob.cancel();
    d->pictureJob.cancel();
    d->statisticsJob.cancel();
    d->bundleJob.cancel();
}

void HeartSpotPanel::setFilm(ImagePtr image, const VoiSetting& voi) {
    const bool sameFilm = image == d->film;
    if (sameFilm && voi == d->voi) return;
    d->film = std::move(image);
    d->voi = voi;
    if (!sameFilm) {
        d->pictureJob = {};  // nothing of the former film may arrive
        d->isRunning = false;
        d->shown.reset();
        d->forgetFacts();
        d->region->setFilm(d->film);
        d->preview->setPicture({});
        d->preview->setFilmSize(d->film ? QSize(d->film->width(), d->film->height()) : QSize());
        d->tell({});
    }
    d->requestPicture();
}

void HeartSpotPanel::setMeasurement(const std::optional<ChestMeasurement>& measurement) {
    d->region->setMeasurement(measurement);
}

void HeartSpotPanel::linkView(FilmView* main) { d->preview->link(main); }

PriorSpec HeartSpotPanel::spec() const { return d->editor->spec(); }

void HeartSpotPanel::setSpec(const PriorSpec& spec) {
    d->editor->setSpec(spec);
    d->requestPicture();
}

std::optional<HeartSpotFacts> HeartSpotPanel::facts() const { return d->facts; }

void HeartSpotPanel::setPopulationRegion(const cv::Mat& region) {
    d->regionJob = {};
    d->region->setPopulationRegion(region);
}

// The default model pack brings a picture of where hearts lie on its training films.
void HeartSpotPanel::Private::findPopulationRegion() {
    regionJob = startJob<cv::Mat>(
        live, q,
        [](const RunContext&) -> Result<cv::Mat> {
            const auto pack = findPack(kHeartLungsPack);
            if (!pack) return pack.error();
            return readHeartRegion(pack.value().folder / kHeartRegionFile);
        },
        {},
        [this](Result<cv::Mat> found) {
            if (found) region->setPopulationRegion(found.value());
        });
}

void HeartSpotPanel::Private::build() {
    auto* outer = new QVBoxLayout(q);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* splitter = new QSplitter(Qt::Vertical, q);
    splitter->setObjectName(QStringLiteral("heartSpotSplitter"));
    splitter->setChildrenCollapsible(false);
    preview = new HeartSpotPreview(splitter);
    auto* scroll = new QScrollArea(splitter);
    scroll->setObjectName(QStringLiteral("heartSpotScroll"));
    scroll->setAccessibleName(tr("HeartSpot settings, scrollable"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(scroll);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 10, 12, 12);
    column->setSpacing(10);
    column->addWidget(buildKept(content));
    column->addWidget(buildControls(content));
    column->addWidget(buildFiles(content));
    column->addStretch(1);
    scroll->setWidget(content);
    leaveWheelToPanel(content);
    splitter->addWidget(preview);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    outer->addWidget(splitter);
    q->setMinimumWidth(260);
    statisticsDelay.setSingleShot(true);
    statisticsDelay.setInterval(kStatisticsDelayMs);
    QObject::connect(&statisticsDelay, &QTimer::timeout, q, [this] { startStatistics(); });
}

QWidget* HeartSpotPanel::Private::buildKept(QWidget* parent) {
    auto* card = new Card(QStringLiteral("keptCard"), parent);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(4);
    kept = wrappedText(QStringLiteral("keptText"), card);
    QFont strong = kept->font();
    strong.setPointSizeF(strong.pointSizeF() * 1.25);
    strong.setWeight(QFont::DemiBold);
    kept->setFont(strong);
    risk = wrappedText(QStringLiteral("riskText"), card);
    risk->setText(tr("Re-identification risk not measured"));
    rows = new FactRows(QStringLiteral("heartSpotRows"), card);
    rows->addRow(QStringLiteral("keptPixels"), tr("Kept pixels"), tr("Of the square centre crop"));
    rows->addRow(QStringLiteral("memoryRatio"), tr("In memory"), tr("Kept pixels / pixels of the centre crop"));
    rows->addRow(QStringLiteral("vectorBytes"), tr("Compressed"),
                 tr("Bytes of the kept pixels under LZMA, and of the whole crop as JPEG of quality 95"));
    rows->addRow(QStringLiteral("diskRatio"), tr("On disk"),
                 tr("LZMA bytes / JPEG bytes; below 1 the vector is smaller"));
    rows->addRow(QStringLiteral("priorHash"), tr("Prior hash"));
    copyHash = new QToolButton(card);
    copyHash->setObjectName(QStringLiteral("copyHashButton"));
    copyHash->setText(tr("Copy hash"));
    copyHash->setAccessibleName(tr("Copy the prior's hash"));
    copyHash->setToolTip(tr("Copy the SHA-256 of the prior: equal hashes keep equal pixels on every machine"));
    QObject::connect(copyHash, &QToolButton::clicked, q, [this] {
        QApplication::clipboard()->setText(QString::fromStdString(editor->spec().hash()));
        tell(tr("Hash copied."));
    });
    column->addWidget(kept);
    column->addWidget(risk);
    column->addSpacing(4);
    column->addWidget(rows);
    column->addWidget(copyHash, 0, Qt::AlignLeft);
    return card;
}

QWidget* HeartSpotPanel::Private::buildControls(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(2, 0, 2, 0);
    column->setSpacing(6);
    column->addWidget(sectionTitle(tr("Prior"), box));
    region = new HeartRegionChooser(box);
    editor = new PriorEditor(box);
    dropped = new QCheckBox(tr("Show dropped pixels faintly"), box);
    dropped->setObjectName(QStringLiteral("showDroppedCheck"));
    dropped->setAccessibleName(dropped->text());
    dropped->setToolTip(tr("For orientation on this screen only; saved pictures never contain them"));
    column->addWidget(region);
    column->addWidget(editor);
    column->addWidget(dropped);
    QObject::connect(editor, &PriorEditor::specChanged, q, [this](const PriorSpec& spec) {
        requestPicture();
        Q_EMIT q->specChanged(spec);
    });
    QObject::connect(region, &HeartRegionChooser::regionChanged, q, [this] {
        if (editor->spec().heart) requestPicture();
    });
    QObject::connect(dropped, &QCheckBox::toggled, q, [this] { requestPicture(); });
    return box;
}

QWidget* HeartSpotPanel::Private::buildFiles(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(2, 0, 2, 0);
    auto* row = new QHBoxLayout;
    saveButton = new QToolButton(box);
    saveButton->setObjectName(QStringLiteral("saveHeartSpotButton"));
    saveButton->setText(tr("Save"));
    saveButton->setAccessibleName(tr("Save picture, prior or kept pixels"));
    saveButton->setToolTip(tr("Save the picture, the prior or the kept pixels"));
    saveButton->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(saveButton);
    savePicture = menu->addAction(tr("Picture (PNG)…"), q, [this] {
        save(tr("Save HeartSpot picture"), QStringLiteral("png"), tr("PNG picture (*.png)"),
             [this](const auto& file) { return savePicturePng(*shown, voi, file); });
    });
    savePicture->setObjectName(QStringLiteral("savePictureAction"));
    savePrior = menu->addAction(tr("Prior (JSON)…"), q, [this] {
        save(tr("Save prior"), QStringLiteral("json"), tr("Prior (*.json)"),
             [this](const auto& file) { return savePriorJson(editor->spec(), file); });
    });
    savePrior->setObjectName(QStringLiteral("savePriorAction"));
    saveVector = menu->addAction(tr("Kept pixels (xz)…"), q, [this] {
        save(tr("Save kept pixels"), QStringLiteral("xz"), tr("Kept pixels (*.xz)"),
             [this](const auto& file) { return saveVectorXz(*shown, file); });
    });
    saveVector->setObjectName(QStringLiteral("saveVectorAction"));
    saveBundle = menu->addAction(tr("Sealed bundle (heartspot)…"), q, [this] { askForBundle(); });
    saveBundle->setObjectName(QStringLiteral("saveBundleAction"));
    saveButton->setMenu(menu);
    auto* loadButton = new QToolButton(box);
    loadButton->setObjectName(QStringLiteral("loadPriorButton"));
    loadButton->setText(tr("Load prior…"));
    loadButton->setAccessibleName(tr("Load a prior"));
    loadButton->setToolTip(tr("Set all controls from a saved prior (JSON)"));
    QObject::connect(loadButton, &QToolButton::clicked, q, [this] { load(); });
    row->addWidget(saveButton);
    row->addWidget(loadButton);
    row->addStretch(1);
    status = wrappedText(QStringLiteral("heartSpotStatus"), box);
    status->setVisible(false);
    column->addLayout(row);
    column->addWidget(status);
    return box;
}

// One picture at a time: while it is made, further moves only mark it dirty, so that pictures keep coming while a
// slider moves and the last one shown is the newest.
void HeartSpotPanel::Private::requestPicture() {
    region->setUsable(editor->spec().heart.has_value());
    statisticsDelay.stop();
    statisticsJob = {};
    if (!film) return showWaiting(tr("Open a film to see its HeartSpot picture."));
    if (editor->spec().heart && region->region().empty()) return showWaiting(region->missing());
    if (!shown || !isCurrent(*shown)) forgetFacts();
    isDirty = isRunning;
    if (!isRunning) startPicture();
    refreshKept();
}

void HeartSpotPanel::Private::showWaiting(const QString& hint) {
    pictureJob = {};
    isRunning = isDirty = false;
    shown.reset();
    forgetFacts();
    preview->setPicture({});
    preview->setHint(hint);
    refreshKept();
}

void HeartSpotPanel::Private::startPicture() {
    isRunning = true;
    isDirty = false;
    PictureRequest request{film, voi, dropped->isChecked(), editor->spec(), {}, shown ? shown->pooled : nullptr};
    if (request.spec.heart) request.heartRegion = region->region();
    pictureJob = startJob<PictureResult>(
        live, q, [request](const RunContext& context) { return makeHeartSpotPicture(request, context); }, {},
        [this](Result<PictureResult> result) { showPicture(std::move(result)); });
}

void HeartSpotPanel::Private::showPicture(Result<PictureResult> result) {
    isRunning = false;
    if (!result) {
        if (isDirty) return startPicture();
        return showWaiting(QString::fromStdString(result.error().message));
    }
    shown = std::move(result).value();
    preview->setPicture(shown->picture);
    refreshKept();
    if (isDirty) return startPicture();
    if (!facts) statisticsDelay.start();
    Q_EMIT q->pictureUpdated();
}

void HeartSpotPanel::Private::startStatistics() {
    if (!shown || !isCurrent(*shown)) return;
    statisticsJob = startJob<HeartSpotFacts>(
        shared, q, [picture = *shown](const RunContext& context) { return heartSpotFacts(picture, context); }, {},
        [this](Result<HeartSpotFacts> result) { showStatistics(std::move(result)); });
}

void HeartSpotPanel::Private::showStatistics(Result<HeartSpotFacts> result) {
    if (!result) return tell(QString::fromStdString(result.error().message));
    facts = std::move(result).value();
    refreshKept();
    Q_EMIT q->factsChanged();
}

void HeartSpotPanel::Private::forgetFacts() {
    if (!facts) return;
    facts.reset();
    Q_EMIT q->factsChanged();
}

void HeartSpotPanel::Private::refreshKept() {
    refreshFiles();
    const PriorSpec spec = editor->spec();
    rows->setValue(QStringLiteral("priorHash"), QString::fromStdString(spec.hash()).left(16) + QStringLiteral("…"),
                   tr("%1\n%2").arg(QString::fromStdString(spec.hash()), QString::fromStdString(spec.toJson())));
    if (!shown) {
        kept->setText(tr("No picture"));
        for (const char* name : {"keptPixels", "memoryRatio", "vectorBytes", "diskRatio"})
            rows->setValue(QLatin1String(name), {});
        return;
    }
    const QLocale locale = QLocale(QLocale::English);
    kept->setText(tr("Keeps %1 % of the pixels").arg(percent(shown->keptPixels, shown->cropPixels)));
    rows->setValue(QStringLiteral("keptPixels"),
                   tr("%1 of %2").arg(locale.toString(shown->keptPixels), locale.toString(shown->cropPixels)));
    rows->setValue(QStringLiteral("memoryRatio"),
                   QString::number(double(shown->keptPixels) / shown->cropPixels, 'f', 3));
    const QString wait = tr("computing…");
    rows->setValue(QStringLiteral("vectorBytes"), facts ? tr("%1 bytes (JPEG %2)")
                                                              .arg(locale.toString(qulonglong(facts->vectorBytes)),
                                                                   locale.toString(qulonglong(facts->jpegBytes)))
                                                        : wait);
    rows->setValue(QStringLiteral("diskRatio"), facts ? QString::number(facts->onDiskRatio, 'f', 3) : wait);
}

void HeartSpotPanel::Private::refreshFiles() {
    savePicture->setEnabled(shown.has_value());
    savePicture->setToolTip(shown ? tr("The kept pixels as a picture") : tr("There is no picture yet"));
    saveVector->setEnabled(shown.has_value());
    saveVector->setToolTip(shown ? tr("The kept pixels one after the other; the prior says where they belong")
                                 : tr("There is no picture yet"));
    saveBundle->setEnabled(shown.has_value());
    saveBundle->setToolTip(shown ? tr("One file with the kept pixels, the prior and, if a network knows this prior, what it says about them and why")
                                 : tr("There is no picture yet"));
}

void HeartSpotPanel::Private::askForBundle() {
    const QString name = QStringLiteral("heartspot-%1%2").arg(QString::fromStdString(editor->spec().name()), QLatin1String(kBundleSuffix));
    QString file = QFileDialog::getSaveFileName(q, tr("Save sealed bundle"), name, tr("Sealed HeartSpot bundle (*.heartspot)"));
    if (file.isEmpty()) return;
    if (!file.endsWith(QLatin1String(kBundleSuffix))) file += QLatin1String(kBundleSuffix);
    tell(tr("Sealing…"));
    bundleJob = startJob<QString>(
        shared, q,
        [picture = *shown, file](const RunContext& context) { return saveBundleFile(picture, file.toStdString(), context); }, {},
        [this](Result<QString> said) { tell(said ? said.value() : QString::fromStdString(said.error().message)); });
}

void HeartSpotPanel::Private::save(const QString& title, const QString& suffix, const QString& filter,
                                   const std::function<Result<Done>(const std::filesystem::path&)>& write) {
    const QString name = QStringLiteral("heartspot-%1.%2").arg(QString::fromStdString(editor->spec().name()), suffix);
    QString file = QFileDialog::getSaveFileName(q, title, name, filter);
    if (file.isEmpty()) return;
    if (QFileInfo(file).suffix().isEmpty()) file += QLatin1Char('.') + suffix;
    const auto written = write(std::filesystem::path(file.toStdString()));
    tell(written ? tr("Saved %1.").arg(QFileInfo(file).fileName()) : QString::fromStdString(written.error().message));
}

void HeartSpotPanel::Private::load() {
    const QString file = QFileDialog::getOpenFileName(q, tr("Load prior"), {}, tr("Prior (*.json)"));
    if (file.isEmpty()) return;
    const auto loaded = loadPriorJson(std::filesystem::path(file.toStdString()));
    if (!loaded) return tell(QString::fromStdString(loaded.error().message));
    q->setSpec(loaded.value());
    tell(tr("Loaded %1.").arg(QFileInfo(file).fileName()));
    Q_EMIT q->specChanged(loaded.value());
}

}  // namespace cxr::ui
