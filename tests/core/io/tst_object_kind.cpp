// Kinds of objects by their SOP class.
#include <QTest>

#include "core/io/object_kind.h"

using namespace cxr;

class TestObjectKind : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void kindsAndWords_data() {
        QTest::addColumn<QString>("uid");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* uid, const char* kind, const char* words) {
            QTest::newRow(name) << QString("1.2.840.10008.") + uid << kind << words;
        };
        row("CR", "5.1.4.1.1.1", "film", "");
        row("DX for presentation", "5.1.4.1.1.1.1", "film", "");
        row("RT image", "5.1.4.1.1.481.1", "film", "");
        row("RT plan", "5.1.4.1.1.481.5", "other", "a radiotherapy object");
        row("grayscale state", "5.1.4.1.1.11.1", "presentation_state", "a presentation state");
        row("blending state", "5.1.4.1.1.11.4", "presentation_state", "a presentation state");
        row("segmentation", "5.1.4.1.1.66.4", "segmentation", "a segmentation");
        row("surface segmentation", "5.1.4.1.1.66.5", "other", "a surface segmentation");
        row("comprehensive SR", "5.1.4.1.1.88.33", "structured_report", "a structured report");
        row("key objects", "5.1.4.1.1.88.59", "key_objects", "a key object selection");
        row("PDF", "5.1.4.1.1.104.1", "encapsulated_pdf", "an encapsulated document");
        row("CDA", "5.1.4.1.1.104.2", "other", "an encapsulated document");
        row("parametric map", "5.1.4.1.1.30", "parametric_map", "a parametric map");
        row("ECG", "5.1.4.1.1.9.1.1", "other", "a waveform");
        row("DICOMDIR", "1.3.10", "other", "an index of a disc (DICOMDIR)");
    }
    void kindsAndWords() {
        QFETCH(QString, uid);
        QFETCH(QString, kind);
        QFETCH(QString, words);
        QCOMPARE(QString(toString(objectKindOf(uid.toStdString()))), kind);
        QCOMPARE(QString::fromStdString(objectWords(uid.toStdString())), words);
    }
    // Classes of the future may be films: the reader decides.
    void unknownClassesMayBeFilms() {
        QCOMPARE(objectKindOf(""), ObjectKind::Film);
        QCOMPARE(objectKindOf("1.2.3"), ObjectKind::Film);
    }
};

QTEST_GUILESS_MAIN(TestObjectKind)
#include "tst_object_kind.moc"
