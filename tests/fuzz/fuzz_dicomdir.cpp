// The index of a disc. Whatever it says, only files of its own folder come out of it.
#include <cstdlib>
#include <fstream>

#include "core/study/dicomdir.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/object_seeds.h"

using namespace cxr;

namespace {

namespace fs = std::filesystem;

// A disc with two films, one in lower case, and links that lead out of it. Its index is in memory, refilled for each input.
struct Disc {
    fuzz::MemoryFolder folder;
    fuzz::MemoryFile index;
    Disc() {
        fs::create_directory(folder.path() / "IMAGES");
        std::ofstream(folder.path() / "IMAGES" / "IM0001") << "film";
        std::ofstream(folder.path() / "im2") << "film";
        fs::create_directory_symlink("/", folder.path() / "OUT");
        fs::create_symlink("/etc/passwd", folder.path() / "LINK");
        fs::create_symlink(index.path(), folder.path() / "DICOMDIR");
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Disc disc;
    static const std::string inside = disc.folder.path().string() + "/";
    disc.index.put(data, size);
    const auto files = readDicomdir(disc.folder.path() / "DICOMDIR", {.maxSequenceDepth = 64});
    if (!files.isOk()) {
        if (files.error().message.empty()) std::abort();
        return 0;
    }
    for (const IndexedFile& indexed : files.value()) {
        if (indexed.file.empty() == indexed.reason.empty()) std::abort();
        if (indexed.file.empty()) continue;
        const std::string file = fs::canonical(indexed.file).string();
        if (!file.starts_with(inside) && file != disc.folder.path()) std::abort();
    }
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    const std::vector<std::string> ids{"", "IMAGES\\IM0001", "IM2", "GONE\\IM1", "..\\ETC\\PASSWD", "LINK", "OUT\\ETC\\PASSWD"};
    const std::vector<std::string> honest{"", "IMAGES\\IM0001", "IM2"};
    return {directorySeed(ObjectBytes(), ids), directorySeed(ObjectBytes(), honest), directorySeed(ObjectBytes(false), honest),
            directorySeed(ObjectBytes(true, true), honest)};
}

std::vector<std::string> cxr::fuzz::words() {
    return {"DICM", "IMAGES\\", "IM0001", "IM2 ", "OUT\\", "LINK", "DICOMDIR", "..", "\\..\\", ".\\", "\\", "/", "1.2.840.10008.1.2.1.99",
            std::string("\x04\x00\x00\x15\x43S", 6), std::string("\x04\x00\x20\x12SQ\x00\x00\xff\xff\xff\xff", 12),
            std::string("\xfe\xff\x00\xe0\xff\xff\xff\xff", 8), std::string("\xfe\xff\x0d\xe0\x00\x00\x00\x00", 8),
            std::string("\xfe\xff\xdd\xe0\x00\x00\x00\x00", 8), std::string("\xf0\xff\xff\xff", 4), "IMAGE ", "PATIENT "};
}
