// PriorLab: table above, pictures below, sliders at the right.
#include "ui/dialogs/prior_lab.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QThreadPool>
#include <QVBoxLayout>

#include "core/pipeline/shipped_heart_region.h"
#include "ui/dialogs/prior_figure_view.h"
#include "ui/dialogs/prior_lab_table.h"
#include "ui/jobs/job.h"
#include "ui/panels/heartspot_picture.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/picture_box.h"
#include "ui/panels/prior_editor.h"

namespace cxr::ui {

namespace {

constexpr QSize kFirstSize(1380, 880);
constexpr int kSidePx = 320;
constexpr int kPicturePx = 230, kTableHeightPx = 470, kPicturesHeightPx = 320;

QString sentence(const Error& error) { return QString::fromStdString(error.message); }

}  // namespace

class PriorLab::Private {
  public:
    Private(PriorLab* lab, PriorJudgesCall call) : q(lab), judges(std::move(call)) { live.setMaxThreadCount(1); }

    void build();
    QWidget* buildHead();
    QWidget* buildSide();
    QWidget* buildFoot();
    QPushButton* button(const char* name, const QString& text, const QString& toolTip, QWidget* parent);

    void compare(PriorCompareRequest request, bool isAdded);
    void finish(Result<PriorComparison> result, bool isAdded);
    void addOwn();
    void stop();
    void show();
    [[nodiscard]] QString sourceText() const;
    void refresh();
    void tell(const QString& text);
    void saveTable();
    void saveFigure();
    void save(const QString& title, const QStringList& filters, const QString& name, const std::function<Result<Done>(const std::filesystem::path&)>& write);

    void findRegion();
    void requestPicture();
    void startPicture();
    void showPicture(Result<PictureResult> result);

    PriorLab* q;
    PriorJudgesCall judges;
    ImagePtr film;
    VoiSetting voi;
    QString name;
    std::vector<std::filesystem::path> folderFilms;  // of the comparison that is shown; empty: the open film
    PriorComparison comparison;
    JobHandle compareJob, listJob, regionJob, pictureJob;
    QThreadPool live;  // sliders never wait behind a comparison
    cv::Mat region;
    std::shared_ptr<const PooledCrop> pooled;
    bool isComparing = false, isPainting = false, isDirty = false;

    QLabel *filmText = nullptr, *status = nullptr, *kept = nullptr;
    QPushButton *filmButton = nullptr, *folderButton = nullptr, *stopButton = nullptr, *addButton = nullptr;
    QPushButton *tableButton = nullptr, *figureButton = nullptr;
    QProgressBar* progress = nullptr;
    PriorLabTable* table = nullptr;
    PriorFigureView* pictures = nullptr;
    QCheckBox* relevance = nullptr;
    PriorEditor* editor = nullptr;
    PictureBox* picture = nullptr;
};

PriorLab::PriorLab(PriorJudgesCall judges, QWidget* parent) : QDialog(parent), d(std::make_unique<Private>(this, std::move(judges))) {
    setObjectName(QStringLiteral("priorLab"));
    setAccessibleName(tr("Prior lab"));
    setWindowTitle(tr("Prior lab"));
    setWindowFlag(Qt::WindowMaximizeButtonHint);
    resize(kFirstSize);
    d->build();
    d->findRegion();
    d->refresh();
}

PriorLab::~PriorLab() {
    for (JobHandle* job : {&d->compareJob, &d->listJob, &d->regionJob, &d->pictureJob}) job->cancel();
}

void PriorLab::setFilm(ImagePtr image, const VoiSetting& voi, const QString& name) {
    d->film = std::move(image);
    d->voi = voi;
    d->name = name;
    d->pooled.reset();
    d->picture->setImage({});
    d->requestPicture();
    d->refresh();
}

void PriorLab::compareFilm() {
    if (!d->film) return;
    d->folderFilms.clear();
    d->compare({d->film, d->name, {}, paperPriors(), d->judges}, false);
}

void PriorLab::compareFolder(const QString& folder) {
    d->isComparing = true;
    d->refresh();
    d->listJob = startJob<std::vector<std::filesystem::path>>(
        *QThreadPool::globalInstance(), this, [folder](const RunContext&) { return filmsOfFolder(folder.toStdString()); }, {},
        [this](Result<std::vector<std::filesystem::path>> films) {
            d->isComparing = false;
            if (!films.isOk()) return d->finish(films.error(), false);
            d->folderFilms = std::move(films).value();
            d->compare({nullptr, {}, d->folderFilms, paperPriors(), d->judges}, false);
        });
}

void PriorLab::setHeartRegion(const cv::Mat& region) {
    d->regionJob = {};
    d->region = region;
    d->requestPicture();
}

const PriorComparison& PriorLab::comparison() const { return d->comparison; }

// --- building ------------------------------------------------------------------------------------------------------------

void PriorLab::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->addWidget(buildHead());
    auto* across = new QSplitter(Qt::Horizontal, q);
    auto* down = new QSplitter(Qt::Vertical, across);
    table = new PriorLabTable(down);
    pictures = new PriorFigureView(down);
    down->addWidget(table);
    down->addWidget(pictures);
    down->setStretchFactor(0, 3);
    down->setStretchFactor(1, 4);
    across->addWidget(down);
    across->addWidget(buildSide());
    across->setStretchFactor(0, 1);
    for (QSplitter* splitter : {across, down}) splitter->setChildrenCollapsible(false);
    down->setSizes({kTableHeightPx, kPicturesHeightPx});
    column->addWidget(across, 1);
    column->addWidget(buildFoot());
    QObject::connect(table, &PriorLabTable::priorChosen, q, [this](const PriorSpec& spec) {
        editor->setSpec(spec);
        requestPicture();
    });
}

QPushButton* PriorLab::Private::button(const char* objectName, const QString& text, const QString& toolTip, QWidget* parent) {
    auto* made = new QPushButton(text, parent);
    made->setObjectName(QLatin1String(objectName));
    made->setAccessibleName(QString(text).remove(QLatin1Char('&')).remove(QChar(0x2026)));
    made->setToolTip(toolTip);
    made->setAutoDefault(false);
    return made;
}

QWidget* PriorLab::Private::buildHead() {
    auto* head = new QWidget(q);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    filmText = new QLabel(head);
    filmText->setObjectName(QStringLiteral("priorLabFilm"));
    filmButton = button("compareFilmButton", tr("Compare this &film"), {}, head);
    folderButton = button("compareFolderButton", tr("Compare a f&older\u2026"), tr("Means over all films of a folder"), head);
    progress = new QProgressBar(head);
    progress->setObjectName(QStringLiteral("priorLabProgress"));
    progress->setAccessibleName(tr("Progress of the comparison"));
    progress->setRange(0, 100);
    progress->setFixedWidth(180);
    stopButton = button("stopComparingButton", tr("&Stop"), tr("Stop comparing; the table stays as it is"), head);
    for (QWidget* part : std::initializer_list<QWidget*>{filmText, filmButton, folderButton, progress, stopButton}) row->addWidget(part);
    row->insertStretch(1, 1);
    QObject::connect(filmButton, &QPushButton::clicked, q, &PriorLab::compareFilm);
    QObject::connect(folderButton, &QPushButton::clicked, q, [this] {
        auto* dialog = new QFileDialog(q, tr("Compare a folder"));
        dialog->setObjectName(QStringLiteral("priorFolderDialog"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        QObject::connect(dialog, &QFileDialog::fileSelected, q, &PriorLab::compareFolder);
        dialog->open();
    });
    QObject::connect(stopButton, &QPushButton::clicked, q, [this] { stop(); });
    return head;
}

QWidget* PriorLab::Private::buildSide() {
    auto* scroll = new QScrollArea(q);
    scroll->setObjectName(QStringLiteral("priorLabScroll"));
    scroll->setAccessibleName(tr("A prior of your own, scrollable"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(kSidePx);
    auto* side = new QWidget(scroll);
    auto* column = new QVBoxLayout(side);
    column->addWidget(sectionTitle(tr("A prior of your own"), side));
    picture = new PictureBox(QStringLiteral("priorLabPicture"), side);
    picture->setFixedHeight(kPicturePx);
    picture->setToolTip(tr("What this prior keeps of the open film"));
    kept = wrappedText(QStringLiteral("priorLabKept"), side);
    editor = new PriorEditor(side);
    addButton = button("addPriorButton", tr("&Add to the table"), {}, side);
    for (QWidget* part : std::initializer_list<QWidget*>{picture, kept, editor, addButton}) column->addWidget(part);
    column->addStretch(1);
    scroll->setWidget(side);
    leaveWheelToPanel(side);
    QObject::connect(editor, &PriorEditor::specChanged, q, [this] { requestPicture(); });
    QObject::connect(addButton, &QPushButton::clicked, q, [this] { addOwn(); });
    return scroll;
}

QWidget* PriorLab::Private::buildFoot() {
    auto* foot = new QWidget(q);
    auto* column = new QVBoxLayout(foot);
    column->setContentsMargins(0, 0, 0, 0);
    status = wrappedText(QStringLiteral("priorLabStatus"), foot);
    auto* row = new QHBoxLayout;
    relevance = new QCheckBox(tr("Show what spoke for &cardiomegaly"), foot);
    relevance->setObjectName(QStringLiteral("showRelevanceCheck"));
    relevance->setAccessibleName(tr("Show what spoke for cardiomegaly"));
    relevance->setToolTip(tr("Colours the kept pixels that moved the HeartSpot network most, in the pictures and in the saved figure"));
    relevance->setChecked(true);
    tableButton = button("saveTableButton", tr("Save &table\u2026"), {}, foot);
    figureButton = button("saveFigureButton", tr("Save fig&ure\u2026"), {}, foot);
    auto* help = button("priorLabHelpButton", tr("&Help"), tr("What the columns mean"), foot);
    auto* close = button("closePriorLabButton", tr("Close"), tr("Close this window; the table is kept until another film is compared"), foot);
    for (QWidget* part : std::initializer_list<QWidget*>{relevance, tableButton, figureButton, help, close}) row->addWidget(part);
    row->insertStretch(1, 1);
    column->addWidget(status);
    column->addLayout(row);
    QObject::connect(relevance, &QCheckBox::toggled, q, [this](bool on) {
        comparison.figure.showRelevance = on;
        pictures->setFigure(comparison.figure);
    });
    QObject::connect(tableButton, &QPushButton::clicked, q, [this] { saveTable(); });
    QObject::connect(figureButton, &QPushButton::clicked, q, [this] { saveFigure(); });
    QObject::connect(help, &QPushButton::clicked, q, [this] { Q_EMIT q->helpWanted(QStringLiteral("priorlab")); });
    QObject::connect(close, &QPushButton::clicked, q, &QDialog::close);
    return foot;
}

// --- comparing -----------------------------------------------------------------------------------------------------------

void PriorLab::Private::compare(PriorCompareRequest request, bool isAdded) {
    isComparing = true;
    progress->setValue(0);
    tell({});
    refresh();
    compareJob = startJob<PriorComparison>(
        *QThreadPool::globalInstance(), q,
        [request = std::move(request)](const RunContext& context) { return comparePriors(request, context); },
        [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); },
        [this, isAdded](Result<PriorComparison> result) { finish(std::move(result), isAdded); });
}

void PriorLab::Private::finish(Result<PriorComparison> result, bool isAdded) {
    isComparing = false;
    if (!result.isOk()) {
        const QString text = sentence(result.error());
        tell(tr("Nothing was compared: %1").arg(text));
        refresh();
        Q_EMIT q->failed(text);
        return;
    }
    PriorComparison made = std::move(result).value();
    if (isAdded) {
        comparison.rows.insert(comparison.rows.end(), made.rows.begin(), made.rows.end());
        auto& panels = comparison.figure.panels;
        panels.insert(panels.end(), made.figure.panels.begin(), made.figure.panels.end());
        comparison.failures = made.failures;
    } else {
        comparison = std::move(made);
    }
    show();
    Q_EMIT q->compared();
}

void PriorLab::Private::addOwn() {
    PriorCompareRequest request{film, name, {}, {editor->spec()}, judges};
    if (!folderFilms.empty()) {
        request.image = nullptr;
        request.files = folderFilms;
    }
    compare(std::move(request), !comparison.rows.empty());
}

void PriorLab::Private::stop() {
    compareJob = {};
    listJob = {};
    isComparing = false;
    tell(tr("Stopped."));
    refresh();
}

void PriorLab::Private::show() {
    comparison.figure.showRelevance = relevance->isChecked();
    table->setMeans(meansOf(comparison.rows));
    pictures->setFigure(comparison.figure);
    QStringList lines;
    for (const std::string& note : comparison.notes) lines << QString::fromStdString(note);
    if (!comparison.failures.isEmpty()) {
        lines << tr("%n film(s) could not be compared. First: %1", nullptr, static_cast<int>(comparison.failures.size())).arg(comparison.failures.first());
    }
    tell(lines.join(QLatin1Char('\n')));
    refresh();
}

void PriorLab::Private::tell(const QString& text) {
    status->setText(text);
    status->setVisible(!text.isEmpty());
}

// Whose numbers and pictures are shown.
QString PriorLab::Private::sourceText() const {
    if (folderFilms.empty() || comparison.rows.empty()) return film ? tr("Film: %1").arg(name) : tr("No film is open");
    const QString folder = QString::fromStdString(folderFilms.front().parent_path().filename().string());
    const QString first = QString::fromStdString(comparison.rows.front().film);
    return tr("Means over %n film(s) of the folder %1; pictures: %2", nullptr, meansOf(comparison.rows).front().films).arg(folder, first);
}

void PriorLab::Private::refresh() {
    const bool hasRows = !comparison.rows.empty();
    const bool hasSource = film || !folderFilms.empty();
    filmText->setText(sourceText());
    filmButton->setEnabled(film && !isComparing);
    filmButton->setToolTip(film ? tr("All priors of the paper, with and without median pooling, on the open film") : tr("Open a film first"));
    folderButton->setEnabled(!isComparing);
    progress->setVisible(isComparing);
    stopButton->setVisible(isComparing);
    addButton->setEnabled(hasSource && !isComparing);
    addButton->setToolTip(hasSource ? tr("Compare this prior, too, and put it below the others") : tr("Open a film or compare a folder first"));
    for (QPushButton* save : {tableButton, figureButton}) save->setEnabled(hasRows && !isComparing);
    tableButton->setToolTip(hasRows ? tr("Save the table as CSV (every film) or Markdown (means)") : tr("Compare a film or a folder first"));
    figureButton->setToolTip(hasRows ? tr("Save the pictures as PNG, SVG or PDF") : tr("Compare a film or a folder first"));
}

void PriorLab::Private::save(const QString& title, const QStringList& filters, const QString& fileName,
                             const std::function<Result<Done>(const std::filesystem::path&)>& write) {
    QString filter;
    QString file = QFileDialog::getSaveFileName(q, title, fileName, filters.join(QStringLiteral(";;")), &filter);
    if (file.isEmpty()) return;
    if (QFileInfo(file).suffix().isEmpty()) {
        const qsizetype at = filter.indexOf(QLatin1String("*."));
        file += at < 0 ? QString() : filter.mid(at + 1).section(QLatin1Char(')'), 0, 0);
    }
    const Result<Done> written = write(file.toStdString());
    tell(written.isOk() ? tr("Written: %1").arg(QFileInfo(file).fileName()) : tr("Nothing was written: %1").arg(sentence(written.error())));
}

void PriorLab::Private::saveTable() {
    save(tr("Save table"), {tr("Table (*.csv)"), tr("Markdown (*.md)")}, QStringLiteral("priors.csv"),
         [this](const auto& file) { return writePriorTable(comparison, file); });
}

void PriorLab::Private::saveFigure() {
    save(tr("Save figure"), {tr("Picture (*.png)"), tr("Vectors (*.svg)"), tr("Document (*.pdf)")}, QStringLiteral("priors.png"),
         [this](const auto& file) { return writePriorFigure(comparison.figure, file); });
}

// --- the sliders' picture --------------------------------------------------------------------------------------------------

void PriorLab::Private::findRegion() {
    regionJob = startJob<cv::Mat>(
        live, q, [](const RunContext&) { return shippedHeartRegion(); }, {},
        [this](Result<cv::Mat> found) {
            if (found.isOk()) region = found.value();
            requestPicture();
        });
}

// One picture at a time: moves meanwhile only mark it dirty, so that pictures keep coming and the last one is the newest.
void PriorLab::Private::requestPicture() {
    if (!film) return kept->setText(tr("Open a film to see what this prior keeps."));
    if (editor->spec().heart && region.empty()) {
        picture->setImage({});
        return kept->setText(tr("No heart region is installed; install the model pack heart-lungs."));
    }
    isDirty = isPainting;
    if (!isPainting) startPicture();
}

void PriorLab::Private::startPicture() {
    isPainting = true;
    isDirty = false;
    PictureRequest request{film, voi, false, editor->spec(), {}, pooled};
    if (request.spec.heart) request.heartRegion = region;
    pictureJob = startJob<PictureResult>(
        live, q, [request](const RunContext& context) { return makeHeartSpotPicture(request, context); }, {},
        [this](Result<PictureResult> result) { showPicture(std::move(result)); });
}

void PriorLab::Private::showPicture(Result<PictureResult> result) {
    isPainting = false;
    if (isDirty) {
        if (result.isOk()) pooled = result.value().pooled;
        if (result.isOk() && result.value().film == film) picture->setImage(result.value().picture);
        return startPicture();
    }
    if (!result.isOk()) {
        picture->setImage({});
        kept->setText(sentence(result.error()));
        return;
    }
    const PictureResult& made = result.value();
    pooled = made.pooled;
    picture->setImage(made.picture);
    QString text = QString::fromStdString(keepsSentence(static_cast<std::size_t>(made.keptPixels), made.cropPixels));
    text.front() = text.front().toUpper();
    kept->setText(text);
    Q_EMIT q->pictureUpdated();
}

}  // namespace cxr::ui
