// BundleWindow: what a sealed HeartSpot bundle holds: kept pixels in their places, probability, explanation. It is no film:
// nothing is measured on it, and what was dropped cannot be shown.
//   thread rule  GUI thread only; the file is read in a worker
#pragma once

#include <QDialog>
#include <memory>

#include "core/pipeline/heartspot_bundle.h"

namespace cxr::ui {

class BundleWindow : public QDialog {
    Q_OBJECT
  public:
    explicit BundleWindow(const QString& file, QWidget* parent = nullptr);
    ~BundleWindow() override;

    [[nodiscard]] static bool isBundle(const QString& file);

  Q_SIGNALS:
    void opened();
    void failed(const QString& sentence);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
