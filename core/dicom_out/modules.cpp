#include "core/dicom_out/modules.h"

#include "core/dicom_out/copied_tags.h"
#include "core/dicom_out/uid.h"

namespace cxr {
namespace {

DcmTagKey keyOf(TagNumber tag) { return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)}; }

// Attributes that must be there, if only empty (type 2).
constexpr auto kNeverAbsent = std::to_array<TagNumber>(
    {0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00080020, 0x00080030, 0x00080090, 0x00200010, 0x00080050});

void writePatientAndStudy(ItemWriter& root, const SourceFilm& film) {
    for (const TagNumber tag : kCopiedTags) {
        if (film.header().tagExists(keyOf(tag)))
            root.note(film.header().findAndInsertCopyOfElement(keyOf(tag), &root.raw()), keyOf(tag));
    }
    for (const TagNumber tag : kNeverAbsent) {
        if (!root.raw().tagExists(keyOf(tag))) root.text(keyOf(tag), "");
    }
}

// General Series of objects that lie on the film: Laterality only where the film has one. Segments have a laterality of their
// own, so their series has none.
void writeBodyPart(ItemWriter& root, const SourceFilm& film, ResultKind kind) {
    for (const DcmTagKey& tag : {DCM_BodyPartExamined, DCM_Laterality}) {
        if (kind == ResultKind::Segmentation && tag == DCM_Laterality) continue;
        if (film.header().tagExistsWithValue(tag))
            root.note(film.header().findAndInsertCopyOfElement(tag, &root.raw()), tag);
    }
    if (!root.raw().tagExists(DCM_BodyPartExamined))
        root.text(DCM_BodyPartExamined, "CHEST");  // what these results are about
}

}  // namespace

SeriesFacts seriesFacts(ResultKind kind) {
    switch (kind) {
        case ResultKind::MeasurementReport:
            return {UID_ComprehensiveSRStorage, "SR", 9501,
                    "Precordia measurements and findings, not for diagnostic use"};
        case ResultKind::Segmentation:
            return {UID_SegmentationStorage, "SEG", 9502, "Precordia heart and lungs, not for diagnostic use"};
        case ResultKind::ParametricMap:
            return {UID_ParametricMapStorage, "OT", 9503, "Precordia heatmaps, not for diagnostic use"};
        case ResultKind::PresentationState:
            return {UID_GrayscaleSoftcopyPresentationStateStorage, "PR", 9504,
                    "Precordia annotations, not for diagnostic use"};
        case ResultKind::Capture:
            return {UID_SecondaryCaptureImageStorage, "OT", 9505,
                    "Precordia annotated picture, not for diagnostic use"};
        case ResultKind::PdfReport:
            break;
    }
    return {UID_EncapsulatedPDFStorage, "DOC", 9506, "Precordia report, not for diagnostic use"};
}

void writeCommonModules(ItemWriter& root, const ObjectInput& input, ResultKind kind) {
    const SeriesFacts facts = seriesFacts(kind);
    const ObjectRun& run = input.run;
    writePatientAndStudy(root, input.film);
    root.text(DCM_SOPClassUID, facts.sopClassUid).text(DCM_SOPInstanceUID, newUid());
    root.text(DCM_InstanceCreationDate, run.date).text(DCM_InstanceCreationTime, run.time);
    root.text(DCM_Modality, facts.modality)
        .integer(DCM_SeriesNumber, facts.number)
        .text(DCM_SeriesDescription, facts.description);
    root.text(DCM_SeriesInstanceUID,
              derivedUid("series " + run.uid + " " + input.film.studyUid + " " + std::to_string(facts.number)));
    root.text(DCM_SeriesDate, run.date).text(DCM_SeriesTime, run.time);
    root.text(DCM_Manufacturer, kManufacturer).text(DCM_ManufacturerModelName, "Precordia");
    root.label(DCM_SoftwareVersions, run.programVersion, 64).integer(DCM_InstanceNumber, input.instanceNumber);
    if (kind != ResultKind::MeasurementReport && kind != ResultKind::PdfReport) writeBodyPart(root, input.film, kind);
    if (kind == ResultKind::PresentationState) return;  // it has a date of creation of its own
    root.text(DCM_ContentDate, run.date).text(DCM_ContentTime, run.time);
}

void writeFilmReference(ItemWriter& item, const SourceFilm& film) {
    item.text(DCM_ReferencedSOPClassUID, film.sopClassUid).text(DCM_ReferencedSOPInstanceUID, film.sopInstanceUid);
}

void writeReferencedSeries(ItemWriter& root, const SourceFilm& film, const DcmTagKey& instances) {
    ItemWriter series = root.item(DCM_ReferencedSeriesSequence);
    series.text(DCM_SeriesInstanceUID, film.seriesUid);
    ItemWriter reference = series.item(instances);
    writeFilmReference(reference, film);
}

void writeLossy(ItemWriter& root, const ObjectInput& input) {
    if (!input.results.image->encoding.isLossy) {
        root.text(DCM_LossyImageCompression, "00");
        return;
    }
    root.text(DCM_LossyImageCompression, "01");
    for (const DcmTagKey& tag : {DCM_LossyImageCompressionRatio, DCM_LossyImageCompressionMethod}) {
        if (input.film.header().tagExists(tag))
            root.note(input.film.header().findAndInsertCopyOfElement(tag, &root.raw()), tag);
    }
}

void writeOrientation(ItemWriter& root, const SourceFilm& film) {
    if (film.header().tagExists(DCM_PatientOrientation)) {
        root.note(film.header().findAndInsertCopyOfElement(DCM_PatientOrientation, &root.raw()),
                  DCM_PatientOrientation);
    } else {
        root.text(DCM_PatientOrientation, "");
    }
}

void writePictureFormat(ItemWriter& root, const PictureFormat& format) {
    const auto u16 = [](int value) { return std::vector<std::uint16_t>{static_cast<std::uint16_t>(value)}; };
    root.u16(DCM_SamplesPerPixel, u16(format.samples)).text(DCM_PhotometricInterpretation, format.photometric);
    if (format.samples > 1) root.u16(DCM_PlanarConfiguration, {0});
    root.u16(DCM_Rows, u16(format.rows))
        .u16(DCM_Columns, u16(format.columns))
        .u16(DCM_BitsAllocated, u16(format.bitsAllocated));
    if (format.bitsAllocated == 32) return;  // floats: the rest has no meaning
    root.u16(DCM_BitsStored, u16(format.bitsAllocated))
        .u16(DCM_HighBit, u16(format.bitsAllocated - 1))
        .u16(DCM_PixelRepresentation, {0});
}

void writeFrameDerivation(ItemWriter& shared, const SourceFilm& film, const Code& derivation) {
    ItemWriter derived = shared.item(DCM_DerivationImageSequence);
    derived.code(DCM_DerivationCodeSequence, derivation);
    ItemWriter source = derived.item(DCM_SourceImageSequence);
    writeFilmReference(source, film);
    source.text(DCM_SpatialLocationsPreserved, "YES");
    source.code(DCM_PurposeOfReferenceCodeSequence, codes::kSourceImage);
}

AlgorithmFacts algorithmOf(const ModelStamp& model) {
    AlgorithmFacts facts{
        model.name.empty() ? model.id : model.name, model.version.empty() ? "not stated" : model.version, {}};
    if (facts.name.empty()) facts.name = "not stated";
    if (!model.weightsSha256.empty()) facts.parameters = "weights SHA-256 " + model.weightsSha256;
    return facts;
}

std::string trackingUid(const SourceFilm& film, const std::string& what) {
    return derivedUid("tracking " + film.sopInstanceUid + " " + what);
}

}  // namespace cxr
