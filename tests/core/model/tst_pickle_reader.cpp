#include <QTest>
#include <random>

#include "core/model/pickle_reader.h"
#include "core/model/torch_tensors.h"
#include "tests/core/model/checkpoint_bytes.h"

using namespace cxr;
using namespace cxr::test;
using Kind = PickleValue::Kind;

namespace {

Result<PickleDocument> read(const std::string& bytes) { return readPickle(bytesOf(bytes), torchGlobal); }
std::string repeated(const std::string& part, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += part;
    return all;
}
QByteArray qt(const std::string& bytes) { return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())); }

}  // namespace

class TestPickleReader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // What Python 3's pickle.dumps({"a": [1, -2, 300, 70000, 2**40, True, None, 1.5], "b": ("x", b"zz", ())}, protocol)
    // gives.
    void readsPythonsOwn_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("protocol 3") << QByteArray::fromHex(
            "80037d71002858010000006171015d7102284b014afeffffff4d2c014a701101008a060000000000"
            "01884e473ff8000000000000655801000000627103580100000078710443027a7a710529877106752e");
        QTest::newRow("protocol 4") << QByteArray::fromHex(
            "8004953f000000000000007d94288c0161945d94284b014afeffffff4d2c014a701101008a060000000000"
            "01884e473ff8000000000000658c0162948c01789443027a7a94298794752e");
    }
    void readsPythonsOwn() {
        QFETCH(QByteArray, bytes);
        const auto document = read(bytes.toStdString());
        QVERIFY2(document.isOk(), document.isOk() ? "" : document.error().message.c_str());
        const PickleDocument& pickle = document.value();
        QCOMPARE(pickle.bytesRead(), static_cast<std::size_t>(bytes.size()));
        const PickleValue* list = pickle.find(pickle.root(), "a");
        QVERIFY(list != nullptr && list->kind == Kind::List);
        QCOMPARE(list->items.size(), std::size_t{8});
        const std::int64_t integers[] = {1, -2, 300, 70000, std::int64_t{1} << 40, 1};
        for (std::size_t i = 0; i < 6; ++i) QCOMPARE(pickle.at(list->items[i]).integer, integers[i]);
        QCOMPARE(pickle.at(list->items[5]).kind, Kind::Bool);
        QCOMPARE(pickle.at(list->items[6]).kind, Kind::None);
        QCOMPARE(pickle.at(list->items[7]).real, 1.5);
        const PickleValue* tuple = pickle.find(pickle.root(), "b");
        QVERIFY(tuple != nullptr && tuple->kind == Kind::Tuple);
        QCOMPARE(pickle.at(tuple->items[0]).text, std::string("x"));
        QCOMPARE(pickle.at(tuple->items[1]).text, std::string("zz"));
        QCOMPARE(pickle.at(tuple->items[1]).kind, Kind::Bytes);
        QVERIFY(pickle.at(tuple->items[2]).items.empty());
        QVERIFY(pickle.find(pickle.root(), "c") == nullptr);
    }

    void integersOfEveryLength() {
        const auto root = [](const std::string& body) { return read(pickled(body)).value().root(); };
        QCOMPARE(root(std::string("\x8a\x00", 2)).integer, 0);
        QCOMPARE(root("\x8a\x01\xff").integer, -1);
        QCOMPARE(root(std::string("\x8a\x02\xff\x00", 4)).integer, 255);
        QCOMPARE(root(integer(INT64_MIN)).integer, INT64_MIN);
        QCOMPARE(root(std::string("\x8b\x01\x00\x00\x00\x7f", 6)).integer, 127);
        const PickleValue big = root("\x8a\x09" + std::string(9, '\x11'));
        QCOMPARE(big.kind, Kind::BigInt);
        QCOMPARE(big.text.size(), std::size_t{9});
    }

    void orderedDictOfBothPythons() {
        const std::string pairs = "](](" + text("a") + integer(1) + "e](" + text("b") + integer(2) + "ee";
        const auto filled = read(pickled(global("collections", "OrderedDict") + pairs + "\x85R"));
        QVERIFY(filled.isOk());
        QCOMPARE(filled.value().root().kind, Kind::Dict);
        QCOMPARE(filled.value().find(filled.value().root(), "b")->integer, 2);
        const std::string attributes = "}" + text("_metadata") + "}s";
        const auto later =
            read(pickled(global("collections", "OrderedDict") + ")R(" + text("a") + "Nu" + attributes + "b"));
        QVERIFY(later.isOk());
        QCOMPARE(later.value().root().items.size(), std::size_t{2});
    }

    // A list that holds itself: no endless walk, no leak.
    void circles() {
        const auto document =
            read(pickled(std::string("]q\x00h\x00"
                                     "a",
                                     6)));
        QVERIFY(document.isOk());
        QCOMPARE(&document.value().at(document.value().root().items[0]), &document.value().root());
    }

    void python2Strings() {
        const auto document =
            read(pickled("(U\x02"
                         "abT" +
                         raw(std::uint32_t{1}) +
                         "\xff"
                         "t"));
        QVERIFY(document.isOk());
        QCOMPARE(document.value().at(document.value().root().items[0]).kind, Kind::Text);
        QCOMPARE(document.value().at(document.value().root().items[1]).kind, Kind::Bytes);
    }

    void refusesByName_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* title, const std::string& body, const char* name) {
            QTest::newRow(title) << qt(body) << name;
        };
        row("reduce", call("os", "system", {text("echo")}), "os.system");
        row("only named", global("builtins", "eval"), "builtins.eval");
        row("stack global", text("posix") + text("system") + "\x93", "posix.system");
        row("inst", "(" + text("echo") + "isubprocess\nPopen\n", "subprocess.Popen");
        row("newobj", global("torch", "FloatStorage") + ")\x81", "torch.FloatStorage");
        row("newobj ex", global("torch", "Size") + ")}\x92", "torch.Size");
        row("a type called", call("torch", "FloatStorage", {}), "torch.FloatStorage");
        row("a pickle inside", call("torch.storage", "_load_from_bytes", {text("x")}),
            "torch.storage._load_from_bytes");
        row("dots in the name", global("torch._utils", "os.system"), "torch._utils.os.system");
        row("a name that looks alike", global("torch", "_utils._rebuild_tensor_v3"), "torch._utils._rebuild_tensor_v3");
        row("not printable", global("a\x1b[31m", "b"), "a?[31m.b");
        row("a type in a call of a type", global("torch", "ComplexFloatStorage"), "torch.ComplexFloatStorage");
    }
    void refusesByName() {
        QFETCH(QByteArray, body);
        QFETCH(QString, name);
        const auto document = read(pickled(body.toStdString()));
        QVERIFY(!document.isOk());
        QCOMPARE(document.error().code, ErrorCode::Unsupported);
        const auto message = QString::fromStdString(document.error().message);
        QVERIFY2(message.startsWith("the file wants to run " + name + "; only tensors"), qPrintable(message));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char* title, const std::string& bytes, ErrorCode code) {
            QTest::newRow(title) << qt(bytes) << code;
        };
        row("empty", "", ErrorCode::Unsupported);
        row("protocol 0", "I1\n.", ErrorCode::Unsupported);
        row("protocol 9", "\x80\x09N.", ErrorCode::Unsupported);
        row("text numbers", pickled("I1\n"), ErrorCode::Unsupported);
        row("an extension", pickled("\x82\x01"), ErrorCode::Unsupported);
        row("a set", pickled("\x8f"), ErrorCode::Unsupported);
        row("buffer outside", pickled("\x97"), ErrorCode::Unsupported);
        row("state of a list", pickled("]}b"), ErrorCode::Corrupt);
        row("state that is no dictionary", pickled("}Nb"), ErrorCode::Unsupported);
        row("no stop", "\x80\x02N", ErrorCode::Corrupt);
        row("nothing left", pickled(""), ErrorCode::Corrupt);
        row("two left", pickled("NN"), ErrorCode::Corrupt);
        row("mark left", pickled("N("), ErrorCode::Corrupt);
        row("text too long",
            "\x80\x02X\xff\xff\xff\x7f"
            "abc.",
            ErrorCode::Corrupt);
        row("text of 2^64 bytes", "\x80\x02\x8d" + std::string(8, '\xff') + "abc.", ErrorCode::Corrupt);
        row("not UTF-8", pickled("X" + raw(std::uint32_t{1}) + "\xff"), ErrorCode::Corrupt);
        row("surrogate", pickled("X" + raw(std::uint32_t{3}) + "\xed\xa0\x80"), ErrorCode::Corrupt);
        row("overlong", pickled("X" + raw(std::uint32_t{2}) + "\xc0\x80"), ErrorCode::Corrupt);
        row("number of 300 bytes", pickled("\x8b" + raw(std::uint32_t{300}) + std::string(300, 'x')),
            ErrorCode::TooLarge);
        row("number of -1 bytes", pickled("\x8b\xff\xff\xff\xff"), ErrorCode::Corrupt);
        row("name without end", pickled("c" + std::string(1000, 'a')), ErrorCode::Corrupt);
        row("recalls nothing", pickled("h\x05"), ErrorCode::Corrupt);
        row("remembers nothing", pickled("q\x05N"), ErrorCode::Corrupt);
        row("pops nothing", pickled("0N"), ErrorCode::Corrupt);
        row("pops below a mark", pickled("N(0N"), ErrorCode::Corrupt);
        row("mark missing", pickled("Nt"), ErrorCode::Corrupt);
        row("fills a tuple", pickled(")Na"), ErrorCode::Corrupt);
        row("fills below a mark", pickled("](Na"), ErrorCode::Corrupt);
        row("fills nothing", pickled("(Ne"), ErrorCode::Corrupt);
        row("odd dictionary", pickled("}(Nu"), ErrorCode::Corrupt);
        row("calls a number", pickled("N)R"), ErrorCode::Corrupt);
        row("calls with a list", pickled(global("torch", "Size") + "]R"), ErrorCode::Corrupt);
        row("OrderedDict of a number", pickled(global("collections", "OrderedDict") + "N\x85R"), ErrorCode::Corrupt);
        row("OrderedDict of half pairs", pickled(global("collections", "OrderedDict") + "](]e\x85R"),
            ErrorCode::Corrupt);
    }
    void refuses() {
        QFETCH(QByteArray, bytes);
        QFETCH(ErrorCode, code);
        const auto document = read(bytes.toStdString());
        QVERIFY(!document.isOk());
        QVERIFY(!document.error().message.empty());
        QCOMPARE(document.error().code, code);
    }

    void bombs_data() {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* title, const std::string& body) { QTest::newRow(title) << qt(body); };
        std::string memo = "N";
        for (std::uint32_t i = 0; i <= 1'000'000; ++i) memo += "r" + raw(i);
        row("memo", memo);
        row("lists in lists", repeated("]", 200'000) + repeated("a", 199'999));
        row("tuples in tuples", ")" + repeated("\x85", 200));
        row("dictionaries in dictionaries", repeated("}" + text("k"), 200) + "N" + repeated("s", 200));
        row("marks", repeated("(", 100'000));
        row("values", "]" + repeated("(" + repeated("N", 1000) + "e", 1001));
        row("references",
            std::string("Nq\x00]", 4) + repeated("(" + repeated(std::string("h\x00", 2), 90'000) + "e", 90));
        row("stack", std::string("Nq\x00(", 4) + repeated(std::string("h\x00", 2), 200'000) + "t");
    }
    void bombs() {
        QFETCH(QByteArray, body);
        const auto document = read(pickled(body.toStdString()));
        QVERIFY(!document.isOk());
        QCOMPARE(document.error().code, ErrorCode::TooLarge);
    }

    // 30 lists of ten times the one before: 10^30 values for whoever walks them, 30 for the reader.
    void sharedValuesStaySmall() {
        std::string body = std::string(
            "Nq\x00"
            "0",
            4);
        for (int level = 1; level <= 30; ++level) {
            const std::string get = "h" + raw(static_cast<std::uint8_t>(level - 1));
            body += "](" + repeated(get, 10) + "eq" + raw(static_cast<std::uint8_t>(level)) + (level < 30 ? "0" : "");
        }
        const auto document = read(pickled(body));
        QVERIFY(document.isOk());
        QCOMPARE(document.value().values().size(), std::size_t{31});
    }

    void everyTruncationIsRefused() {
        const std::string whole = pickled(dictionary({{"w", tensor({}, 0, {2, 3}, {3, 1})}, {"n", integer(5)}}));
        QVERIFY(read(whole).isOk());
        for (std::size_t length = 0; length < whole.size(); ++length) QVERIFY(!read(whole.substr(0, length)).isOk());
        QCOMPARE(read(whole + "rest").value().bytesRead(), whole.size());
    }

    void mutationsNeverCrash() {
        const std::string whole =
            pickled(dictionary({{"w", tensor({}, 0, {2, 3}, {3, 1})}, {"d", dictionary({{"x", "](NNe"}})}}));
        std::mt19937 random(11);
        int refused = 0;
        for (int round = 0; round < 20000; ++round) {
            std::string bytes = whole;
            for (unsigned n = 1 + random() % 3; n > 0; --n)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            const auto document = read(bytes);
            if (!document.isOk()) {
                QVERIFY(!document.error().message.empty());
                ++refused;
                continue;
            }
            for (const PickleValue& value : document.value().values()) {
                for (const auto id : value.items) QVERIFY(id < document.value().values().size());
            }
        }
        QVERIFY(refused > 5000 && refused < 20000);
    }
};

QTEST_GUILESS_MAIN(TestPickleReader)
#include "tst_pickle_reader.moc"
