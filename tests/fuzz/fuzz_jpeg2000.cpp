// A hostile JPEG 2000 stream in an honest DICOM film.
#include "tests/fuzz/check_film.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string frame(reinterpret_cast<const char*>(data), size);
    const std::string film = fuzz::compressedFilm(frame, "1.2.840.10008.1.2.4.91", 16, 12);
    return fuzz::readHostileFilm(reinterpret_cast<const std::uint8_t*>(film.data()), film.size());
}

namespace {

// Without the boxes of a JP2 file.
std::string codestreamOf(const std::string& jp2) {
    const auto start = jp2.find(std::string("\xff\x4f\xff\x51", 4));
    return start == std::string::npos ? jp2 : jp2.substr(start);
}

}  // namespace

std::vector<std::string> cxr::fuzz::seeds() {
    const std::string whole = encoded(".jp2", CV_16UC1), lossy = encoded(".jp2", CV_16UC1, {cv::IMWRITE_JPEG2000_COMPRESSION_X1000, 200});
    return {whole, codestreamOf(whole), codestreamOf(lossy), codestreamOf(encoded(".jp2", CV_8UC1))};
}

std::vector<std::string> cxr::fuzz::words() {
    return {std::string("\xff\x4f", 2), std::string("\xff\x51", 2), std::string("\xff\x52", 2), std::string("\xff\x5c", 2), std::string("\xff\x90", 2),
            std::string("\xff\x93", 2), std::string("\xff\xd9", 2), std::string("\xff\x5f", 2), std::string("\xff\x5e", 2), std::string("\xff\x57", 2),
            std::string("\xff\x60", 2), "jp2c", "ihdr", std::string("\xff\xff\xff\xff", 4), std::string(4, '\0')};
}
