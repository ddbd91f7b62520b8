// Curves as pictures: panels side by side with lines, bands, points and words, painted by PLplot (its Cairo driver: smooth
// lines, system fonts, no display). The only folder that knows PLplot.
//   file         PNG
//   thread rule  any thread; figures are painted one after another, PLplot keeps global state
//   fails        WriteFailed (also when PLplot's Cairo driver is not installed), InvalidArgument (no panel)
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

struct PlotColour {
    std::uint8_t red = 0, green = 0, blue = 0;
};
// Okabe and Ito's colours, which people with any colour vision can tell apart.
inline constexpr PlotColour kPlotInk{38, 44, 52}, kPlotQuiet{122, 130, 140}, kPlotBlue{0, 114, 178}, kPlotOrange{213, 94, 0},
    kPlotGreen{0, 158, 115};

struct PlotLine {
    std::vector<double> x, y;  // of equal length
    PlotColour colour = kPlotBlue;
    double widthPx = 2;
    bool dashed = false;
    std::string label{};  // beside the line's end; empty: none
};

// The area between two curves over x.
struct PlotBand {
    std::vector<double> x, low, high;  // of equal length
    PlotColour colour = kPlotBlue;
    double opacity = 0.18;
};

struct PlotPoints {
    std::vector<double> x, y, low, high;  // low and high: ends of upright whiskers; empty = none
    PlotColour colour = kPlotBlue;
    double radiusPx = 4;
    bool filled = true;
};

struct PlotText {
    double x = 0, y = 0;      // in the panel's values
    std::string text;
    double alignment = 0;     // 0: begins at x, 0.5: its middle, 1: ends there
    PlotColour colour = kPlotInk;
};

struct PlotPanel {
    std::string title, xTitle, yTitle;
    std::array<double, 2> xRange{0, 1}, yRange{0, 1};
    std::vector<PlotBand> bands{};  // painted in this order: bands, lines, points, texts
    std::vector<PlotLine> lines{};
    std::vector<PlotPoints> points{};
    std::vector<PlotText> texts{};
};

struct Figure {
    std::string title, subtitle;
    std::vector<PlotPanel> panels;  // row by row
    int columns = 1;
    int panelWidthPx = 560, panelHeightPx = 520;  // frame, titles and margins included
};

Result<Done> writeFigure(const std::filesystem::path& png, const Figure& figure);

}  // namespace cxr
