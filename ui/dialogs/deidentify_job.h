// The long calls of DeidentifyDialog: films with the writing found on them, and the export itself.
//   thread rule  any thread
#pragma once

#include <QImage>
#include <QRect>
#include <QStringList>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/pipeline/deidentify_run.h"

namespace cxr::ui {

// One film to be looked at before its writing is blackened.
struct ReviewedFilm {
    QString path;
    QImage picture;   // at most kReviewSide px; null: it cannot be shown
    QSize filmSize;
    std::vector<QRect> boxes;  // film px
    QString error;    // why it cannot be shown
    bool isSeen = false;
};
inline constexpr int kReviewSide = 1400;

// A film that cannot be read has its reason; the others go on.   fails Cancelled
Result<std::vector<ReviewedFilm>> reviewFilms(const QStringList& files, const RunContext& context);

struct DeidentifyJob {
    QStringList files;
    QString folder, keyFile;  // an empty key file: the key is discarded
    DeidentifyPlan plan;
};
Result<DeidentifySummary> runDeidentifyJob(const DeidentifyJob& job, const RunContext& context);

}  // namespace cxr::ui
