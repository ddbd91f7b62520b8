// libFuzzer begins with our own seeds and words: `fuzz_x CORPUS ...` writes the seeds into CORPUS when that folder is empty, and the
// words as a dictionary beside it.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

namespace fs = std::filesystem;

void writeSeeds(const fs::path& folder) {
    int number = 0;
    for (const std::string& seed : cxr::fuzz::seeds()) std::ofstream(folder / ("seed" + std::to_string(number++)), std::ios::binary) << seed;
}

// "\x50\x4B" a line.
void writeDictionary(const fs::path& file) {
    std::ofstream stream(file);
    for (const std::string& word : cxr::fuzz::words()) {
        stream << '"';
        for (const char c : word) {
            char code[8];
            std::snprintf(code, sizeof code, "\\x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
            stream << code;
        }
        stream << "\"\n";
    }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    for (int i = 1; i < *argc; ++i) {
        fs::path folder = (*argv)[i];
        if (folder.string().starts_with("-") || !fs::is_directory(folder)) continue;
        if (!folder.has_filename()) folder = folder.parent_path();
        if (fs::is_empty(folder)) writeSeeds(folder);
        const fs::path words = folder.string() + ".words";
        writeDictionary(words);
        // libFuzzer reads its arguments after this.
        static std::string option = "-dict=" + words.string();
        static std::vector<char*> arguments(*argv, *argv + *argc);
        arguments.push_back(option.data());
        arguments.push_back(nullptr);
        *argv = arguments.data();
        ++*argc;
        break;
    }
    return 0;
}
