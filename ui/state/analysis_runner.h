// AnalysisRunner: runs the analysis of the film on screen in a worker, one at a time; the newest replaces the older.
//   ends in exactly one of finished(), failed(), stopped()
//   thread rule  GUI thread only; `analyze` runs in a worker
#pragma once

#include <QObject>
#include <QThreadPool>
#include <functional>

#include "core/pipeline/analysis.h"
#include "ui/jobs/job.h"

namespace cxr::ui {

// How a film is analysed; tests put their own in its place.
using AnalyzeFunction = std::function<Result<Analysis>(const ImagePtr&, const AnalysisOptions&, const RunContext&)>;

// analyzeFilm() with the engine of this process.
Result<Analysis> analyzeWithEngine(const ImagePtr& image, const AnalysisOptions& options, const RunContext& context);

class AnalysisRunner : public QObject {
    Q_OBJECT
  public:
    explicit AnalysisRunner(AnalyzeFunction analyze, QObject* parent = nullptr);
    ~AnalysisRunner() override;

    void start(const ImagePtr& image, const AnalysisOptions& options);
    // The window is free at once; the worker notices within 100 ms of its next layer.
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }

  Q_SIGNALS:
    void started();
    void progressed(double fraction);
    void finished(const cxr::Analysis& analysis);
    void failed(const QString& message);
    void stopped();

  private:
    void finish(const Result<Analysis>& result);

    AnalyzeFunction m_analyze;
    QThreadPool m_pool;
    JobHandle m_job;
    bool m_isRunning = false;
};

}  // namespace cxr::ui
