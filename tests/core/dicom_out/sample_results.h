// A phantom as a DICOM film and everything that might be found on it, for the tests of core/dicom_out.
#pragma once

#include <filesystem>
#include <memory>

#include "core/dicom_out/phantom_film.h"
#include "core/dicom_out/result_objects.h"
#include "core/image/phantom.h"
#include "core/io/image_reader.h"
#include "core/measure/chest.h"
#include "tests/support/sample_judgement.h"
#include "tests/support/segmentation_of.h"

namespace cxr::test {

inline std::shared_ptr<const Heatmap> sampleMap(const Image& image) {
    Heatmap map;
    map.plane = {4, 2, {0, 0.5F, 1, -0.25F, 2, 0.125F, 0, 0.75F}};
    map.grid = {{100, 50}, {200, 0}, {0, 100}};  // cells of 50 x 50 film pixels
    map.method = ExplainMethod::Cam;
    map.className = "Cardiomegaly";
    map.parameters = "as the network makes it";
    map.probability = 0.47;
    map.model = {"cardiomegaly", "Cardiomegaly", "1.0.0", std::string(64, 'c'), "CPU, 1 thread"};
    if (image.width() < 300) map.grid = {{0, 0}, {8, 0}, {0, 4}};
    return std::make_shared<const Heatmap>(std::move(map));
}

// A gray gradient with a red line: only its bytes matter.
inline RgbPicture samplePicture() {
    RgbPicture picture{31, 17, std::vector<std::uint8_t>(31 * 17 * 3)};
    for (std::size_t i = 0; i < picture.values.size(); ++i) picture.values[i] = static_cast<std::uint8_t>(i % 251);
    return picture;
}

struct SampleFilm {
    Phantom phantom;
    std::filesystem::path file;
    FilmResults results;
};

// Writes <folder>/film.dcm.
inline SampleFilm sampleFilm(const std::filesystem::path& folder, PhantomSpec spec = {}) {
    if (spec.width == 1024)
        spec.width = 397, spec.height = 503;  // rows and columns tell themselves apart, no multiple of 8
    SampleFilm sample{makePhantom(spec), folder / "film.dcm", {}};
    if (!writePhantomFilm(sample.phantom, sample.file).isOk()) return sample;
    const Result<ImagePtr> image = readImage(sample.file);
    if (!image.isOk()) return sample;
    FilmResults& results = sample.results;
    results.image = image.value();
    results.voi = results.image->defaultVoi;
    const Segmentation found = segmentationOf(sample.phantom);
    results.chest = measureChest(found, *results.image);
    results.model = {"heart-lungs", "Heart and lungs", "1.2", std::string(64, 'a'), "CPU, 1 thread"};
    results.judgement = sampleJudgement();
    results.verdict = verdictSentence(results.chest);
    results.notes = {"A note of the film."};
    results.maps = {sampleMap(*results.image)};
    results.boxes = {{{110, 60, 80, 70}, "Cardiomegaly", 0.47, "Class activation map", 2, false}};
    results.picture = samplePicture();
    const std::string pdf = "%PDF-1.4\n%%EOF";  // an odd number of bytes
    for (const char c : pdf + "\n ") results.pdf.push_back(static_cast<std::byte>(c));
    results.pdf.pop_back();
    return sample;
}

}  // namespace cxr::test
