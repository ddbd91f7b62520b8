// PNG, TIFF and JPEG films.
#include "tests/fuzz/check_film.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { return fuzz::readHostileFilm(data, size); }

std::vector<std::string> cxr::fuzz::seeds() {
    constexpr int kNone = 1, kLzw = 5, kDeflate = 8, kPackBits = 32773;  // TIFF 6.0, tag 259
    std::vector<std::string> all{encoded(".png", CV_8UC1), encoded(".png", CV_16UC1), encoded(".png", CV_8UC4), encoded(".jpg", CV_8UC1),
                                 encoded(".jpg", CV_8UC3, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})};
    for (const int type : {CV_8UC1, CV_16UC1, CV_8UC3, CV_32FC1}) {
        for (const int compression : {kNone, kLzw, kDeflate, kPackBits}) all.push_back(encoded(".tiff", type, {cv::IMWRITE_TIFF_COMPRESSION, compression}));
    }
    return all;
}

std::vector<std::string> cxr::fuzz::words() {
    return {"IHDR", "IDAT", "IEND", "PLTE", "tRNS", "acTL", "fdAT", "iCCP", "II*", "MM", std::string("\xff\xd8", 2), std::string("\xff\xc2", 2),
            std::string("\xff\xda", 2), std::string("\xff\xe1\x00\x08", 4) + "Exif", std::string("\x00\x01\x03\x00", 4), std::string("II+\x00\x08\x00", 6),
            std::string("\x42\x01\x04\x00", 4), std::string("\x53\x01\x03\x00", 4), std::string("\x03\x01\x03\x00", 4), std::string("\xff\xff\xff\xff", 4)};
}
