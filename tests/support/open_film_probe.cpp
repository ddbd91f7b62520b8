// Opens one film in a process of its own and says what happened; the tests start it for hostile files.
//   open_film_probe [--seconds N] [--megabytes N] [--render OUT.png] FILE          (--hang yes: never ends, to test the
//   test) prints  "OK <width>x<height> <transfer syntax or format> <notes>" or "REFUSED <code> <message>", then
//   "GREW <KiB of memory above what it had before>"; exit    0 opened, 3 refused; a signal is a crash, SIGXCPU or SIGALRM a hang
// --seconds limits CPU time (and ten times that the wall-clock time), --megabytes the address space (not under sanitizers, which reserve
// terabytes).
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <string>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

namespace {

void limitTime(unsigned seconds) {
    const rlimit limit{seconds, seconds + 1};
    setrlimit(RLIMIT_CPU, &limit);
    alarm(10 * seconds);  // for what sleeps instead of computing; a busy machine must not look like a hang
}

void limitMemory(rlim_t megabytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const rlimit limit{megabytes << 20, megabytes << 20};
    setrlimit(RLIMIT_AS, &limit);
#else
    (void)megabytes;
#endif
}

long peakKib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

// What a program has loaded once it has opened any film: DCMTK's dictionary, OpenSSL.
void warmUp() {
    using namespace cxr::test;
    DicomBytes film;
    film.text(0x00080060, "CS", "DX").picture(2, 2).words(0x7FE00010, std::vector<std::uint16_t>{1, 2, 3, 4});
    (void)cxr::readImage(dicomFile(film.bytes, kExplicitLittle), "film");
}

int open(const std::string& file, const std::string& picture) {
    const auto film = cxr::readImage(file);
    if (!film.isOk()) {
        std::printf("REFUSED %d %s\n", static_cast<int>(film.error().code), film.error().message.c_str());
        return 3;
    }
    const cxr::Image& image = *film.value();
    const cv::Mat gray = cxr::renderGray8(image, image.defaultVoi);
    const std::string coding =
        image.encoding.transferSyntax.empty() ? image.encoding.format : image.encoding.transferSyntax;
    std::printf("OK %dx%d %s, %s, VOI %s", image.width(), image.height(), coding.c_str(),
                image.encoding.photometric.c_str(), image.defaultVoiOrigin.c_str());
    for (const std::string& note : image.notes) std::printf(" | %s", note.c_str());
    std::printf("\n");
    if (!picture.empty()) cv::imwrite(picture, gray);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::string file, picture;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : "";
        if (argument == "--seconds") limitTime(static_cast<unsigned>(std::atoi(value)));
        if (argument == "--megabytes") limitMemory(static_cast<rlim_t>(std::atoi(value)));
        if (argument == "--render") picture = value;
        while (argument == "--hang") pause();
        if (argument.rfind("--", 0) == 0) {
            ++i;
        } else {
            file = argument;
        }
    }
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);  // memory is counted in small pages, whatever this computer's setting
    warmUp();
    const long before = peakKib();
    const int code = open(file, picture);
    std::printf("GREW %ld\n", peakKib() - before);
    return code;
}
