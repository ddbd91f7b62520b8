#include "core/base/sha256.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

#ifdef CXR_HAS_OPENSSL
#include <openssl/evp.h>
#else
#include "core/base/sha256_plain.h"
#endif

namespace cxr {
namespace {

using Bytes = std::array<std::uint8_t, 32>;

#ifdef CXR_HAS_OPENSSL
class Digest {
  public:
    Digest() : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free) { EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr); }
    void add(const void* data, std::size_t size) { EVP_DigestUpdate(m_context.get(), data, size); }
    Bytes finish() {
        Bytes bytes{};
        EVP_DigestFinal_ex(m_context.get(), bytes.data(), nullptr);
        return bytes;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};
#else
using Digest = PlainSha256;
#endif

std::string hexOf(const Bytes& bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace

std::string sha256Hex(std::span<const std::byte> bytes) {
    Digest digest;
    digest.add(bytes.data(), bytes.size());
    return hexOf(digest.finish());
}

Result<std::string> sha256OfFile(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return Error{ErrorCode::NotFound, "cannot open " + file.filename().string()};
    Digest digest;
    std::vector<char> block(1 << 16);
    while (stream) {
        stream.read(block.data(), static_cast<std::streamsize>(block.size()));
        digest.add(block.data(), static_cast<std::size_t>(stream.gcount()));
    }
    return hexOf(digest.finish());
}

}  // namespace cxr
