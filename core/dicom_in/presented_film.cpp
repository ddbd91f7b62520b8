#include "core/dicom_in/presented_film.h"

#include <algorithm>
#include <cmath>

#include "core/image/pixel_chain.h"

namespace cxr {
namespace {

// All values that the film's bits can hold, through the modality stage.
ValueRange possibleRange(const Image& image) {
    const int bits = std::clamp(image.encoding.bitsStored, 1, 16);
    const double count = std::ldexp(1.0, bits);
    const double low = image.storedOffset != 0 ? -count / 2 : 0, high = low + count - 1;
    const ModalityTransform& modality = image.modality;
    if (modality.table) return {0, std::ldexp(1.0, modality.table->bitsPerEntry) - 1};
    const double a = modality.slope * low + modality.intercept, b = modality.slope * high + modality.intercept;
    return {std::min(a, b), std::max(a, b)};
}

// A descriptor's first input is signed where the values are; the file does not say which (C.11.1.1).
std::shared_ptr<const LookupTable> withSignedInput(const std::shared_ptr<const LookupTable>& table, bool isSigned) {
    if (!table || !isSigned || table->firstInput < 32768) return table;
    auto copy = std::make_shared<LookupTable>(*table);
    copy->firstInput -= 65536;
    return copy;
}

}  // namespace

PresentedFilm presentedFilm(const PresentationPtr& state, const ImagePtr& film) {
    auto image = std::make_shared<Image>(*film);
    image->modality = state->modality;
    image->modality.table = withSignedInput(state->modality.table, film->storedOffset != 0);
    image->isInverse = !state->presentationLut && state->isInverse;
    for (std::size_t i = 0; i < state->overlays.size(); ++i) {
        if (!state->overlayLayers[i].empty()) image->overlays.push_back(state->overlays[i]);
    }
    const ValueRange range = possibleRange(*image);
    PresentedFilm presented;
    if (const VoiSetting* voi = state->voiFor(film->study.sopInstanceUid)) {
        presented.voi = *voi;
        presented.voi.table = withSignedInput(voi->table, range.low < 0);
    } else {
        presented.voi = {(range.low + range.high) / 2, std::max(range.high - range.low, 1.0), VoiFunction::LinearExact, nullptr};
    }
    image->defaultVoi = presented.voi;
    presented.image = image;
    presented.presentationLut = state->presentationLut;
    presented.colours = state->colours;
    return presented;
}

std::array<std::uint8_t, 65536> presentedTable8(const PresentedFilm& film, const VoiSetting& voi, bool invert) {
    if (!film.presentationLut) return grayTable8(*film.image, voi, invert);
    const std::vector<float> grays = grayTable(*film.image, voi, false);
    const LookupTable& lut = *film.presentationLut;
    const double last = static_cast<double>(lut.values.size()) - 1, white = std::ldexp(1.0, lut.bitsPerEntry) - 1;
    std::array<std::uint8_t, 65536> table{};
    for (std::size_t sample = 0; sample < table.size(); ++sample) {
        const auto entry = static_cast<std::size_t>(std::lround(grays[sample] * last));
        const double gray = std::min(lut.values[entry] / white, 1.0);
        table[sample] = static_cast<std::uint8_t>(std::lround((invert ? 1 - gray : gray) * 255));
    }
    return table;
}

}  // namespace cxr
