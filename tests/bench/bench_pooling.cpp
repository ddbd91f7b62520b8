// Quantile pooling beside nth_element, a plain sliding histogram, and OpenCV where it can do the same (median, odd kernel,
// stride 1; 16 bits up to 5 x 5 only). One thread. Compare the rows of one run: names are <what>/<method>.
//   film      2500 x 2048, 16 bits, smooth structures and noise   k 12 s 2, median, same
//   saliency  320 x 320 floats                                    k 24 s 1, quantile 0.9, same
#include <benchmark/benchmark.h>

#include <algorithm>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/prior/pooling.h"
#include "core/prior/rank_codes.h"
#include "tests/core/prior/naive_pooling.h"

using namespace cxr;

namespace {

const PoolSpec kMedian{12, 2, 0.5, PoolPadding::SameReflect};
const PoolSpec kSaliency{24, 1, 0.9, PoolPadding::SameReflect};

cv::Mat smoothFloats(cv::Size size, double noise) {
    cv::Mat picture(size, CV_32F);
    cv::RNG(1).fill(picture, cv::RNG::NORMAL, 0, 1);
    cv::Mat structures;
    cv::GaussianBlur(picture, structures, {0, 0}, size.width / 40.0);
    cv::normalize(structures, structures, 0.1, 0.9, cv::NORM_MINMAX);
    return structures + noise * picture;
}

const cv::Mat& film16() {
    static const cv::Mat film = [] {
        cv::Mat samples;
        smoothFloats({2500, 2048}, 0.01).convertTo(samples, CV_16U, 65535);
        return samples;
    }();
    return film;
}
const cv::Mat& film8() {
    static const cv::Mat film = [] {
        cv::Mat samples;
        film16().convertTo(samples, CV_8U, 1 / 257.0);
        return samples;
    }();
    return film;
}
const cv::Mat& saliency() {
    static const cv::Mat picture = smoothFloats({320, 320}, 0.05);
    return picture;
}

// One histogram that slides along each row; the rank is searched from 0 through blocks of 256 counts.
cv::Mat plainHistogram(const cv::Mat& codes, const std::vector<float>& values, const PoolSpec& spec) {
    cv::Mat padded;
    const int before = test::naivePadding(codes.rows, spec) / 2;
    const int after = test::naivePadding(codes.rows, spec) - before;
    cv::copyMakeBorder(codes, padded, before, after, before, after, cv::BORDER_REFLECT_101);
    cv::Mat pooled(pooledSide(codes.rows, spec), pooledSide(codes.cols, spec), CV_32F);
    const double position = spec.quantile * (spec.kernel * spec.kernel - 1);
    const int rank = static_cast<int>(position);
    std::vector<int> fine(values.size() + 256);
    std::vector<int> coarse(fine.size() / 256 + 1);
    const auto change = [&](int y, int begin, int end, int by) {
        for (int r = y; r < y + spec.kernel; ++r) {
            const int* row = padded.ptr<int>(r);
            for (int c = begin; c < end; ++c) fine[row[c]] += by, coarse[row[c] / 256] += by;
        }
    };
    for (int y = 0; y < pooled.rows; ++y) {
        const int top = y * spec.stride;
        change(top, 0, spec.kernel, 1);
        for (int x = 0; x < pooled.cols; ++x) {
            int code = 0;
            int left = rank;
            while (coarse[code / 256] <= left) left -= coarse[code / 256], code += 256;
            while (fine[code] <= left) left -= fine[code++];
            int next = code;
            if (fine[code] == left + 1) do ++next; while (fine[next] == 0);
            pooled.at<float>(y, x) =
                static_cast<float>(values[code] + (position - rank) * (values[next] - values[code]));
            const int begin = x * spec.stride;
            const bool last = x + 1 == pooled.cols;
            change(top, begin, begin + (last ? spec.kernel : spec.stride), -1);
            if (!last) change(top, begin + spec.kernel, begin + spec.kernel + spec.stride, 1);
        }
    }
    return pooled;
}

void filmOurs(benchmark::State& state) {
    film16();  // made before the clock runs
    for (auto _ : state) benchmark::DoNotOptimize(quantilePool(film16(), kMedian));
}
void filmHistogram(benchmark::State& state) {
    std::vector<float> values(65536);
    std::iota(values.begin(), values.end(), 0.0F);
    film16();
    for (auto _ : state) {
        cv::Mat codes;
        film16().convertTo(codes, CV_32S);
        benchmark::DoNotOptimize(plainHistogram(codes, values, kMedian));
    }
}
void filmNthElement(benchmark::State& state) {
    film16();
    for (auto _ : state) benchmark::DoNotOptimize(test::naivePool(film16(), kMedian));
}
void saliencyOurs(benchmark::State& state) {
    saliency();
    for (auto _ : state) benchmark::DoNotOptimize(quantilePool(saliency(), kSaliency));
}
void saliencyHistogram(benchmark::State& state) {
    saliency();
    for (auto _ : state) {
        const RankCodes ranked = rankCodes32(saliency());
        benchmark::DoNotOptimize(plainHistogram(ranked.codes, ranked.values, kSaliency));
    }
}
void saliencyNthElement(benchmark::State& state) {
    saliency();
    for (auto _ : state) benchmark::DoNotOptimize(test::naivePool(saliency(), kSaliency));
}

// The same work for both: median, stride 1, valid for ours, replicated border for OpenCV.
void medianOurs(benchmark::State& state, const cv::Mat& film, int kernel) {
    for (auto _ : state) benchmark::DoNotOptimize(quantilePool(film, {kernel, 1, 0.5, PoolPadding::SameReflect}));
}
void medianOpenCv(benchmark::State& state, const cv::Mat& film, int kernel) {
    cv::Mat blurred;
    for (auto _ : state) {
        cv::medianBlur(film, blurred, kernel);
        benchmark::DoNotOptimize(blurred.data);
    }
}

void registerAll() {
    const auto add = [](const char* name, auto run) { benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMillisecond); };
    add("film_k12_s2_median/ours", filmOurs);
    add("film_k12_s2_median/histogram", filmHistogram);
    add("film_k12_s2_median/nth_element", filmNthElement);
    add("saliency_k24_s1_q90/ours", saliencyOurs);
    add("saliency_k24_s1_q90/histogram", saliencyHistogram);
    add("saliency_k24_s1_q90/nth_element", saliencyNthElement);
    add("film16_median5/ours", [](benchmark::State& s) { medianOurs(s, film16(), 5); });
    add("film16_median5/opencv", [](benchmark::State& s) { medianOpenCv(s, film16(), 5); });
    add("film8_median13/ours", [](benchmark::State& s) { medianOurs(s, film8(), 13); });
    add("film8_median13/opencv", [](benchmark::State& s) { medianOpenCv(s, film8(), 13); });
    add("film16_median13/ours (OpenCV cannot)", [](benchmark::State& s) { medianOurs(s, film16(), 13); });
}

}  // namespace

int main(int argc, char** argv) {
    cv::setNumThreads(1);
    registerAll();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
