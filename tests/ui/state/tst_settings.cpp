// Settings: defaults, round trip through the file, clamping of broken files, recent films.
#include "ui/state/settings.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace cxr;
using namespace cxr::ui;

class TestSettings : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void startsFromComfortableDefaults() {
        const Settings settings(m_folder.filePath("fresh.ini"));
        QCOMPARE(settings.theme(), Theme::Dark);
        QVERIFY(settings.autoAnalyze() && settings.readAhead() && settings.overlaysOnOpen() && settings.bannerVisible());
        QCOMPARE(settings.device(), DeviceChoice::Auto);
        QCOMPARE(settings.threads(), 0);
        QCOMPARE(settings.findingPreferences().operatingPoint, std::string("specificity90"));
        QVERIFY(settings.explanationPreferences() == ExplanationPreferences{});
        QCOMPARE(settings.readLimits().maxPixels, ReadLimits{}.maxPixels);
        QCOMPARE(settings.readLimits().maxDecodedBytes, ReadLimits{}.maxDecodedBytes);
    }

    void remembersEverything() {
        const QString file = m_folder.filePath("kept.ini");
        {
            Settings settings(file);
            settings.setTheme(Theme::Light);
            settings.setAutoAnalyze(false);
            settings.setDevice(DeviceChoice::Cpu);
            settings.setThreads(3);
            settings.setReadLimits({20'000'000, 256LL << 20});
            settings.setWindow("geometry", "state");
            settings.addRecentFile("/films/a.dcm");
        }
        const Settings settings(file);
        QCOMPARE(settings.theme(), Theme::Light);
        QVERIFY(!settings.autoAnalyze());
        QCOMPARE(settings.device(), DeviceChoice::Cpu);
        QCOMPARE(settings.threads(), 3);
        QCOMPARE(settings.readLimits().maxPixels, 20'000'000);
        QCOMPARE(settings.readLimits().maxDecodedBytes, 256LL << 20);
        QCOMPARE(settings.windowState(), QByteArray("state"));
        QCOMPARE(settings.recentFiles(), QStringList{"/films/a.dcm"});
    }

    void remembersHowMapsLook() {
        const QString file = m_folder.filePath("maps.ini");
        ExplanationPreferences wanted;
        wanted.look.style = {ColourMap::Gray, 0.7, 0.15, {}, false, true, false};
        wanted.poolValues.kernel = 12;
        wanted.poolValues.quantile = 0.55;
        wanted.look.pool = wanted.poolValues;
        wanted.look.poolsPixelsOnly = false;
        wanted.method = ExplainMethod::DeepLift;
        Settings(file).setExplanationPreferences(wanted);
        QVERIFY(Settings(file).explanationPreferences() == wanted);
        {
            QSettings broken(file, QSettings::IniFormat);
            broken.setValue("explanations/look", R"({"opacity": 7, "threshold": "x", "kernel": -3, "method": "magic", "pooling": 5})");
        }
        const ExplanationPreferences read = Settings(file).explanationPreferences();
        QCOMPARE(read.look.style.opacity, 1.0);
        QCOMPARE(read.look.style.threshold, HeatmapStyle().threshold);
        QCOMPARE(read.poolValues.kernel, 1);
        QVERIFY(!read.method && read.look.poolsPixelsOnly);
    }

    void remembersModelsAndPrevalences() {
        const QString file = m_folder.filePath("models.ini");
        ModelChoice choice;
        choice.chosen = {{ModelRole::Diseases, "chexnet"}, {ModelRole::View, ""}};
        choice.disabled = {"a", "b"};
        FindingPreferences preferences;
        preferences.order = DiseaseOrder::Name;
        preferences.operatingPoint = "youden";
        preferences.prevalences = {{"Edema", 0.021}, {"Pleural/Thickening", 0.5}};
        {
            Settings settings(file);
            QVERIFY(settings.modelChoice() == ModelChoice{} && settings.findingPreferences() == FindingPreferences{});
            QSignalSpy changed(&settings, &Settings::modelChoiceChanged);
            settings.setModelChoice(choice);
            settings.setModelChoice(choice);
            QCOMPARE(changed.count(), 1);
            settings.setFindingPreferences(preferences);
        }
        const Settings settings(file);
        QVERIFY(settings.modelChoice() == choice);
        QVERIFY(settings.findingPreferences() == preferences);
    }

    void aBrokenListOfPrevalencesIsIgnored() {
        const QString file = m_folder.filePath("brokenprevalences.ini");
        {
            QSettings raw(file, QSettings::IniFormat);
            raw.setValue("findings/prevalences", R"({"Edema": 1.5, "Mass": "much", "Hernia": 0.01})");
            raw.setValue("models/roles", "[1, 2");
        }
        const Settings settings(file);
        QCOMPARE(settings.findingPreferences().prevalences, (std::map<std::string, double>{{"Hernia", 0.01}}));
        QVERIFY(settings.modelChoice().chosen.empty());
    }

    void clampsABrokenFile() {
        const QString file = m_folder.filePath("broken.ini");
        {
            QSettings raw(file, QSettings::IniFormat);
            raw.setValue("analysis/threads", -7);
            raw.setValue("analysis/device", "toaster");
            raw.setValue("reading/maxMegapixels", "much");
            raw.setValue("reading/maxDecodedMiB", 1'000'000'000);
        }
        const Settings settings(file);
        QCOMPARE(settings.threads(), 0);
        QCOMPARE(settings.device(), DeviceChoice::Auto);
        QCOMPARE(settings.readLimits().maxPixels, 1'000'000);
        QCOMPARE(settings.readLimits().maxDecodedBytes, 65536LL << 20);
    }

    void tellsOnlyRealChanges() {
        Settings settings(m_folder.filePath("signals.ini"));
        settings.setThreads(2);
        QSignalSpy changed(&settings, &Settings::changed);
        QSignalSpy theme(&settings, &Settings::themeChanged);
        settings.setThreads(2);
        QCOMPARE(changed.count(), 0);
        settings.setThreads(4);
        settings.setTheme(Theme::Light);
        settings.setTheme(Theme::Light);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(theme.count(), 1);
    }

    void recentFilmsAreNewestFirstWithoutDoubles() {
        Settings settings(m_folder.filePath("recent.ini"));
        for (int i = 0; i < 20; ++i) settings.addRecentFile(QStringLiteral("/films/%1.dcm").arg(i));
        settings.addRecentFile("/films/x/../15.dcm");
        const QStringList recent = settings.recentFiles();
        QCOMPARE(recent.size(), Settings::kMaxRecentFiles);
        QCOMPARE(recent.front(), QString("/films/15.dcm"));
        QCOMPARE(recent.count("/films/15.dcm"), 1);
        settings.clearRecentFiles();
        QVERIFY(settings.recentFiles().isEmpty());
    }

  private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
