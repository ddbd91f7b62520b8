// Sealed bundles: they come back whole, hold nothing of what was dropped, judge and explain by the kept pixels alone, and
// hostile ones are refused with a sentence.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "core/model/zip_archive.h"
#include "core/model/zip_writer.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/heartspot_film.h"
#include "core/pipeline/seal_heartspot.h"
#include "core/prior/heartspot.h"
#include "core/prior/kept_codec.h"
#include "core/prior/xz.h"
#include "tests/core/pipeline/heartspot_engine.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/test_data.h"

using namespace cxr;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kSide = 320;

PriorSpec named(const std::string& name) { return priorByName(name).value(); }

cv::Mat heartPicture() {
    cv::Mat region(64, 64, CV_8UC1, cv::Scalar(0));
    region(cv::Rect(20, 24, 30, 26)).setTo(255);
    return region;
}

Result<cv::Mat> noRegion() { return Error{ErrorCode::NotFound, "no heart region is installed"}; }

// Samples that no prior can guess.
GrayFilm noiseFilm(std::uint32_t seed = 1) {
    GrayFilm film{kSide, kSide, {}};
    std::uint32_t state = seed;
    for (int i = 0; i < kSide * kSide; ++i) {
        state = state * 1664525U + 1013904223U;
        film.values.push_back(static_cast<float>(state >> 24) / 255.0F);
    }
    return film;
}

HeartSpotBundle bundleOf(const PriorSpec& spec, const GrayFilm& film = noiseFilm()) {
    return sealHeartSpot(film, spec, spec.heart ? heartPicture() : cv::Mat()).value().bundle;
}

HeartSpotBundle judgedBundle() {
    HeartSpotBundle bundle = bundleOf(named("mp+hline"));
    bundle.reading = BundleReading{{"heartspot-cardiomegaly", "HeartSpot", "1.0.0", std::string(64, 'a'), {}}, "Cardiomegaly", 0.25};
    bundle.explanation = BundleExplanation{ExplainMethod::IntegratedGradients, "50 steps from black", {}};
    for (std::size_t i = 0; i < bundle.samples.size(); ++i) bundle.explanation->values.push_back(std::sin(static_cast<float>(i)) * 0.02F);
    return bundle;
}

std::string entryOf(const std::string& archive, const std::string& name) {
    const auto bytes = ZipArchive::open(std::as_bytes(std::span(archive.data(), archive.size()))).value().read(name).value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The bundle with its manifest changed.
std::string withManifest(const HeartSpotBundle& bundle, const std::function<void(Json&)>& change) {
    const std::string archive = bundleBytes(bundle).value();
    Json manifest = Json::parse(entryOf(archive, "manifest.json"));
    change(manifest);
    std::vector<ZipItem> items{{"manifest.json", manifest.dump(), true}, {"pixels", entryOf(archive, "pixels"), false}};
    if (bundle.explanation) items.push_back({"explanation", entryOf(archive, "explanation"), false});
    return zipBytes(items).value();
}

// Everything that can be read out of the bundle by who unpacks it: the archive, its entries, the unpacked pixels.
std::vector<std::string> everythingIn(const std::string& archive, const HeartSpotBundle& bundle) {
    std::vector<std::string> texts{archive};
    const auto opened = ZipArchive::open(std::as_bytes(std::span(archive.data(), archive.size()))).value();
    for (const auto& [name, entry] : opened.entries()) {
        texts.push_back(name);
        texts.push_back(entryOf(archive, name));
    }
    texts.emplace_back(bundle.samples.begin(), bundle.samples.end());
    return texts;
}

bool contains(const std::vector<std::string>& texts, const std::string& wanted) {
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return text.find(wanted) != std::string::npos; });
}

}  // namespace

class TestHeartSpotBundle : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path path(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

  private Q_SLOTS:
    void everyPriorComesBack_data() {
        QTest::addColumn<QString>("prior");
        for (const std::string& name : priorNames()) QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void everyPriorComesBack() {
        QFETCH(QString, prior);
        const HeartSpotBundle bundle = bundleOf(named(prior.toStdString()));
        const auto back = parseBundle(bundleBytes(bundle).value(), noRegion);  // the own region travels in the bundle
        QVERIFY2(back.isOk(), back.isOk() ? "" : back.error().message.c_str());
        QVERIFY(back.value().spec == bundle.spec && back.value().samples == bundle.samples);
        QCOMPARE(cv::norm(back.value().mask, bundle.mask, cv::NORM_INF), 0.0);
        QCOMPARE(cv::norm(pictureOf(back.value()), pictureOf(bundle), cv::NORM_INF), 0.0);
        QCOMPARE(back.value().ownRegion.empty(), !bundle.spec.heart.has_value());
        QVERIFY(!back.value().reading && !back.value().explanation);
    }

    void theShippedRegionIsNamedOnlyByTheMasksHash() {
        const PriorSpec spec = named("rline+heart");
        HeartSpotBundle bundle = bundleOf(spec);
        bundle.ownRegion.release();
        const std::string bytes = bundleBytes(bundle).value();
        QVERIFY(parseBundle(bytes, [] { return Result<cv::Mat>(heartPicture()); }).isOk());
        QCOMPARE(parseBundle(bytes, noRegion).error().code, ErrorCode::NotFound);
        const auto other = parseBundle(bytes, [] { return Result<cv::Mat>(cv::Mat(heartPicture().t())); });
        QVERIFY(!other.isOk() && other.error().code == ErrorCode::InvalidArgument);
        QVERIFY(other.error().message.find("--roi") != std::string::npos);
    }

    void readingAndExplanationComeBack() {
        const HeartSpotBundle bundle = judgedBundle();
        const fs::path file = path("judged.heartspot");
        QVERIFY(looksLikeBundle(file) && writeBundle(file, bundle).isOk());
        const HeartSpotBundle back = readBundle(file).value();
        QCOMPARE(back.reading->model.id, bundle.reading->model.id);
        QCOMPARE(back.reading->model.weightsSha256, bundle.reading->model.weightsSha256);
        QCOMPARE(back.reading->probability, 0.25);
        QCOMPARE(back.explanation->parameters, bundle.explanation->parameters);
        QVERIFY(back.explanation->method == ExplainMethod::IntegratedGradients);
        const float step = 0.02F / kExplanationLevels;
        for (std::size_t i = 0; i < bundle.samples.size(); ++i) {
            QVERIFY(std::abs(back.explanation->values[i] - bundle.explanation->values[i]) <= 0.5F * step + 1e-6F);
        }
        QCOMPARE(cv::countNonZero(explanationPicture(back) != 0) <= cv::countNonZero(back.mask), true);
        QCOMPARE(bundleBytes(back).value().size(), bundleBytes(bundle).value().size());
    }

    void smallerThanFloatsUnderLzma() {
        const Phantom phantom = makePhantom();
        const GrayFilm film = networkFilm(phantom.image, kNetworkFilmSide, nullptr);
        for (const std::string& name : priorNames()) {
            const HeartSpotBundle bundle = bundleOf(named(name), film);
            // Of few pixels names, hashes and the archive weigh more than what coding saves (core/prior/CODECS.md).
            if (bundle.samples.size() < 2000) continue;
            const double goal = bundle.samples.size() < 7000 ? 0.95 : 0.8;
            std::vector<float> floats(bundle.samples.begin(), bundle.samples.end());
            const auto packed = xzCompress({reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float)}).value();
            const std::size_t bytes = bundleBytes(bundle).value().size();
            QVERIFY2(static_cast<double>(bytes) <= goal * static_cast<double>(packed.size()),
                     qPrintable(QString("%1: %2 of %3").arg(QString::fromStdString(name)).arg(bytes).arg(packed.size())));
        }
    }

    void aQuarterSmallerOnRealFilms() {
        std::vector<fs::path> films = listFilms(test::dataFolder() / "nih14" / "images_320");
        if (films.empty()) QSKIP("the films of nih14/images_320 are not here; set CXR_DATA_DIR");
        films.resize(std::min<std::size_t>(films.size(), 6));
        for (const char* name : {"rline", "rhline", "mp+hline", "mp+rline", "mp+rhline"}) {
            double bundles = 0, floats = 0;
            for (const fs::path& file : films) {
                const ImagePtr image = readImage(file).value();
                SealOptions options;
                options.spec = named(name);
                bundles += static_cast<double>(bundleBytes(sealFilm(*image, options, nullptr, {}).value()).value().size());
                const std::vector<float> vector = applyHeartSpot(options.spec, heartSpotFilm(*image)).value().vector;
                floats += static_cast<double>(xzCompress({reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)}).value().size());
            }
            QVERIFY2(bundles <= 0.75 * floats, qPrintable(QString("%1: %2 of %3").arg(name).arg(bundles).arg(floats)));
        }
    }

    void noFinerThanItsFilm() {
        // 8 bits of which the window spans 100 values: as many steps between black and white, and the same gray again.
        Image image = makePhantom({.width = 320, .height = 320, .bitsStored = 8}).image;
        QCOMPARE(grayLevels(makePhantom().image), 255);
        image.defaultVoi = {100.5, 101, VoiFunction::Linear, nullptr};
        QVERIFY2(std::abs(grayLevels(image) - 100) <= 1, qPrintable(QString::number(grayLevels(image))));
        SealOptions options;
        options.spec = named("hline");
        const HeartSpotBundle bundle = sealFilm(image, options, nullptr, {}).value();
        const HeartSpotBundle back = parseBundle(bundleBytes(bundle).value(), noRegion).value();
        QCOMPARE(back.white, grayLevels(image));
        const GrayFilm gray = networkFilm(image, kNetworkFilmSide, nullptr);
        const cv::Mat picture = pictureOf(back);
        for (int i = 0; i < kSide * kSide; ++i) {
            if (back.mask.data[i] != 0) QVERIFY(std::abs(picture.data[i] / 255.0 - gray.values[static_cast<std::size_t>(i)]) < 0.01);
        }
    }

    void saysWhatItKeepsAndPromisesNothing() {
        const std::string manifest = entryOf(bundleBytes(judgedBundle()).value(), "manifest.json");
        QVERIFY(manifest.find("keeps 3.1 % of the pixels; re-identification risk not measured") != std::string::npos);
        QVERIFY(QString::fromStdString(manifest).contains("anonym", Qt::CaseInsensitive) == false);
    }

    // --- nothing of the film but the kept pixels ---------------------------------------------------------------------

    void droppedPixelsChangeNothing() {
        const PriorSpec spec = named("rhline+heart");
        GrayFilm film = noiseFilm();
        const HeartSpotBundle bundle = bundleOf(spec, film);
        for (std::size_t i = 0; i < film.values.size(); ++i) {
            if (bundle.mask.data[i] == 0) film.values[i] = 1 - film.values[i];
        }
        QCOMPARE(bundleBytes(bundleOf(spec, film)).value(), bundleBytes(bundle).value());
        // A kept one does.
        for (std::size_t i = 0; i < film.values.size(); ++i) {
            if (bundle.mask.data[i] != 0) {
                film.values[i] = film.values[i] > 0.5F ? 0.1F : 0.9F;
                break;
            }
        }
        QVERIFY(bundleBytes(bundleOf(spec, film)).value() != bundleBytes(bundle).value());
    }

    void noRowOfTheFilmIsInTheBytes() {
        const GrayFilm film = noiseFilm(7);
        const HeartSpotBundle bundle = bundleOf(named("hline"), film);
        const std::vector<std::string> texts = everythingIn(bundleBytes(bundle).value(), bundle);
        constexpr int kPiece = 8;
        int foundKept = 0;
        for (int y = 0; y < kSide; ++y) {
            for (int x = 0; x + kPiece <= kSide; x += 24) {
                std::string piece;
                for (int i = 0; i < kPiece; ++i) piece += static_cast<char>(std::lround(film.values[static_cast<std::size_t>(y * kSide + x + i)] * 255));
                const bool isKept = bundle.mask.at<std::uint8_t>(y, x) != 0;
                if (isKept) foundKept += contains({texts.back()}, piece) ? 1 : 0;
                if (!isKept) QVERIFY2(!contains(texts, piece), qPrintable(QString("row %1, column %2").arg(y).arg(x)));
            }
        }
        QCOMPARE(foundKept, 20 * 14);  // the search can find
    }

    void noWordOfTheHeaderIsInTheBytes() {
        const Image phantom = makePhantom({.width = 400, .height = 400}).image;
        const std::vector<std::string> secrets{"Rosalind", "Franklin", "PAT-4711", "19200725", "20260131", "1.2.826.0.1.3680043.77",
                                               "Ward-Seven", "SECRETFILM"};
        test::DicomBytes data;
        data.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, "UI", secrets[5]).text(0x00080020, "DA", secrets[4]);
        data.text(0x00080060, "CS", "CR").text(0x00080080, "LO", secrets[6]);
        data.text(0x00100010, "PN", "Franklin^Rosalind").text(0x00100020, "LO", secrets[2]).text(0x00100030, "DA", secrets[3]);
        data.picture(phantom.height(), phantom.width());
        data.words(0x7FE00010, {phantom.samples.ptr<std::uint16_t>(), phantom.samples.total()});
        const auto file = test::dicomFile(data.bytes, test::kExplicitLittle);
        const fs::path dicom = path("SECRETFILM.dcm");
        std::ofstream(dicom, std::ios::binary).write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
        const Result<ImagePtr> image = readImage(dicom);
        QVERIFY2(image.isOk(), image.isOk() ? "" : image.error().message.c_str());
        QVERIFY(image.value()->patient.name.find("Rosalind") != std::string::npos);  // there is something to leak
        SealOptions options;
        options.spec = named("rhline");
        const HeartSpotBundle bundle = sealFilm(*image.value(), options, nullptr, {}).value();
        const std::vector<std::string> texts = everythingIn(bundleBytes(bundle).value(), bundle);
        for (const std::string& secret : secrets) QVERIFY2(!contains(texts, secret), secret.c_str());
    }

    // --- networks ----------------------------------------------------------------------------------------------------

    void networksReadTheBundleAlone() {
        const PriorSpec spec = named("mp+hline");
        const fs::path models = path("models");
        QVERIFY(test::writePack(models, test::heartSpotManifest("spot", spec, 160)));
        test::HeartSpotEngine engine;
        const Image image = makePhantom().image;
        SealOptions options;
        options.spec = spec;
        options.pack = models / "spot";
        const HeartSpotBundle bundle = sealFilm(image, options, &engine, {}).value();
        double sum = 0;
        for (const std::uint8_t sample : bundle.samples) sum += sample / 255.0;
        const double logit = sum / (160.0 * 160), expected = 1 / (1 + std::exp(-(2 * logit - 1)));
        QVERIFY(std::abs(bundle.reading->probability - expected) < 1e-6);
        QCOMPARE(bundle.reading->model.id, std::string("spot"));
        QCOMPARE(bundle.explanation->values.size(), bundle.samples.size());
        QVERIFY(std::abs(bundle.explanation->values[5] - (bundle.samples[5] / 255.0F - 0.25F)) < 1e-6F);
        // On another machine: the same pixels, the same answer.
        const HeartSpotBundle opened = parseBundle(bundleBytes(bundle).value(), noRegion).value();
        const Pack pack = readPack(models / "spot").value();
        QCOMPARE(readingOf(opened, pack, engine, {}).value().probability, bundle.reading->probability);
        QVERIFY(!explanationOf(opened, pack, {}, engine, {}, "Cardiomegaly").value().values.empty());
    }

    void vectorsAreJudgedAsVectors() {
        const PriorSpec spec = named("hline");
        QVERIFY(test::writePack(path("models"), test::heartSpotManifest("vector", spec, 320, "heartspot-vector")));
        test::HeartSpotEngine engine;
        const HeartSpotBundle bundle = bundleOf(spec);
        const Pack pack = readPack(path("models") / "vector").value();
        QVERIFY(readingOf(bundle, pack, engine, {}).isOk());
        QCOMPARE(engine.seen.width, 6400);
        QCOMPARE(explanationOf(bundle, pack, {}, engine, {}).value().values.size(), std::size_t{6400});
    }

    void aPackIsNeverAskedOutOfItsPrior() {
        QVERIFY(test::writePack(path("models"), test::heartSpotManifest("spot", named("mp+hline"), 160)));
        QVERIFY(test::writePack(path("models"), test::manifestOf("whole", {test::outputOf("Cardiomegaly")})));
        test::HeartSpotEngine engine;
        for (const char* id : {"spot", "whole"}) {
            SealOptions options;
            options.spec = named("hline");
            options.pack = path("models") / id;
            const auto refused = sealFilm(makePhantom().image, options, &engine, {});
            QVERIFY(!refused.isOk() && refused.error().code == ErrorCode::Unsupported);
        }
        PriorSpec otherSeed = named("rline");
        QVERIFY(test::writePack(path("models"), test::heartSpotManifest("lines", otherSeed, 320)));
        otherSeed.rline->seed = 2;
        QVERIFY(!whyNotAsked(readPack(path("models") / "lines").value().manifest, otherSeed).empty());
        QVERIFY(engine.asked.empty());
    }

    // --- hostile bundles -----------------------------------------------------------------------------------------------

    void hostileBundlesAreRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        const HeartSpotBundle bundle = judgedBundle();
        const std::string good = bundleBytes(bundle).value();
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
        };
        const auto changed = [&](const char* name, const std::function<void(Json&)>& change) { row(name, withManifest(bundle, change)); };
        row("empty", "");
        row("no zip", "not a zip archive at all");
        for (const double share : {0.2, 0.5, 0.9, 0.999}) {
            row(qPrintable(QString("cut at %1").arg(share)), good.substr(0, static_cast<std::size_t>(static_cast<double>(good.size()) * share)));
        }
        std::string flipped = good;
        flipped[good.find("pixels") + 40] = static_cast<char>(flipped[good.find("pixels") + 40] ^ 0x55);
        row("a bit of the pixels", flipped);
        row("no manifest", zipBytes({{"pixels", "x", false}}).value());
        row("no pixels", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true}}).value());
        row("manifest is no JSON", zipBytes({{"manifest.json", "{", true}, {"pixels", "x", false}}).value());
        row("manifest nested", zipBytes({{"manifest.json", std::string(4000, '['), true}, {"pixels", "x", false}}).value());
        row("manifest too long", zipBytes({{"manifest.json", std::string(100'000, ' '), true}, {"pixels", "x", false}}).value());
        row("another entry", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true}, {"pixels", entryOf(good, "pixels"), false},
                                       {"explanation", entryOf(good, "explanation"), false}, {"../evil", "x", false}}).value());
        row("pixels of another mask", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true},
                                                {"pixels", entryOf(bundleBytes(bundleOf(named("hline"))).value(), "pixels"), false},
                                                {"explanation", entryOf(good, "explanation"), false}}).value());
        row("pixels are a bomb", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true},
                                           {"pixels", deflateBytes(std::string(1 << 24, 'a')).value(), false},
                                           {"explanation", entryOf(good, "explanation"), false}}).value());
        row("zip bomb", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true}, {"pixels", std::string(1 << 24, 'a'), true}}).value());
        row("explanation missing", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true}, {"pixels", entryOf(good, "pixels"), false}}).value());
        row("explanation out of range", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true}, {"pixels", entryOf(good, "pixels"), false},
                                                  {"explanation", deflateBytes(std::string(bundle.samples.size(), '\x7f')).value(), false}}).value());
        row("region not used", zipBytes({{"manifest.json", entryOf(good, "manifest.json"), true}, {"pixels", entryOf(good, "pixels"), false},
                                         {"explanation", entryOf(good, "explanation"), false}, {"region", "x", false}}).value());
        changed("unknown key", [](Json& m) { m["more"] = 1; });
        changed("unknown key inside", [](Json& m) { m["reading"]["patient"] = "x"; });
        changed("missing key", [](Json& m) { m.erase("kept"); });
        changed("newer version", [](Json& m) { m["version"] = 3; });
        changed("version of before", [](Json& m) { m["version"] = 1; });
        changed("other format", [](Json& m) { m["format"] = "zip"; });
        changed("kept lies", [](Json& m) { m["kept"] = 3199; });
        changed("kept is huge", [](Json& m) { m["kept"] = 1e18; });
        changed("kept is text", [](Json& m) { m["kept"] = "3200"; });
        changed("wrong mask hash", [](Json& m) { m["mask_sha256"] = std::string(64, '0'); });
        changed("other prior", [](Json& m) { m["prior"]["hline"]["step"] = 11; });
        changed("prior out of range", [](Json& m) { m["prior"]["size"] = 1'000'000; });
        changed("prior with unknown key", [](Json& m) { m["prior"]["x"] = 1; });
        changed("probability 7", [](Json& m) { m["reading"]["probability"] = 7; });
        changed("unknown method", [](Json& m) { m["explanation"]["method"] = "crystal-ball"; });
        changed("unit 0", [](Json& m) { m["explanation"]["unit"] = 0; });
        changed("long text", [](Json& m) { m["reading"]["name"] = std::string(5000, 'n'); });
        changed("white 0", [](Json& m) { m["white"] = 0; });
        changed("brighter than white", [](Json& m) { m["white"] = 3; });
        changed("unknown square", [](Json& m) { m["square"] = "round"; });
    }
    void hostileBundlesAreRefused() {
        QFETCH(QByteArray, bytes);
        const auto refused = parseBundle({bytes.constData(), static_cast<std::size_t>(bytes.size())}, noRegion);
        QVERIFY(!refused.isOk());
        const QString sentence = QString::fromStdString(refused.error().message);
        QVERIFY2(sentence.size() > 20 && sentence.size() < 200 && !sentence.contains('\n'), qPrintable(sentence));
    }
    void theUnchangedManifestIsAccepted() {
        QVERIFY(parseBundle(withManifest(judgedBundle(), [](Json&) {}), noRegion).isOk());
    }
    void everyShortenedBundleIsRefused() {
        const std::string good = bundleBytes(bundleOf(named("mp+hline+heart"))).value();
        for (std::size_t length = 0; length < good.size(); length += 7) QVERIFY(!parseBundle(good.substr(0, length), noRegion).isOk());
    }
    void halfABundleIsNotMade() {
        HeartSpotBundle bundle = bundleOf(named("hline"));
        bundle.samples.pop_back();
        QVERIFY(!bundleBytes(bundle).isOk());
        QVERIFY(!writeBundle(path("half.heartspot"), bundle).isOk() && !fs::exists(path("half.heartspot")));
    }
};

QTEST_GUILESS_MAIN(TestHeartSpotBundle)
#include "tst_heartspot_bundle.moc"
