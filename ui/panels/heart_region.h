// HeartRegionChooser: which heart region the priors "in the heart" use: this film's own outline, the population region
// of the default model pack, or a picture from a file. What is not there yet says why.
//   thread rule  GUI thread only
#pragma once

#include <QString>
#include <QWidget>
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <optional>

#include "core/base/result.h"
#include "core/image/image.h"
#include "core/measure/chest.h"

class QComboBox;
class QLabel;

namespace cxr::ui {

// A gray picture of any size as CV_8UC1. fails NotFound, Unsupported (no picture), TooLarge (above 64 Mpx).
Result<cv::Mat> readHeartRegion(const std::filesystem::path& file);

class HeartRegionChooser : public QWidget {
    Q_OBJECT
  public:
    explicit HeartRegionChooser(QWidget* parent = nullptr);

    void setFilm(const ImagePtr& film);  // forgets the film's outline
    void setMeasurement(const std::optional<ChestMeasurement>& measurement);
    // The population region, CV_8UC1; empty: not installed.
    void setPopulationRegion(const cv::Mat& region);
    // From a file; shows the error in place and keeps the former region if it cannot be read.
    bool loadFile(const QString& file);

    [[nodiscard]] cv::Mat region() const;   // CV_8UC1; empty: not known, see missing()
    [[nodiscard]] QString missing() const;  // why there is none and what to do
    void setUsable(bool usable);            // false: the prior uses no heart

  Q_SIGNALS:
    void regionChanged();

  private:
    enum Source { ThisFilm, Population, File };
    void refresh();
    void choose(int index);
    void askForFile();
    [[nodiscard]] Source source() const;

    QComboBox* m_combo;
    QLabel* m_message;
    ImagePtr m_film;
    cv::Mat m_ownRegion, m_populationRegion, m_fileRegion;
    QString m_fileName;
    bool m_isMeasured = false;
    bool m_userChose = false;
};

}  // namespace cxr::ui
