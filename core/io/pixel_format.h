// How the pixels of one frame are laid out in bytes. Plain values; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/io/bytes.h"
#include "core/io/dicom_header.h"
#include "core/io/image_reader.h"

namespace cxr {

enum class NumberKind { Integer, Float, Double };

struct PixelFormat {
    int rows = 0, columns = 0;
    int samplesPerPixel = 1;
    int frames = 1;
    int bitsAllocated = 16, bitsStored = 16, highBit = 15;
    bool isSigned = false;
    bool isPlanar = false;  // R, G and B in planes of their own
    std::string photometric;
    NumberKind kind = NumberKind::Integer;

    [[nodiscard]] std::int64_t pixels() const { return std::int64_t{rows} * columns; }
    [[nodiscard]] bool isSubsampled() const {
        return photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422";
    }
    // Uncompressed size of one frame: packed bits when bitsAllocated is 1; 4:2:2 keeps two of three samples.
    [[nodiscard]] std::int64_t frameBytes() const {
        const std::int64_t samples =
            isSubsampled() ? (std::int64_t{columns} + 1) / 2 * 4 * rows : pixels() * samplesPerPixel;
        return (samples * bitsAllocated + 7) / 8;
    }
};

// One frame, uncompressed. `bytes` points into the file or into what `owner` keeps alive.
struct StoredFrame {
    PixelFormat format;
    Bytes bytes;
    std::shared_ptr<const void> owner;
    ByteOrder order = ByteOrder::Little;
    bool isWordSwapped = false;     // 8-bit pixels in 16-bit big endian words: neighbours have changed places
    bool isLuminanceFirst = false;  // three samples, of which the first already is the luminance (YBR)
};

// What the header says, checked against itself and the limits before anything is allocated.
//   fails  Corrupt, TooLarge, Unsupported
Result<PixelFormat> readPixelFormat(const DicomHeader& header, const PixelLocation& pixels, const ReadLimits& limits);

// rows x columns against the limits; also used by the codecs for what a codestream claims.
Result<Done> checkClaimedSize(std::int64_t rows, std::int64_t columns, std::int64_t bytesPerPixel, std::int64_t frames,
                              const ReadLimits& limits);

}  // namespace cxr
