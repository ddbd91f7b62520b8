// Colours of presentation states: palettes of pseudo-colour states in every coding, colour states over gray films, colours of
// texts, lines and fills, and the kinds that are refused with their reason.
#include <QTest>

#include "core/dicom_in/presented_film.h"
#include "core/dicom_out/cielab.h"
#include "tests/core/dicom_in/written_objects.h"

using namespace cxr;
using namespace cxr::test;

namespace {

const DcmTagKey kDescriptors[] = {DCM_RedPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableDescriptor,
                                  DCM_BluePaletteColorLookupTableDescriptor};
const DcmTagKey kData[] = {DCM_RedPaletteColorLookupTableData, DCM_GreenPaletteColorLookupTableData, DCM_BluePaletteColorLookupTableData};
const DcmTagKey kSegmented[] = {DCM_SegmentedRedPaletteColorLookupTableData, DCM_SegmentedGreenPaletteColorLookupTableData,
                                DCM_SegmentedBluePaletteColorLookupTableData};

using Words = std::vector<std::uint16_t>;

void makePseudo(ItemWriter& root) {
    root.text(DCM_SOPClassUID, "1.2.840.10008.5.1.4.1.1.11.3");
    removeTag(root, DCM_PresentationLUTShape);
}

// Red rises, green falls, blue is half: tables of 16 bits.
void writeRamp(ItemWriter& root, std::size_t entries) {
    makePseudo(root);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        Words words(entries);
        for (std::size_t i = 0; i < entries; ++i) {
            const auto share = static_cast<std::uint16_t>(65535 * i / (entries - 1));
            words[i] = channel == 0 ? share : channel == 1 ? static_cast<std::uint16_t>(65535 - share) : std::uint16_t{0x8000};
        }
        root.u16(kDescriptors[channel], {static_cast<std::uint16_t>(entries & 0xFFFF), 0, 16});
        root.words(DcmTag(kData[channel], EVR_OW), words);
    }
}

void writeSegments(ItemWriter& root, std::uint16_t entries, const Words& red, const Words& other) {
    makePseudo(root);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        root.u16(kDescriptors[channel], {entries, 0, 16});
        root.words(DcmTag(kSegmented[channel], EVR_OW), channel == 0 ? red : other);
    }
}

bool isNear(const Rgb& colour, int red, int green, int blue) {
    return std::abs(colour[0] - red) <= 1 && std::abs(colour[1] - green) <= 1 && std::abs(colour[2] - blue) <= 1;
}

}  // namespace

class TestPresentationColours : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void wholeTables() {
        for (const std::size_t entries : {std::size_t{2}, std::size_t{256}, std::size_t{1000}, std::size_t{65536}}) {
            const auto state = readPresentationState(m_objects.variant("gsps.dcm", [&](ItemWriter& root) { writeRamp(root, entries); }));
            QVERIFY2(state.isOk(), state.isOk() ? "" : state.error().message.c_str());
            QVERIFY(state.value().colours != nullptr && state.value().colours->profile.empty());
            for (const int gray : {0, 51, 102, 204, 255}) {
                const int red = entries == 2 ? gray / 128 * 255 : gray;
                const Rgb& colour = state.value().colours->colours[static_cast<std::size_t>(gray)];
                QVERIFY2(isNear(colour, red, 255 - red, 128), qPrintable(QString("%1 of %2: %3").arg(gray).arg(entries).arg(colour[0])));
            }
        }
    }

    void tablesOfBytes() {
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            makePseudo(root);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                Words words(128);  // two entries in each
                for (std::size_t i = 0; i < 128; ++i) words[i] = static_cast<std::uint16_t>((2 * i + 1) << 8 | 2 * i);
                root.u16(kDescriptors[channel], {256, 0, 8});
                root.words(DcmTag(kData[channel], EVR_OW), words);
            }
        }));
        QVERIFY2(state.isOk(), state.isOk() ? "" : state.error().message.c_str());
        for (int gray = 0; gray < 256; ++gray) QVERIFY(isNear(state.value().colours->colours[static_cast<std::size_t>(gray)], gray, gray, gray));
    }

    // One value, then a line to the last: the ramp again; and steps.
    void segmentsOfTables() {
        const Words ramp{0, 1, 0, 1, 255, 65535}, steps{0, 2, 0, 65535, 1, 254, 65535};
        const auto state =
            readPresentationState(m_objects.variant("gsps.dcm", [&](ItemWriter& root) { writeSegments(root, 256, ramp, steps); }));
        QVERIFY2(state.isOk(), state.isOk() ? "" : state.error().message.c_str());
        const auto& colours = state.value().colours->colours;
        QVERIFY(isNear(colours[0], 0, 0, 0) && isNear(colours[1], 1, 255, 255) && isNear(colours[200], 200, 255, 255));
    }

    void damagedPalettesAreRefused_data() {
        QTest::addColumn<QList<int>>("segments");
        QTest::newRow("refers to others") << QList<int>{0, 1, 0, 2, 1, 0, 0};
        QTest::newRow("too few") << QList<int>{0, 1, 0, 1, 100, 65535};
        QTest::newRow("too many") << QList<int>{0, 1, 0, 1, 300, 65535};
        QTest::newRow("line from nowhere") << QList<int>{1, 256, 65535};
        QTest::newRow("longer than its data") << QList<int>{0, 256, 1, 2, 3};
        QTest::newRow("empty") << QList<int>{0};
    }
    void damagedPalettesAreRefused() {
        QFETCH(QList<int>, segments);
        Words words;
        for (const int value : segments) words.push_back(static_cast<std::uint16_t>(value));
        const auto state =
            readPresentationState(m_objects.variant("gsps.dcm", [&](ItemWriter& root) { writeSegments(root, 256, words, words); }));
        QVERIFY(!state.isOk());
        QVERIFY(state.error().message.find("palette of colours") != std::string::npos);
    }

    void thePaletteGoesWithTheFilm() {
        const std::uint8_t profile[] = {1, 2, 3, 4};
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [&](ItemWriter& root) {
            writeRamp(root, 256);
            root.bytes(DCM_ICCProfile, profile);
        }));
        QVERIFY(state.isOk());
        QCOMPARE(state.value().colours->profile.size(), std::size_t{4});
        const PresentedFilm film = presentedFilm(std::make_shared<PresentationState>(state.value()), m_objects.sample().results.image);
        QCOMPARE(film.colours, state.value().colours);
    }

    void colourStatesDoAllButColours() {
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            root.text(DCM_SOPClassUID, "1.2.840.10008.5.1.4.1.1.11.2").u16(DCM_ImageRotation, {90});
            root.u16(DCM_ShutterPresentationColorCIELabValue, cieLab(51, 51, 51));
        }));
        QVERIFY2(state.isOk(), state.isOk() ? "" : state.error().message.c_str());
        QVERIFY(!state.value().colours && state.value().windows.empty());
        QCOMPARE(state.value().quarterTurns, 1);
        QVERIFY(std::abs(state.value().shutter.gray - 0.2) < 0.01);
        QVERIFY(!state.value().annotations.empty());
        QCOMPARE(state.value().facts.notes.size(), std::size_t{1});
        QVERIFY(state.value().facts.notes.front().find("in gray") != std::string::npos);
    }

    void otherKindsSayWhy_data() {
        QTest::addColumn<QString>("uid");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* name, const char* last, const char* word) {
            QTest::newRow(name) << QString("1.2.840.10008.5.1.4.1.1.11.") + last << QString(word);
        };
        row("blending", "4", "over each other");
        row("angiography", "5", "angiography");
        row("planar cuts", "6", "volumes");
        row("advanced blending", "8", "blends");
        row("volume rendering", "9", "volumes");
        row("variable modality", "12", "one scale");
    }
    void otherKindsSayWhy() {
        QFETCH(QString, uid);
        QFETCH(QString, word);
        const auto state = readPresentationState(
            m_objects.variant("gsps.dcm", [&](ItemWriter& root) { root.text(DCM_SOPClassUID, uid.toStdString()); }));
        QVERIFY(!state.isOk() && state.error().code == ErrorCode::Unsupported);
        QVERIFY2(state.error().message.find(word.toStdString()) != std::string::npos, state.error().message.c_str());
    }

    void stylesOfTextsLinesAndFills() {
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            removeTag(root, DCM_GraphicAnnotationSequence);
            ItemWriter annotation = root.item(DCM_GraphicAnnotationSequence);
            annotation.text(DCM_GraphicLayer, "NOTES");
            ItemWriter drawing = annotation.item(DCM_GraphicObjectSequence);
            drawing.text(DCM_GraphicAnnotationUnits, "PIXEL").u16(DCM_GraphicDimensions, {2}).u16(DCM_NumberOfGraphicPoints, {2});
            drawing.f32(DCM_GraphicData, {10, 10, 30, 30}).text(DCM_GraphicType, "CIRCLE").text(DCM_GraphicFilled, "Y");
            drawing.item(DCM_LineStyleSequence).u16(DCM_PatternOnColorCIELabValue, cieLab(10, 200, 30)).text(DCM_LineDashingStyle, "DASHED");
            ItemWriter fill = drawing.item(DCM_FillStyleSequence);
            fill.u16(DCM_PatternOnColorCIELabValue, cieLab(200, 20, 20)).f32(DCM_PatternOnOpacity, {0.25F});
            ItemWriter words = annotation.item(DCM_TextObjectSequence);
            words.text(DCM_UnformattedTextValue, "words").f32(DCM_AnchorPoint, {5, 5}).text(DCM_AnchorPointAnnotationUnits, "PIXEL");
            words.item(DCM_TextStyleSequence).u16(DCM_TextColorCIELabValue, cieLab(30, 40, 220)).text(DCM_Bold, "Y");
        }));
        QVERIFY2(state.isOk(), state.isOk() ? "" : state.error().message.c_str());
        const Annotation& annotation = state.value().annotations.front();
        const Drawing& drawing = annotation.drawings.front();
        QVERIFY(drawing.isDashed && isNear(*drawing.lineColour, 10, 200, 30) && isNear(*drawing.fillColour, 200, 20, 20));
        QCOMPARE(drawing.fillOpacity, 0.25);
        QVERIFY(annotation.texts.front().isBold && isNear(*annotation.texts.front().colour, 30, 40, 220));
    }

    void ownObjectsAreKnown() {
        for (const char* name : {"gsps.dcm", "seg.dcm"}) {
            QVERIFY(readObjectFacts(m_objects.file(name)).value().isOwn);
            const auto foreign = m_objects.variant(name, [](ItemWriter& root) { root.text(DCM_Manufacturer, "Other"); });
            QVERIFY(!readObjectFacts(foreign).value().isOwn);
        }
    }

  private:
    WrittenObjects m_objects;
};

QTEST_GUILESS_MAIN(TestPresentationColours)
#include "tst_presentation_colours.moc"
