// HeartSpotPanel: chooses a prior, shows the HeartSpot picture live and what it keeps. DESIGN "HeartSpot exactly".
//   cost   a slider's move: mask and picture in the panel's own worker thread (one at a time, the newest wins), below
//          50 ms; the pooled crop is cached and made again only when film, size or pooling change; LZMA and JPEG sizes
//          follow in the shared pool once the slider rests
//   words  "keeps x % of the pixels; re-identification risk not measured"
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>

#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/prior/prior_spec.h"
#include "core/report/report.h"

namespace cxr::ui {

class FilmView;

class HeartSpotPanel : public QWidget {
    Q_OBJECT
  public:
    explicit HeartSpotPanel(QThreadPool& pool, QWidget* parent = nullptr);
    ~HeartSpotPanel() override;

    // Another film (null: none), or the same film in another window: then nothing is computed again.
    void setFilm(ImagePtr image, const VoiSetting& voi);
    // The heart outline that "This film's heart" uses; nullopt while the analysis runs.
    void setMeasurement(const std::optional<ChestMeasurement>& measurement);
    // Picture of the preview follows `main` in zoom, centre and orientation, and the other way round. nullptr unlinks.
    void linkView(FilmView* main);

    // Where hearts lie on the training films (gray picture, CV_8UC1, any size); empty: not installed. Without this call
    // the panel looks for the default model pack's picture itself.
    void setPopulationRegion(const cv::Mat& region);

    [[nodiscard]] PriorSpec spec() const;
    void setSpec(const PriorSpec& spec);
    // What the present picture keeps; nullopt until the statistics of exactly this film and spec are there.
    [[nodiscard]] std::optional<HeartSpotFacts> facts() const;

  Q_SIGNALS:
    void specChanged(const cxr::PriorSpec& spec);
    void pictureUpdated();  // the picture of the present spec is on screen
    void factsChanged();    // facts() changed

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
