#include "core/dicom_out/sr_tree.h"

#include "core/dicom_out/item_writer.h"

namespace cxr {
namespace {

DSRCodedEntryValue coded(const Code& code) {
    const std::string value = code.isUrn() ? code.value : asciiText(code.value).substr(0, 16);
    return {value.c_str(), code.scheme.c_str(), asciiText(code.meaning).substr(0, 64).c_str(),
            code.isUrn() ? DSRTypes::CVT_URN : DSRTypes::CVT_Short};
}

}  // namespace

SrTree::SrTree(DSRDocumentTree& tree, const Code& title, const std::string& templateId) : m_tree(tree) {
    tree.addContentItem(DSRTypes::RT_isRoot, DSRTypes::VT_Container);
    note(tree.getCurrentContentItem().setConceptName(coded(title)));
    note(tree.setTemplateIdentification(templateId.c_str(), "DCMR"));
}

void SrTree::note(const OFCondition& condition) {
    if (condition.bad() && m_problem.empty()) m_problem = m_last + ": " + condition.text();
}

void SrTree::open(DSRTypes::E_RelationshipType how, DSRTypes::E_ValueType type, const Code& name) {
    m_last = name.meaning;
    if (m_tree.addContentItem(how, type, DSRTypes::AM_belowCurrent) == 0) {
        if (m_problem.empty()) m_problem = m_last + ": not allowed here";
        m_tree.addContentItem(DSRTypes::RT_contains, DSRTypes::VT_Text,
                              DSRTypes::AM_belowCurrent);  // keeps open and close in step
        return;
    }
    note(m_tree.getCurrentContentItem().setConceptName(coded(name)));
}

void SrTree::container(const Code& name, const std::string& templateId) {
    open(DSRTypes::RT_contains, DSRTypes::VT_Container, name);
    if (!templateId.empty()) note(m_tree.getCurrentContentItem().setTemplateIdentification(templateId.c_str(), "DCMR"));
}

void SrTree::close() { m_tree.goUp(); }

void SrTree::text(DSRTypes::E_RelationshipType how, const Code& name, const std::string& value) {
    open(how, DSRTypes::VT_Text, name);
    note(m_tree.getCurrentContentItem().setStringValue(asciiText(value).c_str()));
    close();
}

void SrTree::uid(DSRTypes::E_RelationshipType how, const Code& name, const std::string& value) {
    open(how, DSRTypes::VT_UIDRef, name);
    note(m_tree.getCurrentContentItem().setStringValue(value.c_str()));
    close();
}

void SrTree::code(DSRTypes::E_RelationshipType how, const Code& name, const Code& value) {
    open(how, DSRTypes::VT_Code, name);
    note(m_tree.getCurrentContentItem().setCodeValue(coded(value)));
    close();
}

void SrTree::openNumber(const Code& name, double value, const Code& unit) {
    open(DSRTypes::RT_contains, DSRTypes::VT_Num, name);
    note(m_tree.getCurrentContentItem().setNumericValue(
        DSRNumericMeasurementValue(decimalText(value).c_str(), coded(unit))));
}

void SrTree::number(const Code& name, double value, const Code& unit) {
    openNumber(name, value, unit);
    close();
}

void SrTree::line(const Code& name, const LinePx& line, const SourceFilm& film) {
    open(DSRTypes::RT_inferredFrom, DSRTypes::VT_SCoord, name);
    DSRSpatialCoordinatesValue coordinates(DSRTypes::GT_Polyline);
    for (const PointPx& point : {line.from, line.to})
        coordinates.getGraphicDataList().addItem(static_cast<Float32>(point.x), static_cast<Float32>(point.y));
    note(m_tree.getCurrentContentItem().setSpatialCoordinates(coordinates));
    image(DSRTypes::RT_selectedFrom, {}, film);
    close();
}

void SrTree::image(DSRTypes::E_RelationshipType how, const Code& purpose, const SourceFilm& film) {
    m_last = "image";
    if (m_tree.addContentItem(how, DSRTypes::VT_Image, DSRTypes::AM_belowCurrent) == 0) {
        if (m_problem.empty()) m_problem = "an image is not allowed here";
        return;
    }
    if (!purpose.value.empty()) note(m_tree.getCurrentContentItem().setConceptName(coded(purpose)));
    note(m_tree.getCurrentContentItem().setImageReference(
        DSRImageReferenceValue(film.sopClassUid.c_str(), film.sopInstanceUid.c_str())));
    close();
}

}  // namespace cxr
