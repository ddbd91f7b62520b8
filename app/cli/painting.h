// Makes painting (fonts, pictures, PDF) possible without a display, for the verbs that need it.
//   thread rule  create in the main thread before anything paints; painting on QImage may then happen in any thread
#pragma once

#include <memory>

class QGuiApplication;

namespace cxr::cli {

class PaintingSession {
  public:
    PaintingSession();
    ~PaintingSession();

  private:
    std::unique_ptr<QGuiApplication> m_application;
};

}  // namespace cxr::cli
