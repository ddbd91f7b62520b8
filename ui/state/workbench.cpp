// Workbench: see workbench.h.
#include "ui/state/workbench.h"

#include <QFileInfo>
#include <algorithm>

#include "core/study/prior_films.h"

namespace cxr::ui {

namespace {

QString resultLine(const ChestMeasurement& chest) {
    if (chest.isUncertain) return Workbench::tr("mask uncertain");
    if (chest.verdict == Verdict::NotMeasured) return Workbench::tr("not measured");
    return QStringLiteral("CTR %1 \u00b7 %2").arg(QString::fromStdString(ratioText(chest.ratio)), toString(chest.verdict));
}

}  // namespace

Workbench::Workbench(Settings& settings, WorkbenchCalls calls, QObject* parent)
    : QObject(parent),
      m_settings(settings),
      m_films(calls.read, [&settings] { return settings.readLimits(); }),
      m_loader(calls.read),
      m_corrections(m_session),
      m_analysis(std::move(calls.analyze)),
      m_explanations(std::move(calls.explanations)) {
    connect(&m_films, &FilmListState::added, this, [this](int firstRow) {
        if (!m_hasChosenSince) show(firstRow);
    });
    connect(&m_films, &FilmListState::companionFound, this, &Workbench::companionActivated);
    connect(&m_films, &FilmListState::treeChanged, this, &Workbench::findPriors);
    connect(this, &Workbench::currentChanged, this, &Workbench::findPriors);
    connect(&m_films, &FilmListState::nothingFound, this, [this](const QStringList& paths, const QString& reason) {
        const QString where = paths.size() == 1 ? QFileInfo(paths.front()).fileName() : tr("these folders");
        if (!reason.isEmpty()) return Q_EMIT nothingFound(tr("%1 cannot be opened: %2.").arg(where, reason));
        Q_EMIT nothingFound(tr("No films were found in %1. DICOM, PNG, TIFF and JPEG files can be opened.").arg(where));
    });
    connect(&m_loader, &FilmLoader::loaded, this, &Workbench::onLoaded);
    connect(&m_loader, &FilmLoader::failed, this, &Workbench::onFailed);
    connect(&m_loader, &FilmLoader::progressed, this,
            [this](const QString&, double fraction) { Q_EMIT readingProgressed(fraction); });
    connect(&m_session, &FilmSession::measurementChanged, this, &Workbench::onMeasurementChanged);
    connect(&m_analysis, &AnalysisRunner::finished, this, [this](const Analysis& analysis) {
        addTimings(m_timings, analysis);
        m_session.setAnalysis(analysis);
        m_corrections.restore();
    });
    const auto placeCorrections = [this] { m_corrections.setFile(m_settings.correctionsFile().toStdString()); };
    connect(&m_settings, &Settings::changed, this, placeCorrections);
    placeCorrections();
}

Workbench::~Workbench() {
    m_presetsJob.cancel();
    m_pool.waitForDone();
}

void Workbench::openPaths(const QStringList& paths) {
    if (paths.isEmpty()) return;
    for (const QString& path : paths) m_settings.addRecentFile(path);
    m_settings.setLastFolder(QFileInfo(paths.front()).absolutePath());
    m_hasChosenSince = false;
    m_films.add(paths);
}

void Workbench::openSample() { select(m_films.addRow(kSamplePath)); }

int Workbench::currentRow() const { return m_current.isEmpty() ? -1 : m_films.rowOf(m_current); }

void Workbench::select(int row) {
    const QString before = m_current;
    show(row);
    if (m_current != before) m_hasChosenSince = true;
}

void Workbench::show(int row) {
    if (row < 0 || row >= m_films.count() || m_films.row(row).path == m_current) return;
    cancelAll();
    m_current = m_films.row(row).path;
    Q_EMIT currentChanged(row);
    reload();
}

void Workbench::reload() {
    const int row = currentRow();
    if (row < 0) return;
    cancelAll();
    m_session.close();
    m_films.setReading(row);
    Q_EMIT readingStarted(m_films.row(row).title);
    m_loader.load(m_current, m_settings.readLimits());
}

void Workbench::onLoaded(const QString& path, const LoadedFilm& film) {
    if (path != m_current) return;
    m_films.setReady(currentRow(), film);
    m_session.open(path, film.image, film.pyramid);
    readNextAhead();
}

void Workbench::onFailed(const QString& path, const Error& error) {
    if (path != m_current) return;
    const QString reason = QString::fromStdString(error.message);
    m_films.setFailed(currentRow(), reason);
    Q_EMIT readingFailed(m_films.row(currentRow()).title, reason);
    readNextAhead();
}

void Workbench::filmOnScreen() {
    if (m_session.isOpen() && !m_session.measurement() && m_settings.autoAnalyze()) analyze();
}

void Workbench::analyze() {
    if (!m_session.isOpen()) return;
    AnalysisOptions options;
    options.device = m_settings.device();
    options.threads = m_settings.threads();
    options.choice = m_settings.modelChoice();
    options.operatingPoint = m_settings.findingPreferences().operatingPoint;
    m_analysis.start(m_session.image(), options);
}

void Workbench::cancelAll() {
    m_analysis.cancel();
    m_explanations.cancel();
    m_explanations.cancelCheck();
    if (!m_loader.isLoading()) return;
    m_loader.cancel();
    if (currentRow() >= 0) m_films.setUnread(currentRow());
    Q_EMIT readingStopped();
}

void Workbench::step(int rows) {
    const int last = m_films.count() - 1;
    if (last < 0) return;
    select(std::clamp(currentRow() + rows, 0, last));
}

void Workbench::closeRow(int row) {
    if (row >= 0 && row < m_films.count()) closePaths({m_films.row(row).path});
}

void Workbench::closePaths(const QStringList& paths) {
    const int row = currentRow();
    const bool isCurrent = paths.contains(m_current);
    if (isCurrent) cancelAll();
    if (isCurrent) m_current.clear();
    m_films.remove(paths);
    for (const QString& path : paths) {
        m_loader.forget(path);
        m_session.forget(path);
    }
    if (!isCurrent) return;
    if (m_films.count() > 0) {
        select(std::min(row, m_films.count() - 1));
    } else {
        showNothing();
    }
}

void Workbench::closeAll() {
    cancelAll();
    for (int row = 0; row < m_films.count(); ++row) {
        m_loader.forget(m_films.row(row).path);
        m_session.forget(m_films.row(row).path);
    }
    m_films.clear();
    showNothing();
}

void Workbench::findPriors() {
    m_priors.clear();
    for (const StudyObject* prior : priorFilms(m_films.tree(), m_current.toStdString())) {
        const QString view = prior->view == ViewPosition::Unknown ? QString() : QStringLiteral(" ") + toString(prior->view);
        m_priors.push_back({QString::fromStdString(prior->file.string()), QString::fromStdString(dateOf(*prior)) + view});
    }
    Q_EMIT priorsChanged();
}

void Workbench::showNothing() {
    m_current.clear();
    m_session.close();
    Q_EMIT currentChanged(-1);
}

void Workbench::readNextAhead() {
    const int next = currentRow() + 1;
    if (m_settings.readAhead() && next < m_films.count()) {
        m_loader.readAhead(m_films.row(next).path, m_settings.readLimits());
    }
}

void Workbench::onMeasurementChanged() {
    const auto chest = m_session.measurement();
    const int row = m_films.rowOf(m_session.path());
    if (chest && row >= 0) m_films.setResult(row, resultLine(*chest));
    makePresets();
}

void Workbench::makePresets() {
    m_presetsJob.cancel();
    if (!m_session.isOpen()) {
        m_presets.clear();
        Q_EMIT presetsChanged();
        return;
    }
    m_presetsJob = startJob<std::vector<NamedVoi>>(
        m_pool, this,
        [image = m_session.image(), chest = m_session.measurement()](const RunContext&) -> Result<std::vector<NamedVoi>> {
            return voiPresets(*image, chest);
        },
        nullptr,
        [this](Result<std::vector<NamedVoi>> result) {
            if (!result) return;
            m_presets = std::move(result).value();
            Q_EMIT presetsChanged();
        });
}

}  // namespace cxr::ui
