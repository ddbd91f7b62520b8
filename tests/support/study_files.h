// Films and companions of made-up patients as DICOM bytes, for tests of studies: every identifier is chosen by the test.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcddirif.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <fstream>

#include "tests/support/dicom_bytes.h"

namespace cxr::test {

inline constexpr const char* kDxFilm = "1.2.840.10008.5.1.4.1.1.1.1";
inline constexpr const char* kSoftcopyState = "1.2.840.10008.5.1.4.1.1.11.1";
inline constexpr const char* kPdfDocument = "1.2.840.10008.5.1.4.1.1.104.1";

struct StudyFile {
    std::string sopClass = kDxFilm;
    std::string instance = "1.2.3.1.1.1", series = "1.2.3.1.1", study = "1.2.3.1";
    std::string date = "20220301", time = "101500", modality = "DX", view = "PA", bodyPart = "CHEST";
    std::string patientName = "Doe^Jane", patientId = "4711", issuer, birthDate = "19490308", charset;
    std::string studyDescription = "Chest", seriesDescription, seriesNumber = "1", instanceNumber = "1";
    std::string title;  // of a document
    int side = 64;      // 0: no pixel data
};

inline ByteVector bytesOf(const StudyFile& file) {
    DicomBytes data;
    const auto text = [&data](std::uint32_t tag, const char* vr, const std::string& value) {
        if (!value.empty()) data.text(tag, vr, value);
    };
    text(0x00080005, "CS", file.charset);
    text(0x00080016, "UI", file.sopClass);
    text(0x00080018, "UI", file.instance);
    text(0x00080020, "DA", file.date);
    text(0x00080030, "TM", file.time);
    data.text(0x00080050, "SH", "");
    text(0x00080060, "CS", file.modality);
    text(0x00081030, "LO", file.studyDescription);
    text(0x0008103E, "LO", file.seriesDescription);
    text(0x00100010, "PN", file.patientName);
    text(0x00100020, "LO", file.patientId);
    text(0x00100021, "LO", file.issuer);
    text(0x00100030, "DA", file.birthDate);
    data.text(0x00100040, "CS", "F");
    text(0x00180015, "CS", file.bodyPart);
    text(0x00185101, "CS", file.view);
    text(0x0020000D, "UI", file.study);
    text(0x0020000E, "UI", file.series);
    data.text(0x00200010, "SH", "1");
    text(0x00200011, "IS", file.seriesNumber);
    text(0x00200013, "IS", file.instanceNumber);
    if (file.side > 0) data.picture(file.side, file.side);
    text(0x00420010, file.title.size() < 60'000 ? "ST" : "UT", file.title);
    if (file.side > 0) {
        std::vector<std::uint16_t> pixels(static_cast<std::size_t>(file.side) * static_cast<std::size_t>(file.side));
        for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint16_t>(i % 4096);
        data.words(0x7FE00010, pixels);
    }
    return dicomFile(data.bytes, kExplicitLittle);
}

inline std::filesystem::path writeBytes(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return file;
}

inline std::filesystem::path writeStudyFile(const std::filesystem::path& file, const StudyFile& spec) {
    return writeBytes(file, bytesOf(spec));
}

// A text as it stands, without the record's limits of 8 characters: <folder>/DICOMDIR that lists these file IDs
// ("IMAGES\\IM1") as images of one patient.
inline std::filesystem::path writeDicomdir(const std::filesystem::path& folder, const std::vector<std::string>& fileIds) {
    DicomBytes records;
    for (const std::string& id : fileIds) {
        DicomBytes record;
        record.header(0x00041400, "UL", 4);
        record.number32(0);
        record.us(0x00041410, {0xFFFF});
        record.header(0x00041420, "UL", 4);
        record.number32(0);
        record.text(0x00041430, "CS", "IMAGE").text(0x00041500, "CS", id);
        records.header(0xFFFEE000, "", static_cast<std::uint32_t>(record.bytes.size())).append(record);
    }
    DicomBytes data;
    data.text(0x00041130, "CS", "TEST");
    data.header(0x00041220, "SQ", static_cast<std::uint32_t>(records.bytes.size())).append(records);
    return writeBytes(folder / "DICOMDIR", dicomFile(data.bytes, kExplicitLittle));
}

// The same through DCMTK, as discs are made. It writes the files again, with the whole meta header that it asks for; their
// names are at most 8 capitals and digits.
inline bool makeDicomdir(const std::filesystem::path& folder, const std::vector<std::string>& files) {
    DicomDirInterface index;
    index.disableConsistencyCheck();
    if (index.createNewDicomDir(DicomDirInterface::AP_GeneralPurpose, (folder / "DICOMDIR").c_str(), "TEST").bad()) return false;
    for (const std::string& file : files) {
        DcmFileFormat content;
        const std::string path = (folder / file).string();
        if (content.loadFile(path.c_str()).bad()) return false;
        content.loadAllDataIntoMemory();
        if (content.saveFile(path.c_str(), EXS_LittleEndianExplicit, EET_ExplicitLength, EGL_recalcGL, EPD_noChange, 0, 0, EWM_createNewMeta).bad()) return false;
        if (index.addDicomFile(file.c_str(), folder.c_str()).bad()) return false;
    }
    return index.writeDicomDir().good();
}

}  // namespace cxr::test
