// The phantom film: thicknesses of tissue, air and bone are added up as an X-ray beam would, softened, and turned into
// gray: gray = 1 - exp(-attenuation). Deterministic: own random numbers, no threads.
#include "core/image/phantom.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <span>

#include "core/base/sha256.h"
#include "core/image/phantom_anatomy.h"
#include "core/image/pixel_chain.h"
#include "core/image/polygon.h"

namespace cxr {
namespace {

using phantom::Anatomy;

// Chest units to film pixels: the largest centred square.
struct Frame {
    double side, originX, originY;
    cv::Size size;
    explicit Frame(const PhantomSpec& spec)
        : side(std::min(spec.width, spec.height)),
          originX((spec.width - side) / 2),
          originY((spec.height - side) / 2),
          size(spec.width, spec.height) {}
    [[nodiscard]] PointPx toFilm(PointPx p) const { return {originX + p.x * side, originY + p.y * side}; }
    [[nodiscard]] Polygon toFilm(Polygon polygon) const {
        for (PointPx& p : polygon) p = toFilm(p);
        return polygon;
    }
    [[nodiscard]] cv::Mat fill(const Polygon& polygon) const { return fillPolygon(toFilm(polygon), size); }
};

// Small exact generator (SplitMix64) with a normal distribution (Box-Muller): equal on every machine.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : m_state(seed) {}
    double uniform() {
        std::uint64_t z = (m_state += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }
    double normal() {
        return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * 3.14159265358979323846 * uniform());
    }

  private:
    std::uint64_t m_state;
};

cv::Mat softened(const cv::Mat& picture, double sigmaPx) {
    cv::Mat result;
    cv::GaussianBlur(picture, result, {}, std::max(0.3, sigmaPx), 0, cv::BORDER_REPLICATE);
    return result;
}

// A rounded body: thickness 0 at the mask's edge, `thickness` at `depth` px inside and beyond. CV_32FC1.
cv::Mat rounded(const cv::Mat& mask, double depth, double thickness) {
    cv::Mat framed, distance;
    cv::copyMakeBorder(mask, framed, 1, 1, 1, 1, cv::BORDER_REPLICATE);
    cv::distanceTransform(framed, distance, cv::DIST_L2, 5);
    distance = distance(cv::Rect(1, 1, mask.cols, mask.rows)) / depth;
    cv::Mat result(mask.size(), CV_32FC1);
    for (int y = 0; y < result.rows; ++y) {
        for (int x = 0; x < result.cols; ++x) {
            const double d = 1 - std::min(1.0, static_cast<double>(distance.at<float>(y, x)));
            result.at<float>(y, x) = static_cast<float>(thickness * std::sqrt(1 - d * d));
        }
    }
    return result;
}

// Open curve of `widthPx`, value 1 on a black ground, smooth edges. CV_32FC1.
void drawCurve(cv::Mat& picture, const Polygon& curve, double widthPx, double value) {
    constexpr int shift = 4;
    std::vector<cv::Point> points;
    for (const PointPx& p : curve) {
        points.emplace_back(static_cast<int>(std::lround((p.x - 0.5) * (1 << shift))),
                            static_cast<int>(std::lround((p.y - 0.5) * (1 << shift))));
    }
    cv::polylines(picture, points, false, cv::Scalar(value), std::max(1, static_cast<int>(std::lround(widthPx))),
                  cv::LINE_8, shift);
}

// Long bones: a tube whose rims (compact bone) are denser than its middle.
cv::Mat bones(const Frame& frame, const std::vector<Polygon>& lines, double width) {
    cv::Mat result = cv::Mat::zeros(frame.size, CV_32FC1);
    for (const Polygon& line : lines) {
        cv::Mat one = cv::Mat::zeros(frame.size, CV_32FC1);
        drawCurve(one, frame.toFilm(line), width * frame.side, 1.0);
        drawCurve(one, frame.toFilm(line), 0.55 * width * frame.side, 0.65);
        result += one;
    }
    return softened(result, 0.0022 * frame.side);
}

// Vessels from the hilum to the lung's edge, thinner on their way.
void drawVessels(cv::Mat& picture, const Frame& frame, Noise& noise, PointPx hilum, double side) {
    for (int i = 0; i < 26; ++i) {
        const double angle = (noise.uniform() - 0.5) * 2.9, length = 0.09 + 0.20 * noise.uniform();
        Polygon curve;
        double direction = angle;
        PointPx p = hilum;
        for (int step = 0; step <= 10; ++step) {
            curve.push_back(frame.toFilm(p));
            direction += (noise.uniform() - 0.5) * 0.35;
            p = {p.x + side * std::cos(direction) * length / 10, p.y + std::sin(direction) * length / 10};
        }
        for (std::size_t step = 0; step + 1 < curve.size(); ++step) {
            const double width =
                (0.0085 - 0.0006 * static_cast<double>(step)) * frame.side * (0.5 + 0.5 * length / 0.29);
            cv::Mat layer = picture;
            drawCurve(layer, {curve[step], curve[step + 1]}, width, 1.0 - 0.07 * static_cast<double>(step));
        }
    }
}

// Vertebral bodies and discs between them, brighter rims.
cv::Mat spine(const Frame& frame) {
    cv::Mat result = cv::Mat::zeros(frame.size, CV_32FC1);
    const double height = 0.058, half = 0.036;
    for (double y = -0.05; y < 1.1; y += height) {
        const Polygon body{
            {0.5 - half, y + 0.006},          {0.5 + half, y + 0.006},          {0.5 + 0.88 * half, y + height / 2},
            {0.5 + half, y + height - 0.006}, {0.5 - half, y + height - 0.006}, {0.5 - 0.88 * half, y + height / 2}};
        result.setTo(1.0, frame.fill(body));
    }
    return softened(result, 0.004 * frame.side);
}

void clearInside(cv::Mat& mask, const cv::Mat& other) { mask.setTo(0, other); }

void fillMasks(Phantom& result, const Frame& frame, const Anatomy& anatomy) {
    result.heart = frame.fill(anatomy.heart);
    result.rightLung = frame.fill(anatomy.rightLung);
    result.leftLung = frame.fill(anatomy.leftLung);
    const cv::Mat mediastinum = frame.fill(anatomy.mediastinum);
    for (cv::Mat* lung : {&result.rightLung, &result.leftLung}) {
        clearInside(*lung, result.heart);
        clearInside(*lung, mediastinum);
    }
    result.heartLine = {frame.toFilm({anatomy.heartLeft, anatomy.heartRow}),
                        frame.toFilm({anatomy.heartRight, anatomy.heartRow})};
    result.chestLine = {frame.toFilm({anatomy.chestLeft, anatomy.chestRow}),
                        frame.toFilm({anatomy.chestRight, anatomy.chestRow})};
}

// Sum of thickness x density along the beam. CV_32FC1.
cv::Mat attenuation(const Phantom& masks, const Frame& frame, const Anatomy& anatomy, std::uint64_t seed) {
    const double side = frame.side;
    cv::Mat lungs = masks.leftLung | masks.rightLung;
    cv::Mat sum = softened(rounded(frame.fill(anatomy.body), 0.20 * side, 1.55), 0.004 * side);
    sum -= softened(rounded(lungs, 0.085 * side, 1.02), 0.0035 * side);
    sum += softened(rounded(masks.heart, 0.16 * side, 0.42), 0.004 * side);
    sum += softened(rounded(frame.fill(anatomy.mediastinum), 0.05 * side, 0.22), 0.005 * side);
    sum -= softened(rounded(frame.fill(anatomy.gastricBubble), 0.02 * side, 0.35), 0.004 * side);
    sum += 0.28 * spine(frame);
    const Polygon windpipe{{0.487, -0.05}, {0.513, -0.05}, {0.514, 0.27}, {0.50, 0.285}, {0.486, 0.27}};
    sum -= softened(rounded(frame.fill(windpipe), 0.012 * side, 0.42), 0.004 * side);
    sum += 0.115 * bones(frame, anatomy.posteriorRibs, 0.019);
    sum += 0.060 * bones(frame, anatomy.anteriorRibs, 0.023);
    sum += 0.30 * bones(frame, anatomy.clavicles, 0.023);
    for (const Polygon& scapula : anatomy.scapulae)
        sum += softened(rounded(frame.fill(scapula), 0.01 * side, 0.12), 0.003 * side);
    Noise noise(seed * 2 + 1);
    cv::Mat vessels = cv::Mat::zeros(frame.size, CV_32FC1);
    drawVessels(vessels, frame, noise, {0.415, 0.44}, -1);
    drawVessels(vessels, frame, noise, {0.595, 0.42}, 1);
    vessels.setTo(0, lungs == 0);
    sum += 0.13 * softened(vessels, 0.003 * side);
    return cv::max(sum, 0.0);
}

void burnInLabel(cv::Mat& gray) {
    const double scale = std::max(0.25, gray.cols / 1024.0 * 0.8);
    const int thickness = std::max(1, static_cast<int>(std::lround(2 * scale)));
    const cv::Point at(std::max(2, gray.cols / 100), gray.rows - std::max(3, gray.rows / 60));
    cv::putText(gray, "SYNTHETIC PHANTOM", at, cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(0), thickness * 3,
                cv::LINE_AA);
    cv::putText(gray, "SYNTHETIC PHANTOM", at, cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(1), thickness, cv::LINE_AA);
}

cv::Mat stored(const cv::Mat& gray, const PhantomSpec& spec) {
    const double largest = (1 << spec.bitsStored) - 1;
    cv::Mat samples(gray.size(), CV_16UC1);
    Noise noise(spec.seed);
    for (int y = 0; y < gray.rows; ++y) {
        for (int x = 0; x < gray.cols; ++x) {
            const double value = std::clamp(gray.at<float>(y, x) + spec.noise * noise.normal(), 0.0, 1.0);
            const double shown = spec.mono1 ? 1 - value : value;
            samples.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(std::lround(shown * largest));
        }
    }
    return samples;
}

void describe(Image& image, const PhantomSpec& spec) {
    image.isInverse = spec.mono1;
    image.defaultVoi = percentileVoi(image);
    image.defaultVoiOrigin = "percentiles 0.5-99.5 of the film";
    if (spec.pixelSpacingMm > 0)
        image.spacing = {spec.pixelSpacingMm, spec.pixelSpacingMm, SpacingSource::PixelSpacing};
    image.view = ViewPosition::PA;
    image.laterality = Laterality::Unpaired;
    image.rowDirection = "L";
    image.columnDirection = "F";
    image.patient.name = "Phantom, Synthetic";
    image.patient.id = "PHANTOM-" + std::to_string(spec.seed);
    image.patient.age = "050Y";
    image.study.modality = "DX";
    image.study.bodyPart = "CHEST";
    image.study.studyDescription = "Synthetic phantom";
    image.encoding.format = "Synthetic";
    image.encoding.photometric = spec.mono1 ? "MONOCHROME1" : "MONOCHROME2";
    image.encoding.bitsAllocated = spec.bitsStored > 8 ? 16 : 8;
    image.encoding.bitsStored = spec.bitsStored;
    image.sourceName = "synthetic-phantom";
    image.sourceSha256 = sha256Hex(std::as_bytes(std::span(image.samples.ptr<std::uint16_t>(), image.samples.total())));
    image.notes = {"Synthetic phantom made by this program: no patient."};
}

}  // namespace

Phantom makePhantom(const PhantomSpec& spec) {
    assert(spec.width >= 64 && spec.height >= 64 && spec.bitsStored >= 8 && spec.bitsStored <= 16);
    assert(spec.cardiothoracicRatio >= 0.3 && spec.cardiothoracicRatio <= 0.8);
    const Frame frame(spec);
    const Anatomy anatomy = phantom::makeAnatomy(spec.cardiothoracicRatio);
    Phantom result;
    fillMasks(result, frame, anatomy);
    cv::Mat gray;
    cv::exp(-1.15 * attenuation(result, frame, anatomy, spec.seed), gray);
    gray = 0.04 + 0.93 * (1 - gray);
    if (spec.burnInLabel) burnInLabel(gray);
    result.image.samples = stored(gray, spec);
    describe(result.image, spec);
    return result;
}

}  // namespace cxr
