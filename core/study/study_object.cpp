#include "core/study/study_object.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

#include "core/io/dicom_facts.h"
#include "core/io/dicom_header.h"
#include "core/io/dicom_prescan.h"
#include "core/io/raster_header.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr TagNumber kSopClass = 0x00080016, kSeriesDate = 0x00080021, kAcquisitionDate = 0x00080022,
                    kContentDate = 0x00080023, kAcquisitionTime = 0x00080032, kContentTime = 0x00080033,
                    kIssuer = 0x00100021, kSeriesNumber = 0x00200011, kInstanceNumber = 0x00200013,
                    kFrames = 0x00280008, kRows = 0x00280010, kColumns = 0x00280011, kContentLabel = 0x00700080,
                    kContentDescription = 0x00700081, kPresentationDate = 0x00700082, kPresentationTime = 0x00700083,
                    kConceptName = 0x0040A043, kCodeMeaning = 0x00080104, kDocumentTitle = 0x00420010,
                    kFileSetRecords = 0x00041220;
// Beside what a film is read from.
constexpr auto kMore = std::to_array<TagNumber>({kSeriesDate, kContentDate, kContentTime, kIssuer, kSeriesNumber,
                                                 kInstanceNumber, kContentLabel, kContentDescription, kPresentationDate,
                                                 kPresentationTime, kConceptName, kDocumentTitle});
// How much of a file is looked at: more where the header is longer.
constexpr std::array<std::uintmax_t, 3> kReadBytes{64U << 10, 2U << 20, 64U << 20};

Result<std::vector<std::uint8_t>> readBeginning(std::ifstream& stream, std::uintmax_t count) {
    std::vector<std::uint8_t> bytes(count);
    stream.clear();
    stream.seekg(0);
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
    if (static_cast<std::uintmax_t>(stream.gcount()) != count) {
        return Error{ErrorCode::NotFound, "it cannot be read to its end"};
    }
    return bytes;
}

std::string firstOf(const DicomHeader& header, std::initializer_list<TagNumber> tags) {
    for (const TagNumber tag : tags) {
        if (std::string text = header.text(tag); !text.empty()) return text;
    }
    return {};
}

// What a companion calls itself.
std::string descriptionOf(const DicomHeader& header, ObjectKind kind) {
    if (kind == ObjectKind::StructuredReport || kind == ObjectKind::KeyObjects) {
        for (DcmItem* code : header.items(kConceptName)) return header.textIn(*code, kCodeMeaning);
    }
    return firstOf(header, {kDocumentTitle, kContentDescription, kContentLabel});
}

StudyObject objectFrom(const DicomHeader& header, ObjectKind kind) {
    Image facts;  // takes what the header says about a film; it has no pixels
    fillFacts(header, facts);
    StudyObject object;
    object.kind = kind;
    object.patient = facts.patient;
    object.study = facts.study;
    object.view = facts.view;
    object.laterality = facts.laterality;
    object.patientIdIssuer = header.text(kIssuer);
    object.seriesDate = isoDate(header.text(kSeriesDate));
    object.contentDate = isoDate(firstOf(header, {kAcquisitionDate, kContentDate, kPresentationDate}));
    object.contentTime = isoTime(firstOf(header, {kAcquisitionTime, kContentTime, kPresentationTime}));
    object.seriesNumber = header.integer(kSeriesNumber);
    object.instanceNumber = header.integer(kInstanceNumber);
    object.rows = header.integer(kRows).value_or(0);
    object.columns = header.integer(kColumns).value_or(0);
    object.frames = header.integer(kFrames).value_or(1);
    if (kind != ObjectKind::Film) object.description = descriptionOf(header, kind);
    return object;
}

Result<StudyObject> objectOf(const DicomLayout& layout, bool& isIndex) {
    isIndex = layout.find(kFileSetRecords) != nullptr || layout.text(kSopClass) == "1.2.840.10008.1.3.10";
    if (isIndex) return StudyObject{};
    const ObjectKind kind = objectKindOf(layout.text(kSopClass));
    if (kind == ObjectKind::Film && layout.pixels.element.tag == 0) {
        return Error{ErrorCode::Unsupported, withoutPicture(layout)};
    }
    const Result<DicomHeader> header = DicomHeader::parse(layout, kMore);
    if (!header.isOk()) return header.error();
    return objectFrom(header.value(), kind);
}

}  // namespace

FileContent contentOf(Bytes firstBytes) {
    if (looksLikeDicom(firstBytes)) return FileContent::Dicom;
    if (rasterKindOf(firstBytes) != RasterKind::None) return FileContent::Picture;
    if (startsWith(firstBytes, "PK\3\4") || startsWith(firstBytes, "PK\5\6")) return FileContent::Zip;
    return FileContent::Other;
}

Result<StudyObject> readStudyObject(const fs::path& file, bool& isIndex, const ReadLimits& limits) {
    std::error_code code;
    const std::uintmax_t size = fs::file_size(file, code);
    std::ifstream stream(file, std::ios::binary);
    if (code || !stream) return Error{ErrorCode::NotFound, "it cannot be opened; check its permissions"};
    for (const std::uintmax_t wanted : kReadBytes) {
        const std::uintmax_t count = std::min(size, wanted);
        const auto bytes = readBeginning(stream, count);
        if (!bytes.isOk()) return bytes.error();
        const Result<DicomLayout> layout = prescanDicomHeader(bytes.value(), limits);
        const bool isWhole = count == size;
        if (layout.isOk() && (isWhole || layout.value().pixels.element.tag != 0)) return objectOf(layout.value(), isIndex);
        // A header that ends where the piece ends may go on behind it.
        if (!layout.isOk() && (isWhole || layout.error().code != ErrorCode::Corrupt)) return layout.error();
    }
    return Error{ErrorCode::TooLarge, "its header is longer than 64 MiB"};
}

std::string kindName(const StudyObject& object) {
    if (object.isPicture) return "picture";
    if (object.kind == ObjectKind::Film) return "film";
    const std::string words = objectWords(object.study.sopClassUid);
    return words.substr(words.find(' ') + 1);
}

std::string dateOf(const StudyObject& object) {
    if (!object.contentDate.empty()) {
        return object.contentDate + (object.contentTime.empty() ? "" : " " + object.contentTime.substr(0, 5));
    }
    return object.seriesDate.empty() ? object.study.studyDate : object.seriesDate;
}

}  // namespace cxr
