// SHA-256 (FIPS 180-4) without a library: for machines that train, where OpenSSL's headers may be missing. Everything else
// uses OpenSSL, several times faster.
//   thread rule  one object, one thread
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cxr {

class PlainSha256 {
  public:
    void add(const void* data, std::size_t size);
    // The digest of all that was added. REQUIRES: called once, nothing added after it
    std::array<std::uint8_t, 32> finish();

  private:
    static constexpr std::size_t kBlock = 64;
    void takeBlock(const std::uint8_t* block);

    std::array<std::uint32_t, 8> m_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, kBlock> m_rest{};
    std::uint64_t m_size = 0;  // bytes added
};

}  // namespace cxr
