// FilmSession: the film on screen: image, what was measured, the user's corrections with undo and redo, how it was shown.
//   records  measurement, corrections and look of a film are kept while it is listed: coming back costs nothing
//   edits    of outlines, lines and boxes of maps on one stack; history[0] is what the network found; undo never goes behind it
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QString>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/corrections/corrections.h"
#include "core/image/film_pyramid.h"
#include "core/measure/length_calibration.h"
#include "core/pipeline/analysis.h"

namespace cxr::ui {

// How the user looked at a film.
struct FilmLook {
    VoiSetting voi;
    bool isInverted = false;
    int quarterTurns = 0;
    bool flipHorizontal = false;
    bool flipVertical = false;
};

class FilmSession : public QObject {
    Q_OBJECT
  public:
    static constexpr std::size_t kMaxHistory = 200;

    using QObject::QObject;

    // Film `path` is on screen from now on; `pyramid` as FilmLoader made it, may be empty.
    void open(const QString& path, ImagePtr image, FilmPyramid pyramid = {});
    void close();
    // The film left the list: nothing about it is kept.
    void forget(const QString& path);

    [[nodiscard]] bool isOpen() const { return m_image != nullptr; }
    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] ImagePtr image() const { return m_image; }
    [[nodiscard]] const FilmPyramid& pyramid() const { return m_pyramid; }
    // The same with the user's calibration as its spacing: what lengths on screen and in exports are taken from.
    [[nodiscard]] ImagePtr calibratedImage() const { return m_calibrated; }
    [[nodiscard]] std::optional<LengthCalibration> calibration() const;
    // nullopt: the header's spacing again. On the stack of corrections; before the analysis too.
    // fails as calibratedSpacing() does
    Result<Done> setCalibration(const std::optional<LengthCalibration>& calibration);

    // nullopt until analysed. With all corrections.
    [[nodiscard]] std::optional<ChestMeasurement> measurement() const;
    [[nodiscard]] ModelStamp model() const;
    [[nodiscard]] double seconds() const;
    [[nodiscard]] JudgementPtr judgement() const;  // null: not analysed, or no network judged it
    [[nodiscard]] EditedBoxes editedBoxes() const;

    // The reader's own work on the film on screen; empty before the analysis.
    [[nodiscard]] Corrections corrections() const;

    // What the reader wrote for the report of the film on screen; not on the stack of corrections.
    [[nodiscard]] ReaderText readerText() const;
    void setReaderText(const ReaderText& text);

    // The network's answer for the film on screen; corrections made before are laid over it.
    void setAnalysis(const Analysis& analysis);
    // Corrections of an earlier sitting, as one step over the network's answer; calibration and text of this sitting stay. No-op before
    // the analysis, and if they are empty or of a film of another size.
    void restore(const Corrections& kept);
    // A handle is being dragged: shown, not yet kept.
    void previewEdit(const ChestMeasurement& measurement);
    void commitEdit(const ChestMeasurement& measurement);
    // nullopt: as the map gives them again. No-op before the analysis, and if nothing changes.
    void commitBoxes(const std::string& mapKey, const std::optional<std::vector<FindingBox>>& boxes);
    [[nodiscard]] bool canUndo() const;
    [[nodiscard]] bool canRedo() const;
    void undo();
    void redo();
    void discardEdits();  // back to what the network found; can be undone by redo

    [[nodiscard]] std::optional<FilmLook> look() const;
    void setLook(const FilmLook& look);

  Q_SIGNALS:
    void filmLeaving();         // everything about the film on screen can still be asked
    void filmChanged();         // another film, or none
    void measurementChanged();  // found, corrected, undone, gone
    void measurementPreviewed(const cxr::ChestMeasurement& measurement);
    void boxesChanged();  // edited, undone, gone
    void calibrationChanged();
    void readerTextChanged();
    void historyChanged();

  private:
    // What is on the stack after a correction. Equal numbers: the same outlines, the same boxes.
    struct Step {
        ChestMeasurement chest;
        EditedBoxes boxes;
        int chestNumber = 0, boxesNumber = 0;
        std::optional<LengthCalibration> calibration = {};
    };
    struct Record {
        std::vector<Step> history{Step{}};  // never empty
        bool isAnalysed = false;
        std::size_t current = 0;
        ModelStamp model;
        double seconds = 0;
        JudgementPtr judgement;
        std::optional<FilmLook> look;
        ReaderText text;
    };
    [[nodiscard]] const Record* record() const;
    void push(Step step);
    void moveTo(std::size_t index);
    [[nodiscard]] const Step& step() const { return record()->history[record()->current]; }
    void announce(const Step& before);
    bool calibrate();  // m_calibrated as the current step has it; true: it is another one

    QString m_path;
    ImagePtr m_image, m_calibrated;
    FilmPyramid m_pyramid;
    std::map<QString, Record> m_records;
    int m_lastNumber = 0;
};

}  // namespace cxr::ui
