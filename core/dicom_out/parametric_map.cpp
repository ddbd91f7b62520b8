// Parametric Map: a heatmap's values, float by float, on the film's own pixels.   DICOM PS3.3 A.75, C.8.32
//   The map's grid may be turned and cut: each film pixel takes the value between the four nearest cells (bilinear, the
//   outermost ones go on to the grid's edge), as the window paints it. Outside of the grid, and where the network read
//   nothing, stands Float Pixel Padding Value. place  the IOD wants a plane in space. The film's own plane is one:
//   spacing and directions as its header says, in a frame of reference of its own whose origin is the first pixel. A
//   film without spacing or directions gets no map: none is guessed.
#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "core/dicom_out/object_writers.h"
#include "core/engine/explain_methods.h"

namespace cxr {
namespace {

constexpr float kPadding = std::numeric_limits<float>::lowest();

// From film points to shares of the grid; no inverse: a grid without area.
struct FilmToGrid {
    explicit FilmToGrid(const GridOnFilm& given)
        : grid(given), area(given.right.x * given.down.y - given.right.y * given.down.x) {}
    [[nodiscard]] PointPx at(double x, double y) const {
        const double dx = x - grid.origin.x, dy = y - grid.origin.y;
        return {(dx * grid.down.y - dy * grid.down.x) / area, (dy * grid.right.x - dx * grid.right.y) / area};
    }
    GridOnFilm grid;
    double area;
};

bool isSeen(const Heatmap& map, double x, double y) {
    if (map.seen.empty()) return true;
    const int column = std::min(static_cast<int>(x * map.plane.width), map.plane.width - 1);
    const int row = std::min(static_cast<int>(y * map.plane.height), map.plane.height - 1);
    return map.seen[static_cast<std::size_t>(row) * map.plane.width + column] != 0;
}

float between(const Plane& plane, double x, double y) {
    const double column = std::clamp(x * plane.width - 0.5, 0.0, plane.width - 1.0);
    const double row = std::clamp(y * plane.height - 0.5, 0.0, plane.height - 1.0);
    const int left = static_cast<int>(column), top = static_cast<int>(row);
    const int right = std::min(left + 1, plane.width - 1), bottom = std::min(top + 1, plane.height - 1);
    const auto value = [&](int r, int c) { return plane.values[static_cast<std::size_t>(r) * plane.width + c]; };
    const double u = column - left, v = row - top;
    return static_cast<float>((1 - v) * ((1 - u) * value(top, left) + u * value(top, right)) +
                              v * ((1 - u) * value(bottom, left) + u * value(bottom, right)));
}

std::vector<float> onFilm(const Heatmap& map, int width, int height) {
    std::vector<float> values(static_cast<std::size_t>(width) * height, kPadding);
    const FilmToGrid toGrid(map.grid);
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            const PointPx p = toGrid.at(column + 0.5, row + 0.5);
            if (p.x < 0 || p.x >= 1 || p.y < 0 || p.y >= 1 || !isSeen(map, p.x, p.y)) continue;
            values[static_cast<std::size_t>(row) * width + column] = between(map.plane, p.x, p.y);
        }
    }
    return values;
}

// Direction cosines of a patient direction such as "L" or "FL" (the first letter counts). PS3.3 C.7.6.1.1.1,
// C.7.6.2.1.1
std::optional<std::array<double, 3>> cosines(const std::string& direction) {
    switch (direction.empty() ? ' ' : direction.front()) {
        case 'L':
            return {{1, 0, 0}};
        case 'R':
            return {{-1, 0, 0}};
        case 'P':
            return {{0, 1, 0}};
        case 'A':
            return {{0, -1, 0}};
        case 'H':
            return {{0, 0, 1}};
        case 'F':
            return {{0, 0, -1}};
        default:
            return std::nullopt;
    }
}

bool hasPlane(const Image& image) {
    return image.spacing.isKnown() && cosines(image.rowDirection) && cosines(image.columnDirection);
}

void writePlane(ItemWriter& root, ItemWriter& shared, const ObjectInput& input) {
    const Image& image = *input.results.image;
    root.text(DCM_FrameOfReferenceUID, trackingUid(input.film, "film plane")).text(DCM_PositionReferenceIndicator, "");
    const double spacing[] = {image.spacing.rowMm, image.spacing.columnMm}, origin[] = {0, 0, 0};
    const auto row = *cosines(image.rowDirection), column = *cosines(image.columnDirection);
    const double directions[] = {row[0], row[1], row[2], column[0], column[1], column[2]};
    shared.item(DCM_PixelMeasuresSequence).decimals(DCM_PixelSpacing, spacing);
    shared.item(DCM_PlanePositionSequence).decimals(DCM_ImagePositionPatient, origin);
    shared.item(DCM_PlaneOrientationSequence).decimals(DCM_ImageOrientationPatient, directions);
}

void writeMeaning(ItemWriter& shared, const Heatmap& map) {
    const auto [least, most] = std::minmax_element(map.plane.values.begin(), map.plane.values.end());
    ItemWriter mapping = shared.item(DCM_RealWorldValueMappingSequence);
    mapping.label(DCM_LUTLabel, "LOGIT", 16).label(DCM_LUTExplanation, "Contribution to " + map.className, 64);
    mapping.code(DCM_MeasurementUnitsCodeSequence, codes::kNoUnits);
    mapping.f64(DCM_DoubleFloatRealWorldValueFirstValueMapped, *least)
        .f64(DCM_DoubleFloatRealWorldValueLastValueMapped, *most);
    mapping.f64(DCM_RealWorldValueIntercept, 0).f64(DCM_RealWorldValueSlope, 1);
    ItemWriter quantity = mapping.item(DCM_QuantityDefinitionSequence);
    quantity.text(DCM_ValueType, "CODE");
    quantity.code(DCM_ConceptNameCodeSequence, {"246205007", "SCT", "Quantity"})
        .code(DCM_ConceptCodeSequence, codes::kAttribution);
}

void writeFrame(ItemWriter& root, const ObjectInput& input, const Heatmap& map) {
    ItemWriter shared = root.item(DCM_SharedFunctionalGroupsSequence);
    writeFrameDerivation(shared, input.film, codes::kExplanation);
    shared.item(DCM_ParametricMapFrameTypeSequence).text(DCM_FrameType, "DERIVED\\PRIMARY\\VOLUME\\NONE");
    writeMeaning(shared, map);
    writePlane(root, shared, input);
    shared.item(DCM_PixelValueTransformationSequence)
        .decimal(DCM_RescaleIntercept, 0)
        .decimal(DCM_RescaleSlope, 1)
        .text(DCM_RescaleType, "US");
    const std::string uid = trackingUid(input.film, "map dimension");
    root.item(DCM_DimensionOrganizationSequence).text(DCM_DimensionOrganizationUID, uid);
    root.item(DCM_DimensionIndexSequence)
        .tagKey(DCM_DimensionIndexPointer, DCM_StackID)
        .tagKey(DCM_FunctionalGroupPointer, DCM_FrameContentSequence)
        .text(DCM_DimensionOrganizationUID, uid)
        .text(DCM_DimensionDescriptionLabel, "Map");
    ItemWriter frame = root.item(DCM_PerFrameFunctionalGroupsSequence);
    frame.item(DCM_FrameContentSequence)
        .text(DCM_StackID, "1")
        .u32(DCM_InStackPositionNumber, {1})
        .u32(DCM_DimensionIndexValues, {1});
    root.integer(DCM_NumberOfFrames, 1);
}

std::string explanationOf(const Heatmap& map) {
    std::string words = explainMethodInfo(map.method).name + " of " + map.className;
    if (!map.parameters.empty()) words += ", " + map.parameters;
    return words;
}

}  // namespace

Result<Done> fillParametricMap(DcmDataset& dataset, const ObjectInput& input, const Heatmap& map) {
    const Image& image = *input.results.image;
    if (!hasPlane(image))
        return Error{ErrorCode::InvalidArgument,
                     "it needs the film's pixel spacing and the directions of its rows and columns, which the header "
                     "does not give"};
    if (map.plane.values.empty() || FilmToGrid(map.grid).area == 0)
        return Error{ErrorCode::InvalidArgument, "the map has no place on the film"};
    std::string problem;
    ItemWriter root(dataset, problem);
    writeCommonModules(root, input, ResultKind::ParametricMap);
    root.text(DCM_DeviceSerialNumber, "none (software)");
    root.text(DCM_ImageType, "DERIVED\\PRIMARY\\VOLUME\\NONE").text(DCM_ContentLabel, "HEATMAP");
    root.label(DCM_ContentDescription, explanationOf(map), 64).text(DCM_ContentCreatorName, "");
    const AlgorithmFacts model = algorithmOf(map.model);
    root.label(DCM_ImageComments,
               std::string(kNotice) + ". " + explanationOf(map) + "; " + model.name + " " + model.version + ", " +
                   model.parameters + "; spacing: " + originText(image.spacing),
               1024);
    root.text(DCM_ContentQualification, "RESEARCH")
        .emptySequence(DCM_AcquisitionContextSequence)
        .text(DCM_BurnedInAnnotation, "NO")
        .text(DCM_RecognizableVisualFeatures, "NO");
    root.text(DCM_PresentationLUTShape, "IDENTITY");
    writePictureFormat(root, {image.height(), image.width(), 1, 32});
    writeLossy(root, input);
    writeFrame(root, input, map);
    writeReferencedSeries(root, input.film, DCM_ReferencedInstanceSequence);
    const DcmTagKey padding(0x0028, 0x0122), limit(0x0028, 0x0124);
    root.f32(padding, {kPadding})
        .f32(limit, {kPadding})
        .f32(DCM_FloatPixelData, onFilm(map, image.width(), image.height()));
    return outcome(problem);
}

}  // namespace cxr
