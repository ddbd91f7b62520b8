// Segmentations in every coding that films have, and label maps: the same outlines as from the plain object.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <zlib.h>

#include <QTest>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "core/base/atomic_file.h"
#include "core/dicom_in/segmented_film.h"
#include "core/dicom_out/cielab.h"
#include "core/image/polygon.h"
#include "tests/core/dicom_in/written_objects.h"
#include "tests/support/test_data.h"

using namespace cxr;
using namespace cxr::test;

namespace {

using Frames = std::vector<std::vector<std::uint8_t>>;

std::vector<std::uint8_t> packed(const cv::Mat& mask) {
    std::vector<std::uint8_t> bits((mask.total() + 7) / 8);
    for (std::size_t i = 0; i < mask.total(); ++i) bits[i / 8] |= static_cast<std::uint8_t>((mask.data[i] != 0 ? 1 : 0) << (i % 8));
    return bits;
}

std::vector<std::uint8_t> deflated(const std::vector<std::uint8_t>& bytes) {
    std::vector<std::uint8_t> out(compressBound(bytes.size()) + 16);
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = const_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

// One segment with literal runs only (PS3.5 G.3).
std::vector<std::uint8_t> rleOf(const std::vector<std::uint8_t>& bytes) {
    std::vector<std::uint8_t> out(64, 0);
    out[0] = 1, out[4] = 64;
    for (std::size_t at = 0; at < bytes.size(); at += 128) {
        const std::size_t count = std::min<std::size_t>(128, bytes.size() - at);
        const bool isRun = count > 1 && std::all_of(bytes.begin() + at, bytes.begin() + at + count, [&](auto b) { return b == bytes[at]; });
        out.push_back(static_cast<std::uint8_t>(isRun ? 257 - count : count - 1));
        out.insert(out.end(), bytes.begin() + at, bytes.begin() + (isRun ? at + 1 : at + count));
    }
    return out;
}

void encapsulate(DcmDataset& dataSet, E_TransferSyntax syntax, const Frames& frames, std::size_t pieces) {
    auto* sequence = new DcmPixelSequence(DCM_PixelSequenceTag);
    sequence->insert(new DcmPixelItem(DCM_PixelItemTag));
    for (std::vector<std::uint8_t> frame : frames) {
        if (frame.size() % 2 != 0) frame.push_back(0);
        const std::size_t step = (frame.size() / pieces + 2) & ~std::size_t{1};
        for (std::size_t at = 0; at < frame.size(); at += step) {
            auto* item = new DcmPixelItem(DCM_PixelItemTag);
            item->putUint8Array(frame.data() + at, static_cast<unsigned long>(std::min(step, frame.size() - at)));
            sequence->insert(item);
        }
    }
    auto* pixels = new DcmPixelData(DCM_PixelData);
    pixels->putOriginalRepresentation(syntax, nullptr, sequence);
    dataSet.insert(pixels, true);
}

void replaceAll(std::string& bytes, const std::string& from, const std::string& to) {
    for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at)) bytes.replace(at, from.size(), to);
}

}  // namespace

class TestCodedSegments : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        const auto plain = readSegmentation(m_objects.file("seg.dcm"));
        QVERIFY(plain.isOk());
        m_plain = plain.value();
        for (const FilmSegment& segment : m_plain.segments) {
            cv::Mat mask = cv::Mat::zeros(m_plain.rows, m_plain.columns, CV_8UC1);
            for (const Polygon& border : segment.borders) cv::bitwise_xor(mask, fillPolygon(border, mask.size()), mask);
            m_masks.push_back(mask);
        }
        QCOMPARE(m_masks.size(), std::size_t{3});
        DcmRLEEncoderRegistration::registerCodecs();
        DJEncoderRegistration::registerCodecs();
        DJLSEncoderRegistration::registerCodecs();
    }

    void wholeObjectDeflated() { isTheSame(saved(load("seg.dcm"), EXS_DeflatedLittleEndianExplicit)); }

    void fractionalCodings_data() {
        QTest::addColumn<int>("syntax");
        QTest::newRow("plain") << static_cast<int>(EXS_LittleEndianExplicit);
        QTest::newRow("deflated") << static_cast<int>(EXS_DeflatedLittleEndianExplicit);
        QTest::newRow("RLE") << static_cast<int>(EXS_RLELossless);
        QTest::newRow("JPEG lossless") << static_cast<int>(EXS_JPEGProcess14SV1);
        QTest::newRow("JPEG-LS") << static_cast<int>(EXS_JPEGLSLossless);
    }
    void fractionalCodings() {
        QFETCH(int, syntax);
        const auto wanted = static_cast<E_TransferSyntax>(syntax);
        std::unique_ptr<DcmFileFormat> format = fractional();
        QVERIFY(format->getDataset()->chooseRepresentation(wanted, nullptr).good());
        isTheSame(saved(std::move(format), wanted), true);
    }

    // Frames in one piece each, and in several that only the start marks tell apart.
    void jpeg2000() {
        for (const std::size_t pieces : {std::size_t{1}, std::size_t{3}}) {
            Frames frames;
            for (const cv::Mat& mask : m_masks) {
                std::vector<std::uint8_t> coded;
                QVERIFY(cv::imencode(".jp2", mask, coded, {cv::IMWRITE_JPEG2000_COMPRESSION_X1000, 1000}));
                frames.push_back(coded);
            }
            auto format = fractional();
            encapsulate(*format->getDataset(), EXS_JPEG2000LosslessOnly, frames, pieces);
            isTheSame(saved(std::move(format), EXS_JPEG2000LosslessOnly), true);
        }
    }

    void singleBitsInRle() {
        Frames frames;
        for (const cv::Mat& mask : m_masks) frames.push_back(rleOf(packed(mask)));
        auto format = load("seg.dcm");
        encapsulate(*format->getDataset(), EXS_RLELossless, frames, 1);
        isTheSame(saved(std::move(format), EXS_RLELossless));
        for (std::size_t keep : {std::size_t{3}, std::size_t{63}, std::size_t{64}, std::size_t{66}}) {
            Frames cut = frames;
            cut[1].resize(keep);
            auto broken = load("seg.dcm");
            encapsulate(*broken->getDataset(), EXS_RLELossless, cut, 1);
            const auto read = readSegmentation(saved(std::move(broken), EXS_RLELossless));
            QVERIFY(!read.isOk() && read.error().code == ErrorCode::Corrupt);
        }
    }

    // The coding made for segmentations is younger than DCMTK: its UID has as many characters as JPEG-LS's.
    void framesDeflatedOneByOne() {
        Frames frames;
        for (const cv::Mat& mask : m_masks) frames.push_back(deflated(packed(mask)));
        auto format = load("seg.dcm");
        encapsulate(*format->getDataset(), EXS_JPEGLSLossless, frames, 1);
        const auto file = saved(std::move(format), EXS_JPEGLSLossless);
        std::string bytes = readWholeFile(file).value();
        replaceAll(bytes, "1.2.840.10008.1.2.4.80", std::string("1.2.840.10008.1.2.8.1") + '\0');
        std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        isTheSame(file);
    }

    void tooFewFramesAreRefused() {
        auto format = load("seg.dcm");
        encapsulate(*format->getDataset(), EXS_RLELossless, {rleOf(packed(m_masks[0]))}, 1);
        const auto read = readSegmentation(saved(std::move(format), EXS_RLELossless));
        QVERIFY(!read.isOk() && read.error().message.find("claims 3 pictures") != std::string::npos);
    }

    void labelMaps_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("hasPalette");
        QTest::newRow("bytes") << 8 << false;
        QTest::newRow("words") << 16 << false;
        QTest::newRow("palette") << 8 << true;
    }
    void labelMaps() {
        QFETCH(int, bits);
        QFETCH(bool, hasPalette);
        const auto read = readSegmentation(labelMap(bits, hasPalette), m_objects.filmUid(), m_plain.rows, m_plain.columns);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QVERIFY(read.value().isLabelMap);
        QCOMPARE(read.value().segments.size(), m_masks.size());
        for (std::size_t i = 0; i < m_masks.size(); ++i) {
            const FilmSegment& segment = read.value().segments[i];
            QCOMPARE(segment.label, m_plain.segments[i].label);
            cv::Mat visible = m_masks[i].clone();  // a pixel has one label: the last
            for (std::size_t later = i + 1; later < m_masks.size(); ++later) visible.setTo(0, m_masks[later]);
            QCOMPARE(segment.pixels, std::int64_t{cv::countNonZero(visible)});
            cv::Mat drawn = cv::Mat::zeros(visible.size(), CV_8UC1);
            for (const Polygon& border : segment.borders) cv::bitwise_xor(drawn, fillPolygon(border, drawn.size()), drawn);
            QCOMPARE(cv::countNonZero(drawn != visible), 0);
            if (hasPalette) QCOMPARE(static_cast<int>(segment.colour[0]), static_cast<int>(40 * (i + 1)));
            if (!hasPalette) QVERIFY(segment.colour == m_plain.segments[i].colour);
        }
        const ObjectKind kind = kindOfFile(labelMap(bits, hasPalette));
        QCOMPARE(static_cast<int>(kind), static_cast<int>(ObjectKind::Segmentation));
    }

    void publicLabelMap() {
        const auto file = dataFolder() / "dicom/sr_seg/seg_image_sm_control_labelmap_palette_color.dcm";
        if (!std::filesystem::exists(file)) QSKIP("the public data are not there (CXR_DATA_DIR)");
        const auto read = readSegmentation(file);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QVERIFY(read.value().isLabelMap && !read.value().segments.empty());
    }

  private:
    std::unique_ptr<DcmFileFormat> load(const char* name) const {
        auto format = std::make_unique<DcmFileFormat>();
        if (format->loadFile(m_objects.file(name).c_str()).bad()) qFatal("cannot load an object");
        return format;
    }
    std::filesystem::path saved(std::unique_ptr<DcmFileFormat> format, E_TransferSyntax syntax) const {
        const auto file = m_objects.folder() / ("coded-" + std::to_string(++m_files) + ".dcm");
        if (format->saveFile(file.c_str(), syntax).bad()) qFatal("cannot save an object");
        return file;
    }

    // The same segments as bytes 0 and 255.
    std::unique_ptr<DcmFileFormat> fractional() const {
        std::vector<std::uint8_t> bytes;
        for (const cv::Mat& mask : m_masks) bytes.insert(bytes.end(), mask.data, mask.data + mask.total());
        if (bytes.size() % 2 != 0) bytes.push_back(0);
        auto format = load("seg.dcm");
        std::string problem;
        ItemWriter root(*format->getDataset(), problem);
        root.u16(DCM_BitsAllocated, {8}).u16(DCM_BitsStored, {8}).u16(DCM_HighBit, {7});
        root.text(DCM_SegmentationType, "FRACTIONAL").u16(DCM_MaximumFractionalValue, {255});
        setPixels(*format->getDataset(), bytes);
        if (!problem.empty()) qFatal("%s", problem.c_str());
        return format;
    }
    static void setPixels(DcmDataset& dataSet, const std::vector<std::uint8_t>& bytes) {
        dataSet.findAndDeleteElement(DCM_PixelData);
        dataSet.putAndInsertUint8Array(DCM_PixelData, bytes.data(), static_cast<unsigned long>(bytes.size()));
    }

    std::filesystem::path labelMap(int bits, bool hasPalette) const {
        std::vector<std::uint8_t> bytes;
        for (std::size_t i = 0; i < m_masks[0].total(); ++i) {
            std::uint8_t label = 0;
            for (std::size_t s = 0; s < m_masks.size(); ++s) label = m_masks[s].data[i] != 0 ? static_cast<std::uint8_t>(s + 1) : label;
            bytes.push_back(label);
            if (bits == 16) bytes.push_back(0);
        }
        if (bytes.size() % 2 != 0) bytes.push_back(0);
        auto format = load("seg.dcm");
        std::string problem;
        ItemWriter root(*format->getDataset(), problem);
        const auto width = static_cast<std::uint16_t>(bits);
        root.u16(DCM_BitsAllocated, {width}).u16(DCM_BitsStored, {width}).u16(DCM_HighBit, {static_cast<std::uint16_t>(bits - 1)});
        root.text(DCM_SegmentationType, "LABELMAP").text(DCM_SOPClassUID, "1.2.840.10008.5.1.4.1.1.66.7").text(DCM_NumberOfFrames, "1");
        removeTag(root, DCM_PerFrameFunctionalGroupsSequence);
        if (hasPalette) writePalette(root);
        setPixels(*format->getDataset(), bytes);
        if (bits == 16) {
            const std::vector<std::uint8_t> words = bytes;
            format->getDataset()->findAndDeleteElement(DCM_PixelData);
            format->getDataset()->putAndInsertUint16Array(DCM_PixelData, reinterpret_cast<const Uint16*>(words.data()), static_cast<unsigned long>(words.size() / 2));
        }
        return saved(std::move(format), EXS_LittleEndianExplicit);
    }
    static void writePalette(ItemWriter& root) {
        root.text(DCM_PhotometricInterpretation, "PALETTE COLOR");
        const std::vector<std::uint16_t> red{0, 40 * 257, 80 * 257, 120 * 257};
        for (const auto& [descriptor, data] : {std::pair(DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData),
                                               std::pair(DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData),
                                               std::pair(DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData)}) {
            root.u16(descriptor, {4, 0, 16});
            root.words(DcmTag(data, EVR_OW), red);
        }
    }

    void isTheSame(const std::filesystem::path& file, bool isFractional = false) const {
        const auto read = readSegmentation(file, m_objects.filmUid(), m_plain.rows, m_plain.columns);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(read.value().isFractional, isFractional);
        QCOMPARE(read.value().segments.size(), m_plain.segments.size());
        for (std::size_t i = 0; i < m_plain.segments.size(); ++i) {
            QCOMPARE(read.value().segments[i].pixels, m_plain.segments[i].pixels);
            QVERIFY(read.value().segments[i].borders == m_plain.segments[i].borders);
        }
    }

    WrittenObjects m_objects;
    SegmentedFilm m_plain;
    std::vector<cv::Mat> m_masks;
    mutable int m_files = 0;
};

QTEST_GUILESS_MAIN(TestCodedSegments)
#include "tst_coded_segments.moc"
