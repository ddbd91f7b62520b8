// Presentation states with every feature, made with DCMTK: what is read, and the gray values against dcmtk's own renderer.
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <fstream>

#include "core/dicom_in/presented_film.h"
#include "core/image/pixel_chain.h"
#include "tests/core/dicom_in/written_objects.h"

using namespace cxr;
using namespace cxr::test;

namespace {

cv::Mat rendered(const PresentedFilm& film, bool invert = false) {
    const auto table = presentedTable8(film, film.voi, invert);
    cv::Mat gray(film.image->height(), film.image->width(), CV_8UC1);
    for (int y = 0; y < gray.rows; ++y) {
        for (int x = 0; x < gray.cols; ++x) gray.at<std::uint8_t>(y, x) = table[film.image->samples.at<std::uint16_t>(y, x)];
    }
    return gray;
}

// Binary or text PGM of 8 bits.
cv::Mat readPgm(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string magic;
    int width = 0, height = 0, white = 0;
    const auto number = [&stream](int& value) {
        while (stream >> std::ws && stream.peek() == '#') std::getline(stream, *std::make_unique<std::string>());
        stream >> value;
    };
    stream >> magic;
    number(width);
    number(height);
    number(white);
    if (!stream || white != 255) return {};
    cv::Mat gray(height, width, CV_8UC1);
    if (magic == "P5") {
        stream.get();
        stream.read(reinterpret_cast<char*>(gray.data), static_cast<std::streamsize>(gray.total()));
        return gray;
    }
    for (int i = 0; i < width * height; ++i) {
        int value = 0;
        stream >> value;
        gray.data[i] = static_cast<std::uint8_t>(value);
    }
    return stream ? gray : cv::Mat();
}

void writeTable(ItemWriter item, int first, int bits, const std::vector<std::uint16_t>& values) {
    item.u16(DCM_LUTDescriptor, {static_cast<std::uint16_t>(values.size()), static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(bits)});
    item.words(DcmTag(DCM_LUTData, EVR_OW), values);
}

// A curve that no window is: the square of the input's share.
std::vector<std::uint16_t> squareTable(std::size_t entries, int bits) {
    std::vector<std::uint16_t> values(entries);
    const double white = (1 << bits) - 1;
    for (std::size_t i = 0; i < entries; ++i) values[i] = static_cast<std::uint16_t>(std::lround(white * std::pow(i / (entries - 1.0), 2)));
    return values;
}

void setWindow(ItemWriter& root, double center, double width) {
    removeTag(root, DCM_SoftcopyVOILUTSequence);
    root.item(DCM_SoftcopyVOILUTSequence).decimal(DCM_WindowCenter, center).decimal(DCM_WindowWidth, width);
}

}  // namespace

class TestPresentationState : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void grayValuesAreThoseOfDcmtk_data() {
        QTest::addColumn<int>("number");
        int number = 0;
        for (const char* name : {"as written", "window", "no window", "inverse", "rescale", "VOI table", "Presentation LUT", "narrow window"})
            QTest::newRow(name) << number++;
    }
    void grayValuesAreThoseOfDcmtk() {
        const QString tool = QStandardPaths::findExecutable("dcmp2pgm");
        if (tool.isEmpty()) QSKIP("dcmp2pgm is not installed (package dcmtk)");
        QFETCH(int, number);
        const auto change = [number](ItemWriter& root) {
            if (number == 1) setWindow(root, 1800, 900);
            if (number == 2) removeTag(root, DCM_SoftcopyVOILUTSequence);
            if (number == 3) root.text(DCM_PresentationLUTShape, "INVERSE");
            if (number == 4) root.decimal(DCM_RescaleSlope, 0.5).decimal(DCM_RescaleIntercept, -300), setWindow(root, 500, 1200);
            if (number == 5) {
                removeTag(root, DCM_SoftcopyVOILUTSequence);
                writeTable(root.item(DCM_SoftcopyVOILUTSequence).item(DCM_VOILUTSequence), 500, 12, squareTable(3000, 12));
            }
            if (number == 6) {
                setWindow(root, 1800, 2500);
                removeTag(root, DCM_PresentationLUTShape);
                writeTable(root.item(DCM_PresentationLUTSequence), 0, 12, squareTable(4096, 12));
            }
            if (number == 7) setWindow(root, 2000, 2);
        };
        const auto file = m_objects.variant("gsps.dcm", change);
        const auto read = readPresentationState(file);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const cv::Mat ours = rendered(presentedFilm(std::make_shared<PresentationState>(read.value()), m_objects.sample().results.image));
        const auto pgm = m_objects.folder() / "dcmtk.pgm";
        QProcess process;
        process.start(tool, {"-p", QString::fromStdString(file.string()), QString::fromStdString(m_objects.sample().file.string()),
                             QString::fromStdString(pgm.string())});
        QVERIFY(process.waitForFinished(30'000));
        const cv::Mat theirs = readPgm(pgm);
        QVERIFY2(!theirs.empty(), process.readAllStandardError().constData());
        QCOMPARE(theirs.size(), ours.size());
        cv::Mat apart;
        cv::absdiff(ours, theirs, apart);
        double most = 0;
        cv::minMaxLoc(apart, nullptr, &most);
        QVERIFY2(most <= 1, qPrintable(QString("up to %1 gray values apart").arg(most)));
    }

    void signedInputsOfTables() {
        const auto file = m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            root.decimal(DCM_RescaleSlope, 1).decimal(DCM_RescaleIntercept, -1000);
            removeTag(root, DCM_SoftcopyVOILUTSequence);
            writeTable(root.item(DCM_SoftcopyVOILUTSequence).item(DCM_VOILUTSequence), -1000, 8, {0, 255});
        });
        const auto read = readPresentationState(file);
        QVERIFY(read.isOk());
        const PresentedFilm film = presentedFilm(std::make_shared<PresentationState>(read.value()), m_objects.sample().results.image);
        QCOMPARE(film.voi.table->firstInput, -1000);
    }

    void partsAreForTheirFilms() {
        const auto file = m_objects.variant("gsps.dcm", [this](ItemWriter& root) {
            removeTag(root, DCM_SoftcopyVOILUTSequence);
            for (const auto& [uid, center] : {std::pair(std::string("1.2.3.4"), 11.0), {m_objects.filmUid(), 22.0}}) {
                ItemWriter item = root.item(DCM_SoftcopyVOILUTSequence);
                item.item(DCM_ReferencedImageSequence).text(DCM_ReferencedSOPInstanceUID, uid);
                item.decimal(DCM_WindowCenter, center).decimal(DCM_WindowWidth, 100);
            }
        });
        const auto state = readPresentationState(file);
        QVERIFY(state.isOk());
        QCOMPARE(state.value().voiFor(m_objects.filmUid())->center, 22.0);
        QCOMPARE(state.value().voiFor("1.2.3.4")->center, 11.0);
        QVERIFY(state.value().voiFor("9.9") == nullptr);
    }

    void turnsAndMirroring() {
        for (const int degrees : {0, 90, 180, 270}) {
            for (const bool isMirrored : {false, true}) {
                const auto state = readPresentationState(m_objects.variant("gsps.dcm", [&](ItemWriter& root) {
                    root.u16(DCM_ImageRotation, {static_cast<std::uint16_t>(degrees)}).text(DCM_ImageHorizontalFlip, isMirrored ? "Y" : "N");
                }));
                QVERIFY(state.isOk());
                QCOMPARE(state.value().quarterTurns, degrees / 90);
                QCOMPARE(state.value().isMirrored, isMirrored);
            }
        }
    }

    void displayedAreas() {
        const auto areaOf = [this](const std::function<void(ItemWriter&)>& fill) {
            const auto state = readPresentationState(m_objects.variant("gsps.dcm", [&](ItemWriter& root) {
                removeTag(root, DCM_DisplayedAreaSelectionSequence);
                ItemWriter area = root.item(DCM_DisplayedAreaSelectionSequence);
                fill(area);
            }));
            return state.isOk() && state.value().areaFor(m_objects.filmUid()) ? *state.value().areaFor(m_objects.filmUid()) : DisplayedArea{};
        };
        // of a film turned by 180 degrees the top left pixel is the last one
        const DisplayedArea turned = areaOf([](ItemWriter& item) {
            item.s32(DCM_DisplayedAreaTopLeftHandCorner, {100, 90}).s32(DCM_DisplayedAreaBottomRightHandCorner, {11, -4});
            item.text(DCM_PresentationSizeMode, "MAGNIFY").f32(DCM_PresentationPixelMagnificationRatio, {2.5F});
        });
        QCOMPARE(turned.left, 10.0);
        QCOMPARE(turned.right, 100.0);
        QCOMPARE(turned.top, -5.0);
        QCOMPARE(turned.bottom, 90.0);
        QCOMPARE(static_cast<int>(turned.mode), static_cast<int>(SizeMode::Magnify));
        QCOMPARE(turned.magnification, 2.5);
        const DisplayedArea real = areaOf([](ItemWriter& item) {
            const double spacing[] = {0.2, 0.25};
            item.s32(DCM_DisplayedAreaTopLeftHandCorner, {1, 1}).s32(DCM_DisplayedAreaBottomRightHandCorner, {50, 50});
            item.text(DCM_PresentationSizeMode, "TRUE SIZE").decimals(DCM_PresentationPixelSpacing, spacing);
        });
        QCOMPARE(static_cast<int>(real.mode), static_cast<int>(SizeMode::TrueSize));
        QCOMPARE(real.columnMm, 0.25);
        const DisplayedArea unknown = areaOf([](ItemWriter& item) {
            item.s32(DCM_DisplayedAreaTopLeftHandCorner, {1, 1}).s32(DCM_DisplayedAreaBottomRightHandCorner, {50, 50});
            item.text(DCM_PresentationSizeMode, "TRUE SIZE");
        });
        QCOMPARE(static_cast<int>(unknown.mode), static_cast<int>(SizeMode::ScaleToFit));  // no spacing, no true size
    }

    void drawingsAndTexts() {
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            removeTag(root, DCM_GraphicAnnotationSequence);
            ItemWriter annotation = root.item(DCM_GraphicAnnotationSequence);
            annotation.text(DCM_GraphicLayer, "NOTES");
            const auto draw = [&](const char* type, const std::vector<float>& data, const char* units, const char* filled) {
                annotation.item(DCM_GraphicObjectSequence)
                    .text(DCM_GraphicAnnotationUnits, units)
                    .f32(DCM_GraphicData, data)
                    .text(DCM_GraphicType, type)
                    .text(DCM_GraphicFilled, filled);
            };
            draw("POINT", {3, 4}, "PIXEL", "N");
            draw("POLYLINE", {0, 0, 1, 1, 1, 0}, "DISPLAY", "N");
            draw("INTERPOLATED", {1, 2, 3, 4}, "PIXEL", "N");
            draw("CIRCLE", {10, 10, 10, 15}, "PIXEL", "Y");
            draw("ELLIPSE", {0, 5, 10, 5, 5, 3, 5, 7}, "PIXEL", "N");
            draw("ELLIPSE", {0, 5, 10, 5}, "PIXEL", "N");                                    // half of one
            draw("POLYLINE", {1, 1, std::nanf(""), 2}, "PIXEL", "N");                        // no place
            draw("SPIRAL", {1, 1, 2, 2}, "PIXEL", "N");                                      // no type
            annotation.item(DCM_TextObjectSequence)
                .text(DCM_AnchorPointAnnotationUnits, "PIXEL")
                .text(DCM_UnformattedTextValue, "first\r\nsecond")
                .f32(DCM_AnchorPoint, {7, 8})
                .text(DCM_AnchorPointVisibility, "Y");
        }));
        QVERIFY(state.isOk());
        const Annotation& annotation = state.value().annotations.front();
        QCOMPARE(annotation.drawings.size(), std::size_t{5});
        QVERIFY(annotation.drawings[1].isDisplay && annotation.drawings[3].isFilled);
        QCOMPARE(annotation.texts.front().text, std::string("first\nsecond"));
        QVERIFY(annotation.texts.front().anchor->isVisible && !annotation.texts.front().box);
        QVERIFY(state.value().facts.notes.front().rfind("3 drawings or texts", 0) == 0);
    }

    void shutters() {
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            root.text(DCM_ShutterShape, "RECTANGULAR\\CIRCULAR\\POLYGONAL").u16(DCM_ShutterPresentationValue, {0x8000});
            root.integer(DCM_ShutterLeftVerticalEdge, 5).integer(DCM_ShutterRightVerticalEdge, 300);
            root.integer(DCM_ShutterUpperHorizontalEdge, 6).integer(DCM_ShutterLowerHorizontalEdge, 400);
            root.text(DCM_CenterOfCircularShutter, "200\\150").integer(DCM_RadiusOfCircularShutter, 90);
            root.text(DCM_VerticesOfThePolygonalShutter, "1\\1\\1\\300\\400\\300");
        }));
        QVERIFY(state.isOk());
        const Shutter& shutter = state.value().shutter;
        QVERIFY(shutter.rectangle && shutter.rectangle->left == 4 && shutter.rectangle->right == 300);
        QCOMPARE(*shutter.circleCentre, (PointPx{149.5, 199.5}));  // column 150, row 200
        QCOMPARE(shutter.polygon.size(), std::size_t{3});
        QVERIFY(std::abs(shutter.gray - 0.5) < 1e-3);
        const auto broken = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            root.text(DCM_ShutterShape, "RECTANGULAR\\CIRCULAR").text(DCM_CenterOfCircularShutter, "200");
        }));
        QVERIFY(broken.isOk());
        QVERIFY(broken.value().shutter.isEmpty());
        QCOMPARE(broken.value().facts.notes.size(), std::size_t{2});
    }

    void overlaysAndBitmapShutter() {
        const auto state = readPresentationState(m_objects.variant("gsps.dcm", [](ItemWriter& root) {
            const DcmTagKey rows(0x6002, 0x0010), columns(0x6002, 0x0011), type(0x6002, 0x0040), origin(0x6002, 0x0050), data(0x6002, 0x3000),
                layer(0x6002, 0x1001);
            root.u16(rows, {2}).u16(columns, {8}).text(type, "G").text(layer, "NOTES");
            auto place = std::make_unique<DcmSignedShort>(DcmTag(origin, EVR_SS));
            const Sint16 corner[] = {3, 4};
            place->putSint16Array(corner, 2);
            root.raw().insert(place.release());
            const std::uint16_t bits[] = {0x0F81};
            root.words(DcmTag(data, EVR_OW), bits);
            root.text(DCM_ShutterShape, "BITMAP").u16(DCM_ShutterOverlayGroup, {0x6002});
        }));
        QVERIFY(state.isOk());
        QCOMPARE(state.value().overlays.size(), std::size_t{1});
        QCOMPARE(state.value().shutter.overlayGroup, 0x6002);
        QCOMPARE(cv::countNonZero(state.value().overlays[0].mask), 6);
        QCOMPARE(state.value().overlayLayers[0], std::string("NOTES"));
        const PresentedFilm film = presentedFilm(std::make_shared<PresentationState>(state.value()), m_objects.sample().results.image);
        QCOMPARE(film.image->overlays.size(), m_objects.image().overlays.size() + 1);
    }

  private:
    WrittenObjects m_objects;
};

QTEST_GUILESS_MAIN(TestPresentationState)
#include "tst_presentation_state.moc"
