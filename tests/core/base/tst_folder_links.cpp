// Links in folders: those that stay inside count, those that lead out, or nowhere, do not.
#include "core/base/folder_links.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace fs = std::filesystem;

class TestFolderLinks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void onlyWhatStaysInsideCounts() {
        const QTemporaryDir place;
        const fs::path root = place.path().toStdString(), folder = root / "films";
        QVERIFY(QDir(place.path()).mkpath("films/deeper"));
        for (const char* name : {"films/film.dcm", "films/deeper/film.dcm", "outside.dcm", "films-2.dcm"}) {
            QFile file(place.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const auto link = [&](const char* name, const fs::path& target) {
            fs::create_symlink(target, folder / name);
            return fs::directory_entry(folder / name);
        };
        QVERIFY(cxr::staysInside(folder, fs::directory_entry(folder / "film.dcm")));
        QVERIFY(cxr::staysInside(folder, link("near", "deeper/film.dcm")));
        QVERIFY(cxr::staysInside(folder, link("round", "../films/film.dcm")));
        QVERIFY(!cxr::staysInside(folder, link("out", "../outside.dcm")));
        QVERIFY(!cxr::staysInside(folder, link("sibling", root / "films-2.dcm")));
        QVERIFY(!cxr::staysInside(folder, link("nowhere", "absent.dcm")));
        QVERIFY(!cxr::staysInside(folder, link("itself", "itself")));
    }
};

QTEST_GUILESS_MAIN(TestFolderLinks)
#include "tst_folder_links.moc"
