// A DICOM object in memory as DCMTK holds it: parsed after our own scan has measured every element, and written back with the
// same coding. The preamble, the meta header and what stands behind the picture are not read; the new file has a zeroed
// preamble and a fresh meta header.   DICOM PS3.10 section 7
// An instance belongs to one thread.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/io/dicom_prescan.h"

class DcmDataset;
class DcmElement;
class DcmItem;
class DcmTagKey;

namespace cxr {

class DicomObject {
  public:
    // Keeps nothing of `file`.   fails Corrupt, TooLarge, Unsupported, Internal (DCMTK's dictionary is missing)
    static Result<DicomObject> parse(const DicomLayout& layout);
    // An object without elements, to be written as Explicit VR Little Endian.
    static Result<DicomObject> empty();
    DicomObject(DicomObject&&) noexcept;
    DicomObject& operator=(DicomObject&&) noexcept;
    ~DicomObject();

    [[nodiscard]] DcmDataset& dataSet() const;
    // The picture is native little endian now (blackened boxes): written as Explicit VR Little Endian.
    void setUncompressed();
    // The whole file.   fails Internal
    [[nodiscard]] Result<std::string> bytes() const;

  private:
    struct State;
    explicit DicomObject(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// The VR by DCMTK's dictionary, "LO"; empty for attributes that it does not know, and for private ones.
std::string vrInDictionary(TagNumber tag);
// The keyword by the dictionary; empty where unknown.
std::string keywordInDictionary(TagNumber tag);

// All values of an element without padding; empty where it has no text.
std::string textOf(DcmElement& element);
std::string textIn(DcmItem& item, const DcmTagKey& tag);

// An element that was written as UN, as what the dictionary says; null where that does not help.
std::unique_ptr<DcmElement> knownElement(DcmElement& unknown);

}  // namespace cxr
