// A film with a hash, so that its corrections are kept, and a correction that carries a number.
#pragma once

#include <cmath>
#include <memory>
#include <string>

#include "core/pipeline/analysis.h"
#include "tests/ui/support/sample_findings.h"

namespace cxr::ui::test {

inline Analysis filmWithHash(const std::string& sha256) {
    PhantomSpec spec;
    spec.width = spec.height = 256;
    const SampleFilm sample = sampleFilm(0.57, spec);
    Image image = *sample.image;
    image.sourceSha256 = sha256;
    return {std::make_shared<const Image>(std::move(image)), sample.chest, sample.model, 0.5, nullptr};
}

// Number `n` is where the chest's line ends.
inline ChestMeasurement numbered(const ChestMeasurement& chest, int n) {
    LinePx line = chest.chestLine;
    line.to.x = 200 + 0.001 * n;
    return withLines(chest, chest.heartLine, line);
}
inline int numberOf(const LinePx& chestLine) { return static_cast<int>(std::lround((chestLine.to.x - 200) * 1000)); }

}  // namespace cxr::ui::test
