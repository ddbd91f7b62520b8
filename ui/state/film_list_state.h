// FilmListState: the films of this sitting, in order, as a list model: what the study list shows.
//   adding      files and folders are looked through in a worker; doubles are left out; a named file that is no film
//               is listed too, so that its reason can be read
//   thumbnails  made in a worker, one at a time, for the rows that are on screen
//   thread rule  GUI thread only
#pragma once

#include <QAbstractListModel>
#include <QImage>
#include <QStringList>
#include <QThreadPool>
#include <deque>
#include <functional>
#include <vector>

#include "core/image/image.h"
#include "ui/jobs/job.h"
#include "ui/state/film_loader.h"

namespace cxr::ui {

enum class FilmStatus { Unread, Reading, Ready, Failed };

struct FilmRow {
    QString path;
    QString title;   // file name
    QString facts;   // "Doe, Jane - PA - 2022 x 2022"; empty until read
    QString result;  // "CTR 0.57, enlarged"; empty until measured
    QString error;   // why it could not be opened
    FilmStatus status = FilmStatus::Unread;
    QImage thumbnail;
};

class FilmListState : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role { PathRole = Qt::UserRole + 1, FactsRole, ResultRole, ErrorRole, StatusRole };

    // `limits` is asked before each reading of a thumbnail.
    FilmListState(ReadFunction read, std::function<ReadLimits()> limits, QObject* parent = nullptr);
    ~FilmListState() override;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    // Looks through files and folders in a worker; ends in added() or nothingFound().
    void add(const QStringList& paths);
    // At once, without looking: the sample.
    int addRow(const QString& path);
    void remove(int row);
    void clear();

    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] const FilmRow& row(int index) const { return m_rows[static_cast<std::size_t>(index)]; }
    [[nodiscard]] int rowOf(const QString& path) const;  // -1: not listed

    void setReading(int row);
    void setUnread(int row);  // reading was stopped
    void setReady(int row, const LoadedFilm& film);
    void setFailed(int row, const QString& reason);
    void setResult(int row, const QString& result);
    // These rows are on screen; rows asked for before and not yet made are forgotten.
    void wantThumbnails(int firstRow, int lastRow);

  Q_SIGNALS:
    void listing(bool isBusy);
    // `firstRow` is the first film of the request, new or already listed.
    void added(int firstRow, int newRows);
    void nothingFound(const QStringList& paths);

  private:
    struct Listing {
        QStringList requested;
        QStringList films;
    };
    void append(const Listing& listing);
    void touch(int row);
    void makeNextThumbnail();
    [[nodiscard]] bool needsThumbnail(int row) const;
    void finishThumbnail(const QString& path, const Result<LoadedFilm>& result);

    ReadFunction m_read;
    std::function<ReadLimits()> m_limits;
    QThreadPool m_pool;
    std::vector<FilmRow> m_rows;
    std::vector<JobHandle> m_listings;
    int m_openListings = 0;
    std::deque<QString> m_wantedThumbnails;
    bool m_isMaking = false;
    JobHandle m_thumbnailJob;
};

// "Doe, Jane - PA - 2022 x 2022 - 2019-03-08", parts that are unknown left out (the view says "view unknown").
QString factsLine(const Image& image);

}  // namespace cxr::ui
