// The CSV reader: RFC 4180 and what people's lists do instead of it.
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "core/dataset/csv.h"

using namespace cxr;

namespace {

// All rows joined: cells by "|", rows by "/"; or the error.
QString rowsOf(const std::string& text) {
    auto opened = CsvReader::parse(text, "list.csv");
    if (!opened.isOk()) return QString::fromStdString(opened.error().message);
    CsvReader list = std::move(opened).value();
    QStringList rows;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return QString::fromStdString(more.error().message);
        if (!more.value()) return rows.join("/");
        QStringList cells;
        for (int i = 0; i < static_cast<int>(list.header().size()); ++i) {
            const auto cell = list.cell(i);
            cells << QString::fromUtf8(cell.data(), static_cast<int>(cell.size()));
        }
        rows << cells.join("|");
    }
}

}  // namespace

class TestCsv : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void rows_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << QByteArray("a,b\n1,2\n3,4\n") << "1|2/3|4";
        QTest::newRow("no last line end") << QByteArray("a,b\n1,2") << "1|2";
        QTest::newRow("CRLF") << QByteArray("a,b\r\n1,2\r\n") << "1|2";
        QTest::newRow("CR") << QByteArray("a,b\r1,2\r3,4") << "1|2/3|4";
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF" "a,b\n1,2\n") << "1|2";
        QTest::newRow("empty lines") << QByteArray("\n\na,b\n\n1,2\n\n\n") << "1|2";
        QTest::newRow("quotes") << QByteArray("a,b\n\"x, y\",\"he said \"\"no\"\"\"\n") << "x, y|he said \"no\"";
        QTest::newRow("line end in quotes") << QByteArray("a,b\n\"x\ny\",2\n3,4\n") << "x\ny|2/3|4";
        QTest::newRow("empty quotes") << QByteArray("a,b\n\"\",2\n") << "|2";
        QTest::newRow("blanks") << QByteArray("a,b\n 1 ,\t2\n") << "1|2";
        QTest::newRow("short row") << QByteArray("a,b,c\n1\n") << "1||";
        QTest::newRow("trailing commas") << QByteArray("a,b\n1,2,,\n") << "1|2";
        QTest::newRow("header only") << QByteArray("a,b") << "";
        QTest::newRow("inch sign") << QByteArray("a,b\n14\" film,2\n") << "14\" film|2";
    }
    void rows() {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(rowsOf(text.toStdString()), expected);
    }

    void refusals_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "is empty";
        QTest::newRow("only line ends") << QByteArray("\n\r\n") << "is empty";
        QTest::newRow("NUL") << QByteArray("a,b\n1,2\n3,\0\n", 11) << "line 3 holds a NUL";
        QTest::newRow("UTF-16") << QByteArray("\xFF\xFE" "a\0b\0", 6) << "UTF-16";
        QTest::newRow("open quote") << QByteArray("a,b\n1,2\n3,\"4\n5,6\n") << "line 3: a quote opens";
        QTest::newRow("text behind a quote") << QByteArray("a,b\n\"1\"x,2\n") << "line 2: text follows";
        QTest::newRow("too many cells") << QByteArray("a,b\n1,2\n1,2,3\n") << "line 3: has 3 cells, the header 2";
        QTest::newRow("huge cell") << QByteArray("a,b\n") + QByteArray(2 << 20, 'x') + ",2\n" << "longer than 1 MiB";
        QTest::newRow("huge quoted cell") << QByteArray("a,b\n\"") + QByteArray(2 << 20, 'x') + "\",2\n" << "longer than 1 MiB";
        QTest::newRow("many cells") << QByteArray(5000, ',') + "\n" << "more than 4096";
    }
    void refusals() {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const QString error = rowsOf(std::string(text.constData(), static_cast<std::size_t>(text.size())));
        QVERIFY2(error.contains(says) && error.startsWith("list.csv"), qPrintable(error));
    }

    void linesCountQuotedLineEnds() {
        auto opened = CsvReader::parse("a\r\n\"x\r\ny\"\r\nz\r\n", "list.csv");
        QVERIFY(opened.isOk());
        CsvReader list = std::move(opened).value();
        QVERIFY(list.next().value());
        QCOMPARE(list.line(), std::size_t{2});
        QVERIFY(list.next().value());
        QCOMPARE(list.line(), std::size_t{4});
    }

    void numbers() {
        auto opened = CsvReader::parse("a,b,c,d,e\n1.5,-2e3,,x7,nan\n", "list.csv");
        QVERIFY(opened.isOk());
        CsvReader list = std::move(opened).value();
        QVERIFY(list.next().value());
        QCOMPARE(*list.number(0).value(), 1.5);
        QCOMPARE(*list.number(1).value(), -2000.0);
        QVERIFY(!list.number(2).value().has_value());
        QVERIFY(!list.number(-1).value().has_value());
        for (const int column : {3, 4}) {
            const auto wrong = list.number(column);
            QVERIFY(!wrong.isOk());
            QVERIFY(wrong.error().message.find("list.csv line 2") == 0);
            QVERIFY(wrong.error().message.find("x7") == std::string::npos);  // a cell may name a patient
        }
    }

    void columnsByName() {
        const auto list = CsvReader::parse(" Image Index ,Age\n", "list.csv");
        QVERIFY(list.isOk());
        QCOMPARE(list.value().column({"image index"}), 0);
        QCOMPARE(list.value().column({"years", "age"}), 1);
        QCOMPARE(list.value().column({"sex"}), -1);
        const auto required = list.value().requiredColumn({"sex"});
        QVERIFY(!required.isOk());
        QVERIFY(required.error().message.find("\"sex\"") != std::string::npos);
    }

    void absentFile() {
        QTemporaryDir folder;
        const auto list = CsvReader::open((folder.path() + "/none.csv").toStdString());
        QVERIFY(!list.isOk());
        QVERIFY(list.error().code == ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
