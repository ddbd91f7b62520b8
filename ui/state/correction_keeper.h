// CorrectionKeeper: a film's corrections survive the program. What the reader changed or wrote is in the file a quarter of a second later, and is
// laid over the networks' answer when the film is analysed again; one step of undo shows that answer bare.
//   film     known by the SHA-256 of its file; the sample film and other made pictures are not kept
//   kill     at most the last half second is lost (core/corrections/correction_store.h)
//   order    before a film's kept corrections were looked up, only a reader who was faster than the disk replaces them
//   damaged  a file that cannot be read is put aside as NAME.damaged, a new one is begun, troubled() says so once
//   thread rule  GUI thread only; the file is read and written by one worker
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/corrections/correction_store.h"
#include "ui/jobs/job.h"
#include "ui/state/film_session.h"

namespace cxr::ui {

class CorrectionKeeper : public QObject {
    Q_OBJECT
  public:
    static constexpr int kDelayMs = 250;

    explicit CorrectionKeeper(FilmSession& session, QObject* parent = nullptr);
    // Writes what waits.
    ~CorrectionKeeper() override;

    // Empty: nothing is kept from now on; what the file held stays there.
    void setFile(const std::filesystem::path& file);

    // Lays what is kept for the film on screen over what the networks just found.
    void restore();
    // Removes the corrections of all films from the file; those on screen are written again when they change.
    void forgetAll();

  Q_SIGNALS:
    void restored(const QString& savedAt);  // UTC, ISO 8601; not for a text alone
    void troubled(const QString& sentence);

  private:
    class Store;
    void onHistoryChanged();
    void onFound(const Result<std::optional<KeptCorrections>>& found);
    void leaveFilm();
    void flush();  // writes what waits, now
    [[nodiscard]] Corrections onScreen() const;  // without the film's size where there are none
    void change(std::function<Result<Done>(CorrectionStore&)> call);

    FilmSession& m_session;
    std::unique_ptr<Store> m_store;  // used by the worker only; null: nothing is kept
    std::filesystem::path m_file;
    QThreadPool m_pool;  // one thread: changes reach the file in order
    QTimer m_delay;
    JobHandle m_search;
    std::string m_film;     // whose corrections are kept; empty: none
    bool m_isLookedUp = false;
    std::string m_written;  // as they stand in the file, or will; empty: not known
};

}  // namespace cxr::ui
