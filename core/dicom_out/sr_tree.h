// Builds the content tree of a structured report over dcmsr, which refuses what the document's IOD does not allow.
// Inner header of core/dicom_out. The tree's cursor stays on the open container; the first refusal is kept in
// problem(). An instance belongs to one thread.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <string>
#include <vector>

#include "core/base/geometry.h"
#include "core/dicom_out/codes.h"
#include "core/dicom_out/source_film.h"

namespace cxr {

class SrTree {
  public:
    // An empty Comprehensive SR with this root container.
    SrTree(DSRDocumentTree& tree, const Code& title, const std::string& templateId);

    // Everything until close() is inside.
    void open(DSRTypes::E_RelationshipType how, DSRTypes::E_ValueType type, const Code& name);
    void container(const Code& name, const std::string& templateId = {});
    void close();

    // Items below the open one.
    void text(DSRTypes::E_RelationshipType how, const Code& name, const std::string& value);
    void uid(DSRTypes::E_RelationshipType how, const Code& name, const std::string& value);
    void code(DSRTypes::E_RelationshipType how, const Code& name, const Code& value);
    // A number that stays open for what it was inferred from.
    void openNumber(const Code& name, double value, const Code& unit);
    void number(const Code& name, double value, const Code& unit);
    // A line on the film in film pixels (the top left corner of the first pixel is 0\0, as for SCOORD).
    void line(const Code& name, const LinePx& line, const SourceFilm& film);
    void image(DSRTypes::E_RelationshipType how, const Code& purpose, const SourceFilm& film);

    [[nodiscard]] const std::string& problem() const { return m_problem; }

  private:
    void note(const OFCondition& condition);

    DSRDocumentTree& m_tree;
    std::string m_problem;
    std::string m_last;  // concept name of the item being filled, for the message
};

}  // namespace cxr
