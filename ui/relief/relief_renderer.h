// ReliefRenderer: draws landscapes by VTK into pictures, without a window.
//   display  a surfaceless EGL context of its own: the same picture in the window, in files and in tests, on every platform
//            plugin. Debian's GLEW knows GLX only and complains under EGL, so VTK's warnings are off
//   skin     lit from the upper left, nearly half of the light from everywhere, so that the film stays readable in the valleys
//   moving   the coarse heights without smooth edges, several times faster; a still picture follows
//   thread rule  one thread at a time, not always the same
#pragma once

#include <QImage>
#include <memory>

#include "core/base/result.h"
#include "ui/relief/landscape.h"

namespace cxr::ui {

class ReliefRenderer {
  public:
    static constexpr std::size_t kMostLandscapes = 4;

    // fails Unsupported: this machine has no OpenGL through EGL
    static Result<std::unique_ptr<ReliefRenderer>> create();
    ~ReliefRenderer();
    ReliefRenderer(const ReliefRenderer&) = delete;
    ReliefRenderer& operator=(const ReliefRenderer&) = delete;

    // RGB32. What belongs to `landscape` is kept for its next picture in this place, 0 .. kMostLandscapes - 1.
    // Null: the context was lost. REQUIRES: size not empty, the landscape has heights
    QImage render(std::size_t place, const LandscapePtr& landscape, QSize size, const ReliefCamera& camera, bool isMoving);

  private:
    class Private;
    explicit ReliefRenderer(std::unique_ptr<Private> made);
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
