// One DICOM object that is no film, parsed: every element behind the prescan, texts in UTF-8, numbers checked. Inner
// header of core/dicom_in. An instance belongs to one thread.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/dicom_in/object_facts.h"
#include "core/io/dicom_header.h"
#include "core/io/dicom_prescan.h"

namespace cxr {

class ObjectReader {
  public:
    // `kind`: what the caller can read; another kind is Unsupported. Other: any.
    static Result<ObjectReader> open(const std::filesystem::path& file, ObjectKind kind = ObjectKind::Other);

    [[nodiscard]] const DicomLayout& layout() const { return m_layout; }
    [[nodiscard]] const DicomHeader& header() const { return *m_header; }
    [[nodiscard]] DcmItem& root() const { return m_header->root(); }

    [[nodiscard]] std::string text(DcmItem& item, const DcmTagKey& tag) const;   // one line
    [[nodiscard]] std::string lines(DcmItem& item, const DcmTagKey& tag) const;  // line breaks kept as \n
    // Finite numbers of DS, IS or binary elements; empty when one of them is none.
    [[nodiscard]] std::vector<double> numbers(DcmItem& item, const DcmTagKey& tag) const;
    [[nodiscard]] std::optional<double> number(DcmItem& item, const DcmTagKey& tag) const;
    [[nodiscard]] std::optional<int> integer(DcmItem& item, const DcmTagKey& tag) const;
    // Items of a sequence, kMaxItems at most.
    [[nodiscard]] std::vector<DcmItem*> items(DcmItem& item, const DcmTagKey& sequence) const;
    [[nodiscard]] DcmItem* firstItem(DcmItem& item, const DcmTagKey& sequence) const;  // null: none
    // Code Meaning of a code sequence's first item; its value where there is no meaning.
    [[nodiscard]] std::string meaning(DcmItem& item, const DcmTagKey& sequence) const;
    // Referenced SOP Instance UIDs of the items, and of those of referenced series inside them.
    [[nodiscard]] std::vector<std::string> references(DcmItem& item, const DcmTagKey& sequence) const;

    [[nodiscard]] ObjectFacts facts() const;

    static constexpr unsigned long kMaxItems = 20'000;

  private:
    ObjectReader() = default;
    std::unique_ptr<std::string> m_content;  // the layout points into it
    DicomLayout m_layout;
    std::unique_ptr<DicomHeader> m_header;
};

TagNumber numberOf(const DcmTagKey& tag);

}  // namespace cxr
