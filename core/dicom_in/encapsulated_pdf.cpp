#include "core/dicom_in/encapsulated_pdf.h"

#include <algorithm>
#include <string_view>

#include "core/dicom_in/object_reader.h"

namespace cxr {
namespace {

constexpr TagNumber kDocument = 0x00420011, kDocumentLength = 0x00420015;
constexpr std::size_t kMarkWithin = 1024;  // PDF readers accept other bytes before the mark

}  // namespace

Result<EncapsulatedPdf> readEncapsulatedPdf(const std::filesystem::path& file) {
    const Result<ObjectReader> opened = ObjectReader::open(file, ObjectKind::EncapsulatedPdf);
    if (!opened.isOk()) return opened.error();
    const ObjectReader& read = opened.value();
    const DicomElement* element = read.layout().find(kDocument);
    if (element == nullptr || element->length() == 0) return Error{ErrorCode::Corrupt, "it holds no document"};
    if (element->hasUndefinedLength) return Error{ErrorCode::Corrupt, "its document has no length"};
    const Bytes bytes = read.layout().valueOf(*element);
    const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kMarkWithin));
    const std::size_t mark = start.find("%PDF-");
    if (mark == std::string_view::npos) return Error{ErrorCode::Unsupported, "its document is no PDF"};
    const auto stated = read.header().number(kDocumentLength);
    const bool isStated = stated && *stated > static_cast<double>(mark) && *stated <= static_cast<double>(bytes.size());
    const std::size_t end = isStated ? static_cast<std::size_t>(*stated) : bytes.size();
    EncapsulatedPdf pdf{read.facts(), read.text(read.root(), DCM_DocumentTitle), {}};
    pdf.bytes.assign(bytes.begin() + static_cast<std::ptrdiff_t>(mark), bytes.begin() + static_cast<std::ptrdiff_t>(end));
    return pdf;
}

}  // namespace cxr
