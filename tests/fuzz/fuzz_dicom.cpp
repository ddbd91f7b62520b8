// DICOM to film: header, pixel formats, DCMTK's decoders, look-up tables, overlays.
#include "tests/fuzz/check_film.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { return fuzz::readHostileFilm(data, size); }

namespace {

// PackBits of a ramp, one segment: RLE as PS3.5 annex G has it.
std::string rleFrame() {
    std::string frame(64, '\0');
    frame[0] = 1, frame[4] = 64;
    for (int row = 0; row < fuzz::kRows; ++row) {
        frame += static_cast<char>(257 - fuzz::kColumns);  // the next byte, kColumns times
        frame += static_cast<char>(6 * row);
    }
    return frame;
}

}  // namespace

std::vector<std::string> cxr::fuzz::seeds() {
    return {plainFilm(test::kExplicitLittle, true, false),
            plainFilm(test::kImplicitLittle, false, false),
            plainFilm(test::kExplicitBig, true, true),
            compressedFilm(rleFrame(), "1.2.840.10008.1.2.5", 8, 8),
            compressedFilm(encoded(".jpg", CV_8UC1), "1.2.840.10008.1.2.4.50", 8, 8),
            compressedFilm(encoded(".jpg", CV_8UC3), "1.2.840.10008.1.2.4.50", 8, 8, 3)};
}

std::vector<std::string> cxr::fuzz::words() { return dicomWords(); }
