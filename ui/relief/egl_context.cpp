// See egl_context.h.
#include "ui/relief/egl_context.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <cstring>

namespace cxr::ui {

namespace {

constexpr EGLint kConfig[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
constexpr EGLint kVersion[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 2, EGL_CONTEXT_OPENGL_PROFILE_MASK,
                               EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};

Error unavailable() {
    return {ErrorCode::Unsupported, "The relief view needs OpenGL 3.2 through EGL: install the packages libegl-mesa0 and libgl1-mesa-dri."};
}

EGLDisplay surfacelessDisplay() {
    const char* extensions = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    if (!extensions || !std::strstr(extensions, "EGL_MESA_platform_surfaceless")) return EGL_NO_DISPLAY;
    const auto platformDisplay = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
    return platformDisplay ? platformDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr) : EGL_NO_DISPLAY;
}

}  // namespace

Result<std::unique_ptr<EglContext>> EglContext::create() {
    const EGLDisplay display = surfacelessDisplay();
    if (display == EGL_NO_DISPLAY || !eglInitialize(display, nullptr, nullptr) || !eglBindAPI(EGL_OPENGL_API)) return unavailable();
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (!eglChooseConfig(display, kConfig, &config, 1, &count) || count < 1) return unavailable();
    const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, kVersion);
    if (context == EGL_NO_CONTEXT) return unavailable();
    std::unique_ptr<EglContext> made(new EglContext(display, context));
    if (!made->makeCurrent()) return unavailable();
    made->release();
    return made;
}

EglContext::~EglContext() {
    eglDestroyContext(m_display, m_context);  // the display is shared by the process and stays
}

// The API is chosen per thread.
bool EglContext::makeCurrent() const { return eglBindAPI(EGL_OPENGL_API) && eglMakeCurrent(m_display, EGL_NO_SURFACE, EGL_NO_SURFACE, m_context); }

void EglContext::release() const { eglMakeCurrent(m_display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT); }

}  // namespace cxr::ui
