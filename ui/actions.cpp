// The table of actions. See actions.h.
#include "ui/actions.h"

#include "ui/icons.h"
#include "ui/main_window.h"
#include "ui/state/voi_presets.h"

namespace cxr::ui {

namespace {

using W = MainWindow;
using M = ActionMenu;
using N = ActionNeeds;

std::vector<ActionSpec> fileRows() {
    return {
        {"open", M::File, "open", "&Open films\u2026", "Ctrl+O", "Open DICOM, PNG, TIFF or JPEG films, a zip archive or a disc (DICOMDIR)", N::Nothing, nullptr,
         [](W& w, bool) { w.chooseFiles(); }},
        {"openFolder", M::File, "open-folder", "Open &folder\u2026", "Ctrl+Shift+O", "Open all patients and studies of a folder or disc", N::Nothing,
         nullptr, [](W& w, bool) { w.chooseFolder(); }},
        {"openSample", M::File, "open-sample", "Open the &sample film", "Ctrl+Shift+P",
         "Open a synthetic chest film that this program draws", N::Nothing, nullptr, [](W& w, bool) { w.openSample(); }},
        {"clearRecent", M::File, "clear-recent", "&Clear recent films", "Ctrl+Shift+Del", "Forget which films were opened",
         N::Recent, nullptr, [](W& w, bool) { w.clearRecent(); }},
        {"export", M::File, "export", "&Export\u2026", "Ctrl+E",
         "Save the annotated picture, the report (PDF, HTML) and the values (JSON, CSV)", N::Measurement, nullptr,
         [](W& w, bool) { w.exportFilm(); }, true},
        {"report", M::File, "report", "&Report\u2026", "Ctrl+R",
         "Write an impression, choose template and language, and see the report's pages", N::Measurement, nullptr,
         [](W& w, bool) { w.writeReport(); }},
        {"exportDeidentified", M::File, "deidentify", "Export &de-identified\u2026", "Ctrl+Shift+E",
         "Write DICOM files without their patient's identity", N::Films, nullptr, [](W& w, bool) { w.exportDeidentified(); }},
        {"pacs", M::File, "pacs", "PACS (archi&ve)\u2026", "Ctrl+Shift+R", "Search an archive, retrieve studies and open them", N::Nothing,
         nullptr, [](W& w, bool) { w.showPacs(); }, true},
        {"sendResults", M::File, "send-results", "Se&nd results\u2026", "Ctrl+Shift+S",
         "Send what was found on this film to an archive, as DICOM objects of its study", N::Measurement, nullptr,
         [](W& w, bool) { w.sendResults(); }},
        {"copy", M::File, "copy", "Copy &picture", "Ctrl+C", "Copy the film with its findings to the clipboard", N::Film,
         nullptr, [](W& w, bool) { w.copyPicture(); }},
        {"close", M::File, "close", "&Close film", "Ctrl+W", "Take the film off the list", N::Films, nullptr,
         [](W& w, bool) { w.closeFilm(); }, true},
        {"closeAll", M::File, "close-all", "Close &all films", "Ctrl+Shift+W", "Empty the list", N::Films, nullptr,
         [](W& w, bool) { w.closeAllFilms(); }},
        {"quit", M::File, "quit", "&Quit", "Ctrl+Q", "Close the viewer", N::Nothing, nullptr,
         [](W& w, bool) { w.close(); }, true},
    };
}

std::vector<ActionSpec> editRows() {
    return {
        {"undo", M::Edit, "undo", "&Undo", "Ctrl+Z", "Take back the last correction of an outline, line or box", N::Undo, nullptr,
         [](W& w, bool) { w.undo(); }},
        {"redo", M::Edit, "redo", "&Redo", "Ctrl+Y Ctrl+Shift+Z", "Do the correction again", N::Redo, nullptr,
         [](W& w, bool) { w.redo(); }},
        {"discard", M::Edit, "discard", "&Discard corrections", "Ctrl+Alt+Z", "Back to what the network found", N::Undo,
         nullptr, [](W& w, bool) { w.discardEdits(); }},
        {"clearRulers", M::Edit, "clear-rulers", "&Clear rulers", "Shift+Del", "Remove all rulers from the film", N::Film,
         nullptr, [](W& w, bool) { w.clearRulers(); }, true},
        {"clearCalibration", M::Edit, "clear-calibration", "Clear ca&libration", "Shift+K",
         "Lengths follow from the film's header again, not from the line that was drawn", N::Film, nullptr,
         [](W& w, bool) { w.clearCalibration(); }},
        {"settings", M::Edit, "settings", "&Settings\u2026", "Ctrl+,", "Theme, analysis, reading limits", N::Nothing,
         nullptr, [](W& w, bool) { w.showSettings(); }, true},
    };
}

std::vector<ActionSpec> viewRows() {
    return {
        {"overlays", M::View, "overlays", "&Findings over the film", "G", "Show or hide outlines, lines and verdict",
         N::Film, "", [](W& w, bool on) { w.setOverlays(on); }},
        {"heatmap", M::View, "heatmap", "Heat&map over the film", "X", "Show or hide what moved a network's answer", N::Measurement,
         "", [](W& w, bool on) { w.setHeatmap(on); }},
        {"original", M::View, "original", "&Original", "Space",
         "The bare film in the window it was opened with; hold the key", N::Film, "",
         [](W& w, bool on) { w.setOriginal(on); }},
        {"banner", M::View, "banner", "&Patient banner", "B", "Show or hide patient and technique in the corners",
         N::Nothing, "", [](W& w, bool on) { w.setBanner(on); }},
        {"zoomIn", M::View, "zoom-in", "Zoom &in", "+ Ctrl++", "Enlarge the film", N::Film, nullptr,
         [](W& w, bool) { w.zoomBy(W::kZoomStep); }, true},
        {"zoomOut", M::View, "zoom-out", "Zoom o&ut", "- Ctrl+-", "Make the film smaller", N::Film, nullptr,
         [](W& w, bool) { w.zoomBy(1 / W::kZoomStep); }},
        {"zoomFit", M::View, "zoom-fit", "&Fit to window", "= F", "Show the whole film", N::Film, nullptr,
         [](W& w, bool) { w.zoomToFit(); }},
        {"zoomOne", M::View, "zoom-one", "&Actual pixels", "A", "One screen pixel for each film pixel", N::Film, nullptr,
         [](W& w, bool) { w.zoomToPixels(); }},
        {"list", M::View, "list", "Film &list", "F7", "Show or hide the list of films", N::Nothing, "",
         [](W& w, bool on) { w.setDockVisible("dock.films", on); }, true},
        {"findings", M::View, "findings", "Fi&ndings panel", "F8", "Show or hide the findings", N::Nothing, "",
         [](W& w, bool on) { w.setDockVisible("dock.findings", on); }},
        {"heartspot", M::View, "heartspot", "&HeartSpot panel", "F9", "Show or hide the HeartSpot preview", N::Nothing, "",
         [](W& w, bool on) { w.setDockVisible("dock.heartspot", on); }},
        {"explanations", M::View, "explanations", "&Explanations panel", "F10", "Show or hide why the networks answered as they did",
         N::Nothing, "", [](W& w, bool on) { w.setDockVisible("dock.explanations", on); }},
        {"compare", M::View, "compare", "&Compare\u2026", "C", "Film, heatmaps, HeartSpot pictures and other films side by side on one scale",
         N::Film, nullptr, [](W& w, bool) { w.showCompare(); }},
        {"comparePrior", M::View, "compare-prior", "Compare with &prior\u2026", "Shift+C",
         "The patient's earlier film on the left, this one on the right, zoomed and moved together", N::Prior, nullptr,
         [](W& w, bool) { w.showPrior(); }},
        {"relief", M::View, "relief", "&Relief\u2026", "Shift+X", "Up to four heatmaps as landscapes over the film, on one scale",
         N::Film, nullptr, [](W& w, bool) { w.showRelief(); }},
        {"lightTheme", M::View, "theme", "&Light theme", "Ctrl+T", "Light or dark window", N::Nothing, "",
         [](W& w, bool on) { w.setLightTheme(on); }, true},
        {"fullScreen", M::View, "full-screen", "F&ull screen", "F11", "Use the whole screen", N::Nothing, "",
         [](W& w, bool on) { w.setFullScreen(on); }},
    };
}

std::vector<ActionSpec> filmRows() {
    std::vector<ActionSpec> rows{
        {"previous", M::Film, "previous", "&Previous film", "PgUp", "Open the film above", N::Films, nullptr,
         [](W& w, bool) { w.stepFilm(-1); }},
        {"next", M::Film, "next", "&Next film", "PgDown", "Open the film below", N::Films, nullptr,
         [](W& w, bool) { w.stepFilm(1); }},
        {"invert", M::Film, "invert", "&Invert", "I", "Black becomes white", N::Film, "",
         [](W& w, bool on) { w.setInverted(on); }, true},
        {"flipHorizontal", M::Film, "flip-horizontal", "Flip &horizontally", "H", "Mirror left and right", N::Film, "",
         [](W& w, bool on) { w.flipHorizontally(on); }},
        {"flipVertical", M::Film, "flip-vertical", "Flip &vertically", "V", "Mirror top and bottom", N::Film, "",
         [](W& w, bool on) { w.flipVertically(on); }},
        {"rotateRight", M::Film, "rotate-right", "Rotate &right", "R", "A quarter turn clockwise", N::Film, nullptr,
         [](W& w, bool) { w.rotate(1); }},
        {"rotateLeft", M::Film, "rotate-left", "Rotate &left", "L", "A quarter turn counter-clockwise", N::Film, nullptr,
         [](W& w, bool) { w.rotate(-1); }},
        {"resetView", M::Film, "reset-view", "Reset the &view", "0", "Window, orientation and zoom as opened", N::Film,
         nullptr, [](W& w, bool) { w.resetView(); }},
    };
    // Handlers carry no state, so each digit has its own.
    static constexpr void (*kPresetHandlers[kMaxPresets])(W&, bool) = {
        [](W& w, bool) { w.applyPreset(0); }, [](W& w, bool) { w.applyPreset(1); }, [](W& w, bool) { w.applyPreset(2); },
        [](W& w, bool) { w.applyPreset(3); }, [](W& w, bool) { w.applyPreset(4); }, [](W& w, bool) { w.applyPreset(5); },
        [](W& w, bool) { w.applyPreset(6); }, [](W& w, bool) { w.applyPreset(7); }, [](W& w, bool) { w.applyPreset(8); }};
    static const char* const kIds[kMaxPresets] = {"preset1", "preset2", "preset3", "preset4", "preset5",
                                                  "preset6", "preset7", "preset8", "preset9"};
    static const char* const kDigits[kMaxPresets] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    for (int i = 0; i < kMaxPresets; ++i) {
        rows.push_back({kIds[i], M::Film, "preset", "Window preset", kDigits[i], "A window for this film", N::Nothing,
                        nullptr, kPresetHandlers[i], i == 0});
    }
    return rows;
}

std::vector<ActionSpec> toolRows() {
    return {
        {"toolWindow", M::Tools, "tool-window", "&Window and level", "W", "Drag: across for contrast, up and down for brightness",
         N::Nothing, "tools", [](W& w, bool) { w.setTool(FilmTool::WindowLevel); }},
        {"toolPan", M::Tools, "tool-pan", "&Pan", "P", "Drag the film (the middle button always does)", N::Nothing, "tools",
         [](W& w, bool) { w.setTool(FilmTool::Pan); }},
        {"toolZoom", M::Tools, "tool-zoom", "&Zoom", "Z", "Drag up and down to zoom (the right button always does)",
         N::Nothing, "tools", [](W& w, bool) { w.setTool(FilmTool::Zoom); }},
        {"toolMagnifier", M::Tools, "tool-magnifier", "&Magnifier", "M", "A loupe under the cursor", N::Nothing, "tools",
         [](W& w, bool) { w.setTool(FilmTool::Magnifier); }},
        {"toolRuler", M::Tools, "tool-ruler", "&Ruler", "D", "Measure a distance, in mm where the film says how large a pixel is",
         N::Nothing, "tools", [](W& w, bool) { w.setTool(FilmTool::Ruler); }},
        {"toolEdit", M::Tools, "tool-edit", "&Edit outlines", "E", "Drag the handles of outlines; the ratio follows", N::Nothing,
         "tools", [](W& w, bool) { w.setTool(FilmTool::EditOutlines); }},
        {"toolCalibrate", M::Tools, "tool-calibrate", "&Calibrate lengths", "K",
         "Draw a line over something of known size and give its length: lengths in mm follow from it", N::Nothing, "tools",
         [](W& w, bool) { w.setTool(FilmTool::Calibrate); }},
    };
}

std::vector<ActionSpec> analysisRows() {
    return {
        {"analyze", M::Analysis, "analyze", "&Analyse", "F5", "Find heart and lungs, measure the ratio, ask the other networks", N::Film, nullptr,
         [](W& w, bool) { w.analyze(); }},
        {"cancel", M::Analysis, "cancel", "&Cancel", "Esc", "Stop reading or analysing", N::Work, nullptr,
         [](W& w, bool) { w.cancelWork(); }},
        {"automatic", M::Analysis, "automatic", "Analyse a&utomatically", "Ctrl+Shift+A",
         "Analyse each film as soon as it is on screen", N::Nothing, "", [](W& w, bool on) { w.setAutomatic(on); }, true},
        {"priorLab", M::Analysis, "prior-lab", "&Prior lab\u2026", "Ctrl+Shift+L",
         "Compare HeartSpot's priors on the open film or a folder: what each keeps, bytes, probability", N::Nothing, nullptr,
         [](W& w, bool) { w.showPriorLab(); }},
        {"models", M::Analysis, "models", "&Models\u2026", "Ctrl+Shift+M",
         "Which networks are used, how good they are, their cards; import others", N::Nothing, nullptr,
         [](W& w, bool) { w.showModels(); }},
    };
}

std::vector<ActionSpec> helpRows() {
    return {
        {"help", M::Help, "help", "&Help", "F1", "The manual", N::Nothing, nullptr, [](W& w, bool) { w.showHelp(); }},
        {"about", M::Help, "about", "&About Precordia", "Ctrl+F1", "Versions and licences", N::Nothing, nullptr,
         [](W& w, bool) { w.showAbout(); }},
    };
}

QList<QKeySequence> sequencesOf(const QString& shortcuts) {
    QList<QKeySequence> sequences;
    for (const QString& text : shortcuts.split(' ', Qt::SkipEmptyParts)) sequences << QKeySequence(text, QKeySequence::PortableText);
    return sequences;
}

}  // namespace

const std::vector<ActionSpec>& actionTable() {
    static const std::vector<ActionSpec> table = [] {
        std::vector<ActionSpec> rows;
        for (const auto& part : {fileRows(), editRows(), viewRows(), filmRows(), toolRows(), analysisRows(), helpRows()}) {
            rows.insert(rows.end(), part.begin(), part.end());
        }
        return rows;
    }();
    return table;
}

ActionSet::ActionSet(MainWindow& window) {
    for (const ActionSpec& spec : actionTable()) m_actions.insert(spec.id, make(spec, window));
}

QAction* ActionSet::make(const ActionSpec& spec, MainWindow& window) {
    auto* action = new QAction(themedIcon(spec.icon), MainWindow::tr(spec.text), &window);
    const QList<QKeySequence> keys = sequencesOf(spec.shortcuts);
    action->setObjectName(QStringLiteral("action.") + spec.id);
    action->setShortcuts(keys);
    const QString tip = MainWindow::tr(spec.toolTip);
    action->setToolTip(QStringLiteral("%1 (%2)").arg(tip, keys.front().toString(QKeySequence::NativeText)));
    action->setStatusTip(tip);
    action->setProperty("needs", static_cast<int>(spec.needs));
    action->setCheckable(spec.group != nullptr);
    if (spec.group && *spec.group) {
        QActionGroup*& group = m_groups[spec.group];
        if (!group) group = new QActionGroup(&window);
        group->addAction(action);
    }
    QObject::connect(action, &QAction::triggered, &window, [handler = spec.handler, &window](bool on) { handler(window, on); });
    window.addAction(action);  // shortcuts work while the menu bar is hidden
    return action;
}

QAction* ActionSet::operator[](const QString& id) const { return m_actions.value(id); }

void ActionSet::setEnabled(ActionNeeds needs, bool isEnabled) {
    for (QAction* action : m_actions) {
        if (action->property("needs").toInt() == static_cast<int>(needs)) action->setEnabled(isEnabled);
    }
}

void ActionSet::setChecked(const QString& id, bool isChecked) { m_actions.value(id)->setChecked(isChecked); }

}  // namespace cxr::ui
