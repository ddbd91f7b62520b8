#include "core/io/transfer_syntax.h"

#include <algorithm>
#include <array>

namespace cxr {
namespace {

using enum PixelCodec;

constexpr bool kImplicit = false, kExplicit = true, kLittle = false, kBig = true, kPlain = false, kDeflated = true;
constexpr bool kLossless = false, kLossy = true;

constexpr std::array kTable{
    TransferSyntax{"1.2.840.10008.1.2", "Implicit VR Little Endian", Raw, kImplicit},
    TransferSyntax{"1.2.840.10008.1.2.1", "Explicit VR Little Endian", Raw},
    TransferSyntax{"1.2.840.10008.1.2.2", "Explicit VR Big Endian", Raw, kExplicit, kBig},
    TransferSyntax{"1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", Raw, kExplicit, kLittle, kDeflated},
    TransferSyntax{"1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", RawItems},
    TransferSyntax{"1.2.840.10008.1.2.5", "RLE Lossless", Rle},
    TransferSyntax{"1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", DeflatedFrames},
    TransferSyntax{"1.2.840.10008.1.2.4.50", "JPEG Baseline", Jpeg, kExplicit, kLittle, kPlain, kLossy},
    TransferSyntax{"1.2.840.10008.1.2.4.51", "JPEG Extended", Jpeg, kExplicit, kLittle, kPlain, kLossy},
    TransferSyntax{"1.2.840.10008.1.2.4.53", "JPEG Spectral Selection", Jpeg, kExplicit, kLittle, kPlain, kLossy},
    TransferSyntax{"1.2.840.10008.1.2.4.55", "JPEG Full Progression", Jpeg, kExplicit, kLittle, kPlain, kLossy},
    TransferSyntax{"1.2.840.10008.1.2.4.57", "JPEG Lossless", Jpeg, kExplicit, kLittle, kPlain, kLossless},
    TransferSyntax{"1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction", Jpeg},
    TransferSyntax{"1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", JpegLs},
    TransferSyntax{"1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", JpegLs, kExplicit, kLittle, kPlain, kLossy},
    TransferSyntax{"1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless", Jpeg2000},
    TransferSyntax{"1.2.840.10008.1.2.4.91", "JPEG 2000", Jpeg2000, kExplicit, kLittle, kPlain, kLossy},
    TransferSyntax{"1.2.840.10008.1.2.4.92", "JPEG 2000 Multi-component Lossless", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.93", "JPEG 2000 Multi-component", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.94", "JPIP Referenced", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.100", "MPEG-2 video", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.101", "MPEG-2 video", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.102", "MPEG-4 video", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.103", "MPEG-4 video", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.107", "HEVC video", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.108", "HEVC video", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.110", "JPEG XL Lossless", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.111", "JPEG XL Recompression", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.112", "JPEG XL", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 Lossless RPCL", Unsupported},
    TransferSyntax{"1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", Unsupported},
};

}  // namespace

const TransferSyntax* findTransferSyntax(std::string_view uid) {
    const auto* found = std::find_if(kTable.begin(), kTable.end(), [&](const auto& entry) { return entry.uid == uid; });
    return found == kTable.end() ? nullptr : found;
}

const TransferSyntax& implicitLittleEndian() { return kTable[0]; }
const TransferSyntax& explicitLittleEndian() { return kTable[1]; }
const TransferSyntax& explicitBigEndian() { return kTable[2]; }

}  // namespace cxr
