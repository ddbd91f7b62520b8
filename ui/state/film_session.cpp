// FilmSession: see film_session.h.
#include "ui/state/film_session.h"

#include <utility>

namespace cxr::ui {

void FilmSession::open(const QString& path, ImagePtr image, FilmPyramid pyramid) {
    if (m_image) Q_EMIT filmLeaving();
    m_path = path;
    m_image = std::move(image);
    m_pyramid = std::move(pyramid);
    m_records.try_emplace(path);
    calibrate();
    Q_EMIT filmChanged();
    Q_EMIT measurementChanged();
    Q_EMIT boxesChanged();
    Q_EMIT historyChanged();
}

void FilmSession::close() {
    if (!m_image) return;
    Q_EMIT filmLeaving();
    m_path.clear();
    m_image.reset();
    m_calibrated.reset();
    m_pyramid = {};
    Q_EMIT filmChanged();
    Q_EMIT measurementChanged();
    Q_EMIT boxesChanged();
    Q_EMIT historyChanged();
}

void FilmSession::forget(const QString& path) {
    if (path == m_path) close();
    m_records.erase(path);
}

const FilmSession::Record* FilmSession::record() const {
    const auto at = m_records.find(m_path);
    return m_image && at != m_records.end() ? &at->second : nullptr;
}

std::optional<ChestMeasurement> FilmSession::measurement() const {
    const Record* r = record();
    if (!r || !r->isAnalysed) return std::nullopt;
    if (m_calibrated == m_image) return step().chest;
    return withSpacing(step().chest, *m_image, *m_calibrated);
}

EditedBoxes FilmSession::editedBoxes() const {
    const Record* r = record();
    return r ? r->history[r->current].boxes : EditedBoxes{};
}

Corrections FilmSession::corrections() const {
    return measurement() ? correctionsOf(step().chest, step().boxes, step().calibration, record()->text) : Corrections{};
}

ModelStamp FilmSession::model() const { return record() ? record()->model : ModelStamp{}; }
double FilmSession::seconds() const { return record() ? record()->seconds : 0; }
JudgementPtr FilmSession::judgement() const { return record() ? record()->judgement : nullptr; }

void FilmSession::setAnalysis(const Analysis& analysis) {
    if (!record()) return;
    const Corrections kept = corrections();
    Record& r = m_records[m_path];
    r.history = {{analysis.chest, {}, ++m_lastNumber, ++m_lastNumber, step().calibration}};
    r.current = 0;
    r.isAnalysed = true;
    r.model = analysis.model;
    r.seconds = analysis.seconds;
    r.judgement = analysis.judgement;
    Q_EMIT measurementChanged();
    Q_EMIT boxesChanged();
    Q_EMIT historyChanged();
    if (kept.hasFindings()) restore(kept);
}

void FilmSession::restore(const Corrections& kept) {
    if (!measurement() || kept.isEmpty()) return;
    if (kept.filmWidthPx != step().chest.filmWidthPx || kept.filmHeightPx != step().chest.filmHeightPx) return;
    if (record()->text.isEmpty() && !kept.text.isEmpty()) setReaderText(kept.text);
    if (!kept.hasFindings() && !kept.calibration) return;
    Step next = step();
    next.chest = withCorrections(next.chest, kept);
    next.boxes = kept.boxes;
    if (!next.calibration) next.calibration = kept.calibration;
    next.chestNumber = ++m_lastNumber;
    next.boxesNumber = ++m_lastNumber;
    push(std::move(next));
}

void FilmSession::previewEdit(const ChestMeasurement& measurement) {
    if (this->measurement()) Q_EMIT measurementPreviewed(measurement);
}

void FilmSession::commitEdit(const ChestMeasurement& measurement) {
    if (!this->measurement()) return;
    Step step = record()->history[record()->current];
    step.chest = measurement;
    step.chestNumber = ++m_lastNumber;
    push(std::move(step));
}

void FilmSession::commitBoxes(const std::string& mapKey, const std::optional<std::vector<FindingBox>>& boxes) {
    if (!measurement()) return;
    Step step = record()->history[record()->current];
    if (boxes) {
        step.boxes[mapKey] = *boxes;
    } else {
        step.boxes.erase(mapKey);
    }
    if (step.boxes == editedBoxes()) return;
    step.boxesNumber = ++m_lastNumber;
    push(std::move(step));
}

void FilmSession::push(Step step) {
    Record& r = m_records[m_path];
    const Step before = r.history[r.current];
    r.history.resize(r.current + 1);
    r.history.push_back(std::move(step));
    if (r.history.size() > kMaxHistory) r.history.erase(r.history.begin() + 1);  // the network's answer stays
    r.current = r.history.size() - 1;
    announce(before);
}

bool FilmSession::canUndo() const { return record() && record()->current > 0; }
bool FilmSession::canRedo() const { return record() && record()->current + 1 < record()->history.size(); }

void FilmSession::undo() {
    if (canUndo()) moveTo(record()->current - 1);
}

void FilmSession::redo() {
    if (canRedo()) moveTo(record()->current + 1);
}

void FilmSession::discardEdits() {
    if (!canUndo()) return;
    m_records[m_path].history.front().calibration = step().calibration;  // that is no correction of a finding
    moveTo(0);
}

void FilmSession::moveTo(std::size_t index) {
    Record& r = m_records[m_path];
    const Step before = r.history[r.current];
    r.current = index;
    announce(before);
}

// Outlines cost listeners more than boxes: each hears of its own only.
void FilmSession::announce(const Step& before) {
    const bool isOtherChest = step().chestNumber != before.chestNumber, hasOtherBoxes = step().boxesNumber != before.boxesNumber;
    const bool isOtherSpacing = calibrate();
    if (isOtherSpacing) Q_EMIT calibrationChanged();
    const bool hasOtherNotes = isOtherSpacing && record()->isAnalysed;  // they speak of the spacing
    if (isOtherChest || hasOtherNotes) Q_EMIT measurementChanged();
    if (hasOtherBoxes) Q_EMIT boxesChanged();
    Q_EMIT historyChanged();
}

std::optional<LengthCalibration> FilmSession::calibration() const { return record() ? step().calibration : std::nullopt; }

Result<Done> FilmSession::setCalibration(const std::optional<LengthCalibration>& calibration) {
    if (!record() || calibration == this->calibration()) return Done{};
    if (calibration) {
        const auto spacing = calibratedSpacing(*calibration, m_image->spacing);
        if (!spacing) return spacing.error();
    }
    Step next = step();
    next.calibration = calibration;
    push(std::move(next));
    return Done{};
}

bool FilmSession::calibrate() {
    const ImagePtr before = m_calibrated;
    const auto wanted = calibration();
    const auto spacing = wanted ? calibratedSpacing(*wanted, m_image->spacing) : Result<Spacing>(m_image->spacing);
    if (before && spacing && before->spacing == spacing.value() && before->samples.data == m_image->samples.data) return false;
    m_calibrated = wanted && spacing ? withSpacing(m_image, spacing.value()) : m_image;
    return true;
}

ReaderText FilmSession::readerText() const { return record() ? record()->text : ReaderText{}; }

void FilmSession::setReaderText(const ReaderText& text) {
    if (!record() || record()->text == text) return;
    m_records[m_path].text = text;
    Q_EMIT readerTextChanged();
}

std::optional<FilmLook> FilmSession::look() const { return record() ? record()->look : std::nullopt; }

void FilmSession::setLook(const FilmLook& look) {
    if (record()) m_records[m_path].look = look;
}

}  // namespace cxr::ui
