// ExportDialog: writes what was found to files: annotated picture PNG, report PDF and HTML, values JSON, CSV and FHIR, DICOM objects.
//   files   each whole or not at all; existing ones are asked about once, before anything is written
//   words   all content comes from core/report and ui/print, the same as the command line's
//   thread rule  GUI thread only; painting and writing run in a worker
#pragma once

#include <QDialog>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/localize/sanity_check.h"
#include "core/localize/three_way.h"
#include "core/measure/chest.h"
#include "core/report/report.h"
#include "ui/print/companion_painter.h"
#include "ui/print/heatmap_painter.h"

namespace cxr::ui {

// The map of the Explanations panel, as it is there.
struct ExportedMap {
    ShownHeatmap shown;
    HeatmapPtr raw;                         // before pooling
    std::vector<SanityCheck> checks = {};   // empty: not run
    std::optional<ThreeWayCheck> threeWay = {};
};

// Everything the files are made of. REQUIRES: image is not null.
struct ExportContext {
    ImagePtr image;
    VoiSetting voi;
    bool inverted = false;
    ChestMeasurement chest;
    ModelStamp model;
    std::optional<HeartSpotFacts> heartSpot;
    JudgementPtr judgement;                     // decided at the point that the user chose
    std::map<std::string, double> prevalences;  // as the user set them
    std::optional<ExportedMap> heatmap = {};    // none: nothing is explained
    bool hasHeatmap = false;                    // it goes into picture and reports
    std::vector<ReportPicture> pictures = {};   // that the reader added to this film's report
    std::filesystem::path file = {};            // of the film; DICOM objects copy patient and study from it
    FilmCompanions companions = {};             // as the window shows them: they go into the picture
    ReaderText text = {};                       // what the reader wrote, and the report's language
};

class ExportDialog : public QDialog {
    Q_OBJECT
  public:
    explicit ExportDialog(ExportContext context, QWidget* parent = nullptr);
    ~ExportDialog() override;

    // Where the files go; default: the user's documents.
    void setFolder(const QString& folder);
    [[nodiscard]] QString folder() const;

  public Q_SLOTS:
    void done(int result) override;  // stops a running export first

  Q_SIGNALS:
    void exported(const QStringList& files);
    void failed(const QString& message);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
