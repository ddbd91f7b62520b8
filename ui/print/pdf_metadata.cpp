#include "ui/print/pdf_metadata.h"

#define POINTERHOLDER_TRANSITION 4  // std::shared_ptr in qpdf 11
#include <exception>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

#include "core/report/report_text.h"

namespace cxr::ui {
namespace {

using Object = QPDFObjectHandle;

std::string textOf(const Object& info, const char* key) { return Object(info).hasKey(key) ? Object(info).getKey(key).getUTF8Value() : std::string(); }

// "D:20261121230226Z", "D:20261121230226+01'00'" -> "2026-11-21T23:02:26Z", "...+01:00"; empty if it is no such date.
std::string isoDate(const std::string& pdf) {
    if (pdf.size() < 16 || !pdf.starts_with("D:")) return {};
    const auto part = [&](std::size_t at, std::size_t length) { return pdf.substr(at, length); };
    std::string zone = pdf.substr(16);
    if (zone.size() >= 6) zone = zone.substr(0, 3) + ":" + zone.substr(4, 2);
    return part(2, 4) + "-" + part(6, 2) + "-" + part(8, 2) + "T" + part(10, 2) + ":" + part(12, 2) + ":" + part(14, 2) + zone;
}

std::string alternative(const char* name, const std::string& text) {
    return std::string("<") + name + "><rdf:Alt><rdf:li xml:lang=\"x-default\">" + escapeHtml(text) + "</rdf:li></rdf:Alt></" + name + ">\n";
}

std::string list(const char* name, const char* kind, const std::string& text) {
    return std::string("<") + name + "><rdf:" + kind + "><rdf:li>" + escapeHtml(text) + "</rdf:li></rdf:" + kind + "></" + name + ">\n";
}

std::string element(const char* name, const std::string& text) {
    return text.empty() ? std::string() : std::string("<") + name + ">" + escapeHtml(text) + "</" + name + ">\n";
}

std::string xmpOf(const PdfFacts& facts, const std::string& date, const std::string& producer) {
    return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
           "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
           "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n<dc:format>application/pdf</dc:format>\n" +
           alternative("dc:title", facts.title) + list("dc:creator", "Seq", facts.author) + alternative("dc:description", facts.subject) +
           list("dc:language", "Bag", facts.language) + element("xmp:CreatorTool", facts.creator) + element("xmp:CreateDate", date) +
           element("xmp:ModifyDate", date) + element("pdf:Producer", producer) + "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

Object infoOf(QPDF& pdf) {
    Object trailer = pdf.getTrailer();
    if (!trailer.getKey("/Info").isDictionary()) trailer.replaceKey("/Info", pdf.makeIndirectObject(Object::newDictionary()));
    return trailer.getKey("/Info");
}

void addFacts(QPDF& pdf, const PdfFacts& facts) {
    Object info = infoOf(pdf), root = pdf.getRoot();
    info.replaceKey("/Title", Object::newUnicodeString(facts.title));
    info.replaceKey("/Author", Object::newUnicodeString(facts.author));
    info.replaceKey("/Subject", Object::newUnicodeString(facts.subject));
    info.replaceKey("/Creator", Object::newUnicodeString(facts.creator));
    root.replaceKey("/Lang", Object::newString(facts.language));
    root.replaceKey("/ViewerPreferences", Object::parse("<< /DisplayDocTitle true >>"));
    const std::string date = isoDate(textOf(info, "/CreationDate"));
    if (!date.empty()) info.replaceKey("/ModDate", info.getKey("/CreationDate"));
    Object metadata = Object::newStream(&pdf, xmpOf(facts, date, textOf(info, "/Producer")));
    metadata.getDict().replaceKey("/Type", Object::newName("/Metadata"));
    metadata.getDict().replaceKey("/Subtype", Object::newName("/XML"));
    root.replaceKey("/Metadata", metadata);
}

}  // namespace

std::vector<std::byte> withMetadata(std::span<const std::byte> bytes, const PdfFacts& facts) {
    try {
        QPDF pdf;
        pdf.setSuppressWarnings(true);
        pdf.processMemoryFile("report", reinterpret_cast<const char*>(bytes.data()), bytes.size());
        addFacts(pdf, facts);
        QPDFWriter writer(pdf);
        writer.setOutputMemory();
        writer.setStreamDataMode(qpdf_s_preserve);  // metadata stay readable for tools that only search bytes
        writer.write();
        const auto buffer = writer.getBufferSharedPointer();
        const auto* data = reinterpret_cast<const std::byte*>(buffer->getBuffer());
        return {data, data + buffer->getSize()};
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace cxr::ui
