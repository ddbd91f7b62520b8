// Objects that lie: counts, lengths, sizes, numbers, cut files and changed bytes end in a sentence or in less, never in harm.
#include <QElapsedTimer>
#include <QTest>
#include <fstream>
#include <random>

#include "core/base/atomic_file.h"
#include "core/dicom_in/encapsulated_pdf.h"
#include "core/dicom_in/parametric_map.h"
#include "core/dicom_in/presentation_state.h"
#include "core/dicom_in/segmented_film.h"
#include "core/dicom_in/structured_report.h"
#include "tests/core/dicom_in/written_objects.h"

using namespace cxr;
using namespace cxr::test;

namespace {

// Every reader over a file; returns the sentences of those that refused it.
std::vector<std::string> refusals(const std::filesystem::path& file) {
    std::vector<std::string> sentences;
    const auto look = [&](const auto& result) {
        if (!result.isOk()) sentences.push_back(result.error().message);
    };
    look(readPresentationState(file));
    look(readSegmentation(file));
    look(readStructuredReport(file));
    look(readEncapsulatedPdf(file));
    look(readParametricMap(file));
    return sentences;
}

}  // namespace

class TestHostileObjects : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void segmentationsThatLie_data() {
        QTest::addColumn<int>("number");
        int number = 0;
        for (const char* name : {"rows", "frames", "no frames", "bits", "nothing", "zero rows"}) QTest::newRow(name) << number++;
    }
    void segmentationsThatLie() {
        QFETCH(int, number);
        const auto file = m_objects.variant("seg.dcm", [number](ItemWriter& root) {
            if (number == 0) root.u16(DCM_Rows, {65535}).u16(DCM_Columns, {65535});
            if (number == 1) root.text(DCM_NumberOfFrames, "2147483647");
            if (number == 2) removeTag(root, DCM_PixelData);
            if (number == 3) root.u16(DCM_BitsAllocated, {32});
            if (number == 4) root.bytes(DCM_PixelData, {});
            if (number == 5) root.u16(DCM_Rows, {0});
        });
        QElapsedTimer clock;
        clock.start();
        const auto read = readSegmentation(file);
        QVERIFY(!read.isOk() && !read.error().message.empty());
        QVERIFY(clock.elapsed() < 2000);
    }

    void segmentsWithoutFramesAndFramesWithoutSegments() {
        const auto read = readSegmentation(m_objects.variant("seg.dcm", [](ItemWriter& root) { removeTag(root, DCM_PerFrameFunctionalGroupsSequence); }));
        QVERIFY(read.isOk());
        QVERIFY(read.value().segments.empty());
    }

    void aCheckerboardIsNotDrawn() {
        const auto file = m_objects.variant("seg.dcm", [](ItemWriter& root) {
            root.u16(DCM_Rows, {2000}).u16(DCM_Columns, {2000}).text(DCM_NumberOfFrames, "1");
            std::vector<std::uint8_t> bits(2000 * 2000 / 8);
            for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = (i / 250) % 2 == 0 ? 0x55 : 0xAA;
            root.bytes(DCM_PixelData, bits);
        });
        const auto read = readSegmentation(file);
        QVERIFY(read.isOk());
        QVERIFY(read.value().segments.empty());
        QVERIFY(read.value().facts.notes.front().find("too rugged") != std::string::npos);
    }

    // Found by the fuzz targets, and by reading the code beside them: each took minutes, or was undefined.
    void aSegmentNumberThatComesAgainIsDrawnOnce() {
        const auto read = readSegmentation(m_objects.variant("seg.dcm", [](ItemWriter& root) {
            for (int i = 0; i < 3000; ++i) root.item(DCM_SegmentSequence).u16(DCM_SegmentNumber, {static_cast<std::uint16_t>(1 + i % 3)});
        }));
        QVERIFY(read.isOk());
        QCOMPARE(read.value().segments.size(), std::size_t{3});
    }

    // Without functional groups every frame was given facts of its own: gigabytes for a file of a few megabytes.
    void millionsOfFramesWithoutGroupsTakeNoMemory() {
        const auto read = readSegmentation(m_objects.variant("seg.dcm", [](ItemWriter& root) {
            removeTag(root, DCM_PerFrameFunctionalGroupsSequence);
            root.u16(DCM_Rows, {1}).u16(DCM_Columns, {1}).text(DCM_NumberOfFrames, "40000000");
            root.bytes(DCM_PixelData, std::vector<std::uint8_t>(5'000'000, 0xFF));
        }));
        QVERIFY(read.isOk());
    }

    void manySegmentsOfALargeLabelMapAreLeftOut() {
        const auto read = readSegmentation(m_objects.variant("seg.dcm", [](ItemWriter& root) {
            constexpr int kSide = 4000, kSegments = 200;
            for (const DcmTagKey& tag : {DCM_PerFrameFunctionalGroupsSequence, DCM_SharedFunctionalGroupsSequence, DCM_SegmentSequence}) removeTag(root, tag);
            root.text(DCM_SegmentationType, "LABELMAP").u16(DCM_Rows, {kSide}).u16(DCM_Columns, {kSide}).text(DCM_NumberOfFrames, "1");
            root.u16(DCM_BitsAllocated, {8}).u16(DCM_BitsStored, {8}).u16(DCM_HighBit, {7});
            std::vector<std::uint8_t> labels(kSide * kSide);
            for (int i = 1; i <= kSegments; ++i) {
                labels[static_cast<std::size_t>(i) * kSide] = static_cast<std::uint8_t>(i);
                root.item(DCM_SegmentSequence).u16(DCM_SegmentNumber, {static_cast<std::uint16_t>(i)});
            }
            root.bytes(DCM_PixelData, labels);
        }));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(read.value().segments.size(), std::size_t{63});  // 10^9 pixels of 16 million a segment
        QVERIFY(read.value().facts.notes.back().find("more segments") != std::string::npos);
    }

    void theLargestFractionalValueIsNoSum() {
        const auto read = readSegmentation(m_objects.variant("seg.dcm", [](ItemWriter& root) {
            root.text(DCM_SegmentationType, "FRACTIONAL");
            removeTag(root, DCM_MaximumFractionalValue);
            auto largest = std::make_unique<DcmIntegerString>(DcmTag(DCM_MaximumFractionalValue, EVR_IS));
            largest->putString("2147483647");
            root.raw().insert(largest.release());
        }));
        QVERIFY(read.isOk());
        QVERIFY(read.value().isFractional);
    }

    void manyReferencesAreCountedOnce() {
        constexpr int kMany = 60'000, kInSeries = 15'000;
        const auto read = readObjectFacts(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            removeTag(root, DCM_ReferencedSeriesSequence);
            for (int twice = 0; twice < 2; ++twice) {
                for (int series = 0; series < kMany / kInSeries; ++series) {
                    ItemWriter item = root.item(DCM_ReferencedSeriesSequence);
                    for (int i = 0; i < kInSeries; ++i)
                        item.item(DCM_ReferencedImageSequence).text(DCM_ReferencedSOPInstanceUID, "1.2." + std::to_string(series * kInSeries + i));
                }
            }
        }));
        QVERIFY(read.isOk());
        QCOMPARE(read.value().films.size(), std::size_t{kMany});
        QCOMPARE(read.value().films[7], std::string("1.2.7"));
    }

    void manyLayersAndAnnotationsAreSorted() {
        constexpr int kMany = 12'000;
        const auto read = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            removeTag(root, DCM_GraphicLayerSequence);
            removeTag(root, DCM_GraphicAnnotationSequence);
            for (int i = 0; i < kMany; ++i) {
                root.item(DCM_GraphicLayerSequence).text(DCM_GraphicLayer, "L" + std::to_string(i)).integer(DCM_GraphicLayerOrder, i);
                root.item(DCM_GraphicAnnotationSequence).text(DCM_GraphicLayer, "L" + std::to_string(kMany - 1 - i));
            }
        }));
        QVERIFY(read.isOk());
        QCOMPARE(read.value().annotations.size(), std::size_t{kMany});
        QCOMPARE(read.value().annotations.front().layer, std::string("L0"));
        QCOMPARE(read.value().annotations.back().layer, "L" + std::to_string(kMany - 1));
    }

    void textsOfLineBreaksEnd() {
        const auto read = readStructuredReport(m_objects.variant("sr.dcm", [](ItemWriter& root) {
            for (int i = 0; i < 200; ++i) root.item(DCM_ContentSequence).text(DCM_ValueType, "TEXT").text(DCM_TextValue, std::string(8000, '\n') + "x");
        }));
        QVERIFY(read.isOk());
        const std::string text = reportText(read.value());
        QVERIFY(text.size() < kMaxReportBytes + 200'000);
        QVERIFY(text.ends_with(" more lines\n"));
    }

    void mapsThatLie() {
        const auto refused = [this](const std::function<void(ItemWriter&)>& change) { return !readParametricMap(m_objects.variant("pmap.dcm", change)).isOk(); };
        QVERIFY(refused([](ItemWriter& root) { root.u16(DCM_Rows, {60000}).u16(DCM_Columns, {60000}); }));
        QVERIFY(refused([](ItemWriter& root) { root.f32(DCM_FloatPixelData, {1, 2, 3}); }));
        const std::size_t count = m_objects.image().samples.total();
        QVERIFY(refused([&](ItemWriter& root) { root.f32(DCM_FloatPixelData, std::vector<float>(count, std::nanf(""))); }));
        std::vector<float> values(count, std::numeric_limits<float>::infinity());
        values[7] = 5;
        const auto one = readParametricMap(m_objects.variant("pmap.dcm", [&](ItemWriter& root) { root.f32(DCM_FloatPixelData, values); }));
        QVERIFY(one.isOk());
        QCOMPARE(one.value().high, 5.0);
    }

    void documentsThatAreNone() {
        const auto refused = [this](const std::function<void(ItemWriter&)>& change) { return !readEncapsulatedPdf(m_objects.variant("pdf.dcm", change)).isOk(); };
        const std::string script = "<html><script>alert(1)</script>";
        QVERIFY(refused([&](ItemWriter& root) { root.bytes(DCM_EncapsulatedDocument, {reinterpret_cast<const std::uint8_t*>(script.data()), script.size()}); }));
        QVERIFY(refused([](ItemWriter& root) { root.bytes(DCM_EncapsulatedDocument, {}); }));
        QVERIFY(refused([](ItemWriter& root) { removeTag(root, DCM_EncapsulatedDocument); }));
    }

    void manyDrawingsEnd() {
        const auto file = m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            ItemWriter annotation = root.item(DCM_GraphicAnnotationSequence);
            for (std::size_t i = 0; i < kMaxDrawings + 50; ++i) {
                if (i % 15'000 == 0) annotation = root.item(DCM_GraphicAnnotationSequence);
                annotation.item(DCM_GraphicObjectSequence).f32(DCM_GraphicData, {1, 2}).text(DCM_GraphicType, "POINT");
            }
        });
        const auto read = readPresentationState(file);
        QVERIFY(read.isOk());
        std::size_t drawings = 0;
        for (const Annotation& annotation : read.value().annotations) drawings += annotation.drawings.size();
        QVERIFY(drawings <= kMaxDrawings);
        QVERIFY(!read.value().facts.notes.empty());
    }

    void longReportsEnd() {
        const auto file = m_objects.variant("sr.dcm", [](ItemWriter& root) {
            for (std::size_t i = 0; i < kMaxReportLines + 500; ++i)
                root.item(DCM_ContentSequence).text(DCM_ValueType, "TEXT").text(DCM_TextValue, "<script>alert(1)</script>");
        });
        const auto read = readStructuredReport(file);
        QVERIFY(read.isOk());
        QCOMPARE(read.value().lines.size(), kMaxReportLines);
        QVERIFY(read.value().leftOut >= 500);
    }

    void cutFilesAreRefusedOrShort() {
        for (const char* name : {"gsps.dcm", "seg.dcm", "sr.dcm", "pdf.dcm", "pmap.dcm"}) {
            const auto whole = readWholeFile(m_objects.file(name));
            QVERIFY(whole.isOk());
            const auto cut = m_objects.folder() / "cut.dcm";
            for (int part = 0; part < 24; ++part) {
                const std::size_t size = whole.value().size() * static_cast<std::size_t>(part) / 24;
                std::ofstream(cut, std::ios::binary).write(whole.value().data(), static_cast<std::streamsize>(size));
                QVERIFY(refusals(cut).size() >= 4);  // four of the five kinds it never is
            }
        }
    }

    void changedBytesDoNoHarm() {
        std::mt19937 random(20261121);
        for (const char* name : {"gsps.dcm", "seg.dcm", "sr.dcm", "pdf.dcm", "pmap.dcm"}) {
            const auto whole = readWholeFile(m_objects.file(name));
            QVERIFY(whole.isOk());
            const auto changed = m_objects.folder() / "changed.dcm";
            const std::size_t header = std::min<std::size_t>(whole.value().size(), 12'000);
            for (int round = 0; round < 60; ++round) {
                std::string bytes = whole.value();
                for (int i = 0; i < 1 + round % 8; ++i) bytes[132 + random() % (header - 132)] = static_cast<char>(random());
                std::ofstream(changed, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
                for (const std::string& sentence : refusals(changed)) QVERIFY(!sentence.empty());
            }
        }
    }

  private:
    WrittenObjects m_objects;
};

QTEST_GUILESS_MAIN(TestHostileObjects)
#include "tst_hostile_objects.moc"
