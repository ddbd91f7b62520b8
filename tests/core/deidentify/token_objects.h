// Objects that carry a token in every attribute of the rule table, at nesting depths 0 to 3, for the proof that none is left.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>
#include <string>
#include <vector>

#include "core/deidentify/profile.h"

namespace cxr::test {

inline constexpr int kDepths = 4;

// What must not be found in the bytes of a result.
inline const std::vector<QByteArray>& tokens() {
    static const std::vector<QByteArray> all{"TOKEN", "19470613", "235713", "071Y", "271828", "314159", "1.3.999"};
    return all;
}

inline const char* tokenFor(const std::string& vr) {
    if (vr == "DA") return "19470613";
    if (vr == "TM") return "235713.171717";
    if (vr == "DT") return "19470613125959";
    if (vr == "AS") return "071Y";
    if (vr == "DS") return "271828.5";
    if (vr == "IS") return "314159";
    if (vr == "UI") return "1.3.999.271828.1";
    if (vr == "PN") return "TOKENFAMILY^TOKENGIVEN";
    if (vr == "UR") return "http://token.invalid/TOKEN";
    return "TOKENTEXT";
}

// Identifiers have a value of their own: what is kept elsewhere is searched for them.
inline const char* tokenFor(const ProfileRule& rule) {
    for (const char* part : {"PatientID", "AccessionNumber", "StudyID", "AdmissionID", "Telephone", "MedicalRecord", "RequestedProcedureID"}) {
        if (rule.vr != "SQ" && rule.keyword.find(part) != std::string::npos) return "TOKENID9";
    }
    return tokenFor(rule.vr);
}

inline DcmTag tagFor(const ProfileRule& rule) {
    return {static_cast<Uint16>(rule.tag >> 16), static_cast<Uint16>(rule.tag & 0xFFFF), DcmVR(rule.vr.c_str())};
}

// Attributes that stand in a data set; the meta header and commands have their own groups.
inline bool isInDataSets(const ProfileRule& rule) { return rule.tag >> 16 >= 0x0008; }

inline void insertToken(DcmItem& item, const ProfileRule& rule) {
    const DcmTag tag = tagFor(rule);
    if (rule.vr == "SQ") {
        DcmItem* inner = nullptr;
        if (item.findOrCreateSequenceItem(tag, inner, -2).bad()) return;
        inner->putAndInsertString(DCM_ReferencedSOPInstanceUID, tokenFor("UI"));
        inner->putAndInsertString(DCM_OperatorsName, tokenFor("PN"));
        inner->putAndInsertString(DCM_PatientComments, tokenFor("LT"));
        // In sequences that stay with other UIDs a code has no reason to be replaced.
        if (rule.basic != "X/Z/U*") inner->putAndInsertString(DCM_CodeMeaning, tokenFor("LO"));
    } else if (rule.vr == "US") {
        item.putAndInsertUint16(tag, 4242);
    } else if (rule.vr == "UN") {
        auto* element = new DcmOtherByteOtherWord(tag);
        element->putUint8Array(reinterpret_cast<const Uint8*>("TOKENBYTES"), 10);
        item.insert(element, OFTrue);
    } else if (rule.vr == "OB") {
        item.putAndInsertUint8Array(tag, reinterpret_cast<const Uint8*>("TOKENBYTES"), 10);
    } else if (rule.vr == "OW") {
        item.putAndInsertUint16Array(tag, reinterpret_cast<const Uint16*>("TOKENBYTES"), 5);
    } else {
        item.putAndInsertString(tag, tokenFor(rule));
    }
}

// The item at a depth: inside sequences that the table does not name, so that they stay.
inline DcmItem* itemAt(DcmItem& root, int depth) {
    static const DcmTagKey kHolders[] = {DCM_ViewCodeSequence, DCM_ViewModifierCodeSequence, DCM_AnatomicRegionSequence};
    DcmItem* item = &root;
    for (int i = 0; i < depth; ++i) {
        DcmItem* inner = nullptr;
        if (item->findOrCreateSequenceItem(kHolders[i], inner, 0).bad()) return nullptr;
        item = inner;
    }
    return item;
}

inline void insertPrivate(DcmItem& item) {
    item.putAndInsertString(DcmTag(0x0009, 0x0010, EVR_LO), "TOKENCREATOR");
    item.putAndInsertString(DcmTag(0x0009, 0x1001, EVR_LO), "TOKENPRIVATE");
}

inline void insertPicture(DcmItem& item) {
    item.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    item.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    item.putAndInsertUint16(DCM_Rows, 2);
    item.putAndInsertUint16(DCM_Columns, 3);
    item.putAndInsertUint16(DCM_BitsAllocated, 16);
    item.putAndInsertUint16(DCM_BitsStored, 12);
    item.putAndInsertUint16(DCM_HighBit, 11);
    item.putAndInsertUint16(DCM_PixelRepresentation, 0);
    const Uint16 pixels[] = {1, 2, 3, 4, 5, 4095};
    item.putAndInsertUint16Array(DcmTag(DCM_PixelData, EVR_OW), pixels, 6);
}

// The file's bytes, with a preamble and a meta header that carry tokens too.
inline QByteArray tokenObject(E_TransferSyntax syntax, const char* sopClass = UID_ComputedRadiographyImageStorage) {
    DcmFileFormat file;
    DcmDataset& root = *file.getDataset();
    for (int depth = 0; depth < kDepths; ++depth) {
        DcmItem& item = *itemAt(root, depth);
        for (const ProfileRule& rule : profileRules()) {
            if (isInDataSets(rule)) insertToken(item, rule);
        }
        insertPrivate(item);
    }
    insertPicture(root);
    root.putAndInsertString(DCM_SOPClassUID, sopClass);
    root.putAndInsertString(DCM_Modality, "CR");
    root.putAndInsertString(DCM_SoftwareVersions, "by TokenFamily");  // kept by the table, but it holds the name
    root.putAndInsertString(DcmTag(0x0018, 0x0ABC, EVR_LO), "TOKENUNKNOWN");
    file.getMetaInfo()->putAndInsertString(DCM_SourceApplicationEntityTitle, "TOKENAE");
    QTemporaryDir folder;
    const QString name = folder.filePath("token.dcm");
    if (file.saveFile(name.toLocal8Bit().constData(), syntax, EET_ExplicitLength, EGL_withGL).bad()) return {};
    QFile written(name);
    if (!written.open(QIODevice::ReadOnly)) return {};
    QByteArray bytes = written.readAll();
    return bytes.replace(0, 16, "TOKEN IN PREAMBL");
}

}  // namespace cxr::test
