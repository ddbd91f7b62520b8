// The look at a DICOM file before any library sees it. What it accepts lies inside of the file.
#include <cstdlib>

#include "core/io/dicom_prescan.h"
#include "tests/fuzz/film_seeds.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

void checkLayout(const DicomLayout& layout) {
    const std::size_t size = layout.dataSet.size();
    check(layout.syntax != nullptr);
    for (const DicomElement& element : layout.elements) {
        check(element.headerOffset <= element.valueOffset && element.valueOffset <= element.endOffset && element.endOffset <= size);
        check(layout.valueOf(element).size() <= size);
    }
    for (const Bytes& fragment : layout.pixels.fragments) {
        check(fragment.empty() || (fragment.data() >= layout.dataSet.data() && fragment.data() + fragment.size() <= layout.dataSet.data() + size));
    }
    static_cast<void>(layout.text(0x00100010));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes file(data, size);
    if (!looksLikeDicom(file)) return 0;
    if (const auto layout = prescanDicom(file, fuzz::smallLimits()); layout.isOk()) {
        checkLayout(layout.value());
        check(layout.value().pixels.element.tag != 0);
    }
    if (const auto layout = prescanDicomObject(file, fuzz::smallLimits()); layout.isOk()) checkLayout(layout.value());
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    return {plainFilm(test::kExplicitLittle, true, false), plainFilm(test::kImplicitLittle, false, false), plainFilm(test::kExplicitBig, true, true),
            compressedFilm(encoded(".jpg", CV_8UC1), "1.2.840.10008.1.2.4.50", 8, 8)};
}

std::vector<std::string> cxr::fuzz::words() { return dicomWords(); }
