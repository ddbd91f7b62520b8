#include "core/io/jpeg2000_codec.h"

#include <openjpeg.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <thread>

namespace cxr {
namespace {

Error damaged() { return {ErrorCode::Corrupt, "its JPEG 2000 picture is damaged or cut off"}; }

// OpenJPEG pulls from memory through these.
struct Source {
    Bytes data;
    std::size_t position = 0;
};

OPJ_SIZE_T readSome(void* buffer, OPJ_SIZE_T size, void* user) {
    auto* source = static_cast<Source*>(user);
    const std::size_t count = std::min<std::size_t>(size, source->data.size() - source->position);
    if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
    std::copy_n(source->data.data() + source->position, count, static_cast<std::uint8_t*>(buffer));
    source->position += count;
    return count;
}

OPJ_OFF_T skipSome(OPJ_OFF_T size, void* user) {
    auto* source = static_cast<Source*>(user);
    if (size < 0) return -1;
    const std::size_t count =
        std::min<std::size_t>(static_cast<std::size_t>(size), source->data.size() - source->position);
    source->position += count;
    return static_cast<OPJ_OFF_T>(count);
}

OPJ_BOOL seekTo(OPJ_OFF_T position, void* user) {
    auto* source = static_cast<Source*>(user);
    if (position < 0 || static_cast<std::size_t>(position) > source->data.size()) return OPJ_FALSE;
    source->position = static_cast<std::size_t>(position);
    return OPJ_TRUE;
}

void ignore(const char* /*message*/, void* /*user*/) {}

using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Picture = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

Stream streamOver(Source& source) {
    Stream stream(opj_stream_create(std::min<std::size_t>(source.data.size(), OPJ_J2K_STREAM_CHUNK_SIZE), OPJ_TRUE),
                  &opj_stream_destroy);
    if (!stream) return stream;
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), source.data.size());
    opj_stream_set_read_function(stream.get(), readSome);
    opj_stream_set_skip_function(stream.get(), skipSome);
    opj_stream_set_seek_function(stream.get(), seekTo);
    return stream;
}

// Starting threads takes longer than they save below this many pixels.
constexpr std::int64_t kPixelsForThreads = 1 << 18;

Codec makeCodec(const CodestreamHeader& claimed) {
    Codec codec(opj_create_decompress(claimed.isJp2File ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K), &opj_destroy_codec);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!codec || opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE) return {nullptr, &opj_destroy_codec};
    opj_set_error_handler(codec.get(), ignore, nullptr);
    opj_set_warning_handler(codec.get(), ignore, nullptr);
    opj_set_info_handler(codec.get(), ignore, nullptr);
    if (std::int64_t{claimed.columns} * claimed.rows >= kPixelsForThreads)
        opj_codec_set_threads(codec.get(), static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U)));
    return codec;
}

Picture decode(Bytes data, const CodestreamHeader& claimed) {
    Source source{data};
    const Stream stream = streamOver(source);
    const Codec codec = makeCodec(claimed);
    if (!stream || !codec) return {nullptr, &opj_image_destroy};
    opj_image_t* raw = nullptr;
    const bool hasHeader = opj_read_header(stream.get(), codec.get(), &raw) != OPJ_FALSE;
    Picture picture(raw, &opj_image_destroy);
    if (!hasHeader || !picture || opj_decode(codec.get(), stream.get(), raw) == OPJ_FALSE)
        return {nullptr, &opj_image_destroy};
    return picture;
}

bool isAsClaimed(const opj_image_t& picture, const CodestreamHeader& claimed) {
    if (picture.numcomps != static_cast<OPJ_UINT32>(claimed.components)) return false;
    return std::all_of(picture.comps, picture.comps + picture.numcomps, [&](const opj_image_comp_t& c) {
        return c.data != nullptr && c.w == claimed.columns && c.h == claimed.rows && c.prec >= 1 && c.prec <= 16;
    });
}

PixelFormat formatAfter(const CodestreamHeader& claimed, PixelFormat format, int precision) {
    format.bitsAllocated = 16;
    format.bitsStored = precision;
    format.highBit = precision - 1;
    format.isPlanar = false;
    format.frames = 1;
    if (format.samplesPerPixel > 1)
        format.photometric = claimed.hasColorTransform || format.photometric == "RGB" ? "RGB" : "YBR_FULL";
    return format;
}

// The low bits of every number, interleaved, in this machine's order; the format says how to read them.
std::shared_ptr<std::vector<std::uint16_t>> interleave(const opj_image_t& picture, int samplesPerPixel,
                                                       std::uint16_t mask) {
    const std::size_t count = std::size_t{picture.comps[0].w} * picture.comps[0].h;
    const auto step = static_cast<std::size_t>(samplesPerPixel);
    auto words = std::make_shared<std::vector<std::uint16_t>>(count * step);
    for (std::size_t c = 0; c < step; ++c) {
        const OPJ_INT32* from = picture.comps[c].data;
        std::uint16_t* to = words->data() + c;
        for (std::size_t i = 0; i < count; ++i) to[i * step] = static_cast<std::uint16_t>(from[i]) & mask;
    }
    return words;
}

}  // namespace

Result<StoredFrame> decodeJpeg2000(Bytes data, const CodestreamHeader& claimed, const PixelFormat& format,
                                   std::vector<std::string>& notes) {
    const Picture picture = decode(data, claimed);
    if (!picture || !isAsClaimed(*picture, claimed)) return damaged();
    const int precision = static_cast<int>(picture->comps[0].prec);
    if (claimed.isSigned != format.isSigned) {
        notes.emplace_back(
            "The compressed picture and the header disagree about the sign of pixels; the header was followed.");
    }
    const auto mask = static_cast<std::uint16_t>((1U << precision) - 1);
    const auto words = interleave(*picture, format.samplesPerPixel, mask);
    StoredFrame frame;
    frame.format = formatAfter(claimed, format, precision);
    frame.bytes = {reinterpret_cast<const std::uint8_t*>(words->data()), words->size() * 2};
    frame.order = std::endian::native == std::endian::little ? ByteOrder::Little : ByteOrder::Big;
    frame.isLuminanceFirst = frame.format.photometric == "YBR_FULL";
    frame.owner = words;
    return frame;
}

}  // namespace cxr
