// Explanations of the film on screen and of films beside it: which findings can be explained and how, maps on demand, one
// at a time in a worker, partial maps while it runs, and the checks of a map.
//   at once   class activation maps that the analysis brought along need no run
//   order     the newest wish of the reader runs first; cancel() drops all that wait
//   thread rule  GUI thread only; the calls run in a worker
#pragma once

#include <QObject>
#include <QThreadPool>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/measure/finding.h"
#include "core/model/calibration.h"
#include "core/pipeline/sanity.h"
#include "ui/jobs/job.h"

namespace cxr::ui {

using HeatmapPtr = std::shared_ptr<const Heatmap>;

// One output of one pack that judged the film.
struct ExplainTarget {
    ModelRole role = ModelRole::Diseases;
    ModelStamp model;
    FindingProbability finding;
    int cam = -1;  // of the judgement's maps; -1: none was brought along
    int camColumns = 0, camRows = 0;  // its cells
};
// Diseases, cardiomegaly and HeartSpot, the packs in this order.
std::vector<ExplainTarget> explainTargets(const Judgement& judgement);

// A map to be made, before pooling.
struct MapWish {
    ImagePtr image;
    std::string packId;
    std::string output;
    ExplainOptions options;
    [[nodiscard]] std::string key() const;  // equal wishes have equal keys
};

// What a pack allows.
struct PackFacts {
    std::vector<ExplainMethod> methods;
    std::map<std::string, Calibration> calibrations;  // by output
};

// The long calls; tests put their own in their place.
struct ExplanationCalls {
    std::function<Result<PackFacts>(const std::string& packId, const RunContext&)> facts;
    std::function<Result<Heatmap>(const MapWish&, const RunContext&, const PartialHeatmap&)> explain;
    std::function<Result<SanityReport>(const MapWish&, const ChestMeasurement&, const RunContext&)> check;
};
ExplanationCalls explanationsWithEngine();

// The map that the analysis brought along, on its film.
Heatmap camOf(const PackJudgement& pack, std::size_t output, const Calibration& calibration);

class Explanations : public QObject {
    Q_OBJECT
  public:
    static constexpr std::size_t kKeptMaps = 48;

    explicit Explanations(ExplanationCalls calls, QObject* parent = nullptr);
    ~Explanations() override;

    // The film on screen and what was found on it; null: none. Maps of other films are kept.
    void setFilm(const ImagePtr& image, const JudgementPtr& judgement);
    [[nodiscard]] const std::vector<ExplainTarget>& targets() const { return m_targets; }
    [[nodiscard]] const ImagePtr& image() const { return m_image; }

    // Empty: not known yet; it was asked for and factsKnown() follows. Without an answer: the maps of the analysis only.
    [[nodiscard]] const PackFacts* factsOf(const std::string& packId);

    // The program's choice for an output of the film (core/pipeline/explain_default.h); until the pack's methods are known, the
    // one that it would be if the pack allowed gradients.
    [[nodiscard]] ExplainMethod defaultMethod(const std::string& packId, const std::string& output);

    // Null: not there; want() it.
    [[nodiscard]] HeatmapPtr find(const MapWish& wish);
    // Ends in ready() or failed(), at once if the map is there, unless cancel() comes first.
    void want(const MapWish& wish);
    void cancel();
    void cancel(const std::string& key);  // this one alone
    [[nodiscard]] bool isRunning(const std::string& key) const { return m_running && m_running->key() == key; }
    [[nodiscard]] bool isBusy() const { return m_running.has_value() || !m_waiting.empty(); }

    // Ends in checked() or checkFailed(), unless another check or cancelCheck() comes first.
    void check(const MapWish& wish, const ChestMeasurement& chest);
    void cancelCheck();

  Q_SIGNALS:
    void targetsChanged();
    void factsKnown(const std::string& packId);
    void partial(const std::string& key, const cxr::ui::HeatmapPtr& map);
    void ready(const std::string& key, const cxr::ui::HeatmapPtr& map);
    void failed(const std::string& key, const QString& reason);
    void progressed(const std::string& key, double fraction);
    void busyChanged(bool isBusy);
    void checked(const std::string& key, const cxr::SanityReport& report);
    void checkFailed(const std::string& key, const QString& reason);
    void checkProgressed(double fraction);

  private:
    struct Slot;
    void startNext();
    void finish(const std::string& key, Result<Heatmap> result);
    void keep(const std::string& key, HeatmapPtr map);
    [[nodiscard]] HeatmapPtr broughtAlong(const MapWish& wish);

    ExplanationCalls m_calls;
    QThreadPool m_pool;  // one thread: the engine serialises anyway
    ImagePtr m_image;
    JudgementPtr m_judgement;
    std::vector<ExplainTarget> m_targets;
    std::map<std::string, PackFacts> m_facts;
    std::map<std::string, JobHandle> m_factJobs;
    std::list<std::pair<std::string, HeatmapPtr>> m_kept;  // newest first
    std::list<MapWish> m_waiting;                          // the next is at the front
    std::optional<MapWish> m_running;
    JobHandle m_job, m_checkJob;
};

}  // namespace cxr::ui
