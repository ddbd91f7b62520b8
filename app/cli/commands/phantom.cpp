#include "app/cli/commands/phantom.h"

#include <cstdio>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "core/base/atomic_file.h"
#include "core/dicom_out/phantom_film.h"
#include "core/image/phantom.h"

namespace cxr::cli {
namespace {

struct PhantomOptions {
    std::string out;
    PhantomSpec spec;
};

bool isDicomName(const std::filesystem::path& file) { return file.extension() == ".dcm" || file.extension() == ".DCM"; }

Result<Done> writePng(const Phantom& phantom, const std::filesystem::path& file) {
    std::vector<unsigned char> png;
    cv::imencode(".png", phantom.image.samples, png);
    return writeFileAtomically(file, std::as_bytes(std::span(png)));
}

int runPhantom(const PhantomOptions& options) {
    const Phantom phantom = makePhantom(options.spec);
    const Result<Done> written =
        isDicomName(options.out) ? writePhantomFilm(phantom, options.out) : writePng(phantom, options.out);
    if (!written.isOk()) return complain(written.error());
    std::printf("%s: synthetic film, %d x %d pixels, cardiothoracic ratio %.2f\n", options.out.c_str(),
                options.spec.width, options.spec.height, options.spec.cardiothoracicRatio);
    return kAllWell;
}

}  // namespace

void addPhantom(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<PhantomOptions>();
    CLI::App* verb =
        program.add_subcommand("phantom", "Writes a synthetic chest film with a known ratio, to try the program with");
    verb->add_option("--out", options->out, "The file to write: DICOM if its name ends in .dcm, else a 16-bit PNG")
        ->required();
    verb->add_option("--ctr", options->spec.cardiothoracicRatio, "Its cardiothoracic ratio (0.46)")
        ->check(CLI::Range(0.3, 0.8));
    verb->add_option("--width", options->spec.width, "Columns (1024)")->check(CLI::Range(64, 8192));
    verb->add_option("--height", options->spec.height, "Rows (1024)")->check(CLI::Range(64, 8192));
    verb->add_option("--seed", options->spec.seed, "Of its noise (1)");
    verb->footer(
        examples({"precordia-cli phantom --out sample.png --ctr 0.58", "precordia-cli phantom --out sample.dcm"}));
    verb->callback([options, &chosen] { chosen = [options](const RunContext&) { return runPhantom(*options); }; });
}

}  // namespace cxr::cli
