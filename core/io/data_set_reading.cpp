#include "core/io/data_set_reading.h"

#include <dcmtk/dcmdata/dcistrmb.h>

#include <exception>

namespace cxr {
namespace {

template <typename Read>
OFCondition guarded(const Read& read) {
    try {
        return read();
    } catch (const std::bad_alloc&) {
        return EC_MemoryExhausted;
    } catch (const std::exception&) {
        return EC_CorruptedData;
    }
}

}  // namespace

E_TransferSyntax plainCoding(const DicomLayout& layout) {
    if (layout.order == ByteOrder::Big) return EXS_BigEndianExplicit;
    return layout.isExplicit ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit;
}

OFCondition readDataSet(DcmDataset& dataSet, std::span<const std::uint8_t> bytes, E_TransferSyntax coding) {
    return guarded([&] {
        DcmInputBufferStream stream;
        stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
        stream.setEos();
        dataSet.transferInit();
        const OFCondition read = dataSet.read(stream, coding, EGL_noChange);
        dataSet.transferEnd();
        return read;
    });
}

OFCondition readFile(DcmFileFormat& format, const std::filesystem::path& file) {
    return guarded([&] { return format.loadFile(OFFilename(file.c_str())); });
}

}  // namespace cxr
