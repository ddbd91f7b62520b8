#include "core/plot/figure.h"

#include <plplot/plplot.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <string_view>

#include "core/base/atomic_file.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

// Slots of PLplot's palette that change from curve to curve, and those that stay.
constexpr int kPaper = 0, kInk = 1, kGrid = 2, kQuiet = 3, kPen = 4;
constexpr const char* kDevice = "pngcairo";
constexpr double kHeaderPx = 64, kTitlePx = 17, kPanelTitlePx = 15, kTextPx = 13;
constexpr double kLeftPx = 66, kRightPx = 22, kTopPx = 40, kBottomPx = 58;

// Pixels of the page to PLplot's units. Its Cairo driver counts 72 dots an inch and makes a letter of height h mm
// about 1.6 h mm of font size.
constexpr double kPxPerMm = 72 / 25.4;

void setPen(const PlotColour& colour, double opacity = 1) {
    plscol0a(kPen, colour.red, colour.green, colour.blue, opacity);
    plcol0(kPen);
}

void setFontPx(double px) { plschr(px / kPxPerMm / 1.4, 1); }

// PLplot takes # for the begin of a command.
std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '#' ? std::string("##") : std::string(1, c);
    return result;
}

class Page {
  public:
    Page(const fs::path& file, double widthPx, double heightPx) : m_width(widthPx), m_height(heightPx) {
        plsdev(kDevice);
        plsfnam(file.c_str());
        plspage(0, 0, static_cast<int>(widthPx), static_cast<int>(heightPx), 0, 0);
        plscolbg(255, 255, 255);
        plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, PL_FCI_MEDIUM);
        plspause(0);
        plinit();
        plscol0(kInk, kPlotInk.red, kPlotInk.green, kPlotInk.blue);
        plscol0(kGrid, 226, 229, 233);
        plscol0(kQuiet, kPlotQuiet.red, kPlotQuiet.green, kPlotQuiet.blue);
        pladv(0);
    }
    ~Page() { plend(); }
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    // The rectangle (pixels from the top left corner) shows x and y values from here on.
    void window(double left, double top, double width, double height, const std::array<double, 2>& x, const std::array<double, 2>& y) {
        plvpor(left / m_width, (left + width) / m_width, 1 - (top + height) / m_height, 1 - top / m_height);
        plwind(x[0], x[1], y[0], y[1]);
    }
    void pixels() { window(0, 0, m_width, m_height, {0, m_width}, {m_height, 0}); }
    void text(double x, double y, const std::string& words, double fontPx, double alignment, int colour = kInk) {
        pixels();
        plcol0(colour);
        setFontPx(fontPx);
        plptex(x, y, 1, 0, alignment, escaped(words).c_str());
    }
    void uprightText(double x, double y, const std::string& words, double fontPx, int colour = kInk) {
        pixels();
        plcol0(colour);
        setFontPx(fontPx);
        plptex(x, y, 0, -1, 0.5, escaped(words).c_str());
    }

  private:
    double m_width, m_height;
};

// Distance of grid lines: 1, 2 or 5 times a power of ten, four to eight of them.
double stepOf(const std::array<double, 2>& range) {
    const double rough = (range[1] - range[0]) / 5, power = std::pow(10, std::floor(std::log10(rough)));
    const double share = rough / power;
    return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}

std::string numberText(double value, double step) {
    char text[32];
    const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    std::snprintf(text, sizeof text, "%.*f", digits, std::abs(value) < step / 1e6 ? 0.0 : value);
    return text;
}

// A rectangle of the page that shows one panel.
class PanelPainter {
  public:
    PanelPainter(Page& page, const PlotPanel& panel, double left, double top, double width, double height)
        : m_page(page), m_panel(panel), m_left(left + kLeftPx), m_top(top + kTopPx), m_width(width - kLeftPx - kRightPx),
          m_height(height - kTopPx - kBottomPx) {}

    void paint() {
        paintAxes();
        values();
        for (const PlotBand& band : m_panel.bands) paintBand(band);
        for (const PlotLine& line : m_panel.lines) paintLine(line);
        for (const PlotPoints& points : m_panel.points) paintPoints(points);
        for (const PlotText& text : m_panel.texts) {
            setPen(text.colour);
            setFontPx(kTextPx);
            plptex(text.x, text.y, 1, 0, text.alignment, escaped(text.text).c_str());
        }
    }

  private:
    void values() { m_page.window(m_left, m_top, m_width, m_height, m_panel.xRange, m_panel.yRange); }
    [[nodiscard]] double pageX(double x) const {
        return m_left + m_width * (x - m_panel.xRange[0]) / (m_panel.xRange[1] - m_panel.xRange[0]);
    }
    [[nodiscard]] double pageY(double y) const {
        return m_top + m_height * (m_panel.yRange[1] - y) / (m_panel.yRange[1] - m_panel.yRange[0]);
    }

    void paintAxes() {
        const double xStep = stepOf(m_panel.xRange), yStep = stepOf(m_panel.yRange);
        const double right = m_left + m_width, bottom = m_top + m_height;
        for (double x = std::ceil(m_panel.xRange[0] / xStep) * xStep; x <= m_panel.xRange[1] + xStep / 1e6; x += xStep) {
            gridLine(pageX(x), m_top, pageX(x), bottom);
            m_page.text(pageX(x), bottom + 13, numberText(x, xStep), kTextPx, 0.5, kQuiet);
        }
        for (double y = std::ceil(m_panel.yRange[0] / yStep) * yStep; y <= m_panel.yRange[1] + yStep / 1e6; y += yStep) {
            gridLine(m_left, pageY(y), right, pageY(y));
            m_page.text(m_left - 7, pageY(y), numberText(y, yStep), kTextPx, 1, kQuiet);
        }
        m_page.text(m_left, m_top - 16, m_panel.title, kPanelTitlePx, 0);
        m_page.text(m_left + m_width / 2, bottom + 36, m_panel.xTitle, kTextPx, 0.5);
        m_page.uprightText(m_left - 48, m_top + m_height / 2, m_panel.yTitle, kTextPx);
    }
    void gridLine(double x0, double y0, double x1, double y1) {
        m_page.pixels();
        plcol0(kGrid);
        plwidth(1);
        pljoin(x0, y0, x1, y1);
    }
    static void paintBand(const PlotBand& band) {
        std::vector<double> x = band.x, y = band.high;
        x.insert(x.end(), band.x.rbegin(), band.x.rend());
        y.insert(y.end(), band.low.rbegin(), band.low.rend());
        setPen(band.colour, band.opacity);
        plfill(static_cast<int>(x.size()), x.data(), y.data());
    }
    static void paintLine(const PlotLine& line) {
        if (line.x.empty()) return;
        setPen(line.colour);
        plwidth(line.widthPx);
        pllsty(line.dashed ? 2 : 1);
        plline(static_cast<int>(line.x.size()), line.x.data(), line.y.data());
        pllsty(1);
        if (line.label.empty()) return;
        setFontPx(kTextPx);
        plptex(line.x.back(), line.y.back(), 1, 0, -0.03, escaped(line.label).c_str());
    }
    void paintPoints(const PlotPoints& points) const {
        const double radiusX = points.radiusPx * (m_panel.xRange[1] - m_panel.xRange[0]) / m_width;
        const double radiusY = points.radiusPx * (m_panel.yRange[1] - m_panel.yRange[0]) / m_height;
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            setPen(points.colour);
            plwidth(1.5);
            if (!points.low.empty()) pljoin(points.x[i], points.low[i], points.x[i], points.high[i]);
            if (!points.filled) plscol0(kPen, 255, 255, 255);
            plcol0(kPen);
            plarc(points.x[i], points.y[i], radiusX, radiusY, 0, 360, 0, 1);
            setPen(points.colour);
            plarc(points.x[i], points.y[i], radiusX, radiusY, 0, 360, 0, 0);
        }
    }

    Page& m_page;
    const PlotPanel& m_panel;
    double m_left, m_top, m_width, m_height;
};

void paintFigure(const fs::path& file, const Figure& figure) {
    const int rows = (static_cast<int>(figure.panels.size()) + figure.columns - 1) / figure.columns;
    Page page(file, figure.columns * figure.panelWidthPx, kHeaderPx + rows * figure.panelHeightPx);
    page.text(22, 26, figure.title, kTitlePx, 0);
    page.text(22, 50, figure.subtitle, kTextPx, 0, kQuiet);
    for (std::size_t i = 0; i < figure.panels.size(); ++i) {
        const auto row = static_cast<int>(i) / figure.columns, column = static_cast<int>(i) % figure.columns;
        PanelPainter(page, figure.panels[i], column * figure.panelWidthPx, kHeaderPx + row * figure.panelHeightPx,
                     figure.panelWidthPx, figure.panelHeightPx).paint();
    }
}

// PLplot asks on the terminal for a device that it does not know, and ends the program for a file that it cannot open.
Result<Done> checkDevice() {
    std::vector<const char*> menus(256), names(256);
    const char **menuList = menus.data(), **nameList = names.data();
    int count = static_cast<int>(names.size());
    plgFileDevs(&menuList, &nameList, &count);
    const auto end = names.begin() + count;
    if (std::find(names.begin(), end, std::string_view(kDevice)) != end) return Done{};
    return Error{ErrorCode::WriteFailed, "the curves cannot be drawn; install the package plplot-driver-cairo"};
}

Result<Done> checkFile(const fs::path& file) {
    if (std::ofstream(file).is_open()) return Done{};
    return Error{ErrorCode::WriteFailed, "the curves cannot be written there; choose a folder that exists and has room"};
}

}  // namespace

Result<Done> writeFigure(const fs::path& png, const Figure& figure) {
    if (figure.panels.empty() || figure.columns < 1) return Error{ErrorCode::InvalidArgument, "there is nothing to draw"};
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    return writeFileAtomically(png, [&](const fs::path& temporary) -> Result<Done> {
        if (auto device = checkDevice(); !device.isOk()) return device;
        if (auto writable = checkFile(temporary); !writable.isOk()) return writable;
        paintFigure(temporary, figure);
        std::error_code failed;
        if (fs::file_size(temporary, failed) > 0 && !failed) return Done{};
        return Error{ErrorCode::WriteFailed, "the curves could not be written; there may be no room"};
    });
}

}  // namespace cxr
