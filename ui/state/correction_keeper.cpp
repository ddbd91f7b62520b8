// CorrectionKeeper: see correction_keeper.h.
#include "ui/state/correction_keeper.h"

#include <optional>

namespace cxr::ui {

// The file, opened at first use.
class CorrectionKeeper::Store {
  public:
    // `tell` is called in the worker.
    Store(std::filesystem::path file, std::function<void(const QString&)> tell) : m_file(std::move(file)), m_tell(std::move(tell)) {}

    // The opened file, or why it cannot be used.
    Result<CorrectionStore*> file() {
        if (!m_opened) {
            auto opened = open();
            if (!opened) return opened.error();
            m_opened.emplace(std::move(opened).value());
        }
        return &*m_opened;
    }

  private:
    Result<CorrectionStore> open() {
        std::error_code ignored;
        std::filesystem::create_directories(m_file.parent_path(), ignored);
        auto opened = CorrectionStore::openOrCreate(m_file);
        if (opened || opened.error().code != ErrorCode::Corrupt) return opened;
        const std::filesystem::path aside = m_file.string() + ".damaged";
        std::filesystem::rename(m_file, aside, ignored);
        m_tell(CorrectionKeeper::tr("The file of kept corrections is damaged; it was put aside as %1.")
                   .arg(QString::fromStdString(aside.string())));
        return CorrectionStore::openOrCreate(m_file);
    }

    std::filesystem::path m_file;
    std::function<void(const QString&)> m_tell;
    std::optional<CorrectionStore> m_opened;
};

CorrectionKeeper::CorrectionKeeper(FilmSession& session, QObject* parent) : QObject(parent), m_session(session) {
    m_pool.setMaxThreadCount(1);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &CorrectionKeeper::flush);
    connect(&m_session, &FilmSession::historyChanged, this, &CorrectionKeeper::onHistoryChanged);
    connect(&m_session, &FilmSession::readerTextChanged, this, &CorrectionKeeper::onHistoryChanged);
    connect(&m_session, &FilmSession::filmLeaving, this, &CorrectionKeeper::leaveFilm);
}

CorrectionKeeper::~CorrectionKeeper() {
    flush();
    m_pool.waitForDone();
}

void CorrectionKeeper::setFile(const std::filesystem::path& file) {
    if (file == m_file) return;
    leaveFilm();
    m_pool.waitForDone();
    m_file = file;
    // The worker ends before this object does: ~CorrectionKeeper waits.
    const auto tell = [this](const QString& sentence) {
        QMetaObject::invokeMethod(this, [this, sentence] { Q_EMIT troubled(sentence); }, Qt::QueuedConnection);
    };
    m_store = file.empty() ? nullptr : std::make_unique<Store>(file, tell);
    restore();
}

void CorrectionKeeper::leaveFilm() {
    flush();
    m_search.cancel();
    m_film.clear();
}

void CorrectionKeeper::restore() {
    leaveFilm();
    const ImagePtr image = m_session.image();
    if (!m_store || !m_session.measurement() || image->sourceSha256.empty()) return;
    m_film = image->sourceSha256;
    m_isLookedUp = false;
    m_written.clear();
    m_search = startJob<std::optional<KeptCorrections>>(
        m_pool, this,
        [this, film = m_film](const RunContext&) -> Result<std::optional<KeptCorrections>> {
            const auto file = m_store->file();
            if (!file) return file.error();
            return file.value()->find(film);
        },
        nullptr, [this](const auto& found) { onFound(found); });
}

void CorrectionKeeper::onFound(const Result<std::optional<KeptCorrections>>& found) {
    if (!found) Q_EMIT troubled(tr("Corrections of this film: %1.").arg(QString::fromStdString(found.error().message)));
    if (!found && found.error().code != ErrorCode::Corrupt) m_film.clear();  // the file cannot be used: nothing is kept
    m_isLookedUp = true;
    if (onScreen().hasFindings()) return;  // the reader was faster than the disk: what he sees counts
    const bool isKept = found && found.value();
    m_written = toJson(isKept ? found.value()->corrections : Corrections{});
    if (!isKept) return onHistoryChanged();  // what was calibrated before the analysis
    const Corrections& kept = found.value()->corrections;
    m_session.restore(kept);
    onHistoryChanged();  // what was written before the answer came
    if (kept.hasFindings() || kept.calibration) Q_EMIT restored(QString::fromStdString(found.value()->savedAt));
}

void CorrectionKeeper::onHistoryChanged() {
    // Not begun again by each change: whoever drags for minutes loses no more than others.
    if (!m_film.empty() && m_session.measurement() && !m_delay.isActive()) m_delay.start();
}

Corrections CorrectionKeeper::onScreen() const {
    Corrections corrections = m_session.corrections();
    return corrections.isEmpty() ? Corrections{} : corrections;
}

void CorrectionKeeper::flush() {
    m_delay.stop();
    if (m_film.empty() || !m_session.measurement()) return;
    Corrections corrections = onScreen();
    if (!m_isLookedUp && !corrections.hasFindings()) return;
    std::string text = toJson(corrections);
    if (text == m_written) return;
    m_written = std::move(text);
    change([film = m_film, corrections = std::move(corrections)](CorrectionStore& file) { return file.put(film, corrections); });
}

void CorrectionKeeper::forgetAll() {
    m_delay.stop();
    m_written = toJson(onScreen());
    if (m_store) change([](CorrectionStore& file) { return file.removeAll(); });
}

// Not a Job: a newer change must not stop an older one.
void CorrectionKeeper::change(std::function<Result<Done>(CorrectionStore&)> call) {
    m_pool.start([this, call = std::move(call)] {
        const auto file = m_store->file();
        const Result<Done> changed = file ? call(*file.value()) : Result<Done>(file.error());
        if (changed) return;
        const QString reason = QString::fromStdString(changed.error().message);
        QMetaObject::invokeMethod(
            this, [this, reason] { Q_EMIT troubled(tr("Corrections could not be kept: %1.").arg(reason)); }, Qt::QueuedConnection);
    });
}

}  // namespace cxr::ui
