#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <cstring>

namespace cxr::fuzz {
namespace {

constexpr std::size_t kMaxBytes = 1 << 16;

// SplitMix64: Steele, Lea, Flood, OOPSLA 2014.
class Random {
  public:
    explicit Random(std::uint64_t state) : m_state(state) {}
    std::uint64_t next() {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    // In [0, count). REQUIRES: count > 0
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
    template <typename List>
    const auto& oneOf(const List& list) { return list[below(std::size(list))]; }

  private:
    std::uint64_t m_state;
};

constexpr std::uint64_t kNumbers[] = {0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
                                      0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff};

struct Part {
    std::size_t at, length;
};

// A part of up to 64 bytes. REQUIRES: size > 0
Part somePart(Random& random, std::size_t size) {
    const std::size_t at = random.below(size);
    return {at, 1 + random.below(std::min<std::size_t>(size - at, 64))};
}

void putNumber(std::string& bytes, Random& random) {
    constexpr std::size_t kWidths[] = {1, 2, 4, 8};
    const std::size_t width = random.oneOf(kWidths);
    if (bytes.size() < width) return;
    const std::uint64_t number = random.below(4) == 0 ? bytes.size() + random.below(16) - 8 : random.oneOf(kNumbers);
    std::memcpy(bytes.data() + random.below(bytes.size() - width + 1), &number, width);
}

// Decimal digits somewhere become others: sizes and offsets in JSON.
void changeDigits(std::string& bytes, Random& random) {
    const std::size_t from = random.below(bytes.size());
    const std::size_t digit = bytes.find_first_of("0123456789", from);
    if (digit == std::string::npos) return;
    const std::size_t end = std::min(bytes.find_first_not_of("0123456789", digit), bytes.size());
    bytes.replace(digit, end - digit, std::to_string(random.oneOf(kNumbers)));
}

void mutateOnce(std::string& bytes, Random& random, const std::vector<std::string>& seeds, const std::vector<std::string>& words) {
    if (bytes.empty()) bytes = random.oneOf(seeds);
    const Part part = somePart(random, bytes.size());
    switch (random.below(11)) {
        case 0: bytes[part.at] = static_cast<char>(bytes[part.at] ^ (1 << random.below(8))); break;
        case 1: bytes[part.at] = static_cast<char>(random.next()); break;
        case 2:
        case 3: putNumber(bytes, random); break;
        case 4: changeDigits(bytes, random); break;
        case 5: bytes.erase(part.at, part.length); break;
        case 6: bytes.insert(random.below(bytes.size()), bytes.substr(part.at, part.length)); break;
        case 7: bytes.resize(part.at); break;
        case 8: {
            const std::string& other = random.oneOf(seeds);
            const Part foreign = somePart(random, other.size());
            bytes.replace(part.at, part.length, other.substr(foreign.at, foreign.length));
            break;
        }
        case 9: bytes.replace(part.at, random.below(2) * part.length, random.oneOf(words)); break;
        default: {
            const Part other = somePart(random, bytes.size());
            for (std::size_t i = 0; i < std::min(part.length, other.length); ++i) std::swap(bytes[part.at + i], bytes[other.at + i]);
        }
    }
    if (bytes.size() > kMaxBytes) bytes.resize(kMaxBytes);
}

}  // namespace

std::string mutated(const std::vector<std::string>& seeds, const std::vector<std::string>& words, std::uint64_t seed,
                    std::uint64_t number) {
    Random random(seed * 0x9e3779b97f4a7c15ULL ^ number);
    std::string bytes = random.oneOf(seeds);
    const std::size_t times = 1 + random.below(random.below(4) == 0 ? 16 : 4);
    for (std::size_t i = 0; i < times; ++i) mutateOnce(bytes, random, seeds, words);
    return bytes;
}

}  // namespace cxr::fuzz
