// The catalogue of phrases: complete, consistent, and able to say every sentence of the program that a report may print.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include "build_paths.h"
#include "core/report/phrase_book.h"

using namespace cxr;

namespace {

const PhraseBook& german() { return PhraseBook::of(ReportLanguage::German); }
QString say(const char* english) { return QString::fromStdString(german().say(english)); }

// The literals of a C++ text, neighbours joined, escapes of quotes undone; those of errors and includes left out.
QStringList literalsOf(const QString& file) {
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) return {};
    QString text = QString::fromUtf8(source.readAll());
    text.remove(QRegularExpression(QStringLiteral("#include[^\n]*|//[^\n]*")));
    text.remove(QRegularExpression(QStringLiteral("Error\\s*\\{[^;]*;")));
    text.replace(QRegularExpression(QStringLiteral("([^\\\\])\"\\s*\n\\s*\"")), QStringLiteral("\\1"));
    QStringList literals;
    auto at = QRegularExpression(QStringLiteral("\"((?:[^\"\\\\]|\\\\.)*)\"")).globalMatch(text);
    while (at.hasNext()) literals << at.next().captured(1).replace(QStringLiteral("\\\""), QStringLiteral("\""));
    return literals;
}

// What stands between the numbers of a printf format.
QStringList wordsOf(const QString& literal) {
    return literal.split(QRegularExpression(QStringLiteral("%[.0-9]*[a-z]|%%|\\{[0-9]\\}")), Qt::SkipEmptyParts);
}

// English of the catalogue, its numbered parts as one mark that no literal holds.
QString allEnglish() {
    QString all;
    for (const Phrase& phrase : phrasesOf(ReportLanguage::German)) all += QString::fromStdString(phrase.english) + QLatin1Char('\n');
    return all.replace(QRegularExpression(QStringLiteral("\\{[0-9][#=]?\\}")), QStringLiteral("\x01"));
}

// A sentence or a part of one: of several words, no key, no format of numbers.
bool isSentence(const QString& words) {
    return words.count(QLatin1Char(' ')) >= 3 && words.contains(QRegularExpression(QStringLiteral("[a-z]{3,} [a-z]{2,}")));
}

}  // namespace

class TestPhrases : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void theCatalogueIsWhole() {
        const std::vector<Phrase>& phrases = phrasesOf(ReportLanguage::German);
        QVERIFY(phrases.size() > 250);
        for (const Phrase& phrase : phrases) {
            QVERIFY2(!phrase.english.empty() && !phrase.other.empty(), phrase.english.c_str());
            // a sentence ends like its translation
            if (phrase.english == "PA" || phrase.english == "AP") continue;
            QVERIFY2(phrase.english.ends_with('.') == phrase.other.ends_with('.'), phrase.english.c_str());
        }
        QVERIFY(phrasesOf(ReportLanguage::English).empty());
    }
    void brokenCataloguesAreRefused_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        QTest::newRow("no translation") << "One\n\nTwo\nZwei\n" << "\"One\" has no translation";
        QTest::newRow("cut off") << "One" << "\"One\" has no translation";
        QTest::newRow("other holes") << "{0} of {1}\n{0} von allen\n" << "different numbered parts";
        QTest::newRow("twice") << "One\nEins\n\nOne\nEin\n" << "twice";
    }
    void brokenCataloguesAreRefused() {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto parsed = parsePhrases(text.toStdString());
        QVERIFY(!parsed.isOk());
        QVERIFY2(QString::fromStdString(parsed.error().message).contains(why), parsed.error().message.c_str());
    }
    void wordsNumbersAndSentences() {
        QCOMPARE(say("CTR 0.57: enlarged (above 0.55)"), QStringLiteral("HTQ 0,57: vergrößert (über 0,55)"));
        QCOMPARE(say("17,520 of 102,400"), QStringLiteral("17.520 von 102.400"));
        QCOMPARE(say("143 mm (at the detector)"), QStringLiteral("143 mm (am Detektor)"));
        QCOMPARE(say("8.0 %: at or above 7.9 %, not calibrated; AUC 0.91 (0.86 to 0.94)"),
                 QStringLiteral("8,0 %: bei oder über 7,9 %, nicht kalibriert; AUC 0,91 (0,86 bis 0,94)"));
        QCOMPARE(say("\xE2\x80\x93: not measured"), QStringLiteral("–: nicht gemessen"));
        QCOMPARE(say("The readings disagree: ratio 0.59 (enlarged), network 8.0 % (at or above 7.9 %), HeartSpot 4.4 % (below 7.7 %). "
                     "Operating point of the networks: 90 % specificity."),
                 QStringLiteral("Die Lesungen widersprechen sich: Quotient 0,59 (vergrößert), Netz 8,0 % (bei oder über 7,9 %), HeartSpot 4,4 % "
                                "(unter 7,7 %). Arbeitspunkt der Netze: 90 % Spezifität."));
        QCOMPARE(say("62 % of what speaks for pleural thickening lies inside the lungs, which cover 31 % of the picture: 2.0 times what chance "
                     "gives (the outlines are uncertain). 3.1 % lies in the corners (where letters stand; 1.2 % of the picture): a reason for doubt."),
                 QStringLiteral("62 % dessen, was für Pleuraverdickung spricht, liegt in den Lungen, die 31 % des Bildes einnehmen: das 2,0-Fache "
                                "dessen, was der Zufall gibt (die Konturen sind unsicher). 3,1 % liegen in den Ecken (wo Buchstaben stehen; 1,2 % des "
                                "Bildes): ein Grund zum Zweifel."));
        QCOMPARE(say("Integrated gradients, 50 steps (Gauss-Legendre) from black, quantile pooling k 24 q 0.9 s 1"),
                 QStringLiteral("Integrierte Gradienten, 50 Schritte (Gauß-Legendre) ab Schwarz, Quantil-Pooling k 24 q 0,9 s 1"));
        QCOMPARE(say("passed: rank correlation 0.12. The map changes when the network forgets what it learned. Maps of 16 steps were compared."),
                 QStringLiteral("bestanden: Rangkorrelation 0,12. Die Heatmap ändert sich, wenn das Netz vergisst, was es gelernt hat. Verglichen wurden "
                                "Heatmaps: 16 Schritte."));
    }
    void namesAreTakenOverAsTheyAre() {
        QCOMPARE(say("header: Lung 2.5 Window"), QStringLiteral("Header: Lung 2.5 Window"));
        QCOMPARE(say("The HeartSpot picture (rhline+heart) keeps 17.1 % of the pixels; re-identification risk not measured."),
                 QStringLiteral("Das HeartSpot-Bild (rhline+heart) behält 17,1 % der Pixel; das Risiko einer Wiedererkennung ist nicht gemessen."));
    }
    void unknownTextStaysWhole() {
        const char* unknown = "Nobody wrote 1.5 such sentences. CTR 0.57: enlarged (above 0.55).";
        QVERIFY(!german().find(unknown));
        QCOMPARE(say(unknown), QString::fromUtf8(unknown));
        QCOMPARE(PhraseBook::of(ReportLanguage::English).say("17,520 of 102,400"), std::string("17,520 of 102,400"));
        // Hostile texts cost little: many commas, many sentences.
        QString commas(QStringLiteral("a, ").repeated(400));
        QVERIFY(!german().find(commas.toStdString()));
    }
    void dates() {
        QCOMPARE(german().date("1949-03-08"), std::string("08.03.1949"));
        QCOMPARE(german().date("2026-11-21T23:05:09+01:00"), std::string("21.11.2026, 23:05"));
        QCOMPARE(PhraseBook::of(ReportLanguage::English).date("2026-11-21T23:05:09+01:00"), std::string("2026-11-21, 23:05"));
        for (const char* other : {"", "1949", "unknown", "08.03.1949", "2026-11-21 and more"}) QCOMPARE(german().date(other), std::string(other));
        QCOMPARE(languageOfCode("de"), std::optional(ReportLanguage::German));
        QVERIFY(!languageOfCode("fr"));
    }

    // Who adds a sentence to one of these files adds its translation, or this test names it.
    void everySentenceOfTheProgramHasAPhrase_data() {
        QTest::addColumn<QString>("file");
        for (const char* file :
             {"core/report/report.cpp", "core/report/report_sheet.cpp", "core/report/report_judgement.cpp", "core/report/report_map.cpp",
              "core/measure/chest.cpp", "core/measure/chest_words.cpp", "core/measure/chest_shape.cpp", "core/measure/chest_gray.cpp",
              "core/measure/film_notes.cpp", "core/measure/finding.cpp", "core/localize/attention.cpp", "core/localize/boxes.cpp",
              "core/localize/map_support.cpp", "core/localize/three_way.cpp", "core/image/image.cpp",
              "core/engine/explain_methods.cpp", "core/io/dicom_facts.cpp", "core/io/dicom_luts.cpp"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }
    void everySentenceOfTheProgramHasAPhrase() {
        QFETCH(QString, file);
        const QString known = allEnglish();
        const QStringList literals = literalsOf(QStringLiteral(CXR_SOURCE_DIR "/") + file);
        QVERIFY2(!literals.isEmpty(), qPrintable(file));
        static const QRegularExpression citation(QStringLiteral("et al\\.|section [0-9]|^S[1-5]: "));
        for (const QString& literal : literals) {
            if (literal.contains(citation)) continue;
            for (const QString& words : wordsOf(literal)) {
                if (!isSentence(words)) continue;
                const QString part = words.trimmed();
                const bool isKnown = known.contains(part) || (part.endsWith(QLatin1Char('.')) && known.contains(part.chopped(1)));
                QVERIFY2(isKnown, qPrintable(QStringLiteral("%1: \"%2\"").arg(file, words)));
            }
        }
    }
    // The notes of core/io stand among errors: only what is put among notes counts.
    void everyNoteOfReadersHasAPhrase() {
        const QString known = allEnglish();
        static const QRegularExpression note(QStringLiteral("notes\\.(?:push|emplace)_back\\(([^;]*);"));
        int count = 0;
        for (const char* folder : {"/core/io", "/core/measure", "/core/image", "/core/pipeline/judgement.cpp"}) {
            QDirIterator files(QStringLiteral(CXR_SOURCE_DIR) + QLatin1String(folder), {QStringLiteral("*.cpp")});
            while (files.hasNext()) {
                QFile source(files.next());
                QVERIFY(source.open(QIODevice::ReadOnly));
                auto at = note.globalMatch(QString::fromUtf8(source.readAll()));
                while (at.hasNext()) {
                    QString call = at.next().captured(1);
                    call.replace(QRegularExpression(QStringLiteral("\"\\s*\n\\s*\"")), QString());
                    auto literal = QRegularExpression(QStringLiteral("\"((?:[^\"\\\\]|\\\\.)*)\"")).globalMatch(call);
                    while (literal.hasNext()) {
                        const QString words = literal.next().captured(1).replace(QStringLiteral("\\\""), QStringLiteral("\""));
                        if (!isSentence(words)) continue;
                        ++count;
                        QVERIFY2(known.contains(words.trimmed()), qPrintable(source.fileName() + QStringLiteral(": ") + words));
                    }
                }
            }
        }
        QVERIFY(count > 30);
    }
};

QTEST_GUILESS_MAIN(TestPhrases)
#include "tst_phrases.moc"
