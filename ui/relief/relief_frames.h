// ReliefFrames: draws landscapes in a worker of its own, always the newest wish: the window never waits for OpenGL.
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QObject>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ui/jobs/job.h"
#include "ui/relief/relief_picture.h"

namespace cxr::ui {

class ReliefFrames : public QObject {
    Q_OBJECT
  public:
    // One landscape for each place, ReliefRenderer::kMostLandscapes at most; null or an empty size: nothing to draw there.
    struct Wish {
        std::vector<LandscapePtr> landscapes;
        std::vector<QSize> sizes;  // px
        ReliefCamera camera;
        bool isMoving = false;     // sooner rather than finely
    };

    explicit ReliefFrames(QObject* parent = nullptr);
    ~ReliefFrames() override;

    // Ends in drawn() or failed(), unless another wish comes before its turn.
    void want(Wish wish);
    [[nodiscard]] bool isBusy() const { return m_isBusy; }
    // The picture of a sheet, after the frame that is being drawn. fails as reliefPicture does
    [[nodiscard]] JobHandle makePicture(QObject* receiver, const ReliefSheet& sheet, std::function<void(Result<QImage>)> onDone);
    // Why nothing can be drawn on this machine; empty: all is well, or not tried yet.
    [[nodiscard]] const QString& problem() const { return m_problem; }

  Q_SIGNALS:
    // Null frames for places without a landscape. `seconds`: of drawing all of them.
    void drawn(const std::vector<QImage>& frames, const cxr::ui::ReliefFrames::Wish& wish, double seconds);
    void failed(const QString& sentence);

  private:
    struct Shared;  // what the worker has
    void startNext();

    std::shared_ptr<Shared> m_shared;
    QThreadPool m_pool;  // one thread
    std::optional<Wish> m_next;
    bool m_isBusy = false;
    QString m_problem;
    JobHandle m_job;
};

}  // namespace cxr::ui
