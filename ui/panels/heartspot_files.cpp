// What the HeartSpot panel saves.
#include "ui/panels/heartspot_files.h"

#include <QBuffer>
#include <QImageWriter>

#include "core/base/atomic_file.h"
#include "core/prior/vector_bytes.h"
#include "core/prior/xz.h"

namespace cxr::ui {

namespace {

constexpr std::int64_t kLargestPriorFile = 64 * 1024;

}  // namespace

Result<Done> savePicturePng(const PictureResult& picture, const VoiSetting& voi, const std::filesystem::path& file) {
    const QImage kept = paintHeartSpot(*picture.film, voi, picture.pooled->pooled, picture.mask, false);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, "png");
    writer.setText(QStringLiteral("Comment"), QLatin1String(kNotDiagnostic));
    writer.setText(QStringLiteral("HeartSpot"), QString::fromStdString(picture.spec.toJson()));
    if (!writer.write(kept))
        return Error{ErrorCode::WriteFailed, "the picture could not be coded as PNG; free some memory and try again"};
    return writeFileAtomically(file,
                               std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
}

Result<Done> saveVectorXz(const PictureResult& picture, const std::filesystem::path& file) {
    const int depthBits = picture.pooled->crop.depth() == CV_8U ? 8 : 16;
    const auto packed = xzCompress(vectorBytes(heartSpotOf(picture).vector, depthBits));
    if (!packed) return packed.error();
    return writeFileAtomically(file, packed.value());
}

Result<Done> savePriorJson(const PriorSpec& spec, const std::filesystem::path& file) {
    return writeFileAtomically(file, spec.toJson() + "\n");
}

Result<PriorSpec> loadPriorJson(const std::filesystem::path& file) {
    const auto text = readWholeFile(file, kLargestPriorFile);
    if (!text) return text.error();
    return priorFromJson(text.value());
}

}  // namespace cxr::ui
