// From probabilities to ratio, verdict, doubts: phantoms with known ratios, damaged masks, films that are no chest,
// corrections by hand, words that never contradict numbers.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/image/polygon.h"
#include "core/measure/chest.h"
#include "core/measure/film_notes.h"
#include "core/measure/ratio_range.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

Phantom phantomOf(double ratio, int width = 512, int height = 512) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    spec.cardiothoracicRatio = ratio;
    return makePhantom(spec);
}

bool says(const std::vector<std::string>& notes, const char* words) {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& n) { return n.find(words) != std::string::npos; });
}

cv::Mat mirrored(const cv::Mat& mask) {
    cv::Mat result;
    cv::flip(mask, result, 1);
    return result;
}

}  // namespace

class TestChest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // What the header says the picture shows comes first: an answer about a knee is none.
    void picturesOfSomethingElse() {
        const auto notesOf = [](const char* modality, const char* part) {
            Image image = phantomOf(0.5).image;
            image.study.modality = modality, image.study.bodyPart = part;
            return filmNotes(image);
        };
        QVERIFY(says({notesOf("CT", "CHEST").front()}, "no X-ray film"));
        QVERIFY(says({notesOf("CR", "Knee").front()}, "another part of the body"));
        for (const char* part : {"CHEST", "Thorax", "", "PORT CHEST", "RIB", "0815"}) {
            const auto notes = notesOf("DX", part);
            QVERIFY2(!says(notes, "The header"), part);
        }
        QVERIFY(!says(notesOf("", ""), "no X-ray film") && !says(notesOf("OT", ""), "no X-ray film"));
    }

    void measuresThePhantomsRatio() {
        for (const double ratio : {0.35, 0.42, 0.46, 0.50, 0.55, 0.62, 0.70}) {
            const Phantom phantom = phantomOf(ratio);
            const ChestMeasurement m = measureChest(test::segmentationOf(phantom), phantom.image);
            QVERIFY2(std::abs(m.ratio - ratio) < 0.005, qPrintable(QString("%1 measured %2").arg(ratio).arg(m.ratio)));
            QVERIFY(!m.isUncertain);
            QVERIFY(std::abs(m.heartLine.from.x - phantom.heartLine.from.x) < 2);
            QVERIFY(std::abs(m.chestLine.to.x - phantom.chestLine.to.x) < 2);
            QCOMPARE(m.heartLine.from.y, m.heartLine.to.y);
            QCOMPARE(m.chestLine.from.y, m.chestLine.to.y);
        }
    }
    void letterboxAndScaleDoNotMatter() {
        for (const auto& [w, h] : {std::pair{700, 500}, std::pair{500, 640}}) {
            const Phantom phantom = phantomOf(0.52, w, h);
            const ChestMeasurement m = measureChest(test::segmentationOf(phantom, 320), phantom.image);
            QVERIFY2(std::abs(m.ratio - 0.52) < 0.006, qPrintable(QString::number(m.ratio)));
            QVERIFY(std::abs(m.heartLine.from.x - phantom.heartLine.from.x) < 3);
        }
    }
    void outlinesFollowTheMasks() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement m = measureChest(test::segmentationOf(phantom), phantom.image);
        const std::array<const cv::Mat*, 3> masks{&phantom.heart, &phantom.leftLung, &phantom.rightLung};
        for (std::size_t i = 0; i < 3; ++i) {
            const Polygon& points = m.outlines[i].points;
            QCOMPARE(m.outlines[i].organ, static_cast<Organ>(i));
            QVERIFY(points.size() >= 60 && points.size() <= 120);
            const cv::Mat drawn = fillPolygon(points, masks[i]->size());
            const double shared = cv::countNonZero(drawn & *masks[i]);
            const double dice = 2 * shared / (cv::countNonZero(drawn) + cv::countNonZero(*masks[i]));
            QVERIFY2(dice > 0.985, qPrintable(QString::number(dice)));
        }
    }
    void crumbsAndHolesAreMended() {
        const Phantom phantom = phantomOf(0.46);
        cv::Mat heart = phantom.heart.clone(), left = phantom.leftLung.clone(), right = phantom.rightLung.clone();
        const ChestMeasurement clean = measureChest(test::segmentationOf({heart, left, right}), phantom.image);
        cv::circle(heart, {30, 480}, 12, cv::Scalar(255), cv::FILLED);  // a crumb in the corner
        cv::circle(heart, {270, 340}, 8, cv::Scalar(0), cv::FILLED);    // a hole
        cv::circle(left, {40, 60}, 10, cv::Scalar(255), cv::FILLED);    // a piece on the wrong side
        const ChestMeasurement mended = measureChest(test::segmentationOf({heart, left, right}), phantom.image);
        QVERIFY(std::abs(mended.ratio - clean.ratio) < 0.003);
        QVERIFY(!mended.isUncertain);
    }
    void missingOrgansAreUncertain() {
        const Phantom phantom = phantomOf(0.46);
        const cv::Mat none = cv::Mat::zeros(512, 512, CV_8UC1);
        for (const auto& masks : {std::array{none, none, none}, std::array{none, phantom.leftLung, phantom.rightLung},
                                  std::array{phantom.heart, phantom.leftLung, none}}) {
            const ChestMeasurement m = measureChest(test::segmentationOf(masks), phantom.image);
            QVERIFY(m.isUncertain);
            QCOMPARE(m.verdict, Verdict::NotMeasured);
            QCOMPARE(m.ratio, 0.0);
            QVERIFY(says(m.notes, "Mask uncertain"));
            QVERIFY(says(m.notes, "was found on this film"));
        }
    }
    void emptySegmentationIsUncertain() {
        const ChestMeasurement m = measureChest(Segmentation{}, phantomOf(0.46).image);
        QVERIFY(m.isUncertain);
        QCOMPARE(m.quality, 0.0);
    }
    void noiseIsUncertain() {
        const Phantom phantom = phantomOf(0.46);
        Segmentation noise = test::segmentationOf(phantom);
        cv::RNG random(3);
        for (Plane& plane : noise.probability)
            for (float& p : plane.values) p = random.uniform(0.f, 1.f);
        QVERIFY(measureChest(noise, phantom.image).isUncertain);
    }
    void absurdShapesAreUncertain() {
        const Phantom phantom = phantomOf(0.46);
        cv::Mat blob = cv::Mat::zeros(512, 512, CV_8UC1);
        cv::circle(blob, {256, 60}, 20, cv::Scalar(255), cv::FILLED);  // a "heart" at the neck
        QVERIFY(
            measureChest(test::segmentationOf({blob, phantom.leftLung, phantom.rightLung}), phantom.image).isUncertain);
    }
    void exchangedLungsAreUncertain() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement m =
            measureChest(test::segmentationOf({phantom.heart, phantom.rightLung, phantom.leftLung}), phantom.image);
        QVERIFY(m.isUncertain);
        QVERIFY(says(m.notes, "side by side"));
    }
    void mirroredHeartIsNoticed() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement m = measureChest(
            test::segmentationOf({mirrored(phantom.heart), mirrored(phantom.rightLung), mirrored(phantom.leftLung)}),
            phantom.image);
        QVERIFY(says(m.notes, "may be mirrored"));
    }
    void disagreementUnderMirroringIsUncertain() {
        const Phantom phantom = phantomOf(0.46);
        Segmentation s = test::segmentationOf(phantom);
        s.agreement = {0.65, 0.97, 0.97};
        const ChestMeasurement m = measureChest(s, phantom.image);
        QVERIFY(m.isUncertain);
        QVERIFY(says(m.notes, "mirrored film"));
        s.agreement = {0.93, 0.97, 0.97};
        QVERIFY(!measureChest(s, phantom.image).isUncertain);
    }
    void lateralAndObliqueFilmsAreNotMeasured() {
        Phantom phantom = phantomOf(0.46);
        for (const ViewPosition view : {ViewPosition::Lateral, ViewPosition::Oblique}) {
            phantom.image.view = view;
            const ChestMeasurement m = measureChest(test::segmentationOf(phantom), phantom.image);
            QVERIFY(m.isUncertain);
            QCOMPARE(m.verdict, Verdict::NotMeasured);
            QVERIFY(says(m.notes, "defined on PA films only") && !says(m.notes, "mirrored film"));
        }
    }
    void lungsBrighterThanTheHeartAreUncertain() {
        Phantom phantom = phantomOf(0.46);
        phantom.image.isInverse = !phantom.image.isInverse;
        const ChestMeasurement m = measureChest(test::segmentationOf(phantom), phantom.image);
        QVERIFY(m.isUncertain && m.ratio == 0);
        QVERIFY(says(m.notes, "inverted") && says(m.notes, "Mask uncertain"));
        const ChestMeasurement accepted = withOutline(m, m.outlines[0]);  // the user says that they are right
        QVERIFY(!accepted.isUncertain && accepted.ratio > 0.4);
    }
    void aLungOutsideOfTheBodyIsUncertain() {
        Phantom phantom = phantomOf(0.46);
        phantom.image.samples = phantom.image.samples.clone();
        phantom.image.samples.setTo(0, phantom.leftLung);
        const ChestMeasurement m = measureChest(test::segmentationOf(phantom), phantom.image);
        QVERIFY(m.isUncertain);
        QVERIFY(says(m.notes, "outside of the body"));
        const ChestMeasurement byHand = withLines(m, m.heartLine, m.chestLine);
        QVERIFY(byHand.ratio > 0 && !says(byHand.notes, "no ratio is given"));
    }
    void unsharpOutlinesWidenTheRange() {
        const Phantom phantom = phantomOf(0.46);
        Segmentation sharp = test::segmentationOf(phantom);
        const ChestMeasurement narrow = measureChest(sharp, phantom.image);
        QVERIFY(narrow.ratioRange.low <= narrow.ratio && narrow.ratio <= narrow.ratioRange.high);
        QVERIFY(narrow.ratioRange.high - narrow.ratioRange.low < kSharpRange);
        QVERIFY(!says(narrow.notes, "unsharp"));
        Plane& heart = sharp.probability[0];
        const cv::Mat p(heart.height, heart.width, CV_32FC1, heart.values.data());
        cv::GaussianBlur(p, p, {}, 8);
        const ChestMeasurement wide = measureChest(sharp, phantom.image);
        QVERIFY(wide.ratioRange.high - wide.ratioRange.low > kSharpRange);
        QVERIFY(says(wide.notes, "unsharp"));
        QCOMPARE(withOutline(wide, wide.outlines[0]).ratioRange.high, 0.0);  // the user's outline has no range
        const ChestMeasurement byHand = withLines(wide, wide.heartLine, wide.chestLine);
        QVERIFY(byHand.ratioRange.high == 0 && !says(byHand.notes, "unsharp"));
    }
    void cutOffFilmIsNoticed() {
        Phantom phantom = phantomOf(0.46);
        const cv::Rect cut(70, 0, 442, 512);  // the right lung's border is off the film
        phantom.image.samples = phantom.image.samples(cut).clone();
        const ChestMeasurement m =
            measureChest(test::segmentationOf({phantom.heart(cut).clone(), phantom.leftLung(cut).clone(),
                                               phantom.rightLung(cut).clone()}),
                         phantom.image);
        QVERIFY(says(m.notes, "right lung reaches the film's edge"));
        QVERIFY(!says(m.notes, "left lung reaches"));
    }
    void paFilmOfAnAdultCarriesNoNote() { QVERIFY(filmNotes(phantomOf(0.46).image).empty()); }
    void filmDoubtsAreNamed() {
        Image image = phantomOf(0.46).image;
        image.view = ViewPosition::AP;
        image.patient.age = "011Y";
        image.encoding.isLossy = true;
        image.spacing.source = SpacingSource::ImagerPixelSpacing;
        const auto notes = filmNotes(image);
        QVERIFY(says(notes, "AP view") && says(notes, "Child") && says(notes, "detector"));
        QVERIFY(!says(notes, "loss"));  // core/io says it, among the notes of the film
        image.view = ViewPosition::Lateral;
        image.spacing = {};
        QVERIFY(says(filmNotes(image), "Lateral view") && says(filmNotes(image), "spacing unknown"));
        image.view = ViewPosition::Unknown;
        QVERIFY(says(filmNotes(image), "View unknown"));
    }
    void agesInEveryForm() {
        Image image = phantomOf(0.46).image;
        const auto age = [&](const char* text) {
            image.patient.age = text;
            return ageYears(image);
        };
        QCOMPARE(*age("063Y"), 63.0);
        QCOMPARE(*age("018M"), 1.5);
        QVERIFY(*age("003W") < 0.1 && *age("010D") < 0.1);
        QVERIFY(!age("abc") && !age(""));
        image.patient.birthDate = "2001-05-04";
        image.study.studyDate = "2011-05-04";
        QCOMPARE(*age(""), 10.0);
        QCOMPARE(*age("040Y"), 40.0);
    }
    void verdictsAtTheLimits() {
        QCOMPARE(verdictOf(0.0), Verdict::NotMeasured);
        QCOMPARE(verdictOf(NAN), Verdict::NotMeasured);
        QCOMPARE(verdictOf(0.30), Verdict::Normal);
        QCOMPARE(verdictOf(0.50), Verdict::Normal);
        QCOMPARE(verdictOf(0.501), Verdict::Borderline);
        QCOMPARE(verdictOf(0.55), Verdict::Borderline);
        QCOMPARE(verdictOf(0.551), Verdict::Enlarged);
    }
    void printedNumberNeverContradictsTheWord() {
        for (int i = 3000; i <= 8000; ++i) {
            const double ratio = i / 10000.0;
            const double printed = std::stod(ratioText(ratio));
            QVERIFY2(verdictOf(printed) == verdictOf(ratio),
                     qPrintable(QString("%1 printed %2").arg(ratio).arg(printed)));
            QVERIFY(std::abs(printed - ratio) <= 0.005 + 1e-9);
        }
        QCOMPARE(ratioText(0.46), std::string("0.46"));
        QCOMPARE(ratioText(0.503), std::string("0.503"));
        QCOMPARE(ratioText(0.5534), std::string("0.553"));
        QCOMPARE(ratioText(0.574), std::string("0.57"));
    }
    void sentences() {
        ChestMeasurement m;
        QCOMPARE(verdictSentence(m), std::string("Cardiothoracic ratio not measured"));
        m.ratio = 0.57;
        m.verdict = Verdict::Enlarged;
        QCOMPARE(verdictSentence(m), std::string("CTR 0.57: enlarged (above 0.55)"));
        m.isUncertain = true;
        QCOMPARE(verdictSentence(m), std::string("Mask uncertain: no cardiothoracic ratio"));
    }
    void lengthsSayWhereTheMillimetreComesFrom() {
        const LinePx line{{100, 50}, {900, 50}};
        QCOMPARE(lengthText(line, {}), std::string("800 px"));
        QCOMPARE(lengthText(line, {0.2, 0.175, SpacingSource::PixelSpacing}), std::string("140 mm"));
        QCOMPARE(lengthText(line, {0.2, 0.175, SpacingSource::ImagerPixelSpacing}),
                 std::string("140 mm (at the detector)"));
    }
    void movingAnOutlineMovesTheRatio() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement before = measureChest(test::segmentationOf(phantom), phantom.image);
        Outline heart = before.outlines[0];
        const BoundsPx box = boundsOf(heart.points);
        for (PointPx& p : heart.points) p.x = box.left + (p.x - box.left) * 1.25;
        const ChestMeasurement after = withOutline(before, heart);
        QVERIFY(std::abs(after.ratio - 1.25 * before.ratio) < 1e-6);
        QCOMPARE(after.verdict, verdictOf(after.ratio));
        QVERIFY(after.outlines[0].edited && !after.outlines[1].edited && !after.linesEdited);
        QVERIFY(says(after.notes, "corrected by hand"));
        const ChestMeasurement back = withOutline(after, before.outlines[0]);
        QCOMPARE(back.ratio, before.ratio);
    }
    void correctingAnUncertainMaskMakesItCertain() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement good = measureChest(test::segmentationOf(phantom), phantom.image);
        Segmentation s = test::segmentationOf(phantom);
        s.agreement[0] = 0.4;
        const ChestMeasurement doubtful = measureChest(s, phantom.image);
        QVERIFY(doubtful.isUncertain);
        const ChestMeasurement corrected = withOutline(doubtful, good.outlines[0]);
        QVERIFY(!corrected.isUncertain);
        QVERIFY(!says(corrected.notes, "Mask uncertain"));
        QVERIFY(std::abs(corrected.ratio - good.ratio) < 1e-9);
    }
    void aCorrectedOutlineIsAskedForItsPositionAgain() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement before = measureChest(test::segmentationOf(phantom), phantom.image);
        QVERIFY(!says(before.notes, "film's edge"));
        Outline lung = before.outlines[2];
        const BoundsPx box = boundsOf(lung.points);
        for (PointPx& p : lung.points) p.x = (p.x - box.left) * box.right / (box.right - box.left);
        const ChestMeasurement atEdge = withOutline(before, lung);  // drawn wider, up to the film's left edge
        QVERIFY(!atEdge.isUncertain);
        QVERIFY(says(atEdge.notes, "right lung reaches the film's edge"));
        const ChestMeasurement twice = withOutline(atEdge, before.outlines[0]);
        QVERIFY(says(twice.notes, "right lung reaches the film's edge"));  // correcting the heart does not silence it
        QVERIFY(!says(withOutline(twice, before.outlines[2]).notes, "film's edge"));
    }
    void aRotatedPatientStaysRotatedAfterACorrection() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement before = measureChest(test::segmentationOf(phantom), phantom.image);
        Outline heart = before.outlines[0];
        for (PointPx& p : heart.points) p.x -= 0.1 * before.chestLine.length();
        QVERIFY(!says(before.notes, "rotated"));
        const ChestMeasurement moved = withOutline(before, heart);
        QVERIFY(!moved.isUncertain && says(moved.notes, "rotated"));
    }
    void movingALineMovesTheRatio() {
        const Phantom phantom = phantomOf(0.46);
        const ChestMeasurement before = measureChest(test::segmentationOf(phantom), phantom.image);
        LinePx heart = before.heartLine;
        heart.to = {heart.to.x + 40, heart.to.y + 7};
        const ChestMeasurement after = withLines(before, heart, before.chestLine);
        QVERIFY(std::abs(after.ratio - (before.heartLine.length() + 40) / before.chestLine.length()) < 1e-9);
        QCOMPARE(after.heartLine.from.y, heart.to.y);  // stays horizontal at the end that moved
        QCOMPARE(after.heartLine.to.y, heart.to.y);
        QVERIFY(after.linesEdited && says(after.notes, "set by hand"));
        const ChestMeasurement none = withLines(before, before.heartLine, {{5, 5}, {5, 5}});
        QCOMPARE(none.verdict, Verdict::NotMeasured);
    }
};

QTEST_GUILESS_MAIN(TestChest)
#include "tst_chest.moc"
