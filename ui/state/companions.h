// Companions: the objects that accompany the films of this sitting (presentation states, segmentations, parametric maps,
// reports, documents), read in a worker, and which of them lie over the film on screen.
//   film    an object that lies over a film needs it: on screen, else among the listed files, else beside the object; that
//           film is opened first, or one sentence says which is missing
//   order   one after the other, as they were asked for
//   shown   one of each kind at most; what was chosen for a film is kept while the program runs
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/dicom_in/encapsulated_pdf.h"
#include "core/dicom_in/parametric_map.h"
#include "core/dicom_in/presentation_state.h"
#include "core/dicom_in/segmented_film.h"
#include "core/dicom_in/structured_report.h"
#include "ui/jobs/job.h"
#include "ui/state/film_session.h"

namespace cxr::ui {

// One object; the part of its kind is there, the others are null.
struct CompanionObject {
    QString path;
    ObjectFacts facts;
    PresentationPtr presentation;
    SegmentedFilmPtr segments;
    FilmMapPtr map;
    std::shared_ptr<const StructuredReport> report;
    std::shared_ptr<const EncapsulatedPdf> pdf;
};
using CompanionPtr = std::shared_ptr<const CompanionObject>;

class Companions : public QObject {
    Q_OBJECT
  public:
    // `listed`: the paths of all films that the window knows.
    Companions(FilmSession& session, std::function<QStringList()> listed, QObject* parent = nullptr);
    ~Companions() override;

    // One object, whatever it is called; ends in changed(), documentOpened() or failed().
    void open(const QString& path);

    // The film that objects wait for could not be opened.
    void forgetWaiting() { m_waiting.clear(); }

    // Of the film on screen, in the order they were opened.
    [[nodiscard]] std::vector<CompanionPtr> of(ObjectKind kind) const;
    [[nodiscard]] CompanionPtr shown(ObjectKind kind) const;  // null: none
    void show(ObjectKind kind, const CompanionPtr& object);   // null: nothing of this kind

  Q_SIGNALS:
    void changed();  // what there is, or what lies over the film
    void filmWanted(const QString& path);
    void documentOpened(const cxr::ui::CompanionPtr& document);  // a report or a PDF
    void failed(const QString& sentence);

  private:
    struct Read {
        CompanionPtr object;             // null: the film must be opened first
        QString film;                    // its file
        std::vector<std::string> films;  // that the object is about
    };
    struct Record {
        std::vector<CompanionPtr> objects;
        std::map<ObjectKind, CompanionPtr> shown;
    };
    struct Request {
        QString path;
        bool mayOpenFilm = true;
    };
    struct Waiting {
        QString path;
        std::vector<std::string> films;  // one of them must come on screen
    };
    void ask(const Request& request);
    void startNext();
    [[nodiscard]] JobHandle startReading(const Request& request);
    void take(const Request& request, Result<Read> result);
    void keep(const CompanionPtr& object);
    void onFilmChanged();
    [[nodiscard]] std::string filmUid() const;

    FilmSession& m_session;
    std::function<QStringList()> m_listed;
    QThreadPool m_pool;
    std::map<std::string, Record> m_records;  // by the film's SOP Instance UID
    std::vector<Waiting> m_waiting;           // objects whose film is being opened
    std::deque<Request> m_requests;
    bool m_isReading = false;
    JobHandle m_job;
};

// One sentence for an object whose film is not there.
QString missingFilmText(const ObjectFacts& facts);

}  // namespace cxr::ui
