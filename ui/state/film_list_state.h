// FilmListState: what was opened in this sitting: the films in the order of the study tree, their companions, and files that
// cannot be used, with the reason.
//   adding      folders, discs, zip archives and files are looked through in a worker (core/study); doubles are left out; a
//               named file that is no film is listed too, so that its reason can be read
//   rows        films only, numbered as the tree shows them; they move when studies are added
//   thumbnails  made in a worker, one at a time, for the films that are on screen; at most kMostThumbnails are kept
//   thread rule  GUI thread only
#pragma once

#include <QHash>
#include <QImage>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <deque>
#include <functional>
#include <vector>

#include "core/image/image.h"
#include "core/study/study_scan.h"
#include "ui/jobs/job.h"
#include "ui/state/film_loader.h"

namespace cxr::ui {

enum class FilmStatus { Unread, Reading, Ready, Failed };

struct FilmRow {
    QString path;
    QString title;   // file name
    QString facts;   // "PA - 2022 x 2022 - 2019-03-08"; of a picture empty until read
    QString result;  // "CTR 0.57, enlarged"; empty until measured
    QString error;   // why it could not be opened
    FilmStatus status = FilmStatus::Unread;
    QImage thumbnail;
};

class FilmListState : public QObject {
    Q_OBJECT
  public:
    static constexpr std::size_t kMostThumbnails = 1000;  // 16 KB each

    // `limits` is asked before each reading of a thumbnail and each look into folders.
    FilmListState(ReadFunction read, std::function<ReadLimits()> limits, QObject* parent = nullptr);
    ~FilmListState() override;

    // Looks through files, folders, discs and archives in a worker; ends in added(), companionFound() or nothingFound().
    void add(const QStringList& paths);
    void stopListing();
    [[nodiscard]] bool isListing() const { return m_openListings > 0; }
    // At once, without looking: the sample.
    int addRow(const QString& path);
    // Films and companions.
    void remove(const QStringList& paths);
    void clear();

    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] const FilmRow& row(int index) const { return m_rows[static_cast<std::size_t>(index)]; }
    [[nodiscard]] int rowOf(const QString& path) const { return m_places.value(path, -1); }  // -1: not listed

    [[nodiscard]] const PatientTree& tree() const { return m_tree; }
    [[nodiscard]] const std::vector<UnusableFile>& unusable() const { return m_unusable; }
    // What the header said; null: no DICOM film of the list.
    [[nodiscard]] const StudyObject* objectOf(const QString& path) const;

    void setReading(int row);
    void setUnread(int row);  // reading was stopped
    void setReady(int row, const LoadedFilm& film);
    void setFailed(int row, const QString& reason);
    void setResult(int row, const QString& result);
    // These films are on screen; films asked for before and not yet made are forgotten.
    void wantThumbnails(const QStringList& paths);

  Q_SIGNALS:
    void listing(bool isBusy);
    void listingProgressed(double fraction);
    void treeChanged();       // other films, companions or reasons; row numbers are new
    void rowChanged(int row);
    // `firstRow` is the first film of the request, new or already listed.
    void added(int firstRow);
    // To be opened: each companion that was named by itself, and of a request without films the first.
    void companionFound(const QString& path, cxr::ObjectKind kind);
    // `reason` is empty where the places were readable and held nothing.
    void nothingFound(const QStringList& paths, const QString& reason);

  private:
    struct Listing {
        QStringList requested;
        StudyScan scan;
    };
    void append(Listing listing);
    void appendObjects(const StudyScan& scan);
    void appendUnusable(const StudyScan& scan);
    void tellWhatCame(const QStringList& requested, const StudyScan& scan);
    void rebuild();
    void finishListing();
    [[nodiscard]] FilmRow rowFor(const StudyObject& object);
    void makeNextThumbnail();
    [[nodiscard]] bool needsThumbnail(int row) const;
    void finishThumbnail(const QString& path, const Result<LoadedFilm>& result);
    void keepThumbnail(FilmRow& film, const QImage& thumbnail);

    ReadFunction m_read;
    std::function<ReadLimits()> m_limits;
    QThreadPool m_pool;
    std::vector<StudyObject> m_objects;  // in the order in which they came
    std::vector<UnusableFile> m_unusable;
    std::vector<std::shared_ptr<const TemporaryFolder>> m_folders;  // of archives
    PatientTree m_tree;
    std::vector<FilmRow> m_rows;
    QHash<QString, int> m_places;         // path -> row
    QHash<QString, QString> m_instances;  // SOP instance -> path of the listed object
    std::vector<JobHandle> m_listings;
    int m_openListings = 0;
    std::deque<QString> m_wantedThumbnails, m_keptThumbnails;
    bool m_isMaking = false;
    JobHandle m_thumbnailJob;
};

// "Doe, Jane - PA - 2022 x 2022 - 2019-03-08", parts that are unknown left out (the view says "view unknown").
QString factsLine(const Image& image);
// The same of a header, without the patient: the tree shows whose it is.
QString factsLine(const StudyObject& object);

}  // namespace cxr::ui
