// A softcopy presentation state of any source, as plain values: how films are to be seen, and what is drawn over them.
//   DICOM PS3.3 A.33.1 to A.33.3, C.10.4 to C.10.8, C.11.1 to C.11.6, C.7.6.11, C.7.6.15; PS3.4 annex N
//   kinds   grayscale; pseudo-colour: its palette behind the window; colour: all but colours, because films are gray here.
//           The others are for pairs, runs and volumes, and are refused with their reason.
//   styles  colour and weight of texts, colour and dashes of lines, colour and opacity of fills; fonts, shadows, line
//           thickness and compound graphics are not followed (PS3.3 C.10.5 asks for plain ones beside compound ones)
//   places  film pixels as ours: 0\0 is the top left corner of the first pixel; DISPLAY: shares of the displayed area
//   limits  kMaxDrawings drawings and texts, kMaxPoints points; what makes no sense is left out with a note
//   order   stored value -> modality -> VOI -> presentation LUT; film -> shutter -> drawings; turned, then mirrored
// The reader is thread-safe; call it from a worker.
#pragma once

#include <memory>
#include <optional>

#include "core/base/geometry.h"
#include "core/dicom_in/cielab_colour.h"
#include "core/dicom_in/object_facts.h"
#include "core/dicom_in/pseudo_colour.h"
#include "core/image/image.h"

namespace cxr {

inline constexpr std::size_t kMaxDrawings = 20'000;
inline constexpr std::size_t kMaxPoints = 1'000'000;

// A part of the state that may be meant for some of its films only.
struct ForFilms {
    std::vector<std::string> films;  // SOP Instance UIDs; empty: all
    [[nodiscard]] bool isFor(const std::string& filmUid) const;
};

struct SoftcopyVoi : ForFilms {
    VoiSetting setting;
};

enum class SizeMode { ScaleToFit, TrueSize, Magnify };
struct DisplayedArea : ForFilms {
    double left = 0, top = 0, right = 0, bottom = 0;  // film px; may reach beyond the film. right > left, bottom > top
    SizeMode mode = SizeMode::ScaleToFit;
    double magnification = 1;      // Magnify: screen px for each film px
    double rowMm = 0, columnMm = 0;  // TrueSize: spacing that the state gives; 0: none
};

// What is seen is what lies inside of all shapes that there are; the rest has one gray.
struct Shutter {
    struct Rectangle {
        double left = 0, top = 0, right = 0, bottom = 0;  // film px, whole pixels
    };
    std::optional<Rectangle> rectangle;
    std::optional<PointPx> circleCentre;
    double circleRadius = 0;
    std::vector<PointPx> polygon;  // empty: none
    int overlayGroup = 0;          // bitmap shutter: the plane whose set bits hide; 0: none
    double gray = 0;               // [0, 1], as seen: Shutter Presentation Value is a P-value
    [[nodiscard]] bool isEmpty() const { return !rectangle && !circleCentre && polygon.empty() && overlayGroup == 0; }
};

inline constexpr double kFaintFill = 0.43;  // where a state does not say how dense a fill is

enum class DrawingType { Point, Polyline, Interpolated, Circle, Ellipse };
struct Drawing {
    DrawingType type = DrawingType::Polyline;
    bool isDisplay = false;  // points are shares of the displayed area
    bool isFilled = false;
    std::vector<PointPx> points;  // Circle: centre and a point on it; Ellipse: both ends of one axis, then of the other
    std::optional<Rgb> lineColour = {}, fillColour = {};  // none: its layer's
    bool isDashed = false;
    double fillOpacity = kFaintFill;  // [0, 1]
};

enum class Justification { Left, Centre, Right };
struct DrawnText {
    std::string text;  // lines
    struct Box {
        PointPx topLeft, bottomRight;
        bool isDisplay = false;
        Justification justification = Justification::Left;
    };
    struct Anchor {
        PointPx at;
        bool isDisplay = false;
        bool isVisible = false;  // a line joins the text with it
    };
    std::optional<Box> box;
    std::optional<Anchor> anchor;  // one of both is there
    std::optional<Rgb> colour;     // none: its layer's
    bool isBold = false;
};

struct Annotation : ForFilms {
    std::string layer;
    std::vector<Drawing> drawings;
    std::vector<DrawnText> texts;
};

struct GraphicLayer {
    std::string name, description;
    int order = 0;
    std::optional<Rgb> colour;
};

struct PresentationState {
    ObjectFacts facts;
    ModalityTransform modality;  // identity where the state has none: the film's own is not used then
    std::vector<SoftcopyVoi> windows;
    bool isInverse = false;                                // Presentation LUT Shape
    std::shared_ptr<const LookupTable> presentationLut;    // null: the shape
    std::shared_ptr<const PseudoColour> colours;           // null: gray
    std::vector<DisplayedArea> areas;
    int quarterTurns = 0;  // clockwise, before mirroring
    bool isMirrored = false;
    Shutter shutter;
    std::vector<GraphicLayer> layers;  // in their order: the first lies lowest
    std::vector<Annotation> annotations;
    std::vector<OverlayPlane> overlays;     // the state's own planes 60xx
    std::vector<std::string> overlayLayers;  // of each of them: its activation layer; empty: it is not shown

    // The parts for one film; null: none of the state's is meant for it.
    [[nodiscard]] const VoiSetting* voiFor(const std::string& filmUid) const;
    [[nodiscard]] const DisplayedArea* areaFor(const std::string& filmUid) const;
};
using PresentationPtr = std::shared_ptr<const PresentationState>;

// fails as readObjectFacts; Unsupported (another kind of object or of presentation state, damaged palette)
Result<PresentationState> readPresentationState(const std::filesystem::path& file);

}  // namespace cxr
