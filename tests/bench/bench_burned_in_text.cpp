// How much burned-in writing core/deidentify/burned_in_text finds, and how often it takes anatomy for writing.
//   bench_burned_in_text FOLDER [films] [PICTURES]
// Lines of our own (names, dates, numbers) are burned into each film of the folder, three a film, at its edges and within it:
// five fonts, 10 to 40 px high on a film of 1024 px, white, light gray, white on black and black on white, half of the films as
// JPEG of quality 90 afterwards. A line is found if 95 % of its ink lies in boxes. Lines that hardly differ from the film under
// them (by less than 40 of 255 gray values in a fifth of their ink) are counted apart.
// False alarms are the boxes on the films as they are; films with writing of their own count it as false.
//   PICTURES  folder for the films with boxes on the film as it is and lines that were missed, to look at
// Then markers of the side with initials at them (burned_in_markers.h) on the films as they are: one of each form a film.
// Deterministic: the same films give the same numbers.
#include <QFontMetrics>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "core/deidentify/burned_in_text.h"
#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/bench/burned_in_markers.h"

namespace {

using namespace cxr;
namespace fs = std::filesystem;

constexpr int kLinesPerFilm = 3;
constexpr double kFoundShare = 0.95;
constexpr int kVisible = 40;

struct Line {
    cv::Rect box;
    cv::Mat ink;  // CV_8U of the box: where the letters are
    std::string look, font, place, size;
    bool isVisible = true;  // most of its ink differs from what was there
};

struct Score {
    int lines = 0, found = 0;
};

struct Look {
    const char* name;
    int letters, ground;  // gray; ground -1: the film
};
constexpr Look kLooks[] = {{"white", 255, -1}, {"light gray", 200, -1}, {"white on black", 255, 0}, {"black on white", 0, 255}};
constexpr const char* kFonts[] = {"DejaVu Sans", "DejaVu Sans Mono", "DejaVu Serif", "DejaVu Sans:bold", "Hershey"};
constexpr const char* kTexts[] = {"LOVELACE ADA", "Lovelace, Ada", "12.03.1949", "ID 4471902", "1949-03-12 F", "St. Elsewhere Hosp.",
                                  "Dr. Babbage", "ACC 20240131-77", "18:42:07", "PAT: 00917 ADA L."};

class Burner {
  public:
    explicit Burner(unsigned seed) : m_random(seed) {}

    // Adds one line where it touches none of `others`; false if there was no room.
    bool burn(cv::Mat& film, std::vector<Line>& others) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            Line line = drawn(film.rows / 1024.0);
            const cv::Rect outer(line.box.tl(), line.box.size() + cv::Size(8, 8));
            if (outer.width >= film.cols || outer.height >= film.rows) continue;
            line.box.x = place(film.cols, outer.width);
            line.box.y = place(film.rows, outer.height, line);
            const auto touches = [&](const Line& other) { return !((other.box + cv::Size(80, 80) - cv::Point(40, 40)) & line.box).empty(); };
            if (std::any_of(others.begin(), others.end(), touches)) continue;
            line.isVisible = paint(film, line);
            others.push_back(std::move(line));
            return true;
        }
        return false;
    }

  private:
    int pick(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }
    int place(int side, int length) { return 4 + pick(std::max(1, side - length - 8)); }
    // Three of four lines stand near the upper or lower edge.
    int place(int side, int length, Line& line) {
        const bool isEdge = pick(4) != 0;
        line.place = isEdge ? "edge" : "within";
        if (!isEdge) return side / 5 + pick(std::max(1, 3 * side / 5 - length));
        const int reach = std::max(1, side / 8 - length);
        return pick(2) == 0 ? 4 + pick(reach) : side - 5 - length - pick(reach);
    }

    Line drawn(double scale) {
        Line line;
        const int height = std::max(9, static_cast<int>((10 + pick(31)) * std::max(1.0, scale)));
        line.size = height < 14 ? "10-13 px" : height < 20 ? "14-19 px" : height < 30 ? "20-29 px" : "30 px and more";
        const char* font = kFonts[pick(5)];
        line.font = font;
        const std::string text = kTexts[pick(10)];
        m_look = &kLooks[pick(4)];
        line.look = m_look->name;
        line.ink = std::string(font) == "Hershey" ? hershey(text, height) : painted(text, font, height);
        line.box = {0, 0, line.ink.cols, line.ink.rows};
        return line;
    }

    static cv::Mat hershey(const std::string& text, int height) {
        const double scale = height / 22.0;
        const int thickness = std::max(1, height / 12);
        int base = 0;
        const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness, &base);
        cv::Mat ink = cv::Mat::zeros(size.height + base + 4, size.width + 4, CV_8U);
        cv::putText(ink, text, {2, size.height + 2}, cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(255), thickness, cv::LINE_AA);
        return ink;
    }
    // `height`: of capital letters.
    static cv::Mat painted(const std::string& text, std::string name, int height) {
        const bool isBold = name.ends_with(":bold");
        QFont font(QString::fromStdString(name.substr(0, name.find(':'))));
        font.setBold(isBold);
        font.setPixelSize(static_cast<int>(height / 0.73));
        const QString shown = QString::fromStdString(text);
        const QRect bounds = QFontMetrics(font).boundingRect(shown);
        QImage image(bounds.width() + 6, bounds.height() + 4, QImage::Format_Grayscale8);
        image.fill(0);
        QPainter painter(&image);
        painter.setFont(font);
        painter.setPen(Qt::white);
        painter.drawText(3 - bounds.x(), 2 - bounds.y(), shown);
        painter.end();
        return cv::Mat(image.height(), image.width(), CV_8U, image.bits(), static_cast<std::size_t>(image.bytesPerLine())).clone();
    }

    // Whether 80 % of the ink stand out by kVisible gray values or more.
    bool paint(cv::Mat& film, const Line& line) const {
        cv::Mat target = film(line.box);
        if (m_look->ground >= 0) target = cv::Scalar(m_look->ground);
        cv::Mat difference;
        cv::absdiff(target, cv::Scalar(m_look->letters), difference);
        const cv::Mat strong = line.ink >= 128;
        const bool isVisible = cv::countNonZero((difference >= kVisible) & strong) >= 0.8 * cv::countNonZero(strong);
        for (int y = 0; y < line.ink.rows; ++y) {
            for (int x = 0; x < line.ink.cols; ++x) {
                const double share = line.ink.at<std::uint8_t>(y, x) / 255.0;
                auto& gray = target.at<std::uint8_t>(y, x);
                gray = cv::saturate_cast<std::uint8_t>(gray + share * (m_look->letters - gray));
            }
        }
        return isVisible;
    }

    std::mt19937 m_random;
    const Look* m_look = nullptr;
};

bool isFound(const Line& line, const std::vector<TextBox>& boxes) {
    cv::Mat strong = line.ink >= 128;
    const int ink = cv::countNonZero(strong);
    for (const TextBox& box : boxes) {
        const cv::Rect common = box & line.box;
        if (!common.empty()) strong(common - line.box.tl()) = 0;
    }
    return cv::countNonZero(strong) <= (1 - kFoundShare) * ink;
}

cv::Mat asJpeg(const cv::Mat& film) {
    std::vector<unsigned char> bytes;
    cv::imencode(".jpg", film, bytes, {cv::IMWRITE_JPEG_QUALITY, 90});
    return cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
}

void savePicture(const fs::path& folder, const std::string& name, const cv::Mat& film, const std::vector<cv::Rect>& boxes) {
    if (folder.empty()) return;
    cv::Mat shown;
    cv::cvtColor(film, shown, cv::COLOR_GRAY2BGR);
    for (const cv::Rect& box : boxes) cv::rectangle(shown, box, {0, 200, 255}, 2);
    cv::imwrite((folder / (name + ".png")).string(), shown);
}

struct Sums {
    std::map<std::string, Score> recall;
    int films = 0, filmsWithFalse = 0, falseBoxes = 0;
    double falseArea = 0, seconds = 0;
    std::map<std::string, bench::MarkerScore> markers;

    void count(const std::string& group, bool found) {
        ++recall[group].lines;
        recall[group].found += found ? 1 : 0;
    }
};

void measure(const fs::path& file, unsigned seed, const fs::path& pictures, Sums& sums) {
    const Result<ImagePtr> image = readImage(file);
    if (!image.isOk()) return;
    cv::Mat film = renderGray8(*image.value(), fullRangeVoi(*image.value()));
    const auto start = std::chrono::steady_clock::now();
    const std::vector<TextBox> before = findBurnedInText(film).value();
    sums.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ++sums.films;
    sums.filmsWithFalse += before.empty() ? 0 : 1;
    sums.falseBoxes += static_cast<int>(before.size());
    for (const TextBox& box : before) sums.falseArea += static_cast<double>(box.area()) / static_cast<double>(film.total());
    if (!before.empty()) savePicture(pictures, file.stem().string() + "-alarm", film, before);

    bench::measureMarkers(film.clone(), seed, sums.markers);
    Burner burner(seed);
    std::vector<Line> lines;
    for (int i = 0; i < kLinesPerFilm; ++i) burner.burn(film, lines);
    const bool isJpeg = sums.films % 2 == 1;
    if (isJpeg) film = asJpeg(film);
    const std::vector<TextBox> boxes = findBurnedInText(film).value();
    std::vector<cv::Rect> missed;
    for (const Line& line : lines) {
        const bool found = isFound(line, boxes);
        if (!line.isVisible) {
            sums.count("hardly visible, not in all", found);
            continue;
        }
        if (!found) missed.push_back(line.box);
        for (const std::string& group : {std::string("all"), "look: " + line.look, "font: " + line.font, "place: " + line.place,
                                         "size: " + line.size, std::string("coding: ") + (isJpeg ? "JPEG 90" : "as drawn")}) {
            sums.count(group, found);
        }
    }
    if (!missed.empty()) savePicture(pictures, file.stem().string() + "-missed", film, missed);
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv);
    if (argc < 2) {
        std::fputs("usage: bench_burned_in_text FOLDER [films] [PICTURES]\n", stderr);
        return 2;
    }
    const std::vector<fs::path> files = listFilms(argv[1]);
    const std::size_t most = argc > 2 ? std::stoul(argv[2]) : files.size();
    const fs::path pictures = argc > 3 ? argv[3] : "";
    if (!pictures.empty()) fs::create_directories(pictures);
    Sums sums;
    const std::size_t step = std::max<std::size_t>(1, files.size() / std::max<std::size_t>(1, most));
    for (std::size_t i = 0; i < files.size() && static_cast<std::size_t>(sums.films) < most; i += step) {
        measure(files[i], static_cast<unsigned>(i), pictures, sums);
    }
    std::printf("%d films, %.2f s a film\n", sums.films, sums.seconds / std::max(1, sums.films));
    std::printf("boxes on films as they are: %d on %d films (%.2f a film, %.3f %% of the area)\n", sums.falseBoxes, sums.filmsWithFalse,
                static_cast<double>(sums.falseBoxes) / std::max(1, sums.films), 100 * sums.falseArea / std::max(1, sums.films));
    for (const auto& [group, score] : sums.recall) {
        std::printf("%-26s %4d of %4d lines found (%.1f %%)\n", group.c_str(), score.found, score.lines, 100.0 * score.found / score.lines);
    }
    for (const auto& [form, score] : sums.markers) {
        std::printf("markers, %-24s %4d of %4d kept (%.1f %%), initials gone at %d (%.1f %%)\n", form.c_str(), score.kept, score.markers,
                    100.0 * score.kept / score.markers, score.gone, 100.0 * score.gone / score.markers);
    }
    return 0;
}
