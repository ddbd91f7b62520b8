// The long calls of DeidentifyDialog: see deidentify_job.h.
#include "ui/dialogs/deidentify_job.h"

#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"

namespace cxr::ui {

namespace {

QImage pictureOf(const Image& film) {
    const cv::Mat gray = renderGray8(film, film.defaultVoi);
    const QImage whole(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step), QImage::Format_Grayscale8);
    if (std::max(gray.cols, gray.rows) <= kReviewSide) return whole.copy();
    return whole.scaled(kReviewSide, kReviewSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

void review(ReviewedFilm& film, const RunContext& context) {
    const Result<ImagePtr> image = readImage(film.path.toStdString(), {}, {context.stop, {}});
    if (!image) {
        film.error = QString::fromStdString(image.error().message);
        return;
    }
    const Result<std::vector<TextBox>> found = findBurnedInText(*image.value(), {context.stop, {}});
    if (!found) return;
    film.picture = pictureOf(*image.value());
    film.filmSize = QSize(image.value()->width(), image.value()->height());
    for (const TextBox& box : found.value()) film.boxes.emplace_back(box.x, box.y, box.width, box.height);
}

}  // namespace

Result<std::vector<ReviewedFilm>> reviewFilms(const QStringList& files, const RunContext& context) {
    std::vector<ReviewedFilm> films;
    for (const QString& file : files) {
        ReviewedFilm film;
        film.path = file;
        review(film, context);
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        films.push_back(std::move(film));
        context.report(static_cast<double>(films.size()) / static_cast<double>(files.size()));
    }
    return films;
}

Result<DeidentifySummary> runDeidentifyJob(const DeidentifyJob& job, const RunContext& context) {
    const Result<Pseudonyms> pseudonyms =
        job.keyFile.isEmpty() ? Pseudonyms::withFreshKey() : Pseudonyms::withKeyFile(job.keyFile.toStdString());
    if (!pseudonyms) return pseudonyms.error();
    std::vector<std::filesystem::path> files;
    for (const QString& file : job.files) files.emplace_back(file.toStdString());
    return deidentifyFiles(files, job.folder.toStdString(), job.plan, pseudonyms.value(), {}, context);
}

}  // namespace cxr::ui
