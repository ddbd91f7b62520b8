// Sealed HeartSpot bundles and the priors in them. An input that begins with a brace is a manifest beside honest pixels, so
// that mutations get past the archive's checksums; anything else is the whole file.
#include <cstdlib>
#include <opencv2/core.hpp>

#include "core/model/zip_archive.h"
#include "core/model/zip_writer.h"
#include "core/pipeline/heartspot_bundle.h"
#include "core/pipeline/seal_heartspot.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

namespace {

Result<cv::Mat> noRegion() { return Error{ErrorCode::NotFound, "no heart region is installed"}; }

const std::string& honestBundle() {
    static const std::string bytes = [] {
        PriorSpec spec = priorByName("mp+hline").value();
        GrayFilm film{spec.size, spec.size, {}};
        for (int i = 0; i < spec.size * spec.size; ++i) film.values.push_back(static_cast<float>(i % 251) / 250.0F);
        HeartSpotBundle bundle = sealHeartSpot(film, spec, {}).value().bundle;
        bundle.reading = BundleReading{{"tiny", "Tiny", "1.0.0", std::string(64, 'a'), {}}, "Cardiomegaly", 0.25};
        return bundleBytes(bundle).value();
    }();
    return bytes;
}

std::string entryOf(const std::string& name) {
    const auto archive = ZipArchive::open(std::as_bytes(std::span(honestBundle().data(), honestBundle().size())));
    const auto bytes = archive.value().read(name).value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string priorText() { return priorByName("mp+rhline+heart").value().toJson(); }

void checkPrior(const std::string& text) {
    const auto prior = priorFromJson(text);
    if (!prior.isOk()) return;
    const auto again = priorFromJson(prior.value().toJson());
    if (!again.isOk() || again.value().toJson() != prior.value().toJson()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    if (text.starts_with('{')) {
        checkPrior(text);
        static const std::string pixels = entryOf("pixels");
        auto archive = zipBytes({{"manifest.json", text, false}, {"pixels", pixels, false}});  // deflating it would take most of the time
        if (!archive.isOk()) return 0;
        text = std::move(archive).value();
    }
    const auto bundle = parseBundle(text, noRegion);
    if (!bundle.isOk()) return 0;
    const auto kept = static_cast<std::size_t>(cv::countNonZero(bundle.value().mask));
    if (bundle.value().samples.size() != kept) std::abort();
    static_cast<void>(pictureOf(bundle.value()));
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() { return {honestBundle(), entryOf("manifest.json"), priorText()}; }

std::vector<std::string> cxr::fuzz::words() {
    return {"null", "true", "-1", "1e308", "{}", "[]", "\"\"", "{", "}", ",", ":", "\"seed\":0,", "\"size\":1000000", "\"kept\":-1", "\"white\":0",
            "4294967296", "18446744073709551615", "\"square\":\"thorax\"", "\"reading\":{}", "\"explanation\":{}", "\xff", "PK\x03\x04", "PK\x01\x02"};
}
