// Grayscale Softcopy Presentation State: how the film was seen, and what was drawn over it, as vectors.
//   DICOM PS3.3 A.33.1, C.10.4 to C.10.8, C.11; coordinates PIXEL: 0\0 is the top left corner of the first pixel, as
//   ours film pixels -> Modality LUT -> window as seen -> Presentation LUT shape (INVERSE where low values are bright)
#include <algorithm>

#include "core/dicom_out/cielab.h"
#include "core/dicom_out/object_writers.h"

namespace cxr {
namespace {

constexpr const char* kOrgans = "OUTLINES";
constexpr const char* kLines = "CTR";
constexpr const char* kBoxes = "BOXES";
constexpr const char* kWords = "NOTES";

void writeLayers(ItemWriter& root) {
    struct Layer {
        const char* name;
        const char* description;
        int red, green, blue;
    };
    constexpr Layer kLayers[] = {{kOrgans, "Outlines of heart and lungs", 255, 167, 38},
                                 {kLines, "Lines of the cardiothoracic ratio", 255, 236, 92},
                                 {kBoxes, "Boxes of explanations", 204, 121, 167},
                                 {kWords, "Results and notice", 255, 255, 255}};
    long order = 1;
    for (const Layer& layer : kLayers) {
        root.item(DCM_GraphicLayerSequence)
            .text(DCM_GraphicLayer, layer.name)
            .integer(DCM_GraphicLayerOrder, order++)
            .u16(DCM_GraphicLayerRecommendedDisplayCIELabValue, cieLab(layer.red, layer.green, layer.blue))
            .text(DCM_GraphicLayerDescription, layer.description);
    }
}

ItemWriter annotation(ItemWriter& root, const SourceFilm& film, const char* layer) {
    ItemWriter item = root.item(DCM_GraphicAnnotationSequence);
    ItemWriter reference = item.item(DCM_ReferencedImageSequence);
    writeFilmReference(reference, film);
    item.text(DCM_GraphicLayer, layer);
    return item;
}

void writePolyline(ItemWriter& annotation, const std::vector<PointPx>& points) {
    std::vector<float> data;
    for (const PointPx& p : points) {
        data.push_back(static_cast<float>(p.x));
        data.push_back(static_cast<float>(p.y));
    }
    annotation.item(DCM_GraphicObjectSequence)
        .text(DCM_GraphicAnnotationUnits, "PIXEL")
        .u16(DCM_GraphicDimensions, {2})
        .u16(DCM_NumberOfGraphicPoints, {static_cast<std::uint16_t>(points.size())})
        .f32(DCM_GraphicData, data)
        .text(DCM_GraphicType, "POLYLINE")
        .text(DCM_GraphicFilled, "N");
}

// Words below and to the right of a film point.
void writeWords(ItemWriter& annotation, const std::string& words, PointPx at) {
    annotation.item(DCM_TextObjectSequence)
        .text(DCM_AnchorPointAnnotationUnits, "PIXEL")
        .label(DCM_UnformattedTextValue, words, 1024)
        .f32(DCM_AnchorPoint, {static_cast<float>(at.x), static_cast<float>(at.y)})
        .text(DCM_AnchorPointVisibility, "N");
}

// Words in a part of the screen, shares of it.
void writeCorner(ItemWriter& annotation, const std::string& words, float left, float top, float right, float bottom) {
    annotation.item(DCM_TextObjectSequence)
        .text(DCM_BoundingBoxAnnotationUnits, "DISPLAY")
        .label(DCM_UnformattedTextValue, words, 1024)
        .f32(DCM_BoundingBoxTopLeftHandCorner, {left, top})
        .f32(DCM_BoundingBoxBottomRightHandCorner, {right, bottom})
        .text(DCM_BoundingBoxTextHorizontalJustification, "LEFT");
}

void writeOutlines(ItemWriter& root, const ObjectInput& input) {
    for (const Outline& outline : input.results.chest.outlines) {
        if (outline.points.size() < 3 || outline.points.size() > 8000) continue;
        std::vector<PointPx> closed = outline.points;
        closed.push_back(closed.front());
        ItemWriter drawn = annotation(root, input.film, kOrgans);
        writePolyline(drawn, closed);
    }
}

void writeLines(ItemWriter& root, const ObjectInput& input) {
    const ChestMeasurement& chest = input.results.chest;
    if (chest.verdict == Verdict::NotMeasured || chest.isUncertain) return;
    const Spacing& spacing = input.results.image->spacing;
    for (const auto& [name, line] : {std::pair("heart ", chest.heartLine), std::pair("chest ", chest.chestLine)}) {
        ItemWriter drawn = annotation(root, input.film, kLines);
        writeWords(drawn, name + lengthText(line, spacing), {(line.from.x + line.to.x) / 2, line.from.y});
        writePolyline(drawn, {line.from, line.to});
    }
}

void writeBoxes(ItemWriter& root, const ObjectInput& input) {
    for (const FindingBox& finding : input.results.boxes) {
        const RectPx& box = finding.box;
        ItemWriter drawn = annotation(root, input.film, kBoxes);
        writeWords(drawn, finding.className + " " + percentText(finding.score), {box.left, box.bottom()});
        writePolyline(drawn, {{box.left, box.top},
                              {box.right(), box.top},
                              {box.right(), box.bottom()},
                              {box.left, box.bottom()},
                              {box.left, box.top}});
    }
}

void writeNotes(ItemWriter& root, const ObjectInput& input) {
    const AlgorithmFacts model = algorithmOf(input.results.model);
    ItemWriter words = annotation(root, input.film, kWords);
    if (!input.results.verdict.empty()) writeCorner(words, input.results.verdict, 0.02F, 0.9F, 0.98F, 0.94F);
    writeCorner(words, std::string(kNotice) + " - " + model.name + " " + model.version, 0.02F, 0.95F, 0.98F, 0.99F);
}

void writeTable(ItemWriter& item, const LookupTable& table) {
    const auto count = static_cast<std::uint16_t>(table.values.size() & 0xFFFF);  // 65,536 is written as 0
    const auto first = static_cast<std::uint16_t>(table.firstInput);
    const std::uint16_t descriptor[] = {count, first, static_cast<std::uint16_t>(table.bitsPerEntry)};
    item.words(DcmTag(DCM_LUTDescriptor, table.firstInput < 0 ? EVR_SS : EVR_US), descriptor);
    item.words(DcmTag(DCM_LUTData, EVR_OW), table.values);
    if (!table.explanation.empty()) item.label(DCM_LUTExplanation, table.explanation, 64);
}

void writeModality(ItemWriter& root, const ModalityTransform& modality) {
    const std::string units = modality.units.empty() ? "US" : modality.units;
    if (modality.table) {
        ItemWriter item = root.item(DCM_ModalityLUTSequence);
        writeTable(item, *modality.table);
        item.label(DCM_ModalityLUTType, units, 64);
        return;
    }
    root.decimal(DCM_RescaleIntercept, modality.intercept)
        .decimal(DCM_RescaleSlope, modality.slope)
        .label(DCM_RescaleType, units, 64);
}

void writeWindow(ItemWriter& root, const VoiSetting& voi) {
    ItemWriter item = root.item(DCM_SoftcopyVOILUTSequence);
    if (voi.table) {
        ItemWriter table = item.item(DCM_VOILUTSequence);
        writeTable(table, *voi.table);
        return;
    }
    item.decimal(DCM_WindowCenter, voi.center).decimal(DCM_WindowWidth, voi.width);
    const char* functions[] = {"LINEAR", "LINEAR_EXACT", "SIGMOID"};
    item.text(DCM_VOILUTFunction, functions[static_cast<int>(voi.function)]);
}

void writeDisplayedArea(ItemWriter& root, const Image& image) {
    ItemWriter area = root.item(DCM_DisplayedAreaSelectionSequence);
    area.s32(DCM_DisplayedAreaTopLeftHandCorner, {1, 1})
        .s32(DCM_DisplayedAreaBottomRightHandCorner, {image.width(), image.height()});
    area.text(DCM_PresentationSizeMode, "SCALE TO FIT");
    if (image.spacing.isKnown()) {
        const double spacing[] = {image.spacing.rowMm, image.spacing.columnMm};
        area.decimals(DCM_PresentationPixelSpacing, spacing);
    } else {
        area.text(DCM_PresentationPixelAspectRatio, "1\\1");
    }
}

}  // namespace

Result<Done> fillPresentationState(DcmDataset& dataset, const ObjectInput& input) {
    const Image& image = *input.results.image;
    std::string problem;
    ItemWriter root(dataset, problem);
    writeCommonModules(root, input, ResultKind::PresentationState);
    root.text(DCM_ContentLabel, "PRECORDIA")
        .text(DCM_ContentDescription, std::string("Outlines and measurements. ") + kNotice);
    root.text(DCM_PresentationCreationDate, input.run.date)
        .text(DCM_PresentationCreationTime, input.run.time)
        .text(DCM_ContentCreatorName, "");
    writeReferencedSeries(root, input.film, DCM_ReferencedImageSequence);
    writeModality(root, image.modality);
    writeWindow(root, input.results.voi);
    root.text(DCM_PresentationLUTShape, image.isInverse != input.results.isInverted ? "INVERSE" : "IDENTITY");
    writeDisplayedArea(root, image);
    writeOutlines(root, input);
    writeLines(root, input);
    writeBoxes(root, input);
    writeNotes(root, input);
    writeLayers(root);
    return outcome(problem);
}

}  // namespace cxr
