#include "core/deidentify/pseudonyms.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <new>

#include "core/base/atomic_file.h"
#include "core/io/uuid_uid.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeyFileTitle = "precordia-deidentify-key 1 ";
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr int kLeastShift = 30, kMostShift = 3650;  // days

std::string hexOf(const std::uint8_t* bytes, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += kDigits[bytes[i] >> 4];
        text += kDigits[bytes[i] & 15];
    }
    return text;
}

Result<Pseudonyms::Key> freshKey() {
    Pseudonyms::Key key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) {
        return Error{ErrorCode::Internal, "the system gives no random numbers for a key"};
    }
    return key;
}

Result<Pseudonyms::Key> keyIn(const std::string& text) {
    const Error noKey{ErrorCode::Corrupt, "the key file is not one that this program wrote; name another one or a new file"};
    if (!text.starts_with(kKeyFileTitle)) return noKey;
    Pseudonyms::Key key{};
    if (text.size() < kKeyFileTitle.size() + 2 * key.size()) return noKey;
    for (std::size_t i = 0; i < 2 * key.size(); ++i) {
        const std::size_t digit = kDigits.find(text[kKeyFileTitle.size() + i]);
        if (digit == std::string_view::npos) return noKey;
        key[i / 2] = static_cast<std::uint8_t>(key[i / 2] * 16 + digit);
    }
    return key;
}

Result<Done> writeKey(const fs::path& file, const Pseudonyms::Key& key) {
    const std::string text = std::string(kKeyFileTitle) + hexOf(key.data(), key.size()) + "\n";
    return writeFileAtomically(file, [&](const fs::path& temporary) -> Result<Done> {
        // The file is made private before the key is in it.
        if (const Result<Done> made = writeFileAtomically(temporary, std::string_view()); !made.isOk()) return made.error();
        std::error_code failed;
        fs::permissions(temporary, fs::perms::owner_read | fs::perms::owner_write, failed);
        if (failed) return Error{ErrorCode::WriteFailed, "the key file cannot be made private: " + failed.message()};
        std::FILE* out = std::fopen(temporary.c_str(), "wb");
        const bool isWritten = out != nullptr && std::fwrite(text.data(), 1, text.size(), out) == text.size();
        const bool isClosed = out != nullptr && std::fclose(out) == 0;
        if (!isWritten || !isClosed) return Error{ErrorCode::WriteFailed, "cannot write the key file"};
        return Done{};
    });
}

}  // namespace

Result<Pseudonyms> Pseudonyms::withFreshKey() {
    const Result<Key> key = freshKey();
    if (!key.isOk()) return key.error();
    return Pseudonyms(key.value());
}

Result<Pseudonyms> Pseudonyms::withKeyFile(const fs::path& file) {
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        const Result<std::string> text = readWholeFile(file, 4096);
        if (!text.isOk()) return text.error();
        const Result<Key> key = keyIn(text.value());
        if (!key.isOk()) return key.error();
        return Pseudonyms(key.value());
    }
    const Result<Key> key = freshKey();
    if (!key.isOk()) return key.error();
    if (const Result<Done> written = writeKey(file, key.value()); !written.isOk()) return written.error();
    return Pseudonyms(key.value());
}

std::array<std::uint8_t, 32> Pseudonyms::mac(std::string_view kind, std::string_view original) const {
    std::string message(kind);
    message += '\0';
    message += original;
    std::array<std::uint8_t, 32> result{};
    std::size_t size = 0;
    // Without it every identity would get one and the same pseudonym; HMAC-SHA256 fails for want of memory only.
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, m_key.data(), m_key.size(), reinterpret_cast<const unsigned char*>(message.data()),
                  message.size(), result.data(), result.size(), &size) == nullptr) {
        throw std::bad_alloc();
    }
    return result;
}

std::string Pseudonyms::uid(std::string_view original) const {
    const auto hash = mac("uid", original);
    Uuid uuid{};
    std::copy_n(hash.begin(), uuid.size(), uuid.begin());
    return uidOf(uuid, 4);
}

std::string Pseudonyms::patientCode(std::string_view identity) const {
    return "P" + hexOf(mac("patient", identity).data(), 6);
}

std::string Pseudonyms::instanceCode(std::string_view instanceUid) const {
    return "I" + hexOf(mac("instance", instanceUid).data(), 8);
}

int Pseudonyms::dayShift(std::string_view identity) const {
    const auto hash = mac("days", identity);
    const std::uint32_t number = static_cast<std::uint32_t>(hash[0]) << 24 | hash[1] << 16 | hash[2] << 8 | hash[3];
    return -static_cast<int>(kLeastShift + number % (kMostShift - kLeastShift + 1));
}

}  // namespace cxr
