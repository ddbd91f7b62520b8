// Escaping for HTML and CSV, base64, UTF-8: cases of the standards, hostile input, round trips.
#include <QByteArray>
#include <QTest>
#include <random>

#include "core/report/report_text.h"

using namespace cxr;

class TestReportText : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void htmlIsEscaped() {
        QCOMPARE(escapeHtml("<script>alert(\"1\" & '2')</script>"),
                 std::string("&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;"));
        QCOMPARE(escapeHtml("M\xC3\xBCller"), std::string("M\xC3\xBCller"));
    }
    void csvFollowsRfc4180() {
        QCOMPARE(csvField("plain"), std::string("plain"));
        QCOMPARE(csvField("a,b"), std::string("\"a,b\""));
        QCOMPARE(csvField("say \"hi\""), std::string("\"say \"\"hi\"\"\""));
        QCOMPARE(csvField("two\nlines"), std::string("\"two\nlines\""));
        QCOMPARE(csvField(""), std::string());
    }
    void csvDisarmsFormulas() {
        for (const char* formula : {"=1+1", "+1", "-2", "@SUM(A1)", "\t=1", " =1"})
            QCOMPARE(csvField(formula)[0], '\'');
        QCOMPARE(csvField("=HYPERLINK(\"http://x\",\"y\")"),
                 std::string("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""));
        QCOMPARE(csvField("a=1"), std::string("a=1"));
    }
    void invalidUtf8IsReplaced() {
        const std::string replacement = "\xEF\xBF\xBD";
        QCOMPARE(validUtf8("a\xFFz"), "a" + replacement + "z");
        QCOMPARE(validUtf8("\xC0\xAF"), replacement + replacement);     // overlong slash
        QCOMPARE(validUtf8("\xED\xA0\x80").substr(0, 3), replacement);  // surrogate
        QCOMPARE(validUtf8("\xE2\x82"), replacement + replacement);     // cut off
        QCOMPARE(validUtf8("\xF0\x9F\xAB\x80"), std::string("\xF0\x9F\xAB\x80"));
        QCOMPARE(validUtf8(std::string_view("a\0b\x1B", 4)), std::string("a b "));
    }
    void anyBytesGiveTextThatQtReads() {
        std::mt19937 random(5);
        for (int run = 0; run < 300; ++run) {
            std::string bytes(40, '\0');
            for (char& c : bytes) c = static_cast<char>(random());
            const std::string text = validUtf8(bytes);
            QCOMPARE(QString::fromUtf8(text.c_str(), static_cast<qsizetype>(text.size())).toUtf8().toStdString(), text);
        }
    }
    void base64AgreesWithQt() {
        QByteArray data;
        for (int i = 0; i < 70; ++i) {
            const auto* bytes = reinterpret_cast<const std::byte*>(data.constData());
            QCOMPARE(base64({bytes, static_cast<std::size_t>(data.size())}), data.toBase64().toStdString());
            data.append(static_cast<char>(i * 37));
        }
    }
    void numbers() {
        QCOMPARE(numberText(0.1), std::string("0.1"));
        QCOMPARE(std::stod(numberText(0.46171875)), 0.46171875);
        QCOMPARE(numberText(std::nan("")), std::string());
        QCOMPARE(grouped(0), std::string("0"));
        QCOMPARE(grouped(102400), std::string("102,400"));
        QCOMPARE(grouped(-1234567), std::string("-1,234,567"));
        QCOMPARE(fixedText(6.9999, 2), std::string("7.00"));
    }
};

QTEST_GUILESS_MAIN(TestReportText)
#include "tst_report_text.moc"
