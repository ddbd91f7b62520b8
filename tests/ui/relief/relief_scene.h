// Landscapes over a small phantom, with maps whose values are known.
#pragma once

#include "tests/ui/support/sample_findings.h"
#include "tests/ui/support/sample_heatmap.h"
#include "ui/relief/landscape.h"

namespace cxr::ui::test {

inline constexpr int kReliefSide = 256;  // film px

inline ReliefFilmPtr reliefPhantom(int width = kReliefSide, int height = kReliefSide) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    const SampleFilm sample = sampleFilm(0.57, spec);
    return reliefFilm(sample.image, sample.image->defaultVoi, sample.chest).value();
}

inline ShownHeatmap shownMap(Heatmap map) {
    ShownHeatmap shown;
    shown.map = std::make_shared<const Heatmap>(std::move(map));
    shown.style.opacity = 0.8;
    return shown;
}

// A hill of height `top` at the share (x, y) of the film.
inline ShownHeatmap shownHill(double x, double y, float top = 1) {
    Heatmap map = hill(32, x, y, {0, 0}, kReliefSide, false);
    for (float& value : map.plane.values) value *= top;
    return shownMap(std::move(map));
}

inline LandscapePtr landscape(const ReliefFilmPtr& film, const std::optional<ShownHeatmap>& shown) { return landscapeOf(film, shown).value(); }

}  // namespace cxr::ui::test
