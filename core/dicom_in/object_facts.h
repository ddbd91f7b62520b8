// What every object that accompanies a film says about itself: what it is, who made it, which films it is about.
// A plain value; the reader is thread-safe, call it from a worker.   DICOM PS3.3 C.12.1, C.11.11, C.17.2.1, C.12.4
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/io/object_kind.h"

namespace cxr {

// Larger objects are refused; the largest segmentation of a film takes some 30 MiB.
inline constexpr std::int64_t kMaxObjectBytes = 512LL << 20;

// Texts are UTF-8, trimmed; empty = the object does not say. Nothing of the patient is in here.
struct ObjectFacts {
    ObjectKind kind = ObjectKind::Other;
    std::string sopClassUid, sopInstanceUid;
    std::string label, description;  // Content Label and Description, or what the kind has for them
    std::string creator;             // "Family, Given", or the manufacturer
    std::string date;                // ISO 8601
    std::string series;              // Series Description
    bool isOwn = false;              // it says that this program made it: Manufacturer and Manufacturer's Model Name
    std::vector<std::string> films;  // SOP Instance UIDs that it is about, in the object's order, each once
    std::vector<std::string> notes;  // what was left out, one sentence each
    [[nodiscard]] bool isAbout(const std::string& filmUid) const;
};

// fails NotFound, TooLarge, Corrupt, Unsupported (no DICOM object)
Result<ObjectFacts> readObjectFacts(const std::filesystem::path& file);

// For the first bytes of any file: what it seems to hold, by the SOP class in its first 64 KiB. Film where it is no
// DICOM object or names no class. Does not fail: the reader says what is wrong.
ObjectKind kindOfFile(const std::filesystem::path& file);

// "presentation state \"PRECORDIA\" by Precordia of 2026-11-21": what a reader calls it.
std::string nameOf(const ObjectFacts& facts);

}  // namespace cxr
