// Checkpoints made by hand: what they mean, and that no lie in them gets through. tst_torch_files has PyTorch's own.
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <random>

#include "core/model/torch_checkpoint.h"
#include "tests/core/model/checkpoint_bytes.h"

using namespace cxr;
using namespace cxr::test;

namespace {

using Storages = std::map<std::string, std::string>;

Result<TorchCheckpoint> parse(const std::string& bytes) { return TorchCheckpoint::parse(bytesOf(bytes)); }
QString messageOf(const Result<TorchCheckpoint>& read) {
    return read.isOk() ? QString("(no error)") : QString::fromStdString(read.error().message);
}

const Storages kSix{{"0", floats({1, 2, 3, 4, 5, 6})}};

std::string wholeObject() {
    return dictionary({{"w", tensor({}, 0, {2, 3}, {3, 1})},
                       {"turned", tensor({}, 0, {3, 2}, {1, 3})},
                       {"last", tensor({}, 5, {}, {})}});
}

// Touches every byte of every array, so that a sanitizer sees a view that reaches outside.
unsigned sumOf(const TorchCheckpoint& checkpoint) {
    unsigned sum = 0;
    for (const auto& [name, view] : checkpoint.tensors()) {
        for (const std::byte byte : view.bytes) sum += static_cast<unsigned>(byte);
    }
    return sum;
}

}  // namespace

class TestTorchCheckpoint : public QObject {
    Q_OBJECT

    void checkWhole(const Result<TorchCheckpoint>& read) {
        QVERIFY2(read.isOk(), qPrintable(messageOf(read)));
        const auto& tensors = read.value().tensors();
        QCOMPARE(tensors.size(), std::size_t{3});
        QCOMPARE(tensors.at("w").shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(toFloats(tensors.at("w")), (std::vector<float>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(toFloats(tensors.at("turned")), (std::vector<float>{1, 4, 2, 5, 3, 6}));
        QVERIFY(tensors.at("last").shape.empty());
        QCOMPARE(toFloats(tensors.at("last")), std::vector<float>{6});
    }

  private Q_SLOTS:
    void readsBothFormats() {
        const std::string zip = zipCheckpoint(wholeObject(), kSix);
        const std::string old = oldCheckpoint(wholeObject(), kSix);
        checkWhole(parse(zip));
        checkWhole(parse(old));
        checkWhole(parse(zipped({{"my net/data.pkl", pickled(wholeObject())},
                                 {"my net/data/0", kSix.at("0")},
                                 {"my net/byteorder", "little"}})));
        checkWhole(parse(zipped({{"a/data.pkl", pickled(wholeObject())}, {"a/data/0", kSix.at("0")}}, true)));
        QVERIFY(TorchCheckpoint::isCheckpoint(bytesOf(zip)) && TorchCheckpoint::isCheckpoint(bytesOf(old)));
        QVERIFY(!TorchCheckpoint::isCheckpoint(bytesOf("{}")) && !TorchCheckpoint::isCheckpoint({}));
    }

    void fromDisk() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.filePath("w.pt").toStdString());
        std::ofstream(file, std::ios::binary) << oldCheckpoint(wholeObject(), kSix);
        auto first = TorchCheckpoint::open(file);
        const auto copy = first;  // the views of a copy stay valid
        first = Error{};
        checkWhole(copy);
        QCOMPARE(TorchCheckpoint::open("/nonexistent/w.pt").error().code, ErrorCode::NotFound);
        QVERIFY(!TorchCheckpoint::open(folder.path().toStdString()).isOk());
    }

    // PyTorch before 0.4 on a GPU, Python 2: tensors of four arguments, torch.cuda storages, sizes as torch.Size.
    void readsOldNames() {
        const HandStorage storage{.module = "torch.cuda"};
        const std::string size = call("torch", "Size", {tuple(Numbers{2, 3})});
        const std::string value =
            call("torch._utils", "_rebuild_tensor", {storage.id(), integer(0), size, tuple(Numbers{3, 1})});
        const std::string parameter = call("torch._utils", "_rebuild_parameter", {value, "\x88", "}"});
        const std::string bytes = oldCheckpoint(dictionary({{"w", parameter}}), kSix);
        const auto read = parse(bytes);
        QVERIFY2(read.isOk(), qPrintable(messageOf(read)));
        QCOMPARE(toFloats(read.value().tensors().at("w")), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    }

    void findsTheStateDict_data() {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QString>("place");
        const std::string w = tensor({}, 0, {6}, {1});
        const std::string state = dictionary({{"w", w}});
        const auto row = [](const char* place, const std::string& object) {
            QTest::newRow(place) << QByteArray::fromStdString(object) << place;
        };
        row("", state);
        row("state_dict", dictionary({{"epoch", integer(1)}, {"best", w}, {"state_dict", state}}));
        row("model", dictionary({{"weights", dictionary({})}, {"model", state}}));
        row("model/state_dict", dictionary({{"model", dictionary({{"state_dict", state}, {"lr", "N"}})}}));
    }
    void findsTheStateDict() {
        QFETCH(QByteArray, object);
        QFETCH(QString, place);
        const std::string bytes = zipCheckpoint(object.toStdString(), kSix);
        const auto read = parse(bytes);
        QVERIFY2(read.isOk(), qPrintable(messageOf(read)));
        QCOMPARE(QString::fromStdString(read.value().place()), place);
        QVERIFY(read.value().tensors().contains("w"));
    }

    // Each lie in both formats.
    void lies_data() {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* title, const std::string& object, const char* reason) {
            QTest::newRow(title) << QByteArray::fromStdString(object) << reason;
        };
        const auto one = [](const std::string& value) { return dictionary({{"w", value}}); };
        constexpr std::int64_t kHuge = std::int64_t{1} << 40;
        row("offset outside", one(tensor({}, 1, {2, 3}, {3, 1})), "outside its storage");
        row("offset far outside", one(tensor({}, INT64_MAX, {1}, {1})), "offset");
        row("negative offset", one(tensor({}, -1, {1}, {1})), "offset");
        row("stride outside", one(tensor({}, 0, {2, 3}, {4, 1})), "outside its storage");
        row("negative stride", one(tensor({}, 5, {6}, {-1})), "size or stride");
        row("huge stride", one(tensor({}, 0, {2}, {kHuge})), "outside its storage");
        row("negative size", one(tensor({}, 0, {-1}, {1})), "size or stride");
        row("size outside", one(tensor({}, 0, {7}, {1})), "outside its storage");
        row("product of 2^80", one(tensor({}, 0, {kHuge, kHuge}, {0, 0})), "outside its storage");
        row("product of 2^320", one(tensor({}, 0, Numbers(8, kHuge), Numbers(8, 0))), "outside its storage");
        row("zero hides a product", one(tensor({}, 0, {kHuge, kHuge, 0}, {1, 1, 1})), "outside its storage");
        row("expanded bomb", one(tensor({}, 0, {1 << 20, 1 << 12}, {0, 0})), "far more than the file holds");
        row("nine dimensions", one(tensor({}, 0, Numbers(9, 1), Numbers(9, 1))), "8 dimensions");
        row("a stride missing", one(tensor({}, 0, {2, 3}, {1})), "strides");
        row("storage larger than its data", one(tensor({.count = 7}, 0, {7}, {1})), "another size");
        row("storage smaller than its data", one(tensor({.count = 5}, 0, {5}, {1})), "another size");
        row("storage of 2^62", one(tensor({.count = std::int64_t{1} << 62}, 0, {1}, {1})), "type or size");
        row("storage of -1", one(tensor({.count = -1}, 0, {1}, {1})), "type or size");
        row("storage of other items", one(tensor({.type = "DoubleStorage"}, 0, {6}, {1})), "");
        row("storage that is not there", one(tensor({.key = "1"}, 0, {6}, {1})), "");
        row("storage elsewhere", one(tensor({.key = "../version", .count = 0}, 0, {0}, {1})), "");
        row("two types of one storage",
            dictionary({{"a", tensor({}, 0, {6}, {1})}, {"b", tensor({.type = "IntStorage"}, 0, {6}, {1})}}),
            "two ways");
        row("a name twice", dictionary({{"a", tensor({}, 0, {6}, {1})}, {"a", tensor({}, 0, {6}, {1})}}), "twice");
        row("os.system",
            dictionary({{"w", tensor({}, 0, {6}, {1})}, {"x", call("os", "system", {text("touch /tmp/x")})}}),
            "the file wants to run os.system;");
        row("hooks that run",
            one(call("torch._utils", "_rebuild_parameter",
                     {tensor({}, 0, {6}, {1}), "\x88", call("os", "system", {text("x")})})),
            "os.system");
        row("parameter of a parameter",
            one(call("torch._utils", "_rebuild_parameter",
                     {call("torch._utils", "_rebuild_parameter", {tensor({}, 0, {6}, {1})})})),
            "");
        row("tensor of nothing", one(call("torch._utils", "_rebuild_tensor_v2", {})), "number of values");
        row("tensor without storage",
            one(call("torch._utils", "_rebuild_tensor", {"N", integer(0), tuple(Numbers{1}), tuple(Numbers{1})})),
            "no storage");
        row("shape of text",
            one(call("torch._utils", "_rebuild_tensor",
                     {HandStorage().id(), integer(0), text("1"), tuple(Numbers{1})})),
            "no shape");
        row("persistent id of text", dictionary({{"w", tensor({}, 0, {6}, {1})}, {"x", text("storage") + "Q"}}),
            "persistent id");
        row("persistent id of nothing", dictionary({{"w", tensor({}, 0, {6}, {1})}, {"x", ")Q"}}), "persistent id");
        row("a model's source",
            dictionary(
                {{"w", tensor({}, 0, {6}, {1})}, {"x", tuple({text("module"), "N", text("a"), text("b")}) + "Q"}}),
            "whole model");
        row("a list", "]", "no dictionary of names");
        row("wrappers in wrappers",
            dictionary(
                {{"model",
                  dictionary(
                      {{"model",
                        dictionary({{"model",
                                     dictionary({{"model",
                                                  dictionary({{"model", dictionary({{"w", tensor({}, 0, {6},
                                                                                                 {1})}})}})}})}})}})}}),
            "no state_dict");
        row("circle of wrappers", std::string("}q\x00", 3) + text("model") + std::string("h\x00s", 3), "no state_dict");
    }
    void lies() {
        QFETCH(QByteArray, object);
        QFETCH(QString, reason);
        const std::string value = object.toStdString();
        const Storages named = object.contains("FloatStorage") ? kSix : Storages{};  // the older format holds no others
        for (const std::string& bytes : {zipCheckpoint(value, kSix), oldCheckpoint(value, named)}) {
            const auto read = parse(bytes);
            QVERIFY(!read.isOk());
            QVERIFY2(messageOf(read).contains(reason), qPrintable(messageOf(read)));
        }
    }

    void refusesArchives_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* title, const std::string& bytes, const char* reason) {
            QTest::newRow(title) << QByteArray::fromStdString(bytes) << reason;
        };
        const std::string object = pickled(wholeObject());
        const std::string& data = kSix.at("0");
        row("no pickle", zipped({{"word/document.xml", "<x/>"}}), "no data.pkl");
        row("no archive folder", zipped({{"data.pkl", object}}), "no data.pkl");
        row("two pickles", zipped({{"a/data.pkl", object}, {"b/data.pkl", object}}), "two pickles");
        row("TorchScript", zipped({{"a/data.pkl", object}, {"a/constants.pkl", object}, {"a/data/0", data}}),
            "TorchScript");
        row("code", zipped({{"a/data.pkl", object}, {"a/code/__torch__.py", ""}, {"a/data/0", data}}), "TorchScript");
        row("big endian", zipped({{"a/data.pkl", object}, {"a/data/0", data}, {"a/byteorder", "big"}}), "big-endian");
        row("storage missing", zipped({{"a/data.pkl", object}}), "a/data/0");
        const std::string bomb(64U << 20, '\0');
        row("zip bomb",
            zipped({{"a/data.pkl", pickled(dictionary({{"w", tensor({.count = 16 << 20}, 0, {16 << 20}, {1})}}))},
                    {"a/data/0", bomb}},
                   true),
            "far more than its size");
        const std::string two = zipped({{"a/data.pkl", object}, {"a/data/0", data}, {"a/data/1", data}});
        row("an entry twice", replaced(two, "a/data/1", "a/data/0"), "");
        const std::string whole = zipped({{"a/data.pkl", object}, {"a/data/0", data}});
        row("names that disagree", std::string(whole).replace(whole.find("a/data/0"), 8, "a/data/9"), "");
        row("wrong checksum", replaced(whole, data, floats({1, 2, 3, 4, 5, 7})), "checksum");
        row("not a checkpoint", "\x89PNG\r\n", "no PyTorch checkpoint");
        row("empty", "", "no PyTorch checkpoint");
        row("only the magic", "PK\3\4", "");
        row("empty archive", std::string("PK\5\6", 4) + std::string(18, '\0'), "no data.pkl");
    }
    void refusesArchives() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        const std::string copy = bytes.toStdString();
        const auto read = parse(copy);
        QVERIFY(!read.isOk());
        QVERIFY2(messageOf(read).contains(reason) && !messageOf(read).isEmpty(), qPrintable(messageOf(read)));
    }

    void refusesOldFiles_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* title, const std::string& bytes, const char* reason) {
            QTest::newRow(title) << QByteArray::fromStdString(bytes) << reason;
        };
        const std::string whole = oldCheckpoint(wholeObject(), kSix);
        row("other version", replaced(whole, integer(1001), integer(1000)), "unknown version");
        row("big endian", replaced(whole, text("little_endian") + "\x88", text("little_endian") + "\x89"),
            "big-endian");
        row("no machine", replaced(whole, text("little_endian"), text("little_endiam")), "which machine");
        row("storages left out", oldCheckpoint(wholeObject(), {}), "storage 0 is missing");
        row("storage nobody knows", oldCheckpoint(wholeObject(), {{"0", kSix.at("0")}, {"1", kSix.at("0")}}),
            "nothing describes");
        row("storage twice",
            replaced(
                oldCheckpoint(dictionary({{"a", tensor({}, 0, {6}, {1})}, {"b", tensor({.key = "1"}, 0, {6}, {1})}}),
                              {{"0", kSix.at("0")}, {"1", kSix.at("0")}}),
                "](" + text("0") + text("1"), "](" + text("0") + text("0")),
            "twice");
        row("view of a storage",
            oldCheckpoint(dictionary({{"w", replaced(tensor({}, 0, {6}, {1}), integer(6) + "tQ",
                                                     integer(6) + tuple({text("v"), integer(0), integer(6)}) + "tQ")}}),
                          kSix),
            "view of a storage");
    }
    void refusesOldFiles() { refusesArchives(); }

    void truncated() {
        std::vector<float> many(5000);
        for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<float>(i);
        const std::string object = dictionary({{"w", tensor({.count = 5000}, 0, {50, 100}, {100, 1})}});
        const Storages storages{{"0", floats(many)}};
        for (const std::string& whole : {zipCheckpoint(object, storages), oldCheckpoint(object, storages)}) {
            QVERIFY(parse(whole).isOk());
            for (std::size_t length = 0; length < whole.size(); length += 97) {
                const std::string cut = whole.substr(0, length);
                const auto read = parse(cut);
                QVERIFY2(!read.isOk() && !read.error().message.empty(), qPrintable(QString::number(length)));
            }
        }
    }

    // The zip's checksums catch most; the older format has none, so that its pickle is really reached.
    void mutated_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("zip") << QByteArray::fromStdString(zipCheckpoint(wholeObject(), kSix));
        QTest::newRow("old") << QByteArray::fromStdString(oldCheckpoint(wholeObject(), kSix));
    }
    void mutated() {
        QFETCH(QByteArray, bytes);
        const std::string whole = bytes.toStdString();
        std::mt19937 random(5);
        int refused = 0;
        unsigned sum = 0;
        for (int round = 0; round < 20000; ++round) {
            std::string copy = whole;
            copy[random() % copy.size()] = static_cast<char>(random());
            const auto read = parse(copy);
            if (read.isOk())
                sum += sumOf(read.value());
            else if (!read.error().message.empty())
                ++refused;
        }
        QVERIFY(sum > 0);
        QVERIFY2(refused > 2000, qPrintable(QString::number(refused)));
    }

    // After all that: the bombs were not unpacked. (The files themselves are made here, 64 MiB the largest.)
    void cleanupTestCase() {
#ifndef __SANITIZE_ADDRESS__
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        QVERIFY2(usage.ru_maxrss < 400'000, qPrintable(QString::number(usage.ru_maxrss)));
#endif
    }
};

QTEST_GUILESS_MAIN(TestTorchCheckpoint)
#include "tst_torch_checkpoint.moc"
