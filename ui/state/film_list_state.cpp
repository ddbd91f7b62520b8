// FilmListState: see film_list_state.h.
#include "ui/state/film_list_state.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <algorithm>

namespace cxr::ui {

namespace {

constexpr int kThumbnailPriority = 0;
constexpr int kListingPriority = 1;

QString textOf(const std::string& text) { return QString::fromStdString(text); }
QString pathOf(const StudyObject& object) { return textOf(object.file.string()); }
QString absolutePath(const QString& path) { return QDir::cleanPath(QFileInfo(path).absoluteFilePath()); }

// A film without a header: the sample, or a named file whose reason is told when it is read.
StudyObject bareFilm(const QString& path, const QString& title) {
    StudyObject object;
    object.file = path.toStdString();
    object.name = title.toStdString();
    object.origin = path.toStdString();
    object.isPicture = true;
    object.isNamed = true;
    return object;
}

bool isFilm(const StudyObject& object) { return object.kind == ObjectKind::Film; }

template <typename Visit>
void forEachObject(const PatientTree& tree, const Visit& visit) {
    for (const PatientNode& patient : tree.patients)
        for (const StudyNode& study : patient.studies)
            for (const SeriesNode& series : study.series)
                for (const StudyObject& object : series.objects) visit(object);
    for (const StudyObject& picture : tree.pictures) visit(picture);
}

QString joinedFacts(const QStringList& parts) { return QStringList(parts).join(QStringLiteral(" \u00b7 ")); }
QString sizeText(int columns, int rows) { return QStringLiteral("%1\u00a0\u00d7\u00a0%2").arg(columns).arg(rows); }
QString viewText(ViewPosition view) { return view == ViewPosition::Unknown ? FilmListState::tr("view unknown") : QString(toString(view)); }

}  // namespace

QString factsLine(const Image& image) {
    QStringList parts;
    if (!image.patient.name.empty()) parts << textOf(image.patient.name);
    parts << viewText(image.view) << sizeText(image.width(), image.height());
    if (!image.study.studyDate.empty()) parts << textOf(image.study.studyDate);
    return joinedFacts(parts);
}

QString factsLine(const StudyObject& object) {
    QStringList parts{viewText(object.view), sizeText(object.columns, object.rows)};
    if (object.frames > 1) parts << FilmListState::tr("%1 frames").arg(object.frames);
    if (const std::string date = dateOf(object); !date.empty()) parts << textOf(date);
    return joinedFacts(parts);
}

FilmListState::FilmListState(ReadFunction read, std::function<ReadLimits()> limits, QObject* parent)
    : QObject(parent), m_read(std::move(read)), m_limits(std::move(limits)) {
    m_pool.setMaxThreadCount(1);
    m_pool.setThreadPriority(QThread::LowPriority);
}

FilmListState::~FilmListState() {
    m_listings.clear();
    m_thumbnailJob.cancel();
    m_pool.waitForDone();
}

const StudyObject* FilmListState::objectOf(const QString& path) const {
    const auto found = std::find_if(m_objects.begin(), m_objects.end(), [&](const StudyObject& one) { return pathOf(one) == path; });
    return found == m_objects.end() || found->isPicture ? nullptr : &*found;
}

// --- adding ----------------------------------------------------------------------------------------------------------

void FilmListState::add(const QStringList& paths) {
    QStringList absolute;
    std::vector<std::filesystem::path> sources;
    for (const QString& path : paths) {
        absolute << absolutePath(path);
        sources.emplace_back(absolute.back().toStdString());
    }
    if (m_openListings++ == 0) {
        m_listings.clear();
        Q_EMIT listing(true);
    }
    ScanLimits limits;
    limits.read = m_limits();
    m_listings.push_back(startJob<Listing>(
        m_pool, this,
        [absolute, sources, limits](const RunContext& context) -> Result<Listing> {
            Result<StudyScan> scan = scanStudies(sources, limits, context);
            if (!scan) return scan.error();
            return Listing{absolute, std::move(scan).value()};
        },
        [this](double fraction) { Q_EMIT listingProgressed(fraction); },
        [this](Result<Listing> result) {
            if (result) append(std::move(result).value());
            finishListing();
        },
        kListingPriority));
}

void FilmListState::stopListing() {
    m_listings.clear();  // their answers are not delivered
    if (m_openListings > 0) Q_EMIT listing(false);
    m_openListings = 0;
}

void FilmListState::finishListing() {
    if (--m_openListings == 0) Q_EMIT listing(false);
}

void FilmListState::append(Listing found) {
    appendObjects(found.scan);
    appendUnusable(found.scan);
    rebuild();
    tellWhatCame(found.requested, found.scan);
}

void FilmListState::appendObjects(const StudyScan& scan) {
    QSet<QString> paths;
    for (const StudyObject& object : m_objects) paths.insert(pathOf(object));
    const std::size_t before = m_objects.size();
    for (const StudyObject& object : scan.objects) {
        const QString uid = textOf(object.study.sopInstanceUid);
        const bool isCopy = !object.isNamed && m_instances.contains(uid);
        if (isCopy || paths.contains(pathOf(object))) continue;
        paths.insert(pathOf(object));
        if (!uid.isEmpty() && !m_instances.contains(uid)) m_instances.insert(uid, pathOf(object));
        m_objects.push_back(object);
    }
    if (m_objects.size() > before) m_folders.insert(m_folders.end(), scan.folders.begin(), scan.folders.end());
}

void FilmListState::appendUnusable(const StudyScan& scan) {
    QSet<QString> told;
    for (const UnusableFile& file : m_unusable) told.insert(textOf(file.origin));
    for (const UnusableFile& file : scan.unusable) {
        const QString path = textOf(file.file.string());
        if (file.isNamed && !file.isContainer) {
            const bool isListed = std::any_of(m_objects.begin(), m_objects.end(), [&path](const StudyObject& one) { return pathOf(one) == path; });
            if (!isListed) m_objects.push_back(bareFilm(path, textOf(file.name)));
        } else if (!told.contains(textOf(file.origin))) {
            m_unusable.push_back(file);
        }
    }
}

void FilmListState::tellWhatCame(const QStringList& requested, const StudyScan& scan) {
    int first = -1;
    const auto consider = [&](const QString& path) {
        const int row = rowOf(path);
        if (row >= 0 && (first < 0 || row < first)) first = row;
    };
    QString reason;
    for (const StudyObject& object : scan.objects) {
        consider(pathOf(object));
        consider(m_instances.value(textOf(object.study.sopInstanceUid)));  // the same film from another place
    }
    for (const UnusableFile& file : scan.unusable) {
        if (file.isNamed) consider(textOf(file.file.string()));
        if (file.isNamed && file.isContainer && reason.isEmpty()) reason = textOf(file.reason);
    }
    if (first >= 0) Q_EMIT added(first);
    bool isWanted = first < 0;
    bool isEmpty = first < 0;
    for (const StudyObject& object : scan.objects) {
        if (isFilm(object)) continue;
        if (isWanted || (object.isNamed && object.kind != ObjectKind::Other))
            Q_EMIT companionFound(m_instances.value(textOf(object.study.sopInstanceUid), pathOf(object)), object.kind);
        isWanted = isEmpty = false;
    }
    if (isEmpty) Q_EMIT nothingFound(requested, reason);
}

int FilmListState::addRow(const QString& path) {
    if (rowOf(path) < 0) {
        m_objects.push_back(bareFilm(path, path == kSamplePath ? tr("Sample film (synthetic)") : QFileInfo(path).fileName()));
        rebuild();
    }
    return rowOf(path);
}

void FilmListState::remove(const QStringList& paths) {
    const QSet<QString> gone(paths.begin(), paths.end());
    std::erase_if(m_objects, [&gone](const StudyObject& object) { return gone.contains(pathOf(object)); });
    erase_if(m_instances, [&gone](const auto& one) { return gone.contains(one.value()); });
    if (m_objects.empty()) m_folders.clear();
    rebuild();
}

void FilmListState::clear() {
    stopListing();
    m_wantedThumbnails.clear();
    m_keptThumbnails.clear();
    m_objects.clear();
    m_instances.clear();
    m_unusable.clear();
    m_folders.clear();
    rebuild();
}

FilmRow FilmListState::rowFor(const StudyObject& object) {
    const QString path = pathOf(object);
    if (const int known = rowOf(path); known >= 0) return std::move(m_rows[static_cast<std::size_t>(known)]);
    FilmRow film;
    film.path = path;
    film.title = textOf(object.name);
    if (!object.isPicture) film.facts = factsLine(object);
    return film;
}

// The films of the tree in its order; what is known of those that were listed before is kept.
void FilmListState::rebuild() {
    m_tree = groupObjects(m_objects);
    std::vector<FilmRow> rows;
    forEachObject(m_tree, [&](const StudyObject& object) {
        if (isFilm(object)) rows.push_back(rowFor(object));
    });
    m_rows = std::move(rows);
    m_places.clear();
    for (int i = 0; i < count(); ++i) m_places.insert(row(i).path, i);
    Q_EMIT treeChanged();
}

// --- what becomes known of a film --------------------------------------------------------------------------------------

void FilmListState::setReading(int index) {
    m_rows[static_cast<std::size_t>(index)].status = FilmStatus::Reading;
    Q_EMIT rowChanged(index);
}

void FilmListState::setUnread(int index) {
    m_rows[static_cast<std::size_t>(index)].status = FilmStatus::Unread;
    Q_EMIT rowChanged(index);
}

void FilmListState::setReady(int index, const LoadedFilm& loaded) {
    FilmRow& film = m_rows[static_cast<std::size_t>(index)];
    film.status = FilmStatus::Ready;
    film.error.clear();
    if (film.facts.isEmpty()) film.facts = factsLine(*loaded.image);
    keepThumbnail(film, loaded.thumbnail);
    Q_EMIT rowChanged(index);
}

void FilmListState::setFailed(int index, const QString& reason) {
    FilmRow& film = m_rows[static_cast<std::size_t>(index)];
    film.status = FilmStatus::Failed;
    film.error = reason;
    Q_EMIT rowChanged(index);
}

void FilmListState::setResult(int index, const QString& result) {
    m_rows[static_cast<std::size_t>(index)].result = result;
    Q_EMIT rowChanged(index);
}

// --- thumbnails --------------------------------------------------------------------------------------------------------

void FilmListState::keepThumbnail(FilmRow& film, const QImage& thumbnail) {
    if (film.thumbnail.isNull()) m_keptThumbnails.push_back(film.path);
    film.thumbnail = thumbnail;
    if (m_keptThumbnails.size() <= kMostThumbnails) return;
    const int oldest = rowOf(m_keptThumbnails.front());
    m_keptThumbnails.pop_front();
    if (oldest >= 0) m_rows[static_cast<std::size_t>(oldest)].thumbnail = QImage();
}

bool FilmListState::needsThumbnail(int index) const {
    if (index < 0 || !row(index).thumbnail.isNull()) return false;
    return row(index).status == FilmStatus::Unread || row(index).status == FilmStatus::Ready;
}

void FilmListState::wantThumbnails(const QStringList& paths) {
    m_wantedThumbnails.clear();
    for (const QString& path : paths) {
        if (needsThumbnail(rowOf(path))) m_wantedThumbnails.push_back(path);
    }
    makeNextThumbnail();
}

void FilmListState::makeNextThumbnail() {
    while (!m_isMaking && !m_wantedThumbnails.empty()) {
        const QString path = m_wantedThumbnails.front();
        m_wantedThumbnails.pop_front();
        if (!needsThumbnail(rowOf(path))) continue;
        m_isMaking = true;
        m_thumbnailJob = startJob<LoadedFilm>(
            m_pool, this,
            [read = m_read, path, limits = m_limits()](const RunContext& context) {
                return loadFilm(read, path, limits, context);
            },
            nullptr, [this, path](Result<LoadedFilm> result) { finishThumbnail(path, result); }, kThumbnailPriority);
    }
}

void FilmListState::finishThumbnail(const QString& path, const Result<LoadedFilm>& result) {
    m_isMaking = false;
    const int index = rowOf(path);
    if (needsThumbnail(index)) {  // not opened meanwhile
        if (result) {
            setReady(index, result.value());
        } else {
            setFailed(index, QString::fromStdString(result.error().message));
        }
    }
    makeNextThumbnail();
}

}  // namespace cxr::ui
