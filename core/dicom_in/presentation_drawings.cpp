// Graphic layers, drawings and texts of a presentation state.   DICOM PS3.3 C.10.5, C.10.7
#include <algorithm>
#include <map>

#include "core/dicom_in/presentation_parts.h"

namespace cxr {
namespace {

// Counts what was taken, so that a hostile file ends somewhere.
struct Budget {
    std::size_t drawings = kMaxDrawings, points = kMaxPoints;
    std::size_t leftOut = 0;
    bool take(std::size_t count) {
        const bool isThere = drawings > 0 && count <= points;
        if (isThere) {
            --drawings;
            points -= count;
        } else {
            ++leftOut;
        }
        return isThere;
    }
};

void readLayers(const ObjectReader& read, PresentationState& state) {
    for (DcmItem* item : read.items(read.root(), DCM_GraphicLayerSequence)) {
        GraphicLayer layer{read.text(*item, DCM_GraphicLayer), read.text(*item, DCM_GraphicLayerDescription),
                           read.integer(*item, DCM_GraphicLayerOrder).value_or(0), std::nullopt};
        const auto lab = read.numbers(*item, DCM_GraphicLayerRecommendedDisplayCIELabValue);
        const auto gray = read.number(*item, DCM_GraphicLayerRecommendedDisplayGrayscaleValue);
        if (lab.size() == 3) {
            layer.colour = rgbOfCieLab(lab);
        } else if (gray && *gray >= 0 && *gray <= 65535) {
            const auto value = static_cast<std::uint8_t>(*gray / 257);
            layer.colour = Rgb{value, value, value};
        }
        state.layers.push_back(std::move(layer));
    }
    std::stable_sort(state.layers.begin(), state.layers.end(), [](const auto& a, const auto& b) { return a.order < b.order; });
}

std::optional<DrawingType> typeNamed(const std::string& name) {
    if (name == "POINT") return DrawingType::Point;
    if (name == "POLYLINE") return DrawingType::Polyline;
    if (name == "INTERPOLATED") return DrawingType::Interpolated;
    if (name == "CIRCLE") return DrawingType::Circle;
    return name == "ELLIPSE" ? std::optional(DrawingType::Ellipse) : std::nullopt;
}

bool hasItsPoints(DrawingType type, std::size_t count) {
    switch (type) {
        case DrawingType::Point:
            return count == 1;
        case DrawingType::Circle:
            return count == 2;
        case DrawingType::Ellipse:
            return count == 4;
        default:
            return count >= 2;
    }
}

// The same with places that make sense; empty: one of them does not.
std::vector<PointPx> pointsOf(const std::vector<double>& data) {
    std::vector<PointPx> points;
    if (data.size() % 2 != 0 || !std::all_of(data.begin(), data.end(), isPlace)) return points;
    points.reserve(data.size() / 2);
    for (std::size_t i = 0; i < data.size(); i += 2) points.push_back({data[i], data[i + 1]});
    return points;
}

std::optional<PointPx> pointAt(const ObjectReader& read, DcmItem& item, const DcmTagKey& tag) {
    const auto points = pointsOf(read.numbers(item, tag));
    return points.size() == 1 ? std::optional(points.front()) : std::nullopt;
}

// Named by number: DCMTK of Debian 12 has them all, older ones do not.
const DcmTagKey kTextStyle(0x0070, 0x0231), kLineStyle(0x0070, 0x0232), kFillStyle(0x0070, 0x0233), kTextLab(0x0070, 0x0241),
    kBold(0x0070, 0x0249), kOnLab(0x0070, 0x0251), kDashing(0x0070, 0x0254), kOnOpacity(0x0070, 0x0284);

std::optional<Rgb> labColour(const ObjectReader& read, DcmItem& item, const DcmTagKey& tag) {
    const auto lab = read.numbers(item, tag);
    return lab.size() == 3 ? std::optional(rgbOfCieLab(lab)) : std::nullopt;
}

void readStyles(const ObjectReader& read, DcmItem& item, Drawing& drawing) {
    if (DcmItem* line = read.firstItem(item, kLineStyle)) {
        drawing.lineColour = labColour(read, *line, kOnLab);
        drawing.isDashed = read.text(*line, kDashing) == "DASHED";
    }
    if (DcmItem* fill = read.firstItem(item, kFillStyle)) {
        drawing.fillColour = labColour(read, *fill, kOnLab);
        drawing.fillOpacity = read.number(*fill, kOnOpacity).value_or(kFaintFill);
    }
}

std::optional<Drawing> drawingOf(const ObjectReader& read, DcmItem& item) {
    const auto type = typeNamed(read.text(item, DCM_GraphicType));
    if (!type) return std::nullopt;
    Drawing drawing{*type, read.text(item, DCM_GraphicAnnotationUnits) == "DISPLAY", read.text(item, DCM_GraphicFilled) == "Y",
                    pointsOf(read.numbers(item, DCM_GraphicData)), {}, {}};
    if (!hasItsPoints(*type, drawing.points.size())) return std::nullopt;
    readStyles(read, item, drawing);
    return drawing;
}

std::optional<DrawnText> textOf(const ObjectReader& read, DcmItem& item) {
    DrawnText text;
    text.text = read.lines(item, DCM_UnformattedTextValue);
    const auto corner = pointAt(read, item, DCM_BoundingBoxTopLeftHandCorner),
               opposite = pointAt(read, item, DCM_BoundingBoxBottomRightHandCorner);
    if (corner && opposite) {
        const std::string side = read.text(item, DCM_BoundingBoxTextHorizontalJustification);
        text.box = {*corner, *opposite, read.text(item, DCM_BoundingBoxAnnotationUnits) == "DISPLAY",
                    side == "RIGHT"    ? Justification::Right
                    : side == "CENTER" ? Justification::Centre
                                       : Justification::Left};
    }
    if (const auto anchor = pointAt(read, item, DCM_AnchorPoint)) {
        text.anchor = {*anchor, read.text(item, DCM_AnchorPointAnnotationUnits) == "DISPLAY",
                       read.text(item, DCM_AnchorPointVisibility) == "Y"};
    }
    if (text.text.empty() || (!text.box && !text.anchor)) return std::nullopt;
    if (DcmItem* style = read.firstItem(item, kTextStyle)) {
        text.colour = labColour(read, *style, kTextLab);
        text.isBold = read.text(*style, kBold) == "Y";
    }
    return text;
}

Annotation annotationOf(const ObjectReader& read, DcmItem& item, Budget& budget) {
    Annotation annotation;
    annotation.films = read.references(item, DCM_ReferencedImageSequence);
    annotation.layer = read.text(item, DCM_GraphicLayer);
    for (DcmItem* one : read.items(item, DCM_GraphicObjectSequence)) {
        auto drawing = drawingOf(read, *one);
        if (!drawing) {
            ++budget.leftOut;
        } else if (budget.take(drawing->points.size())) {
            annotation.drawings.push_back(*std::move(drawing));
        }
    }
    for (DcmItem* one : read.items(item, DCM_TextObjectSequence)) {
        auto text = textOf(read, *one);
        if (!text) {
            ++budget.leftOut;
        } else if (budget.take(1)) {
            annotation.texts.push_back(*std::move(text));
        }
    }
    return annotation;
}

}  // namespace

void readDrawings(const ObjectReader& read, PresentationState& state) {
    readLayers(read, state);
    Budget budget;
    for (DcmItem* item : read.items(read.root(), DCM_GraphicAnnotationSequence))
        state.annotations.push_back(annotationOf(read, *item, budget));
    if (budget.leftOut > 0)
        state.facts.notes.push_back(std::to_string(budget.leftOut) + " drawings or texts of it make no sense or are too many, and were left out.");
    std::map<std::string, std::size_t> places;  // of the layers; there may be thousands
    for (const GraphicLayer& layer : state.layers) places.emplace(layer.name, places.size());
    const auto orderOf = [&places](const Annotation& annotation) {
        const auto place = places.find(annotation.layer);
        return place == places.end() ? places.size() : place->second;
    };
    std::stable_sort(state.annotations.begin(), state.annotations.end(),
                     [&](const Annotation& a, const Annotation& b) { return orderOf(a) < orderOf(b); });
}

}  // namespace cxr
