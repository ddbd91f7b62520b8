// The rule table and what is made of it: actions for options, stand-ins by key, cleaned values.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>
#include <set>

#include "core/base/atomic_file.h"
#include "core/deidentify/dicom_object.h"
#include "core/deidentify/method_codes.h"
#include "core/deidentify/profile.h"
#include "core/deidentify/pseudonyms.h"
#include "core/deidentify/value_cleaning.h"

using namespace cxr;

namespace {

const Pseudonyms::Key kKey{1, 2, 3, 4, 5, 6, 7, 8};

DeidentifyAction actionOf(TagNumber tag, const DeidentifyOptions& options = {}, bool isFilmLevel = true) {
    const ProfileRule* rule = findProfileRule(tag);
    return rule == nullptr ? DeidentifyAction::Keep : rule->actionFor(options, isFilmLevel);
}

}  // namespace

class TestDeidentifyTables : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theTableIsWhole() {
        const auto& rules = profileRules();
        QVERIFY(rules.size() >= 600);
        std::set<TagNumber> tags;
        static const std::set<std::string> kBasics{"D", "Z", "X", "K", "C", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"};
        for (const ProfileRule& rule : rules) {
            QVERIFY2(tags.insert(rule.tag).second, rule.keyword.c_str());
            QVERIFY2(kBasics.contains(rule.basic), rule.keyword.c_str());
            QVERIFY2(rule.vr.size() == 2 && !rule.keyword.empty(), rule.keyword.c_str());
            QVERIFY(rule.filmType >= '1' && rule.filmType <= '3');
        }
        QVERIFY(std::is_sorted(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.tag < b.tag; }));
    }

    // Another list of tags and VRs than ours: DCMTK's dictionary. It is older than the table by a few attributes.
    void tagsAndVrsAreTheDictionarys() {
        int known = 0;
        for (const ProfileRule& rule : profileRules()) {
            const std::string vr = vrInDictionary(rule.tag);
            if (vr.empty() || rule.mask != 0xFFFFFFFF) continue;
            ++known;
            QVERIFY2(vr == rule.vr || (vr == "OW" && rule.vr == "OB") || vr == "US", rule.keyword.c_str());
            const std::string keyword = keywordInDictionary(rule.tag);
            QVERIFY2(keyword == rule.keyword || keyword == "RETIRED_" + rule.keyword, keyword.c_str());
        }
        QVERIFY(known >= 590);
    }

    void everyDateFollowsTheDateOptions() {
        for (const ProfileRule& rule : profileRules()) {
            if (rule.options[ProfileRule::FullDates] != 'K') continue;
            // A time zone and time stamps of their own kind are no dates, but belong to them.
            const bool isTimeOfItsKind = rule.keyword == "TimezoneOffsetFromUTC" || rule.keyword.ends_with("Timestamp");
            QVERIFY2(isDateVr(rule.vr) || isTimeOfItsKind, rule.keyword.c_str());
            QCOMPARE(rule.options[ProfileRule::ModifiedDates], 'C');
        }
    }

    void actionsAreTheStandards() {
        using A = DeidentifyAction;
        QCOMPARE(actionOf(0x00100010), A::Empty);                                 // Patient's Name: Z
        QCOMPARE(actionOf(0x00100030), A::Empty);                                 // Birth Date: Z, whatever is kept
        QCOMPARE(actionOf(0x00100030, {.dates = DateHandling::Keep, .retainPatient = true}), A::Empty);
        QCOMPARE(actionOf(0x00080020), A::Empty);                                 // Study Date
        QCOMPARE(actionOf(0x00080020, {.dates = DateHandling::Keep}), A::Keep);
        QCOMPARE(actionOf(0x00080020, {.dates = DateHandling::Modify}), A::Clean);
        QCOMPARE(actionOf(0x0008103E), A::Remove);                                // Series Description
        QCOMPARE(actionOf(0x0008103E, {.cleanDescriptors = true}), A::Clean);
        QCOMPARE(actionOf(0x0020000D), A::MapUid);                                // Study Instance UID
        QCOMPARE(actionOf(0x0020000D, {.retainUids = true}), A::Keep);
        QCOMPARE(actionOf(0x00101010), A::Remove);                                // Patient's Age
        QCOMPARE(actionOf(0x00101010, {.retainPatient = true}), A::Keep);
        QCOMPARE(actionOf(0x00080080, {.retainInstitution = true}), A::Keep);     // Institution Name
        QCOMPARE(actionOf(0x00181000, {.retainDevice = true}), A::Keep);          // Device Serial Number
        QCOMPARE(actionOf(0x00080055, {.retainDevice = true}), A::Remove);        // Station AE Title: C, which we do not do
        QCOMPARE(actionOf(0x300C0127, {.dates = DateHandling::Modify, .retainDevice = true}), A::Clean);  // C beats K
        QCOMPARE(actionOf(0x50020110), A::Remove);                                // curves, any group
        QCOMPARE(actionOf(0x60043000), A::Remove);                                // overlay data
        QVERIFY(findProfileRule(0x00280010) == nullptr);                          // Rows
    }

    void choicesFollowTheType() {
        using A = DeidentifyAction;
        QCOMPARE(actionOf(0x00080080), A::Remove);             // X/Z/D, type 3 in films
        QCOMPARE(actionOf(0x00080080, {}, false), A::Dummy);   // unknown: what is valid in any case
        QCOMPARE(actionOf(0x00180010), A::Empty);              // Z/D, type 2
        QCOMPARE(actionOf(0x00400555), A::Empty);              // X/Z, type 2
        QCOMPARE(actionOf(0x00081140), A::Remove);             // X/Z/U*, type 3
        QCOMPARE(actionOf(0x00081140, {}, false), A::MapUid);
    }

    void standInsAgreeAndDiffer() {
        const Pseudonyms one(kKey), same(kKey), other(Pseudonyms::Key{9});
        QCOMPARE(one.uid("1.2.3"), same.uid("1.2.3"));
        QVERIFY(one.uid("1.2.3") != one.uid("1.2.4"));
        QVERIFY(one.uid("1.2.3") != other.uid("1.2.3"));
        QVERIFY(one.patientCode("a") != one.instanceCode("a"));
        std::set<std::string> uids;
        for (int i = 0; i < 1000; ++i) {
            const std::string uid = one.uid(std::to_string(i));
            QVERIFY(uid.starts_with("2.25.") && uid.size() <= 64 && uid[5] != '0');
            QVERIFY(uid.find_first_not_of("0123456789.") == std::string::npos);
            QVERIFY(uids.insert(uid).second);
            const int days = one.dayShift(std::to_string(i));
            QVERIFY(days <= -30 && days >= -3650);
        }
    }

    // Computed with Python: hmac.new(key, b'uid\0' + b'1.2.3', 'sha256'), first 16 bytes as a version 4 UUID.
    void theHashIsHmacSha256() { QCOMPARE(Pseudonyms(kKey).uid("1.2.3"), std::string("2.25.301327145937308320864857466099896861994")); }

    void keysAreKeptInPrivateFiles() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("project.key").toStdString();
        const auto made = Pseudonyms::withKeyFile(file), again = Pseudonyms::withKeyFile(file), fresh = Pseudonyms::withFreshKey();
        QVERIFY(made.isOk() && again.isOk() && fresh.isOk());
        QCOMPARE(made.value().uid("1.2"), again.value().uid("1.2"));
        QVERIFY(made.value().uid("1.2") != fresh.value().uid("1.2"));
        QCOMPARE(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        QVERIFY(writeFileAtomically(file, "precordia-deidentify-key 1 xyz\n").isOk());
        QCOMPARE(Pseudonyms::withKeyFile(file).error().code, ErrorCode::Corrupt);
    }

    void datesMoveByDays() {
        QCOMPARE(movedDate("DA", "20240301", -1).value(), std::string("20240229"));
        QCOMPARE(movedDate("DA", "2024.03.01 ", -1).value(), std::string("20240229"));
        QCOMPARE(movedDate("DA", "20240301\\20240302", -1).value(), std::string("20240229\\20240301"));
        QCOMPARE(movedDate("DT", "20240101120000.5+0100", -1).value(), std::string("20231231120000.5+0100"));
        QCOMPARE(movedDate("TM", "120000", -1).value(), std::string("120000"));
        QVERIFY(!movedDate("TM", "noon with Ada", -1));
        QVERIFY(!movedDate("DA", "20240230", -1) && !movedDate("DA", "2024", -1) && !movedDate("DA", "20240301Ada", -1));
        QVERIFY(!movedDate("DT", "20240301 Ada", -1) && !movedDate("DT", "202403", -1));
    }

    void onlyHarmlessWordsStay() {
        QCOMPARE(harmlessWords("Thorax PA Lovelace, 12.03.1949"), std::string("Thorax PA 12 03"));
        QCOMPARE(harmlessWords("CHEST_AP portable Dr.Smith"), std::string("CHEST AP portable"));
        QCOMPARE(harmlessWords("M\xfcller"), std::string());
        QVERIFY(isStandardCode("DCM", "113100") && isStandardCode("SRT", "T-D3000") && isStandardCode("SCT", "51185008"));
        QVERIFY(!isStandardCode("99LOCAL", "113100") && !isStandardCode("DCM", "ADA") && !isStandardCode("SRT", "T-LOVE"));
    }

    void theMethodIsSaidInCodes() {
        const auto basic = methodCodes({}, false);
        QCOMPARE(basic.size(), 1U);
        QCOMPARE(std::string(basic[0].value), std::string("113100"));
        const auto all = methodCodes({DateHandling::Modify, true, true, true, true, true}, true);
        QCOMPARE(all.size(), 8U);
        for (const MethodCode& code : all) QVERIFY(std::string(code.meaning).size() <= 64);
        for (const std::string& text : methodTexts({DateHandling::Modify, true, true, true, true, true}, true, false)) QVERIFY(text.size() <= 64);
    }
};

QTEST_GUILESS_MAIN(TestDeidentifyTables)
#include "tst_deidentify_tables.moc"
