#include "core/model/torch_checkpoint.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/model/checkpoint_builder.h"
#include "core/model/mapped_file.h"
#include "core/model/shown_name.h"
#include "core/model/torch_tensors.h"
#include "core/model/zip_archive.h"

namespace cxr {
namespace {

using Kind = PickleValue::Kind;
using Bytes = std::span<const std::byte>;

constexpr std::string_view kMagicNumber =
    "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";  // little endian, as a pickle holds it
constexpr std::int64_t kLegacyVersion = 1001;
constexpr const char* kConvert = "load it in Python and save its state_dict() again with torch.save";

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, "the checkpoint is broken: " + reason}; }
Error unsupported(const std::string& reason) { return {ErrorCode::Unsupported, reason}; }

std::int64_t integerOr(const PickleValue& value, std::int64_t otherwise) {
    return value.kind == Kind::Int ? value.integer : otherwise;
}

// "archive/constants.pkl" or something in "archive/code/" stands beside the pickle.
bool holdsCode(const ZipArchive& archive, const std::string& folder) {
    const auto& entries = archive.entries();
    if (entries.contains(folder + "/constants.pkl")) return true;
    return std::any_of(entries.begin(), entries.end(),
                       [code = folder + "/code/"](const auto& entry) { return entry.first.starts_with(code); });
}

// "archive" if the archive holds "archive/data.pkl".
Result<std::string> archiveFolder(const ZipArchive& archive) {
    constexpr std::string_view kPickle = "/data.pkl";
    std::string folder;
    for (const auto& [name, entry] : archive.entries()) {
        if (!name.ends_with(kPickle) || name.find('/') != name.size() - kPickle.size()) continue;
        if (!folder.empty()) return corrupt("it holds two pickles");
        folder = name.substr(0, name.size() - kPickle.size());
    }
    if (folder.empty()) return unsupported("the file is a zip archive but no PyTorch checkpoint: it holds no data.pkl");
    return folder;
}

Result<Done> checkByteOrder(const ZipArchive& archive, const std::string& folder) {
    const std::string name = folder + "/byteorder";
    if (!archive.entries().contains(name)) return Done{};
    const auto order = archive.read(name);
    if (!order.isOk()) return order.error();
    const std::string_view text(reinterpret_cast<const char*>(order.value().data()), order.value().size());
    if (text != "little") {
        return unsupported("the checkpoint was written on a big-endian machine: load and save it on another one");
    }
    return Done{};
}

Result<TorchCheckpoint> parseZip(Bytes bytes) {
    const auto archive = ZipArchive::open(bytes);
    if (!archive.isOk()) return archive.error();
    const auto folder = archiveFolder(archive.value());
    if (!folder.isOk()) return folder.error();
    if (holdsCode(archive.value(), folder.value())) {
        return unsupported(
            "the file is a TorchScript program, which is code: save the model's state_dict() with torch.save instead");
    }
    if (auto order = checkByteOrder(archive.value(), folder.value()); !order.isOk()) return order.error();
    const auto pickle = archive.value().read(folder.value() + "/data.pkl");
    if (!pickle.isOk()) return pickle.error();
    const auto document = readPickle(pickle.value(), torchGlobal);
    if (!document.isOk()) return document.error();
    const auto storages = torchStorages(document.value());
    if (!storages.isOk()) return storages.error();

    CheckpointBuilder builder(document.value(), bytes.size());
    std::map<std::string, Bytes> unpacked;  // shared storages are read once
    return builder.build(storages.value(), [&](const TorchStorage& storage) -> Result<Bytes> {
        const auto known = unpacked.find(storage.key);
        if (known != unpacked.end()) return known->second;
        auto data = archive.value().read(folder.value() + "/data/" + storage.key);
        if (!data.isOk()) return data.error();
        if (data.value().size() != storage.bytes()) {
            return corrupt("storage " + shownName(storage.key) + " has another size than it says");
        }
        return unpacked[storage.key] = builder.keep(std::move(data).value());
    });
}

// Reads the pickles that stand one after another in the older format.
class LegacyFile {
  public:
    explicit LegacyFile(Bytes bytes) : m_rest(bytes) {}

    Result<PickleDocument> nextPickle() {
        auto document = readPickle(m_rest, torchGlobal);
        if (document.isOk()) m_rest = m_rest.subspan(document.value().bytesRead());
        return document;
    }

    Result<Done> readPreamble() {
        const auto magic = nextPickle();
        if (!magic.isOk()) return magic.error();
        const auto version = nextPickle();
        if (!version.isOk()) return version.error();
        if (integerOr(version.value().root(), -1) != kLegacyVersion) {
            return unsupported(std::string("the checkpoint has an unknown version: ") + kConvert);
        }
        const auto system = nextPickle();
        if (!system.isOk()) return system.error();
        if (system.value().root().kind != Kind::Dict) return corrupt("it does not say on which machine it was written");
        const PickleValue* order = system.value().find(system.value().root(), "little_endian");
        if (order == nullptr || order->kind != Kind::Bool) {
            return corrupt("it does not say on which machine it was written");
        }
        if (order->integer != 1) {
            return unsupported("the checkpoint was written on a big-endian machine: load and save it on another one");
        }
        return Done{};
    }

    // The keys' pickle, then number of items and items of each.
    Result<std::map<std::string, Bytes>> readStorages(const TorchStorages& storages) {
        const auto keys = nextPickle();
        if (!keys.isOk()) return keys.error();
        if (keys.value().root().kind != Kind::List) return corrupt("it has no list of storages");
        std::map<std::string, Bytes> read;
        for (const auto id : keys.value().root().items) {
            const PickleValue& key = keys.value().at(id);
            const auto known = storages.find(key.kind == Kind::Int ? std::to_string(key.integer) : key.text);
            if (known == storages.end()) return corrupt("it holds a storage that nothing describes");
            auto data = nextStorage(known->second);
            if (!data.isOk()) return data.error();
            if (!read.emplace(known->first, data.value()).second) {
                return corrupt("storage " + shownName(known->first) + " stands twice");
            }
        }
        return read;
    }

  private:
    Result<Bytes> nextStorage(const TorchStorage& storage) {
        std::uint64_t count = 0;
        if (m_rest.size() < sizeof count) return corrupt("it ends before its storages do");
        std::memcpy(&count, m_rest.data(), sizeof count);
        if (count != storage.count) {
            return corrupt("storage " + shownName(storage.key) + " has another size than it says");
        }
        m_rest = m_rest.subspan(sizeof count);
        if (storage.bytes() > m_rest.size()) return corrupt("it ends before its storages do");
        const Bytes data = m_rest.first(storage.bytes());
        m_rest = m_rest.subspan(storage.bytes());
        return data;
    }

    Bytes m_rest;
};

Result<TorchCheckpoint> parseLegacy(Bytes bytes) {
    LegacyFile file(bytes);
    if (auto preamble = file.readPreamble(); !preamble.isOk()) return preamble.error();
    const auto document = file.nextPickle();
    if (!document.isOk()) return document.error();
    const auto storages = torchStorages(document.value());
    if (!storages.isOk()) return storages.error();
    const auto data = file.readStorages(storages.value());
    if (!data.isOk()) return data.error();
    return CheckpointBuilder(document.value(), bytes.size())
        .build(storages.value(), [&](const TorchStorage& storage) -> Result<Bytes> {
            const auto found = data.value().find(storage.key);
            if (found == data.value().end()) return corrupt("storage " + shownName(storage.key) + " is missing");
            return found->second;
        });
}

// A pickle of the magic number, in any protocol that torch.save was ever told to use.
bool isLegacy(Bytes bytes) {
    constexpr std::size_t kLongest = 32;
    const auto magic = readPickle(bytes.first(std::min(bytes.size(), kLongest)), torchGlobal);
    return magic.isOk() && magic.value().root().kind == Kind::BigInt && magic.value().root().text == kMagicNumber;
}

}  // namespace

bool TorchCheckpoint::isCheckpoint(Bytes bytes) { return ZipArchive::isZip(bytes) || isLegacy(bytes); }

bool TorchCheckpoint::isTorchScript(Bytes bytes) {
    if (!ZipArchive::isZip(bytes)) return false;
    const auto archive = ZipArchive::open(bytes);
    if (!archive.isOk()) return false;
    const auto folder = archiveFolder(archive.value());
    return folder.isOk() && holdsCode(archive.value(), folder.value());
}

Result<TorchCheckpoint> TorchCheckpoint::parse(Bytes bytes) {
    if (ZipArchive::isZip(bytes)) return parseZip(bytes);
    if (isLegacy(bytes)) return parseLegacy(bytes);
    return unsupported(std::string("the file is no PyTorch checkpoint that is read (zip, or the format before 1.6): ") +
                       kConvert);
}

Result<TorchCheckpoint> TorchCheckpoint::open(const std::filesystem::path& file) {
    auto mapped = mapFile(file, "the checkpoint");
    if (!mapped.isOk()) return mapped.error();
    auto parsed = parse(mapped.value().bytes);
    if (!parsed.isOk()) return parsed;
    TorchCheckpoint checkpoint = std::move(parsed).value();
    checkpoint.m_mapping = mapped.value().keep;
    return checkpoint;
}

}  // namespace cxr
