// What the HeartSpot panel saves.
#include "ui/panels/heartspot_files.h"

#include <QBuffer>
#include <QImageWriter>

#include "core/base/atomic_file.h"
#include "core/pipeline/prior_table.h"
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

Result<QString> saveBundleFile(const PictureResult& picture, const std::filesystem::path& file, const RunContext& context) {
    const auto engine = loadEngine();  // without it the bundle has no probability
    const Result<PriorJudges> judges = priorJudges(engine.isOk() ? engine.value() : nullptr);
    if (!judges.isOk()) return judges.error();
    SealOptions options;
    options.spec = picture.spec;
    if (picture.spec.heart) options.heartRegion = picture.heartRegion;
    for (const Pack& pack : judges.value().heartSpot) {
        if (options.pack.empty() && whyNotAsked(pack.manifest, picture.spec).empty()) options.pack = pack.folder;
    }
    const auto bundle = sealFilm(*picture.film, options, judges.value().engine.get(), judges.value().segmenter, context);
    if (!bundle) return bundle.error();
    if (const auto written = writeBundle(file, bundle.value()); !written) return written.error();
    const QString what = bundle.value().reading ? QObject::tr("with probability and explanation")
                                                : QObject::tr("without probability: no installed network knows this prior");
    return QObject::tr("Saved %1 (%2).").arg(QString::fromStdString(file.filename().string()), what);
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
