// Mutations of an input: bits, bytes, numbers that make sizes lie, words of the format, cut, moved, doubled and foreign
// parts. An input depends on seed and number alone, so that each can be made again.
//   thread rule  pure; any thread
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cxr::fuzz {

// Input `number` of the run `seed`. REQUIRES: seeds is not empty.
std::string mutated(const std::vector<std::string>& seeds, const std::vector<std::string>& words, std::uint64_t seed,
                    std::uint64_t number);

}  // namespace cxr::fuzz
