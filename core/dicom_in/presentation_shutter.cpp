// Shutters and overlay planes of a presentation state.   DICOM PS3.3 C.7.6.11, C.7.6.15, C.9.2, C.11.7
//   edges  a rectangle's first and last columns and rows are seen; centre and vertices are pixels, so their centres
#include <algorithm>

#include "core/dicom_in/presentation_parts.h"
#include "core/io/dicom_overlays.h"

namespace cxr {
namespace {

// Row and column numbers from 1 -> the pixel's centre.
PointPx centreOf(double row, double column) { return {column - 0.5, row - 0.5}; }

void readRectangle(const ObjectReader& read, PresentationState& state) {
    DcmItem& root = read.root();
    const auto left = read.number(root, DCM_ShutterLeftVerticalEdge), right = read.number(root, DCM_ShutterRightVerticalEdge),
               top = read.number(root, DCM_ShutterUpperHorizontalEdge), bottom = read.number(root, DCM_ShutterLowerHorizontalEdge);
    const bool isWhole = left && right && top && bottom && isPlace(*left) && isPlace(*right) && isPlace(*top) && isPlace(*bottom);
    if (!isWhole || *right < *left || *bottom < *top) {
        state.facts.notes.emplace_back("Its rectangular shutter makes no sense and was left out.");
        return;
    }
    state.shutter.rectangle = Shutter::Rectangle{*left - 1, *top - 1, *right, *bottom};
}

void readCircle(const ObjectReader& read, PresentationState& state) {
    const auto centre = read.numbers(read.root(), DCM_CenterOfCircularShutter);
    const auto radius = read.number(read.root(), DCM_RadiusOfCircularShutter);
    if (centre.size() != 2 || !isPlace(centre[0]) || !isPlace(centre[1]) || !radius || *radius <= 0 || !isPlace(*radius)) {
        state.facts.notes.emplace_back("Its circular shutter makes no sense and was left out.");
        return;
    }
    state.shutter.circleCentre = centreOf(centre[0], centre[1]);
    state.shutter.circleRadius = *radius;
}

void readPolygon(const ObjectReader& read, PresentationState& state) {
    const auto vertices = read.numbers(read.root(), DCM_VerticesOfThePolygonalShutter);
    const bool isWhole = vertices.size() >= 6 && vertices.size() % 2 == 0 && std::all_of(vertices.begin(), vertices.end(), isPlace);
    if (!isWhole) {
        state.facts.notes.emplace_back("Its polygonal shutter makes no sense and was left out.");
        return;
    }
    for (std::size_t i = 0; i < vertices.size(); i += 2) state.shutter.polygon.push_back(centreOf(vertices[i], vertices[i + 1]));
}

void readShutter(const ObjectReader& read, PresentationState& state) {
    const std::string shapes = read.text(read.root(), DCM_ShutterShape);
    if (shapes.find("RECTANGULAR") != std::string::npos) readRectangle(read, state);
    if (shapes.find("CIRCULAR") != std::string::npos) readCircle(read, state);
    if (shapes.find("POLYGONAL") != std::string::npos) readPolygon(read, state);
    if (shapes.find("BITMAP") != std::string::npos) state.shutter.overlayGroup = read.integer(read.root(), DCM_ShutterOverlayGroup).value_or(0);
    const double value = read.number(read.root(), DCM_ShutterPresentationValue).value_or(0);
    state.shutter.gray = std::clamp(value, 0.0, 65535.0) / 65535;
    const auto lab = read.numbers(read.root(), DCM_ShutterPresentationColorCIELabValue);
    if (lab.size() != 3) return;
    const Rgb rgb = rgbOfCieLab(lab);  // films are gray here, and so is what hides them: ITU-R BT.601
    state.shutter.gray = (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 255;
}

void readOverlays(const ObjectReader& read, PresentationState& state) {
    Image planes;  // fillOverlays knows films only
    fillOverlays(read.header(), StoredFrame{}, {}, planes);
    state.facts.notes.insert(state.facts.notes.end(), planes.notes.begin(), planes.notes.end());
    for (OverlayPlane& plane : planes.overlays) {
        state.overlayLayers.push_back(read.text(read.root(), DcmTagKey(static_cast<Uint16>(plane.group), 0x1001)));
        state.overlays.push_back(std::move(plane));
    }
}

}  // namespace

void readShutterAndOverlays(const ObjectReader& read, PresentationState& state) {
    readShutter(read, state);
    readOverlays(read, state);
    const int group = state.shutter.overlayGroup;
    const bool isThere = std::any_of(state.overlays.begin(), state.overlays.end(), [&](const OverlayPlane& plane) { return plane.group == group; });
    if (group == 0 || isThere) return;
    state.shutter.overlayGroup = 0;
    state.facts.notes.emplace_back("The plane of its bitmap shutter is missing; the film is shown without that shutter.");
}

}  // namespace cxr
