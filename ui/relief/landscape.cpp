// Heights, skin and lines of a landscape; picking is in landscape_pick.cpp. See landscape.h.
#include "ui/relief/landscape.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/image/pixel_chain.h"
#include "core/localize/map_geometry.h"
#include "core/localize/map_support.h"
#include "ui/print/edge_letters.h"
#include "ui/print/findings_painter.h"

namespace cxr::ui {

namespace {

constexpr int kSkinSide = 1024;     // px
constexpr int kFineSide = 160;      // points
constexpr int kCoarseSide = 80;     // points
constexpr int kMostSamples = 5;     // in each direction, of a map that is finer than the grid
constexpr double kAbove = 0.003;    // lines lie on the skin, not in it
constexpr double kLineStep = 1.0 / 128;  // of the film's longer side: longer pieces would cut through hills
constexpr double kLetterPx = 44;
constexpr double kInside = 1e-3;    // film px: its very edge may lie outside of a map that ends there
const QRgb kIsoColour = qRgb(255, 255, 255);

double heightOf(double value, const MapScale& scale) {
    if (scale.isEmpty()) return 0;
    return std::clamp(value / scale.high, scale.low < 0 ? -1.0 : 0.0, 1.0) * kReliefHeight;
}

// Film px of a cell's side.
double cellPx(const Heatmap& map) {
    const double across = std::hypot(map.grid.right.x, map.grid.right.y) / std::max(1, map.plane.width);
    const double down = std::hypot(map.grid.down.x, map.grid.down.y) / std::max(1, map.plane.height);
    return std::max(1e-6, std::min(across, down));
}

// The value of largest magnitude within half a step of a film point, on samples * samples places.
double valueRound(const Heatmap& map, PointPx at, double stepPx, int samples, QSize film) {
    double largest = 0;
    for (int i = 0; i < samples; ++i) {
        for (int j = 0; j < samples; ++j) {
            const PointPx one{std::clamp(at.x + stepPx * ((j + 0.5) / samples - 0.5), kInside, film.width() - kInside),
                              std::clamp(at.y + stepPx * ((i + 0.5) / samples - 0.5), kInside, film.height() - kInside)};
            const double value = valueAt(map, one).value_or(0);
            if (std::abs(value) > std::abs(largest)) largest = value;
        }
    }
    return largest;
}

bool isOn(PointPx at, QSize film) { return at.x >= 0 && at.y >= 0 && at.x <= film.width() && at.y <= film.height(); }

// On the skin, cut where it leaves the film, in pieces short enough to follow it.
void addLine(std::vector<ReliefLine>& lines, std::vector<PointPx> path, bool isClosed, QRgb colour, bool isOutline, const HeightGrid& grid, QSize film) {
    if (path.size() < 2) return;
    if (isClosed) path.push_back(path.front());
    const double step = kLineStep * std::max(film.width(), film.height());
    ReliefLine line{{}, colour, isOutline};
    const auto finish = [&] {
        if (line.points.size() > 1) lines.push_back(line);
        line.points.clear();
    };
    const auto add = [&](PointPx at) {
        if (!isOn(at, film)) return finish();
        line.points.push_back(worldOf(at, grid.at(at.x / film.width(), at.y / film.height()) + kAbove, film));
    };
    add(path.front());
    for (std::size_t i = 1; i < path.size(); ++i) {
        const LinePx piece{path[i - 1], path[i]};
        const int parts = std::max(1, static_cast<int>(std::ceil(piece.length() / step)));
        for (int k = 1; k <= parts; ++k) {
            const double share = static_cast<double>(k) / parts;
            add({piece.from.x + share * (piece.to.x - piece.from.x), piece.from.y + share * (piece.to.y - piece.from.y)});
        }
    }
    finish();
}

std::vector<ReliefLine> linesOf(const Landscape& landscape) {
    std::vector<ReliefLine> lines;
    const QSize film = landscape.film->size();
    if (landscape.shown) {
        const ShownHeatmap& shown = *landscape.shown;
        for (const IsoLine& iso : isoLines(*shown.map, contourLevels(*shown.map, shown.style)))
            addLine(lines, iso.points, iso.isClosed, kIsoColour, false, landscape.fine, film);
    }
    if (!landscape.film->chest) return lines;
    for (const Outline& outline : landscape.film->chest->outlines)
        addLine(lines, outline.points, true, organColour(outline.organ).rgb(), true, landscape.fine, film);
    return lines;
}

QImage skinOf(const ReliefFilm& film, const std::optional<ShownHeatmap>& shown) {
    if (!shown) return film.gray;
    QImage skin = film.gray.copy();
    QPainter painter(&skin);
    ShownHeatmap coloursOnly = *shown;
    coloursOnly.style.showColours = true;  // a landscape without them could not be read
    coloursOnly.style.showBoxes = coloursOnly.style.showContours = false;
    const QTransform filmToSkin = QTransform::fromScale(static_cast<double>(skin.width()) / film.size().width(), static_cast<double>(skin.height()) / film.size().height());
    paintHeatmap(painter, filmToSkin, film.size(), coloursOnly, 12);
    return skin;
}

Error stopped() { return {ErrorCode::Cancelled, "stopped"}; }

}  // namespace

Result<ReliefFilmPtr> reliefFilm(const ImagePtr& image, const VoiSetting& voi, const std::optional<ChestMeasurement>& chest, const RunContext& context) {
    const cv::Mat gray = renderGray8(*image, voi, false);
    if (context.isCancelled()) return stopped();
    const QImage whole(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step[0]), QImage::Format_Grayscale8);
    auto film = std::make_shared<ReliefFilm>(ReliefFilm{image, chest, {}});
    film->gray = whole.scaled(kSkinSide, kSkinSide, Qt::KeepAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
    QPainter painter(&film->gray);
    paintEdgeLetters(painter, QRectF(film->gray.rect()).adjusted(8, 8, -8, -8), edgeLetters(*image, QTransform()), kLetterPx);
    return ReliefFilmPtr(std::move(film));
}

double HeightGrid::at(double u, double v) const {
    if (heights.empty()) return 0;
    const double x = std::clamp(u, 0.0, 1.0) * (columns - 1), y = std::clamp(v, 0.0, 1.0) * (rows - 1);
    const int left = std::min(static_cast<int>(x), columns - 2), top = std::min(static_cast<int>(y), rows - 2);
    const double a = x - left, b = y - top;
    const auto cell = [&](int row, int column) { return static_cast<double>(heights[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)]); };
    return (1 - b) * ((1 - a) * cell(top, left) + a * cell(top, left + 1)) + b * ((1 - a) * cell(top + 1, left) + a * cell(top + 1, left + 1));
}

HeightGrid heightGrid(const std::optional<ShownHeatmap>& shown, QSize film, int side) {
    const double step = static_cast<double>(std::max(film.width(), film.height())) / (side - 1);
    HeightGrid grid;
    grid.columns = std::max(2, static_cast<int>(std::lround(film.width() / step)) + 1);
    grid.rows = std::max(2, static_cast<int>(std::lround(film.height() / step)) + 1);
    grid.heights.assign(static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows), 0.0F);
    if (!shown) return grid;
    const MapScale scale = shownScale(*shown->map, shown->style);
    if (scale.isEmpty()) return grid;
    const int samples = std::clamp(static_cast<int>(std::ceil(step / cellPx(*shown->map) - 1e-9)), 1, kMostSamples);
    for (int row = 0; row < grid.rows; ++row) {
        for (int column = 0; column < grid.columns; ++column) {
            const PointPx at{static_cast<double>(column) / (grid.columns - 1) * film.width(), static_cast<double>(row) / (grid.rows - 1) * film.height()};
            const std::size_t index = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.columns) + static_cast<std::size_t>(column);
            grid.heights[index] = static_cast<float>(heightOf(valueRound(*shown->map, at, step, samples, film), scale));
        }
    }
    return grid;
}

Result<LandscapePtr> landscapeOf(const ReliefFilmPtr& film, const std::optional<ShownHeatmap>& shown, const RunContext& context) {
    auto landscape = std::make_shared<Landscape>();
    landscape->film = film;
    landscape->shown = shown;
    if (shown && shownScale(*shown->map, shown->style).isEmpty()) {
        landscape->sentence = QString::fromStdString(supportOf(*shown->map).sentence);
        return LandscapePtr(std::move(landscape));
    }
    landscape->fine = heightGrid(shown, film->size(), kFineSide);
    landscape->coarse = heightGrid(shown, film->size(), kCoarseSide);
    if (context.isCancelled()) return stopped();
    landscape->skin = skinOf(*film, shown);
    if (context.isCancelled()) return stopped();
    landscape->lines = linesOf(*landscape);
    return LandscapePtr(std::move(landscape));
}

}  // namespace cxr::ui
