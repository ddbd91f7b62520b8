// What the header says about patient, view, side, orientation and spacing, and nothing more than it says.
#include <QTest>

#include "core/io/dicom_facts.h"
#include "core/io/header_text.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;

namespace {

// Header elements in ascending order of tags, up to group 0028 element 0002.
Result<ImagePtr> filmWith(const DicomBytes& header, const DicomBytes& after = DicomBytes()) {
    DicomBytes film;
    film.append(header).picture(1, 2).append(after).words(0x7FE00010, std::vector<std::uint16_t>{1, 2});
    return readImage(std::span<const std::uint8_t>(dicomFile(film.bytes, kExplicitLittle)), "film");
}

bool hasNote(const Image& image, const char* words) {
    return std::any_of(image.notes.begin(), image.notes.end(),
                       [&](const auto& note) { return note.find(words) != std::string::npos; });
}

DicomBytes withText(std::uint32_t tag, const char* vr, const std::string& value) {
    return DicomBytes().text(tag, vr, value);
}

}  // namespace

class TestDicomFacts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void patientAndStudy();
    void characterSets_data();
    void characterSets();
    void undecodableTextKeepsAscii();
    void controlCharactersAndLength();
    void view_data();
    void view();
    void viewCodeSequence();
    void laterality();
    void orientation();
    void nothingIsGuessed();
    void spacing_data();
    void spacing();
    void lengthsAreDividedByTheMagnification();
    void scannedFilm();
    void lossyIsNoted();
    void describesTheFilm();
    void datesAsWritten();
    void namesForPeople();
};

// Days are told in one form; what is none is not turned into one.
void TestDicomFacts::datesAsWritten() {
    for (const char* date : {"20210304", "2021.03.04", "2021-03-04"}) QCOMPARE(isoDate(date), std::string("2021-03-04"));
    for (const char* date : {"02.01.1950", "20211304", "20210332", "2021", "", "0201.19.50", "2021.03-04"}) QCOMPARE(isoDate(date), std::string(date));
}

void TestDicomFacts::namesForPeople() {
    QCOMPARE(personName("Roe^Jane^Mary^Dr"), std::string("Roe, Jane Mary"));
    QCOMPARE(personName("Hong^Gildong=\xE6\xB4\xAA^\xE5\x90\x89\xE6\xB4\x9E"), std::string("Hong, Gildong (\xE6\xB4\xAA, \xE5\x90\x89\xE6\xB4\x9E)"));
    QCOMPARE(personName("=\xE6\xB4\xAA"), std::string("\xE6\xB4\xAA"));
    QCOMPARE(personName("Yamada^Tarou=^=^"), std::string("Yamada, Tarou"));
}

void TestDicomFacts::patientAndStudy() {
    DicomBytes header;
    header.text(0x00080020, "DA", "20240131").text(0x00080030, "TM", "142530.5").text(0x00080060, "CS", "DX");
    header.text(0x00080080, "LO", "General Hospital")
        .text(0x00100010, "PN", "Doe^Jane^Mary^Dr")
        .text(0x00100020, "LO", "42 ");
    header.text(0x00100030, "DA", "1949.03.08").text(0x00100040, "CS", "F").text(0x00101010, "AS", "074Y");
    const auto film = filmWith(header);
    QVERIFY(film.isOk());
    const Image& image = *film.value();
    QCOMPARE(image.patient.name, std::string("Doe, Jane Mary"));
    QCOMPARE(image.patient.id, std::string("42"));
    QCOMPARE(image.patient.birthDate, std::string("1949-03-08"));
    QCOMPARE(image.patient.sex, std::string("F"));
    QCOMPARE(image.patient.age, std::string("074Y"));
    QCOMPARE(image.study.studyDate, std::string("2024-01-31"));
    QCOMPARE(image.study.studyTime, std::string("14:25:30"));
    QCOMPARE(image.study.institution, std::string("General Hospital"));
}

void TestDicomFacts::characterSets_data() {
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("shown");
    QTest::newRow("ascii") << QByteArray("") << QByteArray("Adams^John") << "Adams, John";
    QTest::newRow("latin 1") << QByteArray("ISO_IR 100") << QByteArray("Buc^J\xE9r\xF4me")
                             << QString::fromUtf8("Buc, Jérôme");
    QTest::newRow("utf-8") << QByteArray("ISO_IR 192") << QByteArray("Wang^XiaoDong=王^小东")
                           << QString::fromUtf8("Wang, XiaoDong (王, 小东)");
    QTest::newRow("cyrillic") << QByteArray("ISO_IR 144") << QByteArray("\xBB\xEE\xDA\x63\x65\xDC\xD1\xE3\xE0\xD3")
                              << QString::fromUtf8("Люкceмбург");
    QTest::newRow("greek") << QByteArray("ISO_IR 126") << QByteArray("\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2")
                           << QString::fromUtf8("Διονυσιος");
    QTest::newRow("GB18030") << QByteArray("GB18030") << QByteArray("Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=")
                             << QString::fromUtf8("Wang, XiaoDong (王, 小东)");
    QTest::newRow("japanese")
        << QByteArray("\\ISO 2022 IR 87")
        << QByteArray("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B")
        << QString::fromUtf8("Yamada, Tarou (山田, 太郎)");
    QTest::newRow("japanese, katakana") << QByteArray("ISO 2022 IR 13\\ISO 2022 IR 87")
                                        << QByteArray("\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J")
                                        << QString::fromUtf8("ﾔﾏﾀﾞ, ﾀﾛｳ (山田, 太郎)");
    QTest::newRow("korean") << QByteArray("\\ISO 2022 IR 149")
                            << QByteArray("Hong^Gildong=\x1b$)C\xFB\xF3^\x1b$)C\xD1\xCE\xD4\xD7=")
                            << QString::fromUtf8("Hong, Gildong (洪, 吉洞)");
}

void TestDicomFacts::characterSets() {
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, raw);
    QFETCH(QString, shown);
    DicomBytes header;
    if (!charset.isEmpty()) header.text(0x00080005, "CS", charset.toStdString());
    header.text(0x00100010, "PN", raw.toStdString());
    const auto film = filmWith(header);
    QVERIFY(film.isOk());
    QCOMPARE(QString::fromStdString(film.value()->patient.name), shown);
    QVERIFY(!hasNote(*film.value(), "character set"));
}

void TestDicomFacts::undecodableTextKeepsAscii() {
    for (const char* charset : {"", "ISO_IR 192", "NO SUCH SET"}) {
        DicomBytes header;
        if (*charset != '\0') header.text(0x00080005, "CS", charset);
        header.text(0x00100010, "PN", "M\xFCller^Eva");
        const auto film = filmWith(header);
        QVERIFY(film.isOk());
        QCOMPARE(film.value()->patient.name, std::string("M?ller, Eva"));
        QVERIFY(hasNote(*film.value(), "character set"));
    }
}

void TestDicomFacts::controlCharactersAndLength() {
    const auto film =
        filmWith(DicomBytes().text(0x00100010, "PN", "A\nB\x07^C").text(0x00100020, "LO", std::string(5000, 'x')));
    QVERIFY(film.isOk());
    QCOMPARE(film.value()->patient.name, std::string("A B , C"));
    QCOMPARE(film.value()->patient.id.size(), std::size_t{1024});
}

void TestDicomFacts::view_data() {
    QTest::addColumn<QString>("position");
    QTest::addColumn<int>("view");
    const std::pair<const char*, ViewPosition> cases[] = {
        {"PA", ViewPosition::PA},       {"AP", ViewPosition::AP},
        {"LL", ViewPosition::Lateral},  {"RL", ViewPosition::Lateral},
        {"LLD", ViewPosition::Unknown}, {"RLO", ViewPosition::Oblique},
        {"", ViewPosition::Unknown},    {"LATERAL", ViewPosition::Lateral},
        {"PAL", ViewPosition::Unknown}, {"AP SUPINE", ViewPosition::Unknown}};
    for (const auto& [position, view] : cases) QTest::addRow("'%s'", position) << position << static_cast<int>(view);
}

void TestDicomFacts::view() {
    QFETCH(QString, position);
    QFETCH(int, view);
    const auto film = filmWith(withText(0x00185101, "CS", position.toStdString()));
    QVERIFY(film.isOk());
    QCOMPARE(static_cast<int>(film.value()->view), view);
    QCOMPARE(hasNote(*film.value(), "view position"),
             !position.isEmpty() && film.value()->view == ViewPosition::Unknown);
}

void TestDicomFacts::viewCodeSequence() {
    struct Case {
        const char* code;
        const char* meaning;
        ViewPosition view;
    };
    for (const Case& c : {Case{"R-10214", "postero-anterior", ViewPosition::PA},
                          {"R-10206", "x", ViewPosition::AP},
                          {"R-10236", "left lateral", ViewPosition::Lateral},
                          {"none", "Postero-Anterior oblique", ViewPosition::Oblique},
                          {"none", "antero-posterior", ViewPosition::AP},
                          {"none", "decubitus", ViewPosition::Unknown}}) {
        DicomBytes code, after;
        code.text(0x00080100, "SH", c.code).text(0x00080102, "SH", "SRT").text(0x00080104, "LO", c.meaning);
        after.header(0x00540220, "SQ", static_cast<std::uint32_t>(code.bytes.size() + 8));
        after.header(0xFFFEE000, "", static_cast<std::uint32_t>(code.bytes.size())).append(code);
        const auto film = filmWith(DicomBytes(), after);
        QVERIFY(film.isOk());
        QCOMPARE(static_cast<int>(film.value()->view), static_cast<int>(c.view));
    }
}

void TestDicomFacts::laterality() {
    QCOMPARE(filmWith(withText(0x00200060, "CS", "L")).value()->laterality, Laterality::Left);
    QCOMPARE(filmWith(withText(0x00200060, "CS", "L").text(0x00200062, "CS", "R")).value()->laterality,
             Laterality::Right);
    QCOMPARE(filmWith(withText(0x00200062, "CS", "U")).value()->laterality, Laterality::Unpaired);
    QCOMPARE(filmWith(withText(0x00200062, "CS", "left")).value()->laterality, Laterality::Unknown);
}

void TestDicomFacts::orientation() {
    const auto film = filmWith(withText(0x00200020, "CS", "L\\F"));
    QCOMPARE(film.value()->rowDirection, std::string("L"));
    QCOMPARE(film.value()->columnDirection, std::string("F"));
    for (const char* wrong : {"L", "L\\X", "left\\foot", "\\F"}) {
        QVERIFY(filmWith(withText(0x00200020, "CS", wrong)).value()->rowDirection.empty());
    }
}

void TestDicomFacts::nothingIsGuessed() {
    const auto film =
        filmWith(DicomBytes().text(0x00080060, "CS", "DX").text(0x0008103E, "LO", "Chest PA left 0.143 mm"));
    const Image& image = *film.value();
    QCOMPARE(image.view, ViewPosition::Unknown);
    QCOMPARE(image.laterality, Laterality::Unknown);
    QVERIFY(image.rowDirection.empty());
    QVERIFY(!image.spacing.isKnown());
}

void TestDicomFacts::spacing_data() {
    QTest::addColumn<QString>("pixel");
    QTest::addColumn<QString>("imager");
    QTest::addColumn<QString>("calibration");
    QTest::addColumn<int>("source");
    QTest::addColumn<double>("rowMm");
    const auto row = [](const char* name, const char* pixel, const char* imager, const char* calibration,
                        SpacingSource source, double mm) {
        QTest::newRow(name) << pixel << imager << calibration << static_cast<int>(source) << mm;
    };
    row("none", "", "", "", SpacingSource::None, 0);
    row("imager only", "", "0.143\\0.144", "", SpacingSource::ImagerPixelSpacing, 0.143);
    row("pixel only", "0.2\\0.2", "", "", SpacingSource::PixelSpacing, 0.2);
    row("equal: not corrected", "0.143\\0.143", "0.143\\0.143", "", SpacingSource::ImagerPixelSpacing, 0.143);
    row("equal but calibrated", "0.143\\0.143", "0.143\\0.143", "FIDUCIAL", SpacingSource::PixelSpacing, 0.143);
    row("different: corrected", "0.13\\0.13", "0.143\\0.143", "", SpacingSource::PixelSpacing, 0.13);
    row("calibrated", "0.13\\0.13", "0.143\\0.143", "GEOMETRY", SpacingSource::PixelSpacing, 0.13);
    row("zero", "0.000\\0.000", "", "", SpacingSource::None, 0);
    row("zero, imager helps", "0\\0", "0.143\\0.143", "", SpacingSource::ImagerPixelSpacing, 0.143);
    row("one number", "0.2", "", "", SpacingSource::None, 0);
    row("negative", "-0.2\\0.2", "", "", SpacingSource::None, 0);
    row("words", "a\\b", "", "", SpacingSource::None, 0);
}

void TestDicomFacts::spacing() {
    QFETCH(QString, pixel);
    QFETCH(QString, imager);
    QFETCH(QString, calibration);
    QFETCH(int, source);
    QFETCH(double, rowMm);
    DicomBytes film;
    film.text(0x00080060, "CS", "DX");
    if (!imager.isEmpty()) film.text(0x00181164, "DS", imager.toStdString());
    film.us(0x00280002, {1}).text(0x00280004, "CS", "MONOCHROME2").us(0x00280010, {1}).us(0x00280011, {1});
    if (!pixel.isEmpty()) film.text(0x00280030, "DS", pixel.toStdString());
    film.us(0x00280100, {16}).us(0x00280101, {12}).us(0x00280102, {11}).us(0x00280103, {0});
    if (!calibration.isEmpty()) film.text(0x00280A02, "CS", calibration.toStdString());
    film.words(0x7FE00010, std::vector<std::uint16_t>{1});
    const auto opened = readImage(std::span<const std::uint8_t>(dicomFile(film.bytes, kExplicitLittle)), "film");
    QVERIFY(opened.isOk());
    QCOMPARE(static_cast<int>(opened.value()->spacing.source), source);
    QCOMPARE(opened.value()->spacing.rowMm, rowMm);
    const bool isUnsaid = source == static_cast<int>(SpacingSource::PixelSpacing) && imager.isEmpty() && calibration.isEmpty();
    QCOMPARE(opened.value()->spacing.isPlaceUnsaid, isUnsaid);
}

void TestDicomFacts::lengthsAreDividedByTheMagnification() {
    const auto film = filmWith(DicomBytes()
                                   .text(0x00080060, "CS", "DX")
                                   .text(0x00181114, "DS", "1.08")
                                   .text(0x00181164, "DS", "0.143\\0.143"));
    QCOMPARE(film.value()->spacing.rowMm, 0.143 / 1.08);
    QCOMPARE(film.value()->spacing.basis, 1.08F);
    QCOMPARE(originText(film.value()->spacing), std::string("Imager Pixel Spacing, divided by the magnification 1.08"));
    QVERIFY(spacingDoubt(film.value()->spacing).find("divided by the magnification of 1.08") != std::string::npos);
}

void TestDicomFacts::scannedFilm() {
    const auto film = filmWith(withText(0x00182010, "DS", "0.175\\0.175"));
    QCOMPARE(film.value()->spacing.source, SpacingSource::NominalScannedPixelSpacing);
    QCOMPARE(film.value()->spacing.columnMm, 0.175);
}

void TestDicomFacts::lossyIsNoted() {
    const auto film = filmWith(DicomBytes(), DicomBytes().text(0x00282110, "CS", "01").text(0x00282112, "DS", "12.5"));
    QVERIFY(film.value()->encoding.isLossy);
    QCOMPARE(film.value()->encoding.lossyRatio, 12.5);
    QVERIFY(hasNote(*film.value(), "with loss"));
}

void TestDicomFacts::describesTheFilm() {
    const auto film = filmWith(
        DicomBytes().text(0x00080060, "CS", "DX").text(0x00185101, "CS", "PA").text(0x00181164, "DS", "0.143\\0.143"));
    const auto facts = describe(*film.value());
    const auto valueOf = [&](const char* key) {
        const auto found = std::find_if(facts.begin(), facts.end(), [&](const NamedFact& f) { return f.key == key; });
        return found == facts.end() ? std::string("absent") : found->value;
    };
    QCOMPARE(valueOf("view"), std::string("PA"));
    QCOMPARE(valueOf("size"), std::string("2 x 1 px"));
    QCOMPARE(valueOf("laterality"), std::string("unknown"));
    QCOMPARE(valueOf("bits"), std::string("12 of 16 bits, unsigned"));
    QVERIFY(valueOf("pixel_spacing").find("at the detector") != std::string::npos);
    QCOMPARE(valueOf("patient_name"), std::string("absent"));
    QCOMPARE(valueOf("sha256").size(), std::size_t{64});
}

QTEST_GUILESS_MAIN(TestDicomFacts)
#include "tst_dicom_facts.moc"
