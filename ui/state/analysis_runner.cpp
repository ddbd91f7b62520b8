// AnalysisRunner: see analysis_runner.h.
#include "ui/state/analysis_runner.h"

namespace cxr::ui {

Result<Analysis> analyzeWithEngine(const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) {
    return analyzeFilm(image, options, context);
}

AnalysisRunner::AnalysisRunner(AnalyzeFunction analyze, QObject* parent)
    : QObject(parent), m_analyze(std::move(analyze)) {
    m_pool.setMaxThreadCount(1);
}

AnalysisRunner::~AnalysisRunner() {
    m_job.cancel();
    m_pool.waitForDone();
}

void AnalysisRunner::start(const ImagePtr& image, const AnalysisOptions& options) {
    cancel();
    m_isRunning = true;
    m_job = startJob<Analysis>(
        m_pool, this,
        [analyze = m_analyze, image, options](const RunContext& context) { return analyze(image, options, context); },
        [this](double fraction) { Q_EMIT progressed(fraction); },
        [this](Result<Analysis> result) { finish(result); });
    Q_EMIT started();
}

void AnalysisRunner::cancel() {
    if (!m_isRunning) return;
    m_isRunning = false;
    m_job.cancel();
    Q_EMIT stopped();
}

void AnalysisRunner::finish(const Result<Analysis>& result) {
    m_isRunning = false;
    if (result) {
        Q_EMIT finished(result.value());
    } else if (result.error().code == ErrorCode::Cancelled) {
        Q_EMIT stopped();
    } else {
        Q_EMIT failed(QString::fromStdString(result.error().message));
    }
}

}  // namespace cxr::ui
