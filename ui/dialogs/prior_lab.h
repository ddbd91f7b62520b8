// PriorLab: priors of HeartSpot beside each other, for researchers: a table and pictures for the open film or a folder, and
// sliders for a prior of one's own.
//   cost   a slider's move: mask and picture in the lab's own worker thread, one at a time, the newest wins, below 50 ms;
//          comparing runs in the shared pool and can be stopped
//   words  "keeps x % of the pixels; re-identification risk not measured"
//   thread rule  GUI thread only
#pragma once

#include <QDialog>
#include <memory>

#include "core/image/image.h"
#include "ui/dialogs/prior_lab_job.h"

namespace cxr::ui {

class PriorLab : public QDialog {
    Q_OBJECT
  public:
    explicit PriorLab(PriorJudgesCall judges = installedPriorJudges, QWidget* parent = nullptr);
    ~PriorLab() override;

    // The open film (null: none). Does not compare by itself.
    void setFilm(ImagePtr image, const VoiSetting& voi, const QString& name);
    void compareFilm();
    void compareFolder(const QString& folder);
    // Heart region of the sliders' picture, CV_8UC1; without this call the shipped one is looked for.
    void setHeartRegion(const cv::Mat& region);

    [[nodiscard]] const PriorComparison& comparison() const;

  Q_SIGNALS:
    void compared();                       // the table shows a new comparison
    void failed(const QString& sentence);  // shown in the window, too
    void pictureUpdated();                 // the sliders' picture is that of the present prior
    void helpWanted(const QString& chapter);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
