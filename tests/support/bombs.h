// Files that would cost a reader all its memory or time if it believed them. Made here, never kept.
#pragma once

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/dicom_bytes.h"

namespace cxr::test {

// `size` zero bytes, deflated: one block of a mebibyte, again and again (each begins afresh after a full flush).
// `hasWrapper`: with zlib's header and checksum.
inline ByteVector deflatedZeros(std::size_t size, bool hasWrapper) {
    constexpr std::size_t kBlock = 1 << 20;
    const ByteVector zeros(kBlock);
    const auto deflated = [&zeros](std::size_t count, int flush) {
        z_stream stream{};
        deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
        ByteVector out(deflateBound(&stream, count) + 64);
        stream.next_in = const_cast<Bytef*>(zeros.data());
        stream.avail_in = static_cast<uInt>(count);
        stream.next_out = out.data();
        stream.avail_out = static_cast<uInt>(out.size());
        deflate(&stream, flush);
        out.resize(stream.total_out);
        deflateEnd(&stream);
        return out;
    };
    ByteVector out;
    const auto add = [&out](const ByteVector& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    if (hasWrapper) add({0x78, 0xDA});
    const ByteVector block = deflated(kBlock, Z_FULL_FLUSH);
    for (std::size_t i = 0; i < size / kBlock; ++i) add(block);
    add(deflated(size % kBlock, Z_FINISH));
    const std::size_t adler = (size % 65521) << 16 | 1;  // of zeros
    for (int shift = 24; hasWrapper && shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(adler >> shift));
    return out;
}

// A whole, valid 8-bit gray PNG of nothing but black.
inline ByteVector blackPng(std::uint32_t side) {
    const auto big = [](std::uint32_t n) {
        return ByteVector{std::uint8_t(n >> 24), std::uint8_t(n >> 16), std::uint8_t(n >> 8), std::uint8_t(n)};
    };
    ByteVector file{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    const auto add = [&file](const ByteVector& bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); };
    const auto chunk = [&](const char* name, const ByteVector& bytes) {
        ByteVector named(name, name + 4);
        named.insert(named.end(), bytes.begin(), bytes.end());
        add(big(static_cast<std::uint32_t>(bytes.size())));
        add(named);
        add(big(static_cast<std::uint32_t>(crc32(0, named.data(), static_cast<uInt>(named.size())))));
    };
    ByteVector header = big(side);
    const ByteVector height = big(side);
    header.insert(header.end(), height.begin(), height.end());
    header.insert(header.end(), {8, 0, 0, 0, 0});
    chunk("IHDR", header);
    chunk("IDAT", deflatedZeros(std::size_t{side} * (side + 1), true));
    chunk("IEND", {});
    return file;
}

// A film whose picture claims `bytes` zeros, deflated.
inline ByteVector deflatedPicture(int side, std::uint32_t bytes) {
    DicomBytes film;
    film.text(0x00080060, "CS", "DX").picture(side, side).header(0x7FE00010, "OW", bytes);
    const auto count = static_cast<std::uint16_t>(film.bytes.size());  // one stored block (RFC 1951, 3.2.4), then the zeros
    ByteVector out{0, std::uint8_t(count), std::uint8_t(count >> 8), std::uint8_t(~count), std::uint8_t(~count >> 8)};
    out.insert(out.end(), film.bytes.begin(), film.bytes.end());
    const ByteVector zeros = deflatedZeros(bytes, false);
    out.insert(out.end(), zeros.begin(), zeros.end());
    return out;
}

struct Bomb {
    std::string name;  // for people
    std::filesystem::path file;
};

// Writes them all into `folder`.
inline std::vector<Bomb> writeBombs(const std::filesystem::path& folder) {
    constexpr std::uint32_t kPixels = 0x7FE00010, kItem = 0xFFFEE000, kFrames = 0x00280008, kContent = 0x0040A730;
    std::vector<Bomb> bombs;
    const auto write = [&](const std::string& name, const char* fileName, const ByteVector& bytes) {
        bombs.push_back({name, folder / fileName});
        std::ofstream(bombs.back().file, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    const auto start = [](int rows, int columns) {
        DicomBytes film;
        film.text(0x00080060, "CS", "DX").picture(rows, columns);
        return film;
    };

    write("deflate bomb, 4 GiB of nothing", "deflate.dcm", dicomFile(deflatedZeros(std::size_t{4} << 30, false), kDeflated));
    write("4,096 x 4,096 pixels, and a deflated picture of 4 GiB", "picture.dcm", dicomFile(deflatedPicture(4096, 0xFFFFFF00), kDeflated));
    DicomBytes huge = start(65535, 65535);
    huge.data(kPixels, "OW", ByteVector(1024));
    write("claims 65,535 x 65,535 pixels", "claim.dcm", dicomFile(huge.bytes, kExplicitLittle));
    DicomBytes lying = start(2, 2);
    lying.header(kPixels, "OW", 0xFFFFFFF0).number32(0);
    write("element of 0xFFFFFFF0 bytes", "length.dcm", dicomFile(lying.bytes, kExplicitLittle));
    DicomBytes deep;
    deep.text(0x00080060, "CS", "DX");
    for (int level = 0; level < 50'000; ++level) {
        deep.header(kContent, "SQ", DicomBytes::kUndefined).header(kItem, "", DicomBytes::kUndefined);
    }
    write("50,000 sequences in each other", "deep.dcm", dicomFile(deep.bytes, kExplicitLittle));
    write("PNG of 30,000 x 30,000", "huge.png", blackPng(30'000));
    DicomBytes frames;
    frames.text(0x00080060, "CS", "DX").text(kFrames, "IS", "1000000").picture(512, 512);
    frames.data(kPixels, "OW", ByteVector(1024));
    write("claims 1,000,000 frames", "frames.dcm", dicomFile(frames.bytes, kExplicitLittle));
    DicomBytes fragments;
    fragments.text(0x00080060, "CS", "DX").text(kFrames, "IS", "1000000").picture(512, 512, 8, 8);
    fragments.header(kPixels, "OB", DicomBytes::kUndefined).header(kItem, "", 0);
    for (int frame = 0; frame < 1'000'000; ++frame) fragments.header(kItem, "", 0);
    write("1,000,000 empty fragments", "fragments.dcm", dicomFile(fragments.bytes, "1.2.840.10008.1.2.4.50"));
    return bombs;
}

}  // namespace cxr::test
