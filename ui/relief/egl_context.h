// EglContext: OpenGL without a window or a display server (EGL_MESA_platform_surfaceless), in software where there is no GPU.
//   thread rule  current in one thread at a time; create, use and destroy in any
#pragma once

#include <memory>

#include "core/base/result.h"

namespace cxr::ui {

class EglContext {
  public:
    // OpenGL 3.2 core. fails Unsupported, with what to install
    static Result<std::unique_ptr<EglContext>> create();
    ~EglContext();
    EglContext(const EglContext&) = delete;
    EglContext& operator=(const EglContext&) = delete;

    bool makeCurrent() const;
    void release() const;

  private:
    EglContext(void* display, void* context) : m_display(display), m_context(context) {}
    void* m_display;
    void* m_context;
};

// Current as long as it lives.
class EglCurrent {
  public:
    explicit EglCurrent(const EglContext& context) : m_context(context), m_isCurrent(context.makeCurrent()) {}
    ~EglCurrent() {
        if (m_isCurrent) m_context.release();
    }
    EglCurrent(const EglCurrent&) = delete;
    EglCurrent& operator=(const EglCurrent&) = delete;
    explicit operator bool() const { return m_isCurrent; }

  private:
    const EglContext& m_context;
    bool m_isCurrent;
};

}  // namespace cxr::ui
