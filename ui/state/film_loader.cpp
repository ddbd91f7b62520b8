// FilmLoader: see film_loader.h.
#include "ui/state/film_loader.h"

#include <algorithm>

#include "core/image/phantom.h"
#include "ui/state/thumbnail.h"

namespace cxr::ui {

namespace {

constexpr int kSampleSidePx = 1536;

ImagePtr makeSample() {
    PhantomSpec spec;
    spec.width = spec.height = kSampleSidePx;
    spec.pixelSpacingMm = 0.25;
    spec.cardiothoracicRatio = 0.47;
    return std::make_shared<const Image>(makePhantom(spec).image);
}

FilmPyramid wholePyramid(const cv::Mat& samples) {
    FilmPyramid pyramid(samples);
    (void)pyramid.level(pyramid.levelCount() - 1);  // and with it all larger ones
    return pyramid;
}

}  // namespace

Result<ImagePtr> readFilm(const QString& path, const ReadLimits& limits, const RunContext& context) {
    if (path == kSamplePath) return makeSample();
    return readImage(std::filesystem::path(path.toStdString()), limits, context);
}

Result<LoadedFilm> loadFilm(const ReadFunction& read, const QString& path, const ReadLimits& limits,
                            const RunContext& context) {
    Result<ImagePtr> image = read(path, limits, context);
    if (!image) return image.error();
    return LoadedFilm{image.value(), makeThumbnail(*image.value()), {}};
}

FilmLoader::FilmLoader(ReadFunction read, QObject* parent) : QObject(parent), m_read(std::move(read)) {
    m_pool.setMaxThreadCount(2);
}

FilmLoader::~FilmLoader() {
    m_wantedJob.cancel();
    m_aheadJob.cancel();
    m_pool.waitForDone();
}

JobHandle FilmLoader::start(const QString& path, const ReadLimits& limits, int priority) {
    return startJob<LoadedFilm>(
        m_pool, this,
        [read = m_read, path, limits](const RunContext& context) -> Result<LoadedFilm> {
            Result<LoadedFilm> result = loadFilm(read, path, limits, context);
            if (!result) return result;
            LoadedFilm film = std::move(result).value();
            film.pyramid = wholePyramid(film.image->samples);
            return film;
        },
        [this, path](double fraction) {
            if (path == m_wanted) Q_EMIT progressed(path, fraction);
        },
        [this, path](Result<LoadedFilm> result) { finish(path, std::move(result)); }, priority);
}

void FilmLoader::load(const QString& path, const ReadLimits& limits) {
    cancel();
    m_wanted = path;
    const auto kept = std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept& k) { return k.path == path; });
    if (kept != m_kept.end()) {
        m_kept.splice(m_kept.begin(), m_kept, kept);
        m_wanted.clear();
        const LoadedFilm film = m_kept.front().film;  // a copy: a listener may forget() the kept one
        Q_EMIT loaded(path, film);
    } else if (m_ahead == path) {
        m_wantedJob = std::move(m_aheadJob);  // already on its way
        m_ahead.clear();
    } else {
        m_wantedJob = start(path, limits, 1);
    }
}

void FilmLoader::cancel() {
    m_wanted.clear();
    m_wantedJob.cancel();
}

void FilmLoader::readAhead(const QString& path, const ReadLimits& limits) {
    if (path == m_wanted || path == m_ahead || isKept(path)) return;
    m_ahead = path;
    m_aheadJob = start(path, limits, 0);
}

bool FilmLoader::isKept(const QString& path) const {
    return std::any_of(m_kept.begin(), m_kept.end(), [&](const Kept& k) { return k.path == path; });
}

void FilmLoader::forget(const QString& path) {
    m_kept.remove_if([&](const Kept& k) { return k.path == path; });
}

void FilmLoader::finish(const QString& path, Result<LoadedFilm> result) {
    if (path == m_ahead) m_ahead.clear();
    if (result) keep(path, result.value());
    if (path != m_wanted) return;
    m_wanted.clear();
    if (result) {
        Q_EMIT loaded(path, result.value());
    } else {
        Q_EMIT failed(path, result.error());
    }
}

void FilmLoader::keep(const QString& path, const LoadedFilm& film) {
    forget(path);
    m_kept.push_front({path, film});
    while (m_kept.size() > kKeptFilms) m_kept.pop_back();
}

}  // namespace cxr::ui
