// How long it takes from a file in the page cache to an Image: a 2500 x 2048 film of 12 bits (a synthetic chest with
// grain) in every transfer syntax that is read. Counters: file size in MB, megapixels a second.
#include <benchmark/benchmark.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <openjpeg.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

namespace {

namespace fs = std::filesystem;
using namespace cxr;

constexpr int kRows = 2500, kColumns = 2048;

// Two dark lungs in a gray body, with grain of 12 of 4,096 values as a real film has.
cv::Mat chest() {
    cv::Mat film(kRows, kColumns, CV_16UC1), grain(kRows, kColumns, CV_32FC1);
    cv::RNG random(1);
    random.fill(grain, cv::RNG::NORMAL, 0, 12);
    for (int row = 0; row < kRows; ++row) {
        for (int x = 0; x < kColumns; ++x) {
            const double u = x / double{kColumns} - 0.5, v = row / double{kRows} - 0.5;
            const double lungs = std::exp(-40 * std::pow(std::abs(u) - 0.2, 2) - 8 * v * v);
            const double body = 3200 * std::exp(-3 * u * u) - 2000 * lungs + 60 * std::sin(40 * v);
            film.at<std::uint16_t>(row, x) =
                static_cast<std::uint16_t>(std::clamp(body + grain.at<float>(row, x), 0.0, 4095.0));
        }
    }
    return film;
}

void describe(DcmDataset& dataSet, int bitsAllocated, int bitsStored) {
    dataSet.putAndInsertString(DCM_SOPClassUID, UID_DigitalXRayImageStorageForPresentation);
    dataSet.putAndInsertString(DCM_SOPInstanceUID, "1.2.3.4");
    dataSet.putAndInsertString(DCM_Modality, "DX");
    dataSet.putAndInsertString(DCM_PatientName, "Synthetic^Film");
    dataSet.putAndInsertString(DCM_WindowCenter, "2000");
    dataSet.putAndInsertString(DCM_WindowWidth, "3500");
    dataSet.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    dataSet.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    dataSet.putAndInsertUint16(DCM_Rows, kRows);
    dataSet.putAndInsertUint16(DCM_Columns, kColumns);
    dataSet.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(bitsAllocated));
    dataSet.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(bitsStored));
    dataSet.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bitsStored - 1));
    dataSet.putAndInsertUint16(DCM_PixelRepresentation, 0);
}

fs::path fileFor(const std::string& name) {
    static const fs::path folder = [] {
        const fs::path made = fs::temp_directory_path() / "precordia_bench_open";
        fs::create_directories(made);
        return made;
    }();
    return folder / name;
}

fs::path writeDicom(const std::string& name, E_TransferSyntax syntax, const DcmRepresentationParameter* parameter,
                    bool isEightBit) {
    static const cv::Mat film = chest();
    const fs::path file = fileFor(name + ".dcm");
    DcmFileFormat format;
    DcmDataset& dataSet = *format.getDataset();
    describe(dataSet, isEightBit ? 8 : 16, isEightBit ? 8 : 12);
    if (isEightBit) {
        cv::Mat small;
        film.convertTo(small, CV_8U, 1.0 / 16);
        dataSet.putAndInsertUint8Array(DCM_PixelData, small.data, small.total());
    } else {
        dataSet.putAndInsertUint16Array(DCM_PixelData, film.ptr<Uint16>(), film.total());
    }
    dataSet.chooseRepresentation(syntax, parameter);
    format.saveFile(file.c_str(), syntax);
    return file;
}

// OpenJPEG writes to a file of its own; its codestream then becomes the only fragment of a DICOM file.
std::vector<std::uint8_t> jpeg2000(const cv::Mat& film, bool isLossy) {
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.tcp_rates[0] = isLossy ? 10.0F : 0.0F;
    parameters.irreversible = isLossy ? 1 : 0;
    opj_image_cmptparm_t component{};
    component.dx = component.dy = 1;
    component.w = kColumns;
    component.h = kRows;
    component.prec = 12;
    opj_image_t* image = opj_image_create(1, &component, OPJ_CLRSPC_GRAY);
    image->x1 = kColumns;
    image->y1 = kRows;
    for (std::size_t i = 0; i < film.total(); ++i) image->comps[0].data[i] = film.ptr<std::uint16_t>()[i];
    opj_codec_t* codec = opj_create_compress(OPJ_CODEC_J2K);
    opj_setup_encoder(codec, &parameters, image);
    const fs::path file = fileFor("codestream.j2k");
    opj_stream_t* stream = opj_stream_create_default_file_stream(file.c_str(), OPJ_FALSE);
    opj_start_compress(codec, image, stream);
    opj_encode(codec, stream);
    opj_end_compress(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

fs::path writeJpeg2000(const std::string& name, bool isLossy) {
    std::vector<std::uint8_t> codestream = jpeg2000(chest(), isLossy);
    if (codestream.size() % 2 != 0) codestream.push_back(0);
    test::DicomBytes film;
    film.text(0x00080060, "CS", "DX")
        .picture(kRows, kColumns, 16, 12)
        .text(0x00281050, "DS", "2000")
        .text(0x00281051, "DS", "3500");
    film.header(0x7FE00010, "OB", test::DicomBytes::kUndefined).header(0xFFFEE000, "", 0);
    film.data(0xFFFEE000, "", codestream).header(0xFFFEE0DD, "", 0);
    const auto bytes = test::dicomFile(film.bytes, isLossy ? "1.2.840.10008.1.2.4.91" : "1.2.840.10008.1.2.4.90");
    const fs::path file = fileFor(name + ".dcm");
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return file;
}

void open(benchmark::State& state, const fs::path& file) {
    for (auto _ : state) {
        const auto film = readImage(file);
        if (!film.isOk()) {
            state.SkipWithError(film.error().message.c_str());
            return;
        }
        benchmark::DoNotOptimize(film.value()->samples.data);
    }
    state.counters["MB"] = static_cast<double>(fs::file_size(file)) / 1e6;
    state.counters["Mpx/s"] =
        benchmark::Counter(kRows * double{kColumns} / 1e6, benchmark::Counter::kIsIterationInvariantRate);
}

void add(const char* name, const fs::path& file) {
    benchmark::RegisterBenchmark(name, [file](benchmark::State& state) { open(state, file); })
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
}

void addDicom(const char* name, E_TransferSyntax syntax, const DcmRepresentationParameter* parameter = nullptr,
              bool isEightBit = false) {
    add(name, writeDicom(name, syntax, parameter, isEightBit));
}

void addRaster(const char* name, const char* extension, int type) {
    cv::Mat film = chest();
    if (type == CV_8U) film.convertTo(film, CV_8U, 1.0 / 16);
    const fs::path file = fileFor(std::string(name) + extension);
    cv::imwrite(file.string(), film);
    add(name, file);
}

// The pixel chain on the same film, for comparison: table and rendering to 8 bits, and the percentile window.
void addPixelChain() {
    static const Image film = [] {
        Image image;
        image.samples = chest();
        return image;
    }();
    benchmark::RegisterBenchmark("render_8_bit", [](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(renderGray8(film, fullRangeVoi(film)).data);
    })->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("percentile_window", [](benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(percentileVoi(film).width);
    })->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
    const DJ_RPLossless lossless(1, 0);
    const DJ_RPLossy lossy(90);
    addDicom("raw_implicit_little", EXS_LittleEndianImplicit);
    addDicom("raw_explicit_little", EXS_LittleEndianExplicit);
    addDicom("raw_explicit_big", EXS_BigEndianExplicit);
    addDicom("deflated", EXS_DeflatedLittleEndianExplicit);
    addDicom("rle", EXS_RLELossless);
    addDicom("jpeg_lossless", EXS_JPEGProcess14SV1, &lossless);
    addDicom("jpeg_baseline_8_bit", EXS_JPEGProcess1, &lossy, true);
    addDicom("jpeg_ls", EXS_JPEGLSLossless);
    add("jpeg_2000_lossless", writeJpeg2000("jpeg_2000_lossless", false));
    add("jpeg_2000_lossy_10_to_1", writeJpeg2000("jpeg_2000_lossy", true));
    addRaster("png_16_bit", ".png", CV_16U);
    addRaster("png_8_bit", ".png", CV_8U);
    addRaster("tiff_16_bit", ".tiff", CV_16U);
    addPixelChain();
    benchmark::RunSpecifiedBenchmarks();
    std::error_code ignored;
    fs::remove_all(fileFor("x").parent_path(), ignored);
    return 0;
}
