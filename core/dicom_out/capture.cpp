// Secondary Capture of the annotated picture, and the PDF report as an Encapsulated PDF.   DICOM PS3.3 A.8.1, A.45.1,
// C.8.6, C.24
//   Both say that words are burnt in, and that film they were made from.
#include "core/dicom_out/object_writers.h"

namespace cxr {
namespace {

void writeSource(ItemWriter& root, const SourceFilm& film, const DcmTagKey& sequence) {
    ItemWriter source = root.item(sequence);
    writeFilmReference(source, film);
    source.code(DCM_PurposeOfReferenceCodeSequence, codes::kSourceImage);
}

}  // namespace

Result<Done> fillCapture(DcmDataset& dataset, const ObjectInput& input) {
    const RgbPicture& picture = input.results.picture;
    if (picture.values.empty()) return Error{ErrorCode::InvalidArgument, "there is no picture"};
    std::string problem;
    ItemWriter root(dataset, problem);
    writeCommonModules(root, input, ResultKind::Capture);
    root.text(DCM_ConversionType, "WSD").text(DCM_ImageType, "DERIVED\\SECONDARY").text(DCM_BurnedInAnnotation, "YES");
    writeOrientation(root, input.film);
    root.text(DCM_DerivationDescription,
              std::string("Film with outlines, measurements and notice drawn over it. ") + kNotice);
    writeSource(root, input.film, DCM_SourceImageSequence);
    writePictureFormat(root, {picture.height, picture.width, 3, 8, "RGB"});
    writeLossy(root, input);
    root.bytes(DCM_PixelData, picture.values);
    return outcome(problem);
}

Result<Done> fillPdf(DcmDataset& dataset, const ObjectInput& input) {
    const std::vector<std::byte>& pdf = input.results.pdf;
    if (pdf.empty()) return Error{ErrorCode::InvalidArgument, "there is no PDF report"};
    std::string problem;
    ItemWriter root(dataset, problem);
    writeCommonModules(root, input, ResultKind::PdfReport);
    root.text(DCM_ConversionType, "SYN").text(DCM_AcquisitionDateTime, "").text(DCM_BurnedInAnnotation, "YES");
    root.text(DCM_DocumentTitle, std::string("Chest film report. ") + kNotice)
        .text(DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
    root.code(DCM_ConceptNameCodeSequence, {"18748-4", "LN", "Diagnostic imaging study"});
    writeSource(root, input.film, DCM_SourceInstanceSequence);
    root.bytes(DCM_EncapsulatedDocument, {reinterpret_cast<const std::uint8_t*>(pdf.data()), pdf.size()});
    const DcmTagKey length(0x0042, 0x0015);  // Encapsulated Document Length: the padding byte is no part of the PDF
    root.u32(length, {static_cast<std::uint32_t>(pdf.size())});
    return outcome(problem);
}

}  // namespace cxr
