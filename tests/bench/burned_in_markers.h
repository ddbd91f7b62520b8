// Markers of the side with initials at them, burned into films for bench_burned_in_text: how often the marker stays, and how
// often the initials go. L or R in two fonts, 18 to 44 px high on a film of 1024 px; the initials are half to four fifths as large,
// beside or below; upright, tilted by 5 to 20 degrees, in a circle, in a box.
//   kept    at least 90 % of the marker's ink lies outside of all boxes
//   gone    at least 95 % of the initials' ink lies in boxes
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>

#include "core/deidentify/burned_in_text.h"

namespace cxr::bench {

enum class MarkerForm { Upright, Tilted, Circled, Boxed };
inline constexpr std::array<const char*, 4> kMarkerForms{"upright", "tilted 5 to 20 degrees", "circled", "boxed"};

struct MarkerScore {
    int markers = 0, kept = 0, gone = 0;
};

struct BurnedMarker {
    cv::Rect box;
    cv::Mat marker, initials;  // CV_8U of the box: their ink
};

class MarkerBurner {
  public:
    explicit MarkerBurner(unsigned seed) : m_random(seed) {}

    // In a corner of the film, upper left first.
    BurnedMarker burn(cv::Mat& film, MarkerForm form, int corner) {
        const int height = static_cast<int>((18 + pick(27)) * std::max(0.7, film.rows / 1024.0));
        BurnedMarker made = drawn(form, height);
        const int across = film.cols / 12 + pick(film.cols / 12), down = film.rows / 24 + pick(film.rows / 12);
        made.box.x = corner % 2 == 0 ? across : film.cols - across - made.box.width;
        made.box.y = corner < 2 ? down : film.rows - down - made.box.height;
        made.box &= cv::Rect(0, 0, film.cols, film.rows);
        made.marker = made.marker({{0, 0}, made.box.size()}), made.initials = made.initials({{0, 0}, made.box.size()});
        for (const cv::Mat* ink : {&made.marker, &made.initials}) lay(film(made.box), *ink);
        return made;
    }

  private:
    int pick(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }

    static void lay(cv::Mat film, const cv::Mat& ink) {
        for (int y = 0; y < ink.rows; ++y) {
            for (int x = 0; x < ink.cols; ++x) {
                auto& gray = film.at<std::uint8_t>(y, x);
                gray = cv::saturate_cast<std::uint8_t>(gray + ink.at<std::uint8_t>(y, x) / 255.0 * (255 - gray));
            }
        }
    }

    static void write(cv::Mat& ink, const std::string& text, cv::Point base, int height, int font) {
        cv::putText(ink, text, base, font, height / 21.0, cv::Scalar(255), std::max(2, height / 8), cv::LINE_AA);
    }

    BurnedMarker drawn(MarkerForm form, int height) {
        const int side = height * 6;
        BurnedMarker made{{}, cv::Mat::zeros(side, side, CV_8U), cv::Mat::zeros(side, side, CV_8U)};
        const int font = pick(2) == 0 ? cv::FONT_HERSHEY_SIMPLEX : cv::FONT_HERSHEY_DUPLEX;
        const cv::Point base(side / 3, side / 2);
        write(made.marker, pick(2) == 0 ? "L" : "R", base, height, font);
        const cv::Rect letter = cv::boundingRect(made.marker);
        const cv::Point centre = (letter.tl() + letter.br()) / 2;
        const int reach = static_cast<int>(0.85 * height);
        if (form == MarkerForm::Circled) cv::circle(made.marker, centre, reach, cv::Scalar(255), std::max(2, height / 10), cv::LINE_AA);
        if (form == MarkerForm::Boxed) cv::rectangle(made.marker, centre - cv::Point(reach, reach), centre + cv::Point(reach, reach), cv::Scalar(255), std::max(2, height / 10));
        const cv::Rect sign = cv::boundingRect(made.marker);
        const int small = static_cast<int>(height * (0.5 + 0.1 * pick(4)));
        constexpr std::array<const char*, 5> kInitials{"AB", "KM", "7", "JS", "12"};
        const bool isBelow = pick(2) == 0;
        const cv::Point place = isBelow ? cv::Point(letter.x, sign.br().y + small + std::max(5, height / 4)) : cv::Point(sign.br().x + std::max(5, height / 2), base.y);
        write(made.initials, kInitials[static_cast<std::size_t>(pick(5))], place, small, font);
        if (form == MarkerForm::Tilted) tilt(made, centre, (5 + pick(16)) * (pick(2) == 0 ? 1 : -1));
        made.box = cv::boundingRect(made.marker | made.initials);
        made.marker = made.marker(made.box).clone(), made.initials = made.initials(made.box).clone();
        return made;
    }

    static void tilt(BurnedMarker& made, cv::Point centre, int degrees) {
        const cv::Mat turn = cv::getRotationMatrix2D(centre, degrees, 1);
        for (cv::Mat* ink : {&made.marker, &made.initials}) cv::warpAffine(ink->clone(), *ink, turn, ink->size(), cv::INTER_LINEAR);
    }

    std::mt19937 m_random;
};

// Share of the ink that lies in boxes.
inline double covered(const cv::Mat& ink, const cv::Rect& place, const std::vector<TextBox>& boxes) {
    cv::Mat strong = ink >= 128;
    const int all = std::max(1, cv::countNonZero(strong));
    for (const TextBox& box : boxes) {
        const cv::Rect common = box & place;
        if (!common.empty()) strong(common - place.tl()) = 0;
    }
    return 1 - static_cast<double>(cv::countNonZero(strong)) / all;
}

// One marker of each form in the film's corners.
inline void measureMarkers(cv::Mat film, unsigned seed, std::map<std::string, MarkerScore>& scores) {
    MarkerBurner burner(seed);
    std::vector<BurnedMarker> markers;
    for (int form = 0; form < 4; ++form) markers.push_back(burner.burn(film, static_cast<MarkerForm>(form), (form + static_cast<int>(seed)) % 4));
    const std::vector<TextBox> boxes = findBurnedInText(film).value();
    for (std::size_t form = 0; form < markers.size(); ++form) {
        MarkerScore& score = scores[kMarkerForms[form]];
        ++score.markers;
        score.kept += covered(markers[form].marker, markers[form].box, boxes) <= 0.10 ? 1 : 0;
        score.gone += covered(markers[form].initials, markers[form].box, boxes) >= 0.95 ? 1 : 0;
    }
}

}  // namespace cxr::bench
