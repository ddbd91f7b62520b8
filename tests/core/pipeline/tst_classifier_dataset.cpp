// Tables and recipes to films for training: labels, soft labels, planes as in use, the cache, cancel, failures.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "core/pipeline/analysis.h"
#include "core/measure/chest.h"
#include "core/pipeline/classifier_dataset.h"
#include "core/pipeline/network_input.h"
#include "core/prior/prior_spec.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;
using Json = nlohmann::json;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Json recipeJson() {
    return {{"task", "classification"},
            {"input", {{"size", 64}, {"channels", 2}, {"framing", "thorax"}, {"normalisation", "film-z-score"}, {"planes", {"film", "heart"}}}},
            {"classes", {{{"name", "Cardiomegaly"}}, {{"name", "Effusion"}}}}};
}

ClassifierRecipe recipeOf(const Json& json) { return parseClassifierRecipe(json.dump()).value(); }

FilmRecord film(const std::filesystem::path& folder, const std::string& name, int fold, std::vector<float> labels) {
    FilmRecord record;
    record.path = folder / (name + ".png");
    record.name = name;
    record.patient = "p" + name;
    record.site = "here";
    record.view = "PA";
    record.fold = fold;
    record.labels = std::move(labels);
    return record;
}

}  // namespace

class TestClassifierDataset : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        for (const auto& [name, ratio] : {std::pair{"a", 0.42}, {"b", 0.5}, {"c", 0.6}}) {
            PhantomSpec spec;
            spec.width = spec.height = 256;
            spec.cardiothoracicRatio = ratio;
            spec.seed = static_cast<std::uint64_t>(100 * ratio);
            const Phantom phantom = makePhantom(spec);
            QVERIFY(cv::imwrite((folder() / (std::string(name) + ".png")).string(), renderGray8(phantom.image, fullRangeVoi(phantom.image))));
            m_segmentation = test::segmentationOf(phantom, 96);
        }
        m_table.classes = {"Effusion", "Cardiomegaly"};
        m_table.films = {film(folder(), "a", 0, {1, 0}), film(folder(), "b", 1, {0, kNaN}), film(folder(), "c", 2, {kNaN, 1})};
    }

    void recipesSayTheirTask() {
        QCOMPARE(taskOfRecipe("{}").value(), std::string("segmentation"));
        QCOMPARE(taskOfRecipe(recipeJson().dump()).value(), std::string("classification"));
        QVERIFY(taskOfRecipe("[").error().code == ErrorCode::Corrupt);
        QVERIFY(taskOfRecipe(R"({"task": "regression"})").error().code == ErrorCode::InvalidArgument);
    }

    void priorsAreNamedOrWritten() {
        Json json = recipeJson();
        json["input"] = {{"framing", "heartspot-vector"}, {"normalisation", "unit"}, {"channels", 1}, {"prior", "mp+rhline+heart"}};
        const ClassifierRecipe recipe = recipeOf(json);
        const PriorSpec prior = priorByName("mp+rhline+heart").value();
        QCOMPARE(recipe.input.priorHash, prior.hash());
        QCOMPARE(recipe.input.size, 160);
        const Json complete = Json::parse(recipe.json);
        QCOMPARE(complete["input"]["prior_hash"].get<std::string>(), prior.hash());
        QCOMPARE(priorFromJson(complete["input"]["prior"].dump()).value(), prior);
        QCOMPARE(parseClassifierRecipe(recipe.json).value().json, recipe.json);  // complete already
    }

    void wrongRecipesAreRefused() {
        const auto refused = [](Json json, const char* pointer, const Json& value) {
            json[Json::json_pointer(pointer)] = value;
            const auto parsed = parseClassifierRecipe(json.dump());
            return !parsed.isOk() && parsed.error().code == ErrorCode::InvalidArgument;
        };
        QVERIFY(refused(recipeJson(), "/input/size", 8));
        QVERIFY(refused(recipeJson(), "/input/size", "large"));
        QVERIFY(refused(recipeJson(), "/input/planes", Json::array({"heart"})));
        QVERIFY(refused(recipeJson(), "/input/prior", "hline"));
        QVERIFY(refused(recipeJson(), "/input/framing", "heartspot"));
        QVERIFY(refused(recipeJson(), "/classes", Json::array()));
        QVERIFY(refused(recipeJson(), "/classes/1/name", "Cardiomegaly"));
        QVERIFY(refused(recipeJson(), "/data", {{"soft_labels", 1.5}}));
        QVERIFY(refused(recipeJson(), "/data", {{"softlabels", 0.5}}));
        QVERIFY(refused(recipeJson(), "/data", {{"blank", "maybe"}}));
    }

    void labelsFollowTheRecipesClasses() {
        const auto table = labelledTable(m_table, recipeOf(recipeJson()), -1);
        QVERIFY(table.isOk());
        const std::vector<FilmRecord>& films = table.value().films;
        QCOMPARE(films.size(), std::size_t{3});
        QVERIFY(films[0].labels == (std::vector<float>{0, 1}));
        QVERIFY(std::isnan(films[1].labels[0]) && films[1].labels[1] == 0);
        Json one = recipeJson();
        one["classes"] = {{{"name", "Cardiomegaly"}}};
        const auto fewer = labelledTable(m_table, recipeOf(one), -1);  // b does not know it
        QCOMPARE(fewer.value().films.size(), std::size_t{2});
        QVERIFY(fewer.value().notes.back().starts_with("1 of the films"));
        one["classes"] = {{{"name", "Hernia"}}};
        QVERIFY(!labelledTable(m_table, recipeOf(one), -1).isOk());
    }

    void softLabelsAreMixedInExceptInTheHeldOutFold() {
        Json json = recipeJson();
        json["data"] = {{"soft_labels", 0.25}};
        FilmTable table = m_table;
        for (FilmRecord& record : table.films) record.softLabels = {0.8F, kNaN};  // Effusion, Cardiomegaly
        const auto mixed = labelledTable(table, recipeOf(json), 1);
        QVERIFY(mixed.isOk());
        const std::vector<FilmRecord>& films = mixed.value().films;
        QVERIFY(std::abs(films[0].labels[1] - (0.75F + 0.25F * 0.8F)) < 1e-6F);
        QCOMPARE(films[0].labels[0], 0.0F);           // no soft label
        QCOMPARE(films[1].labels[1], 0.0F);           // held out
        QVERIFY(std::isnan(films[2].labels[1]));      // unknown stays unknown
    }

    void viewsBecomeLabels() {
        Json json = recipeJson();
        json["classes"] = {{{"name", "Lateral"}}};
        FilmTable table = m_table;
        table.films[1].view = "LATERAL";
        table.films[2].view = "";
        const auto views = labelledTable(table, recipeOf(json), -1);
        QVERIFY(views.isOk());
        QCOMPARE(views.value().films.size(), std::size_t{2});
        QCOMPARE(views.value().films[0].labels[0], 0.0F);
        QCOMPARE(views.value().films[1].labels[0], 1.0F);
    }

    void planesAreThoseOfUse() {
        const ClassifierRecipe recipe = recipeOf(recipeJson());
        const FilmTable table = labelledTable(m_table, recipe, -1).value();
        const auto made = classifierDataset(table, recipe.input, segmenter(), {}, {});
        QVERIFY2(made.isOk(), made.isOk() ? "" : made.error().message.c_str());
        const ClassifierDataset& dataset = made.value();
        QCOMPARE(dataset.channels, 2);
        QCOMPARE(dataset.height, 64);
        QCOMPARE(dataset.films.size(), std::size_t{3});
        QCOMPARE(dataset.films[1].group, std::string("here/pb"));
        QCOMPARE(dataset.films[1].fold, 1);
        QCOMPARE(dataset.untrusted, std::size_t{0});
        const GrayFilm gray = networkFilm(*readImage(table.films[1].path).value(), kNetworkFilmSide, nullptr);
        const NetworkInput used = networkInput(recipe.input, gray, &m_segmentation).value();
        QCOMPARE(dataset.films[1].planes.size(), used.planes.values.size());
        double worst = 0;
        for (std::size_t i = 0; i < used.planes.values.size(); ++i) {
            worst = std::max(worst, std::abs(dataset.films[1].planes[i] / 255.0 - static_cast<double>(used.planes.values[i])));
        }
        QVERIFY2(worst < 0.02, qPrintable(QString::number(worst)));  // the segmentation went through bytes as well
    }

    void theHeartsSizeCanBeAClass() {
        Json json = recipeJson();
        json["classes"].push_back({{"name", "HeartRatio"}, {"auxiliary", true}});
        json["input"]["framing"] = "letterbox";
        json["input"]["planes"] = {"film"};
        const ClassifierRecipe recipe = recipeOf(json);
        QVERIFY(readsHeartAndLungs(recipe));
        const FilmTable table = labelledTable(m_table, recipe, -1).value();
        const auto made = classifierDataset(table, recipe.input, segmenter(), {}, {});
        QVERIFY2(made.isOk(), made.isOk() ? "" : made.error().message.c_str());
        const auto image = readImage(table.films[0].path).value();
        double scale = 1;
        networkFilm(*image, kNetworkFilmSide, &scale);
        Segmentation segmentation = m_segmentation;
        scaleToFilm(segmentation, scale);
        const double ratio = measureChest(segmentation, *image).ratio;
        QVERIFY(ratio > 0.3);
        const double expected = 1 / (1 + std::exp(-(ratio - 0.50) / 0.03));
        QVERIFY(std::abs(made.value().films[0].labels.back() - expected) < 0.05);  // the segmentation went through bytes
        QVERIFY(!classifierDataset(table, recipe.input, {}, {}, {}).isOk());       // nobody to find the heart
    }

    void theHeartsSizeIsKept() {
        const std::filesystem::path cache = folder() / "ratios";
        Json json = recipeJson();
        json["classes"].push_back({{"name", "HeartRatio"}, {"auxiliary", true}});
        json["input"]["framing"] = "letterbox";
        json["input"]["planes"] = {"film"};
        const ClassifierRecipe recipe = recipeOf(json);
        const FilmTable table = labelledTable(m_table, recipe, -1).value();
        const auto ratioLabels = [&](const FilmSegmenter& by, const std::filesystem::path& kept) {
            std::vector<float> labels;
            const auto made = classifierDataset(table, recipe.input, by, kept, {});
            for (const LabelledInput& film : made.value().films) labels.push_back(film.labels.back());
            return labels;
        };
        const std::vector<float> measured = ratioLabels(segmenter(), {});
        m_segmented = 0;
        QCOMPARE(ratioLabels(segmenter(), cache), measured);
        QCOMPARE(m_segmented, 3);
        std::vector<std::filesystem::path> ratios, segmentations;
        for (const auto& entry : std::filesystem::directory_iterator(cache)) {
            (entry.path().extension() == ".ratio" ? ratios : segmentations).push_back(entry.path());
        }
        QCOMPARE(ratios.size(), std::size_t{3});
        for (const auto& file : segmentations) std::filesystem::remove(file);
        QCOMPARE(ratioLabels(segmenter(), cache), measured);
        QCOMPARE(m_segmented, 3);  // nobody looked at a film
        for (const char* damaged : {"", "0.5", "0.5x\n", "-0.5\n"}) {
            std::ofstream(ratios[0]) << damaged;
            QCOMPARE(ratioLabels(segmenter(), cache), measured);
        }
        std::ofstream(ratios[0]) << "0.5\n";
        const std::vector<float> told = ratioLabels(segmenter(), cache);
        QVERIFY(std::find(told.begin(), told.end(), 0.5F) != told.end() && told != measured);
        // What other code measured (its name is another) is not believed; nor what was measured on other outlines.
        std::string name = ratios[0].filename().string();
        char& digit = name[name.size() - 7];
        digit = digit == '0' ? '1' : '0';
        std::filesystem::rename(ratios[0], cache / name);
        QCOMPARE(ratioLabels(segmenter(), cache), measured);
        m_segmented = 0;
        FilmSegmenter other = segmenter();
        other.weightsSha256 = std::string(64, 'b');
        QCOMPARE(ratioLabels(other, cache), measured);
        QCOMPARE(m_segmented, 3);
    }

    void theCacheGivesTheSame() {
        const std::filesystem::path cache = folder() / "cache";
        const ClassifierRecipe recipe = recipeOf(recipeJson());
        const FilmTable table = labelledTable(m_table, recipe, -1).value();
        const auto plain = classifierDataset(table, recipe.input, segmenter(), {}, {});
        m_segmented = 0;
        const auto first = classifierDataset(table, recipe.input, segmenter(), cache, {});
        QCOMPARE(m_segmented, 3);
        const auto second = classifierDataset(table, recipe.input, segmenter(), cache, {});
        QCOMPARE(m_segmented, 3);
        QVERIFY(plain.isOk() && first.isOk() && second.isOk());
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(first.value().films[i].planes, plain.value().films[i].planes);
            QCOMPARE(second.value().films[i].planes, plain.value().films[i].planes);
        }
        // Another input reads the same segmentations; another network does not.
        ModelInput smaller = recipe.input;
        smaller.size = 48;
        QCOMPARE(classifierDataset(table, smaller, segmenter(), cache, {}).value().height, 48);
        QCOMPARE(m_segmented, 3);
        FilmSegmenter other = segmenter();
        other.weightsSha256 = std::string(64, 'b');
        QVERIFY(classifierDataset(table, recipe.input, other, cache, {}).isOk());
        QCOMPARE(m_segmented, 6);
        // Damaged files are made again.
        for (const auto& entry : std::filesystem::directory_iterator(cache)) std::filesystem::resize_file(entry.path(), 20);
        const auto again = classifierDataset(table, recipe.input, segmenter(), cache, {});
        QCOMPARE(m_segmented, 9);
        QCOMPARE(again.value().films[2].planes, plain.value().films[2].planes);
    }

    void cancelKeepsWhatWasFound() {
        const std::filesystem::path cache = folder() / "cancelled";
        const ClassifierRecipe recipe = recipeOf(recipeJson());
        const FilmTable table = labelledTable(m_table, recipe, -1).value();
        std::stop_source source;
        m_segmented = 0;
        const RunContext context{source.get_token(), [&](double) { source.request_stop(); }};
        const auto stopped = classifierDataset(table, recipe.input, segmenter(), cache, context);
        QVERIFY(!stopped.isOk() && stopped.error().code == ErrorCode::Cancelled);
        QCOMPARE(m_segmented, 1);
        QVERIFY(classifierDataset(table, recipe.input, segmenter(), cache, {}).isOk());
        QCOMPARE(m_segmented, 3);
    }

    void failuresNameTheFilm() {
        const ClassifierRecipe recipe = recipeOf(recipeJson());
        FilmTable table = labelledTable(m_table, recipe, -1).value();
        QVERIFY(!classifierDataset(table, recipe.input, {}, {}, {}).isOk());  // nobody finds heart and lungs
        std::ofstream(folder() / "broken.png") << "no picture";
        table.films[1].path = folder() / "broken.png";
        const auto failed = classifierDataset(table, recipe.input, segmenter(), {}, {});
        QVERIFY(!failed.isOk() && failed.error().message.starts_with("broken.png: "));
    }

    void foldersAreRead() {
        std::ofstream(folder() / "list.csv") << "image,Cardiomegaly,Effusion\na.png,1,0\nb.png,0,1\nc.png,,\n";
        const auto table = classifierTable({folder()}, recipeOf(recipeJson()), -1, {});
        QVERIFY2(table.isOk(), table.isOk() ? "" : table.error().message.c_str());
        QCOMPARE(table.value().films.size(), std::size_t{2});
        QVERIFY(table.value().films[0].labels == (std::vector<float>{1, 0}));
        QVERIFY(!classifierTable({folder() / "none"}, recipeOf(recipeJson()), -1, {}).isOk());
    }

  private:
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    FilmSegmenter segmenter() {
        return {[this](const GrayFilm&, const RunContext&) -> Result<Segmentation> {
                    ++m_segmented;
                    return m_segmentation;
                },
                std::string(64, 'a')};
    }
    QTemporaryDir m_folder;
    FilmTable m_table;
    Segmentation m_segmentation;
    int m_segmented = 0;
};

QTEST_GUILESS_MAIN(TestClassifierDataset)
#include "tst_classifier_dataset.moc"
