#include "core/dicom_in/presentation_state.h"

#include <algorithm>
#include <cmath>

#include "core/dicom_in/presentation_parts.h"
#include "core/io/dicom_luts.h"

namespace cxr {
namespace {

constexpr double kLargest = 1e12;  // beyond this a window or slope is a writing error, not a value

// PS3.4 annex N; by UID, because not every DCMTK knows the newer ones.
constexpr const char* kGrayscale = "1.2.840.10008.5.1.4.1.1.11.1";
constexpr const char* kColour = "1.2.840.10008.5.1.4.1.1.11.2";
constexpr const char* kPseudoColour = "1.2.840.10008.5.1.4.1.1.11.3";
struct RefusedKind {
    const char* uid;
    const char* reason;
};
constexpr RefusedKind kRefused[] = {
    {"1.2.840.10008.5.1.4.1.1.11.4", "it is a presentation state that lays two pictures over each other; films are shown one by one"},
    {"1.2.840.10008.5.1.4.1.1.11.5", "it is a presentation state for runs of pictures that are subtracted (angiography), not for films"},
    {"1.2.840.10008.5.1.4.1.1.11.8", "it is a presentation state that blends several pictures; films are shown one by one"},
    {"1.2.840.10008.5.1.4.1.1.11.12", "it is a presentation state that gives each picture of a series values of its own, as nuclear medicine needs; films have one scale"},
};
constexpr const char* kRefusedOther = "it is a presentation state for cuts and views of volumes, not for films";

Result<Done> checkKind(const std::string& uid) {
    if (uid == kGrayscale || uid == kColour || uid == kPseudoColour) return Done{};
    for (const RefusedKind& one : kRefused) {
        if (uid == one.uid) return Error{ErrorCode::Unsupported, one.reason};
    }
    return Error{ErrorCode::Unsupported, kRefusedOther};
}

void readModality(const ObjectReader& read, PresentationState& state) {
    DcmItem& root = read.root();
    if (DcmItem* item = read.firstItem(root, DCM_ModalityLUTSequence)) {
        state.modality.table = readLookupTable(read.header(), *item, false);
        state.modality.units = read.text(*item, DCM_ModalityLUTType);
        if (!state.modality.table) state.facts.notes.emplace_back("Its Modality LUT is damaged and was not applied.");
        return;
    }
    const auto slope = read.number(root, DCM_RescaleSlope), intercept = read.number(root, DCM_RescaleIntercept);
    if (!slope && !intercept) return;
    const double m = slope.value_or(1), b = intercept.value_or(0);
    if (m == 0 || std::abs(m) > kLargest || std::abs(b) > kLargest) {
        state.facts.notes.emplace_back("Its rescale slope and intercept make no sense and were not applied.");
        return;
    }
    state.modality.slope = m;
    state.modality.intercept = b;
    state.modality.units = read.text(root, DCM_RescaleType);
}

VoiFunction functionOf(const std::string& name) {
    if (name == "LINEAR_EXACT") return VoiFunction::LinearExact;
    return name == "SIGMOID" ? VoiFunction::Sigmoid : VoiFunction::Linear;
}

// The first of an item's tables, else the first of its windows.
std::optional<VoiSetting> voiOf(const ObjectReader& read, DcmItem& item) {
    if (DcmItem* table = read.firstItem(item, DCM_VOILUTSequence)) {
        auto lut = readLookupTable(read.header(), *table, false);
        if (!lut) return std::nullopt;
        return VoiSetting{0, 1, VoiFunction::Linear, lut};
    }
    const auto center = read.number(item, DCM_WindowCenter), width = read.number(item, DCM_WindowWidth);
    const VoiFunction function = functionOf(read.text(item, DCM_VOILUTFunction));
    const double narrowest = function == VoiFunction::Linear ? 1 : 1e-9;
    if (!center || !width || *width < narrowest || *width > kLargest || std::abs(*center) > kLargest) return std::nullopt;
    return VoiSetting{*center, *width, function, nullptr};
}

void readWindows(const ObjectReader& read, PresentationState& state) {
    for (DcmItem* item : read.items(read.root(), DCM_SoftcopyVOILUTSequence)) {
        SoftcopyVoi window;
        window.films = read.references(*item, DCM_ReferencedImageSequence);
        if (const auto voi = voiOf(read, *item)) {
            window.setting = *voi;
            state.windows.push_back(std::move(window));
        } else {
            state.facts.notes.emplace_back("A window of it makes no sense and was left out.");
        }
    }
}

void readPresentationLut(const ObjectReader& read, PresentationState& state) {
    if (DcmItem* item = read.firstItem(read.root(), DCM_PresentationLUTSequence)) {
        state.presentationLut = readLookupTable(read.header(), *item, false);
        if (!state.presentationLut) state.facts.notes.emplace_back("Its Presentation LUT is damaged and was not applied.");
        return;
    }
    state.isInverse = read.text(read.root(), DCM_PresentationLUTShape) == "INVERSE";
}

// Whole pixels, first and last, in whatever order the turn of the film puts them.
std::optional<DisplayedArea> areaOf(const ObjectReader& read, DcmItem& item) {
    const auto first = read.numbers(item, DCM_DisplayedAreaTopLeftHandCorner),
               last = read.numbers(item, DCM_DisplayedAreaBottomRightHandCorner);
    if (first.size() != 2 || last.size() != 2) return std::nullopt;
    for (const double value : {first[0], first[1], last[0], last[1]}) {
        if (!isPlace(value)) return std::nullopt;
    }
    DisplayedArea area;
    area.films = read.references(item, DCM_ReferencedImageSequence);
    area.left = std::min(first[0], last[0]) - 1;
    area.top = std::min(first[1], last[1]) - 1;
    area.right = std::max(first[0], last[0]);
    area.bottom = std::max(first[1], last[1]);
    const std::string mode = read.text(item, DCM_PresentationSizeMode);
    area.mode = mode == "TRUE SIZE" ? SizeMode::TrueSize : mode == "MAGNIFY" ? SizeMode::Magnify : SizeMode::ScaleToFit;
    area.magnification = read.number(item, DCM_PresentationPixelMagnificationRatio).value_or(1);
    if (!(area.magnification > 1e-3 && area.magnification < 1e3)) area.mode = SizeMode::ScaleToFit;
    const auto spacing = read.numbers(item, DCM_PresentationPixelSpacing);
    if (spacing.size() == 2 && spacing[0] > 1e-4 && spacing[1] > 1e-4 && spacing[0] < 100 && spacing[1] < 100) {
        area.rowMm = spacing[0];
        area.columnMm = spacing[1];
    } else if (area.mode == SizeMode::TrueSize) {
        area.mode = SizeMode::ScaleToFit;
    }
    return area;
}

void readAreas(const ObjectReader& read, PresentationState& state) {
    for (DcmItem* item : read.items(read.root(), DCM_DisplayedAreaSelectionSequence)) {
        if (auto area = areaOf(read, *item)) {
            state.areas.push_back(*std::move(area));
        } else {
            state.facts.notes.emplace_back("A displayed area of it makes no sense and was left out.");
        }
    }
}

void readTransform(const ObjectReader& read, PresentationState& state) {
    state.isMirrored = read.text(read.root(), DCM_ImageHorizontalFlip) == "Y";
    const int degrees = read.integer(read.root(), DCM_ImageRotation).value_or(0);
    if (degrees % 90 == 0) {
        state.quarterTurns = (degrees / 90 % 4 + 4) % 4;
    } else {
        state.facts.notes.emplace_back("Its rotation is no multiple of 90 degrees and was not applied.");
    }
}

template <typename Part>
const Part* partFor(const std::vector<Part>& parts, const std::string& filmUid) {
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.isFor(filmUid); });
    return found == parts.end() ? nullptr : &*found;
}

// Colour states have no window: what a colour film's pixels are, is shown.
Result<Done> readGrayChain(const ObjectReader& read, PresentationState& state) {
    if (state.facts.sopClassUid == kColour) {
        state.facts.notes.emplace_back("It is meant for a colour picture; this program shows films in gray, so its colour profile is not applied.");
        return Done{};
    }
    readModality(read, state);
    readWindows(read, state);
    if (state.facts.sopClassUid == kGrayscale) {
        readPresentationLut(read, state);
        return Done{};
    }
    auto colours = readPseudoColour(read);
    if (!colours.isOk()) return colours.error();
    state.colours = std::make_shared<const PseudoColour>(std::move(colours).value());
    return Done{};
}

}  // namespace

bool isPlace(double value) { return std::isfinite(value) && std::abs(value) <= 1e9; }

bool ForFilms::isFor(const std::string& filmUid) const {
    return films.empty() || std::find(films.begin(), films.end(), filmUid) != films.end();
}

const VoiSetting* PresentationState::voiFor(const std::string& filmUid) const {
    const SoftcopyVoi* part = partFor(windows, filmUid);
    return part == nullptr ? nullptr : &part->setting;
}

const DisplayedArea* PresentationState::areaFor(const std::string& filmUid) const { return partFor(areas, filmUid); }

Result<PresentationState> readPresentationState(const std::filesystem::path& file) {
    const Result<ObjectReader> opened = ObjectReader::open(file, ObjectKind::PresentationState);
    if (!opened.isOk()) return opened.error();
    const ObjectReader& read = opened.value();
    PresentationState state;
    state.facts = read.facts();
    if (auto known = checkKind(state.facts.sopClassUid); !known.isOk()) return known.error();
    if (auto gray = readGrayChain(read, state); !gray.isOk()) return gray.error();
    readAreas(read, state);
    readTransform(read, state);
    readShutterAndOverlays(read, state);
    readDrawings(read, state);
    return state;
}

}  // namespace cxr
