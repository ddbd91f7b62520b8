// Sealed bundles at 320 x 320: time to make and to write one for every prior, its size beside the paper's own format (32-bit
// floats under LZMA preset 6) made in the same run, and beside other formats (bench_bundle --table FOLDER: means over films).
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <filesystem>

#include "core/image/phantom.h"
#include "core/io/image_reader.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/prior_table.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/xz.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

const GrayFilm& film() {
    static const GrayFilm gray = networkFilm(makePhantom({.width = 320, .height = 320}).image, kNetworkFilmSide, nullptr);
    return gray;
}

HeartSpotBundle bundleOf(int prior) { return sealHeartSpot(film(), paperPriors()[static_cast<std::size_t>(prior)]).value().bundle; }

void addSizes(benchmark::State& state, const HeartSpotBundle& bundle) {
    const std::vector<float> floats(bundle.samples.begin(), bundle.samples.end());
    const std::string_view bytes(reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float));
    state.SetLabel(bundle.spec.name());
    state.counters["bytes"] = static_cast<double>(bundleBytes(bundle).value().size());
    state.counters["of_float_lzma"] = state.counters["bytes"] / static_cast<double>(xzCompress(bytes).value().size());
}

void makeBundle(benchmark::State& state) {
    const HeartSpotBundle bundle = bundleOf(static_cast<int>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(bundleBytes(bundle).value().size());
    addSizes(state, bundle);
}

void writeToDisk(benchmark::State& state) {
    const HeartSpotBundle bundle = bundleOf(static_cast<int>(state.range(0)));
    const fs::path file = fs::temp_directory_path() / "bench_bundle.heartspot";
    for (auto _ : state) {
        if (!writeBundle(file, bundle).isOk()) state.SkipWithError("cannot write");
    }
    fs::remove(file);
    state.SetLabel(bundle.spec.name());
}

void floatsUnderLzma(benchmark::State& state) {
    const HeartSpotBundle bundle = bundleOf(static_cast<int>(state.range(0)));
    const std::vector<float> floats(bundle.samples.begin(), bundle.samples.end());
    const std::string_view bytes(reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float));
    for (auto _ : state) benchmark::DoNotOptimize(xzCompress(bytes).value().size());
    state.SetLabel(bundle.spec.name());
}

void openBundle(benchmark::State& state) {
    const HeartSpotBundle bundle = bundleOf(static_cast<int>(state.range(0)));
    const std::string bytes = bundleBytes(bundle).value();
    const auto region = [] { return shippedHeartRegion(); };
    for (auto _ : state) benchmark::DoNotOptimize(parseBundle(bytes, region).isOk());
    state.SetLabel(bundle.spec.name());
}

BENCHMARK(makeBundle)->DenseRange(0, 13)->Unit(benchmark::kMillisecond);
BENCHMARK(writeToDisk)->DenseRange(0, 13)->Unit(benchmark::kMillisecond);
BENCHMARK(floatsUnderLzma)->DenseRange(0, 13)->Unit(benchmark::kMillisecond);
BENCHMARK(openBundle)->DenseRange(0, 13)->Unit(benchmark::kMillisecond);

// Means over the films of a folder, every `step`th.
int table(const fs::path& folder, std::size_t step) {
    const PriorJudges none = priorJudges(nullptr).value();
    const std::vector<fs::path> films = listFilms(folder);
    std::vector<PriorRow> rows;
    for (std::size_t i = 0; i < films.size(); i += step) {
        const Result<ImagePtr> image = readImage(films[i]);
        if (!image.isOk()) continue;
        const PriorFilm prepared = preparePriorFilm(image.value(), "film", none, {}).value();
        for (const PriorSpec& spec : paperPriors()) rows.push_back(priorResult(prepared, spec, {}, none, {}).value().row);
    }
    std::printf("| Prior | Films | Kept pixels | Float LZMA | LZMA | JPEG-LS | PNG | Bundle | Bundle / float LZMA |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (const PriorMean& mean : meansOf(rows)) {
        const PriorRow& r = mean.row;
        std::printf("| %s | %d | %d | %zu | %zu | %zu | %zu | %zu | %.1f %% |\n", r.spec.name().c_str(), mean.films, r.keptPixels, r.bytes.floatLzma,
                    r.bytes.lzma, r.bytes.jpegLs, r.bytes.png, r.bundleBytes, 100.0 * static_cast<double>(r.bundleBytes) / static_cast<double>(r.bytes.floatLzma));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc >= 3 && std::strcmp(argv[1], "--table") == 0) return table(argv[2], argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 16);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
