// Lets DCMTK read a data set from memory. The one place that calls its parser, because that parser may throw: DCMTK 3.6.7 does
// so over values with 0 bytes and backslashes (std::out_of_range in DcmByteString::verify), where it checks them while it reads;
// what is known of that is refused before (core/io/dicom_walker.cpp).
//   thread rule  one data set, one thread
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "core/io/dicom_prescan.h"

namespace cxr {

// The coding of a data set that is not deflated (any more).
E_TransferSyntax plainCoding(const DicomLayout& layout);

// Values are copied. Whatever is thrown becomes EC_CorruptedData or EC_MemoryExhausted.
OFCondition readDataSet(DcmDataset& dataSet, std::span<const std::uint8_t> bytes, E_TransferSyntax coding);
// A whole file, which DCMTK goes on reading from where it leaves values.
OFCondition readFile(DcmFileFormat& format, const std::filesystem::path& file);

}  // namespace cxr
