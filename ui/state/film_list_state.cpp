// FilmListState: see film_list_state.h.
#include "ui/state/film_list_state.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace cxr::ui {

namespace {

constexpr int kThumbnailPriority = 0;
constexpr int kListingPriority = 1;

QString titleOf(const QString& path) {
    return path == kSamplePath ? FilmListState::tr("Sample film (synthetic)") : QFileInfo(path).fileName();
}

QString absolutePath(const QString& path) { return QDir::cleanPath(QFileInfo(path).absoluteFilePath()); }

QStringList filmsOf(const QString& path) {
    QStringList films;
    for (const auto& file : listFilms(std::filesystem::path(path.toStdString()))) {
        films << QString::fromStdString(file.string());
    }
    const bool isNamedFile = films.isEmpty() && !QFileInfo(path).isDir();
    return isNamedFile ? QStringList{path} : films;
}

}  // namespace

QString factsLine(const Image& image) {
    QStringList parts;
    if (!image.patient.name.empty()) parts << QString::fromStdString(image.patient.name);
    parts << (image.view == ViewPosition::Unknown ? FilmListState::tr("view unknown") : QString(toString(image.view)));
    parts << QStringLiteral("%1\u00a0\u00d7\u00a0%2").arg(image.width()).arg(image.height());
    if (!image.study.studyDate.empty()) parts << QString::fromStdString(image.study.studyDate);
    return parts.join(QStringLiteral(" \u00b7 "));
}

FilmListState::FilmListState(ReadFunction read, std::function<ReadLimits()> limits, QObject* parent)
    : QAbstractListModel(parent), m_read(std::move(read)), m_limits(std::move(limits)) {
    m_pool.setMaxThreadCount(1);
    m_pool.setThreadPriority(QThread::LowPriority);
}

FilmListState::~FilmListState() {
    m_listings.clear();
    m_thumbnailJob.cancel();
    m_pool.waitForDone();
}

int FilmListState::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant FilmListState::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= count()) return {};
    const FilmRow& film = row(index.row());
    switch (role) {
        case Qt::DisplayRole: return film.title;
        case Qt::ToolTipRole: return film.error.isEmpty() ? film.path : film.path + "\n" + film.error;
        case Qt::DecorationRole: return film.thumbnail;
        case Qt::AccessibleTextRole:
            return QStringList{film.title, film.facts, film.result, film.error}.filter(QRegularExpression(".")).join(", ");
        case PathRole: return film.path;
        case FactsRole: return film.facts;
        case ResultRole: return film.result;
        case ErrorRole: return film.error;
        case StatusRole: return static_cast<int>(film.status);
        default: return {};
    }
}

void FilmListState::add(const QStringList& paths) {
    QStringList absolute;
    for (const QString& path : paths) absolute << absolutePath(path);
    if (m_openListings++ == 0) {
        m_listings.clear();
        Q_EMIT listing(true);
    }
    m_listings.push_back(startJob<Listing>(
        m_pool, this,
        [absolute](const RunContext& context) -> Result<Listing> {
            Listing found{absolute, {}};
            for (const QString& path : absolute) {
                if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
                found.films << filmsOf(path);
            }
            return found;
        },
        nullptr,
        [this, absolute](Result<Listing> result) {
            append(result ? std::move(result).value() : Listing{absolute, {}});
            if (--m_openListings == 0) Q_EMIT listing(false);
        },
        kListingPriority));
}

void FilmListState::append(const Listing& found) {
    QSet<QString> known;
    for (const FilmRow& film : m_rows) known.insert(film.path);
    std::vector<FilmRow> fresh;
    for (const QString& path : found.films) {
        if (known.contains(path)) continue;
        known.insert(path);
        FilmRow film;
        film.path = path;
        film.title = titleOf(path);
        fresh.push_back(std::move(film));
    }
    if (!fresh.empty()) {
        beginInsertRows({}, count(), count() + static_cast<int>(fresh.size()) - 1);
        m_rows.insert(m_rows.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
        endInsertRows();
    }
    if (found.films.isEmpty()) {
        Q_EMIT nothingFound(found.requested);
    } else {
        Q_EMIT added(rowOf(found.films.front()), static_cast<int>(fresh.size()));
    }
}

int FilmListState::addRow(const QString& path) {
    const int known = rowOf(path);
    if (known >= 0) return known;
    FilmRow film;
    film.path = path;
    film.title = titleOf(path);
    beginInsertRows({}, count(), count());
    m_rows.push_back(std::move(film));
    endInsertRows();
    return count() - 1;
}

void FilmListState::remove(int index) {
    beginRemoveRows({}, index, index);
    m_rows.erase(m_rows.begin() + index);
    endRemoveRows();
}

void FilmListState::clear() {
    m_listings.clear();
    if (m_openListings > 0) Q_EMIT listing(false);
    m_openListings = 0;
    m_wantedThumbnails.clear();
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

int FilmListState::rowOf(const QString& path) const {
    const auto at = std::find_if(m_rows.begin(), m_rows.end(), [&](const FilmRow& film) { return film.path == path; });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

void FilmListState::touch(int index) { Q_EMIT dataChanged(createIndex(index, 0), createIndex(index, 0)); }

void FilmListState::setReading(int index) {
    m_rows[static_cast<std::size_t>(index)].status = FilmStatus::Reading;
    touch(index);
}

void FilmListState::setUnread(int index) {
    m_rows[static_cast<std::size_t>(index)].status = FilmStatus::Unread;
    touch(index);
}

void FilmListState::setReady(int index, const LoadedFilm& loaded) {
    FilmRow& film = m_rows[static_cast<std::size_t>(index)];
    film.status = FilmStatus::Ready;
    film.error.clear();
    film.facts = factsLine(*loaded.image);
    film.thumbnail = loaded.thumbnail;
    touch(index);
}

void FilmListState::setFailed(int index, const QString& reason) {
    FilmRow& film = m_rows[static_cast<std::size_t>(index)];
    film.status = FilmStatus::Failed;
    film.error = reason;
    touch(index);
}

void FilmListState::setResult(int index, const QString& result) {
    m_rows[static_cast<std::size_t>(index)].result = result;
    touch(index);
}

bool FilmListState::needsThumbnail(int index) const {
    return index >= 0 && row(index).status == FilmStatus::Unread && row(index).thumbnail.isNull();
}

void FilmListState::wantThumbnails(int firstRow, int lastRow) {
    m_wantedThumbnails.clear();
    for (int index = std::max(0, firstRow); index <= std::min(lastRow, count() - 1); ++index) {
        if (needsThumbnail(index)) m_wantedThumbnails.push_back(row(index).path);
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
