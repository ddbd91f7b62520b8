// FilmLoader: reads films in its own worker threads, keeps the last few, reads the next one ahead.
//   newest wins  load() forgets the film asked for before; its answer is never delivered
//   cache        at most kKeptFilms films; the film on screen, its neighbours
//   thread rule  GUI thread only; `read` runs in workers
#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <functional>
#include <list>

#include "core/image/film_pyramid.h"
#include "core/io/image_reader.h"
#include "ui/jobs/job.h"

namespace cxr::ui {

// The path of the sample film that this program draws itself.
inline const QString kSamplePath = QStringLiteral("sample:phantom");

struct LoadedFilm {
    ImagePtr image;
    QImage thumbnail;
    FilmPyramid pyramid;  // every level built, so that the first paint finds it; empty from loadFilm()
};

// How a film is read; tests put their own in its place.
using ReadFunction = std::function<Result<ImagePtr>(const QString& path, const ReadLimits&, const RunContext&)>;
// readImage(), or the phantom for kSamplePath.
Result<ImagePtr> readFilm(const QString& path, const ReadLimits& limits, const RunContext& context);
// The same with its thumbnail.
Result<LoadedFilm> loadFilm(const ReadFunction& read, const QString& path, const ReadLimits& limits,
                            const RunContext& context);

class FilmLoader : public QObject {
    Q_OBJECT
  public:
    static constexpr std::size_t kKeptFilms = 3;

    explicit FilmLoader(ReadFunction read, QObject* parent = nullptr);
    ~FilmLoader() override;

    // Ends in loaded() or failed(), at once if the film is kept, unless another load() or cancel() comes first.
    void load(const QString& path, const ReadLimits& limits);
    void cancel();
    [[nodiscard]] bool isLoading() const { return !m_wanted.isEmpty(); }
    // Fills the cache; failures are silent until the film is really asked for. Replaces an earlier read-ahead.
    void readAhead(const QString& path, const ReadLimits& limits);
    [[nodiscard]] bool isKept(const QString& path) const;
    void forget(const QString& path);

  Q_SIGNALS:
    void loaded(const QString& path, const cxr::ui::LoadedFilm& film);
    void failed(const QString& path, const cxr::Error& error);
    void progressed(const QString& path, double fraction);

  private:
    struct Kept {
        QString path;
        LoadedFilm film;
    };
    JobHandle start(const QString& path, const ReadLimits& limits, int priority);
    void finish(const QString& path, Result<LoadedFilm> result);
    void keep(const QString& path, const LoadedFilm& film);

    ReadFunction m_read;
    QThreadPool m_pool;  // two threads: a read-ahead never holds up the film that is wanted now
    std::list<Kept> m_kept;  // newest first
    QString m_wanted, m_ahead;
    JobHandle m_wantedJob, m_aheadJob;
};

}  // namespace cxr::ui
