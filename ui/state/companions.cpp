// Companions: see companions.h.
#include "ui/state/companions.h"

#include <QFileInfo>
#include <algorithm>

#include "core/dicom_in/film_finder.h"

namespace cxr::ui {

namespace {

namespace fs = std::filesystem;

// What the worker knows of the film on screen.
struct OnScreen {
    std::string uid;
    int rows = 0, columns = 0;
};

bool liesOverFilm(ObjectKind kind) {
    return kind == ObjectKind::PresentationState || kind == ObjectKind::Segmentation || kind == ObjectKind::ParametricMap;
}

bool isDocument(ObjectKind kind) {
    return kind == ObjectKind::StructuredReport || kind == ObjectKind::KeyObjects || kind == ObjectKind::EncapsulatedPdf;
}

template <typename Part>
Result<Done> put(Result<Part> read, std::shared_ptr<const Part>& into) {
    if (!read.isOk()) return read.error();
    into = std::make_shared<const Part>(std::move(read).value());
    return Done{};
}

Result<Done> readPart(const fs::path& file, const OnScreen& film, CompanionObject& object) {
    switch (object.facts.kind) {
        case ObjectKind::PresentationState:
            return put(readPresentationState(file), object.presentation);
        case ObjectKind::Segmentation:
            return put(readSegmentation(file, film.uid, film.rows, film.columns), object.segments);
        case ObjectKind::ParametricMap:
            return put(readParametricMap(file, film.rows, film.columns), object.map);
        case ObjectKind::EncapsulatedPdf:
            return put(readEncapsulatedPdf(file), object.pdf);
        case ObjectKind::StructuredReport:
        case ObjectKind::KeyObjects:
            return put(readStructuredReport(file), object.report);
        default:
            return Error{ErrorCode::Unsupported, "this kind of object is not shown"};
    }
}

}  // namespace

QString missingFilmText(const ObjectFacts& facts) {
    const QString name = QString::fromStdString(nameOf(facts));
    if (facts.films.empty()) return Companions::tr("The %1 does not say which film it is about.").arg(name);
    return Companions::tr("The %1 is about the film %2, which is neither open nor in the same folder. Open that film first.")
        .arg(name, QString::fromStdString(facts.films.front()));
}

Companions::Companions(FilmSession& session, std::function<QStringList()> listed, QObject* parent)
    : QObject(parent), m_session(session), m_listed(std::move(listed)) {
    m_pool.setMaxThreadCount(1);
    connect(&m_session, &FilmSession::filmChanged, this, &Companions::onFilmChanged);
}

Companions::~Companions() {
    m_job.cancel();
    m_pool.waitForDone();
}

std::string Companions::filmUid() const { return m_session.isOpen() ? m_session.image()->study.sopInstanceUid : std::string(); }

void Companions::open(const QString& path) { ask({path, true}); }

void Companions::ask(const Request& request) {
    m_requests.push_back(request);
    startNext();
}

void Companions::startNext() {
    if (m_isReading || m_requests.empty()) return;
    m_isReading = true;
    const Request request = m_requests.front();
    m_requests.pop_front();
    m_job = startReading(request);
}

// What is on screen and listed is asked for when it is an object's turn.
JobHandle Companions::startReading(const Request& request) {
    const auto& [path, mayOpenFilm] = request;
    OnScreen film{filmUid(), 0, 0};
    if (m_session.isOpen()) film = {film.uid, m_session.image()->height(), m_session.image()->width()};
    std::vector<fs::path> listed;
    for (const QString& one : mayOpenFilm ? m_listed() : QStringList()) listed.emplace_back(one.toStdString());
    return startJob<Read>(
        m_pool, this,
        [path = path, film, listed, mayOpenFilm = mayOpenFilm](const RunContext& context) -> Result<Read> {
            const fs::path file(path.toStdString());
            auto facts = readObjectFacts(file);
            if (!facts) return std::move(facts).error().within("cannot open " + file.filename().string());
            CompanionObject object{path, std::move(facts).value(), {}, {}, {}, {}, {}};
            if (liesOverFilm(object.facts.kind) && !object.facts.isAbout(film.uid)) {
                const fs::path found = mayOpenFilm ? findFilm(object.facts.films, listed, file.parent_path(), context) : fs::path();
                if (found.empty()) return Error{ErrorCode::NotFound, missingFilmText(object.facts).toStdString()};
                return Read{nullptr, QString::fromStdString(found.string()), object.facts.films};
            }
            auto part = readPart(file, film, object);
            if (!part) return std::move(part).error().within("cannot open " + file.filename().string());
            return Read{std::make_shared<const CompanionObject>(std::move(object)), {}, {}};
        },
        nullptr, [this, request](Result<Read> result) {
            m_isReading = false;
            take(request, std::move(result));
            startNext();
        });
}

// One that came with its film (mayOpenFilm false) is forgotten without a word when that film was left meanwhile.
void Companions::take(const Request& request, Result<Read> result) {
    if (!result) {
        if (!request.mayOpenFilm && result.error().code == ErrorCode::NotFound) return;
        return Q_EMIT failed(QString::fromStdString(result.error().message));
    }
    const CompanionPtr object = result.value().object;
    if (!object) {
        const auto& films = result.value().films;
        const bool isThere = !filmUid().empty() && std::find(films.begin(), films.end(), filmUid()) != films.end();
        if (isThere) return ask({request.path, false});  // it came on screen meanwhile
        m_waiting.push_back({request.path, films});
        return Q_EMIT filmWanted(result.value().film);
    }
    if (isDocument(object->facts.kind)) return Q_EMIT documentOpened(object);
    if (object->facts.isAbout(filmUid())) return keep(object);
    if (request.mayOpenFilm) ask(request);  // another film came on screen meanwhile
}

// In the place of what was read of the same object before.
void Companions::keep(const CompanionPtr& object) {
    std::vector<CompanionPtr>& objects = m_records[filmUid()].objects;
    std::erase_if(objects, [&](const CompanionPtr& one) {
        return one->path == object->path || (!one->facts.sopInstanceUid.empty() && one->facts.sopInstanceUid == object->facts.sopInstanceUid);
    });
    objects.push_back(object);
    show(object->facts.kind, object);
}

void Companions::onFilmChanged() {
    if (!m_session.isOpen()) return;
    // Those that wait for another film are forgotten: the user chose this one instead.
    for (const Waiting& one : std::exchange(m_waiting, {})) {
        if (std::find(one.films.begin(), one.films.end(), filmUid()) != one.films.end()) ask({one.path, false});
    }
    Q_EMIT changed();
}

std::vector<CompanionPtr> Companions::of(ObjectKind kind) const {
    std::vector<CompanionPtr> found;
    const auto record = m_records.find(filmUid());
    if (record == m_records.end()) return found;
    for (const CompanionPtr& one : record->second.objects) {
        if (one->facts.kind == kind) found.push_back(one);
    }
    return found;
}

CompanionPtr Companions::shown(ObjectKind kind) const {
    const auto record = m_records.find(filmUid());
    if (record == m_records.end()) return nullptr;
    const auto shown = record->second.shown.find(kind);
    return shown == record->second.shown.end() ? nullptr : shown->second;
}

void Companions::show(ObjectKind kind, const CompanionPtr& object) {
    if (filmUid().empty()) return;
    m_records[filmUid()].shown[kind] = object;
    Q_EMIT changed();
}

}  // namespace cxr::ui
