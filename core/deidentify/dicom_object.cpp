#include "core/deidentify/dicom_object.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcwcache.h>

#include <memory>
#include <optional>
#include <vector>

#include "core/io/data_set_reading.h"
#include "core/io/dicom_header.h"
#include "core/io/dicom_walker.h"

namespace cxr {

struct DicomObject::State {
    DcmFileFormat file;
    E_TransferSyntax syntax = EXS_LittleEndianExplicit;
};

namespace {

constexpr std::size_t kWriteBlock = 1 << 20;

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

Result<Done> prepareDcmtk() {
    silenceDcmtk();
    if (dcmDataDict.isDictionaryLoaded()) return Done{};
    return Error{ErrorCode::Internal, "DCMTK's data dictionary is missing; install it or name its place in DCMDICTPATH"};
}

// How the data set is written from here on: as it was, a deflated one deflated again.
Result<E_TransferSyntax> syntaxOf(const DicomLayout& layout) {
    const std::string uid(layout.syntax->uid);
    const DcmXfer xfer(uid.c_str());
    if (xfer.getXfer() == EXS_Unknown) {
        return Error{ErrorCode::Unsupported, std::string("it is coded as ") + layout.syntax->name + ", which cannot be written back"};
    }
    const bool isExplicit = xfer.isExplicitVR(), isBig = xfer.getByteOrder() == EBO_BigEndian;
    if (isExplicit != layout.isExplicit || isBig != (layout.order == ByteOrder::Big)) {
        return corrupt("its header is not coded as its transfer syntax says");
    }
    return xfer.getXfer();
}

// Nothing behind the picture: digital signatures and padding are removed by the profile anyway.
Bytes readPart(const DicomLayout& layout) {
    return layout.pixels.element.tag == 0 ? layout.dataSet : layout.dataSet.first(layout.pixels.element.endOffset);
}

std::optional<DcmDictEntry> entryOf(TagNumber tag) {
    const DcmTagKey key(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF));
    const DcmDataDictionary& dictionary = dcmDataDict.rdlock();
    const DcmDictEntry* entry = dictionary.findEntry(key, nullptr);
    std::optional<DcmDictEntry> found;
    if (entry != nullptr) found.emplace(*entry);
    dcmDataDict.rdunlock();
    return found;
}

}  // namespace

DicomObject::DicomObject(std::unique_ptr<State> state) : m_state(std::move(state)) {}
DicomObject::DicomObject(DicomObject&&) noexcept = default;
DicomObject& DicomObject::operator=(DicomObject&&) noexcept = default;
DicomObject::~DicomObject() = default;

Result<DicomObject> DicomObject::parse(const DicomLayout& layout) {
    if (auto ready = prepareDcmtk(); !ready.isOk()) return ready.error();
    if (!isReadAlike(layout)) return corrupt("its header holds values of no known type");
    const Result<E_TransferSyntax> syntax = syntaxOf(layout);
    if (!syntax.isOk()) return syntax.error();
    auto state = std::make_unique<State>();
    state->syntax = syntax.value();
    const Bytes part = readPart(layout);
    // What was deflated is inflated here already.
    const E_TransferSyntax asRead = syntax.value() == EXS_DeflatedLittleEndianExplicit ? EXS_LittleEndianExplicit : syntax.value();
    const OFCondition read = readDataSet(*state->file.getDataset(), part, asRead);
    if (read.bad()) return corrupt("its header is damaged");
    return DicomObject(std::move(state));
}

Result<DicomObject> DicomObject::empty() {
    if (auto ready = prepareDcmtk(); !ready.isOk()) return ready.error();
    return DicomObject(std::make_unique<State>());
}

DcmDataset& DicomObject::dataSet() const { return *m_state->file.getDataset(); }

void DicomObject::setUncompressed() { m_state->syntax = EXS_LittleEndianExplicit; }

Result<std::string> DicomObject::bytes() const {
    DcmFileFormat& file = m_state->file;
    const Error failed{ErrorCode::Internal, "the object could not be coded again"};
    const auto block = std::make_unique_for_overwrite<char[]>(kWriteBlock);
    DcmOutputBufferStream stream(block.get(), static_cast<offile_off_t>(kWriteBlock));
    DcmWriteCache cache;
    std::string bytes;
    file.transferInit();
    OFCondition written = EC_Normal;
    do {
        written = file.write(stream, m_state->syntax, EET_UndefinedLength, &cache, EGL_withoutGL, EPD_noChange, 0, 0, 0, EWM_createNewMeta);
        if (written.bad() && written != EC_StreamNotifyClient) break;
        if (written.good()) stream.flush();
        void* full = nullptr;
        offile_off_t size = 0;
        stream.flushBuffer(full, size);
        bytes.append(static_cast<const char*>(full), static_cast<std::size_t>(size));
        // A deflated end may need more than one block.
        while (written.good() && !stream.isFlushed()) {
            stream.flush();
            stream.flushBuffer(full, size);
            bytes.append(static_cast<const char*>(full), static_cast<std::size_t>(size));
        }
    } while (written == EC_StreamNotifyClient);
    file.transferEnd();
    if (written.bad()) return failed;
    return bytes;
}

std::string vrInDictionary(TagNumber tag) {
    if ((tag >> 16) % 2 == 1) return {};
    const auto entry = entryOf(tag);
    return entry ? DcmVR(entry->getVR().getValidEVR()).getVRName() : std::string();
}

std::string keywordInDictionary(TagNumber tag) {
    const auto entry = entryOf(tag);
    return entry ? entry->getTagName() : std::string();
}

std::string textOf(DcmElement& element) {
    OFString text;
    if (element.getOFStringArray(text).bad()) return {};
    std::string value(text.c_str(), text.size());
    while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.pop_back();
    return value;
}

std::string textIn(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    return item.findAndGetElement(tag, element).good() && element != nullptr ? textOf(*element) : std::string();
}

std::unique_ptr<DcmElement> knownElement(DcmElement& unknown) {
    const TagNumber tag = static_cast<TagNumber>(unknown.getGTag()) << 16 | unknown.getETag();
    const std::string vr = vrInDictionary(tag);
    Uint8* value = nullptr;
    // A sequence in there was not measured by our scan: it is left out.
    if (vr.empty() || vr == "SQ" || vr == "UN" || unknown.getUint8Array(value).bad()) return nullptr;
    const Uint32 length = unknown.getLength();
    std::vector<Uint8> bytes;
    for (const Uint32 number : {tag >> 16 | (tag & 0xFFFF) << 16, length}) {
        for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<Uint8>(number >> (8 * i)));
    }
    if (value != nullptr) bytes.insert(bytes.end(), value, value + length);
    DcmDataset single;
    const OFCondition read = readDataSet(single, bytes, EXS_LittleEndianImplicit);
    if (read.bad() || single.card() != 1) return nullptr;
    return std::unique_ptr<DcmElement>(single.remove(0UL));
}

}  // namespace cxr
