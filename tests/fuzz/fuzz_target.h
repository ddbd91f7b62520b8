// What a fuzz target gives. Two drivers run it: mutation_driver.cpp (any compiler, deterministic, in CTest) and libFuzzer
// (clang, -DCXR_LIBFUZZER=ON).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Reads one hostile input. It may refuse it; it may not crash, run anything, or touch a byte that is not its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace cxr::fuzz {

// Valid inputs to be mutated, made by the target itself.
std::vector<std::string> seeds();
// Words of the format that mutations put in.
std::vector<std::string> words();

}  // namespace cxr::fuzz
