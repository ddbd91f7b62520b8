// Counts in the window's texts: one film, two films.
#include <QCoreApplication>
#include <QTest>

#include "ui/state/plural_forms.h"

using cxr::ui::PluralForms;

class TestPluralForms : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { QVERIFY(QCoreApplication::installTranslator(&m_forms)); }

    void countedThings() {
        QCOMPARE(tr("%n box(es)", nullptr, 1), QString("1 box"));
        QCOMPARE(tr("%n box(es)", nullptr, 2), QString("2 boxes"));
        QCOMPARE(tr("Look at the other %n film(s) first.", nullptr, 0), QString("Look at the other 0 films first."));
        QCOMPARE(tr("%n file(s) written to %1", nullptr, 1).arg("here"), QString("1 file written to here"));
    }

    void otherTextsStay() {
        QCOMPARE(tr("%n found.", nullptr, 3), QString("3 found."));
        QCOMPARE(tr("Film(s)"), QString("Film(s)"));  // without a count nothing is known
        QCOMPARE(tr("Width (px)"), QString("Width (px)"));
    }

  private:
    PluralForms m_forms;
};

QTEST_GUILESS_MAIN(TestPluralForms)
#include "tst_plural_forms.moc"
