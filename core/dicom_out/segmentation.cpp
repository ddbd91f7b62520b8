// Segmentation object: heart, left lung, right lung, one frame each, one bit a pixel of the film.   DICOM PS3.3 A.51,
// C.8.20
//   A film has no position in space: the frames lie on it pixel by pixel (Derivation Image, Spatial Locations Preserved
//   YES). bits   pixel (row, column) of frame f is bit n = (f * rows + row) * columns + column, byte n / 8, lowest bit
//   first
#include <opencv2/core/mat.hpp>

#include "core/dicom_out/cielab.h"
#include "core/dicom_out/object_writers.h"
#include "core/image/polygon.h"

namespace cxr {
namespace {

struct OrganFacts {
    Organ organ;
    const char* label;
    const Code* type;
    const Code* side;      // null: one of its kind
    int red, green, blue;  // as the window draws it
};

const std::vector<OrganFacts>& organFacts() {
    static const std::vector<OrganFacts> facts{
        {Organ::Heart, "Heart", &codes::kHeart, nullptr, 255, 167, 38},
        {Organ::LeftLung, "Left lung", &codes::kLung, &codes::kLeft, 86, 180, 233},
        {Organ::RightLung, "Right lung", &codes::kLung, &codes::kRight, 0, 114, 178}};
    return facts;
}

const Outline& outlineOf(const ObjectInput& input, Organ organ) {
    return input.results.chest.outlines[static_cast<std::size_t>(organ)];
}

std::vector<OrganFacts> foundOrgans(const ObjectInput& input) {
    std::vector<OrganFacts> found;
    for (const OrganFacts& facts : organFacts()) {
        if (outlineOf(input, facts.organ).points.size() >= 3) found.push_back(facts);
    }
    return found;
}

void writeAlgorithm(ItemWriter& segment, const ModelStamp& model, bool isEdited) {
    const AlgorithmFacts facts = algorithmOf(model);
    segment.text(DCM_SegmentAlgorithmType, isEdited ? "SEMIAUTOMATIC" : "AUTOMATIC")
        .label(DCM_SegmentAlgorithmName, facts.name, 64);
    ItemWriter algorithm = segment.item(DCM_SegmentationAlgorithmIdentificationSequence);
    algorithm.code(DCM_AlgorithmFamilyCodeSequence, codes::kArtificialIntelligence);
    algorithm.label(DCM_AlgorithmName, facts.name, 64).label(DCM_AlgorithmVersion, facts.version, 64);
    if (!facts.parameters.empty()) algorithm.label(DCM_AlgorithmParameters, facts.parameters, 1024);
}

void writeSegment(ItemWriter& root, const ObjectInput& input, const OrganFacts& facts, int number) {
    ItemWriter segment = root.item(DCM_SegmentSequence);
    segment.u16(DCM_SegmentNumber, {static_cast<std::uint16_t>(number)}).text(DCM_SegmentLabel, facts.label);
    segment.text(DCM_SegmentDescription, kNotice);
    writeAlgorithm(segment, input.results.model, outlineOf(input, facts.organ).edited);
    segment.code(DCM_SegmentedPropertyCategoryCodeSequence, codes::kAnatomicalStructure);
    ItemWriter type = segment.item(DCM_SegmentedPropertyTypeCodeSequence);
    type.text(DCM_CodeValue, facts.type->value)
        .text(DCM_CodingSchemeDesignator, facts.type->scheme)
        .text(DCM_CodeMeaning, facts.type->meaning);
    if (facts.side != nullptr) type.code(DCM_SegmentedPropertyTypeModifierCodeSequence, *facts.side);
    segment.u16(DCM_RecommendedDisplayCIELabValue, cieLab(facts.red, facts.green, facts.blue));
    segment.text(DCM_TrackingID, facts.label).text(DCM_TrackingUID, trackingUid(input.film, facts.label));
}

// Multi-frame dimensions: frames are told apart by their segment's number.
void writeDimensions(ItemWriter& root, const ObjectInput& input) {
    const std::string uid = trackingUid(input.film, "segment dimension");
    root.item(DCM_DimensionOrganizationSequence).text(DCM_DimensionOrganizationUID, uid);
    root.item(DCM_DimensionIndexSequence)
        .tagKey(DCM_DimensionIndexPointer, DCM_ReferencedSegmentNumber)
        .tagKey(DCM_FunctionalGroupPointer, DCM_SegmentIdentificationSequence)
        .text(DCM_DimensionOrganizationUID, uid)
        .text(DCM_DimensionDescriptionLabel, "Segment");
}

void writeFrames(ItemWriter& root, const ObjectInput& input, std::size_t count) {
    ItemWriter shared = root.item(DCM_SharedFunctionalGroupsSequence);
    writeFrameDerivation(shared, input.film, codes::kSegmentation);
    for (std::uint16_t number = 1; number <= count; ++number) {
        ItemWriter frame = root.item(DCM_PerFrameFunctionalGroupsSequence);
        frame.item(DCM_FrameContentSequence).u32(DCM_DimensionIndexValues, {number});
        frame.item(DCM_SegmentIdentificationSequence).u16(DCM_ReferencedSegmentNumber, {number});
    }
    root.integer(DCM_NumberOfFrames, static_cast<long>(count));
}

std::vector<std::uint8_t> packedFrames(const ObjectInput& input, const std::vector<OrganFacts>& organs) {
    const Image& image = *input.results.image;
    const std::size_t pixels = image.samples.total();
    std::vector<std::uint8_t> bits((pixels * organs.size() + 7) / 8, 0);
    std::size_t bit = 0;
    for (const OrganFacts& facts : organs) {
        const cv::Mat mask = fillPolygon(outlineOf(input, facts.organ).points, image.samples.size());
        for (int row = 0; row < mask.rows; ++row) {
            const auto* values = mask.ptr<std::uint8_t>(row);
            for (int column = 0; column < mask.cols; ++column, ++bit) {
                if (values[column] != 0) bits[bit / 8] |= static_cast<std::uint8_t>(1U << bit % 8);
            }
        }
    }
    return bits;
}

}  // namespace

Result<Done> fillSegmentation(DcmDataset& dataset, const ObjectInput& input) {
    const std::vector<OrganFacts> organs = foundOrgans(input);
    if (organs.empty()) return Error{ErrorCode::InvalidArgument, "no outline was found"};
    const Image& image = *input.results.image;
    std::string problem;
    ItemWriter root(dataset, problem);
    writeCommonModules(root, input, ResultKind::Segmentation);
    root.text(DCM_DeviceSerialNumber, "none (software)");
    root.text(DCM_ImageType, "DERIVED\\PRIMARY")
        .text(DCM_ContentLabel, "HEART_LUNGS")
        .text(DCM_ContentDescription, "Heart and lungs, found by a network");
    root.text(DCM_ContentCreatorName, "").text(DCM_SegmentationType, "BINARY");
    writePictureFormat(root, {image.height(), image.width(), 1, 1});
    writeLossy(root, input);
    writeOrientation(root, input.film);
    for (std::size_t i = 0; i < organs.size(); ++i) writeSegment(root, input, organs[i], static_cast<int>(i) + 1);
    writeDimensions(root, input);
    writeFrames(root, input, organs.size());
    writeReferencedSeries(root, input.film, DCM_ReferencedInstanceSequence);
    root.bytes(DCM_PixelData, packedFrames(input, organs));
    return outcome(problem);
}

}  // namespace cxr
