// De-identification of hostile films and objects: headers alone, and with a box to be blackened. What comes out is a sound DICOM
// object with a zeroed preamble that can be cleaned again.
#include <algorithm>
#include <cstdlib>

#include "core/deidentify/deidentify.h"
#include "core/io/dicom_prescan.h"
#include "tests/fuzz/film_seeds.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/object_seeds.h"

using namespace cxr;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Pseudonyms pseudonyms{Pseudonyms::Key{}};
    const Bytes file(data, size);
    if (!looksLikeDicom(file)) return 0;
    DeidentifyRequest request;
    if (size % 4 == 1) request.boxes = std::vector<TextBox>{TextBox(2, 3, 20, 8)};
    const auto cleaned = deidentifyObject(file, request, pseudonyms, fuzz::smallLimits());
    if (!cleaned.isOk()) {
        check(!cleaned.error().message.empty());
        return 0;
    }
    const std::string& bytes = cleaned.value().bytes;
    check(bytes.size() > 132 && std::all_of(bytes.begin(), bytes.begin() + 128, [](char c) { return c == 0; }));
    const Bytes written(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ReadLimits wide = fuzz::smallLimits();
    wide.maxFileBytes *= 4;
    check(prescanDicomObject(written, wide).isOk());
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    std::vector<std::string> all{plainFilm(test::kExplicitLittle, true, false), plainFilm(test::kImplicitLittle, false, false),
                                 compressedFilm(encoded(".jpg", CV_8UC1), "1.2.840.10008.1.2.4.50", 8, 8), reportSeed(ObjectBytes()),
                                 presentationStateSeed(ObjectBytes(), false), segmentationSeed(ObjectBytes(false), false)};
    ObjectBytes person, inner = person.item();
    person.texts({{0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1"}, {0x00080018, "UI", "1.2.3"}, {0x00080020, "DA", "20261121"}, {0x00080030, "TM", "101112"},
                  {0x00080060, "CS", "CR"}, {0x00080090, "PN", "Doctor^A"}, {0x00081030, "LO", "Chest of Doe"}});
    inner.texts({{0x00100010, "PN", "Doe^Jane"}, {0x00401001, "SH", "R1"}});
    person.sequence(0x00081140, {inner}).texts({{0x00090010, "LO", "MAKER"}, {0x00091001, "LO", "private"}, {0x00100010, "PN", "Doe^Jane"},
                                                {0x00100020, "LO", "4711"}, {0x00100030, "DA", "19490308"}, {0x0020000D, "UI", "1.2.4"}});
    all.push_back(person.file());
    return all;
}

std::vector<std::string> cxr::fuzz::words() {
    std::vector<std::string> all = dicomWords();
    const std::vector<std::string> more = objectWords();
    all.insert(all.end(), more.begin(), more.end());
    all.insert(all.end(), {"Doe^Jane", "4711", "PN", "LT", "19490308"});
    return all;
}
