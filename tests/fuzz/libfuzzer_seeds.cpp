// libFuzzer begins with our own seeds: `fuzz_x CORPUS ...` writes them into CORPUS when that folder is empty.
#include <filesystem>
#include <fstream>

#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    namespace fs = std::filesystem;
    for (int i = 1; i < *argc; ++i) {
        const fs::path folder = (*argv)[i];
        if (folder.string().starts_with("-") || !fs::is_directory(folder)) continue;
        if (!fs::is_empty(folder)) break;
        int number = 0;
        for (const std::string& seed : cxr::fuzz::seeds()) {
            std::ofstream(folder / ("seed" + std::to_string(number++)), std::ios::binary) << seed;
        }
        break;
    }
    return 0;
}
