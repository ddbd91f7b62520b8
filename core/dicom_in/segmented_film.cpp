#include "core/dicom_in/segmented_film.h"

#include <algorithm>
#include <map>
#include <opencv2/core.hpp>

#include "core/dicom_in/object_reader.h"
#include "core/image/mask_borders.h"

namespace cxr {
namespace {

struct FrameLayout {
    int rows = 0, columns = 0, frames = 0, bits = 1;
    int half = 128;  // fractional: from here on a pixel is inside
    [[nodiscard]] std::int64_t pixels() const { return std::int64_t{rows} * columns; }
};

struct FrameFacts {
    int segment = 0;
    std::vector<std::string> films;  // empty: not said
};

std::string sizeText(int columns, int rows) { return std::to_string(columns) + " x " + std::to_string(rows); }

Result<FrameLayout> layoutOf(const ObjectReader& read, bool isFractional) {
    const auto number = [&](const DcmTagKey& tag) { return read.integer(read.root(), tag).value_or(0); };
    FrameLayout layout{number(DCM_Rows), number(DCM_Columns), std::max(1, number(DCM_NumberOfFrames)), number(DCM_BitsAllocated), 128};
    const ReadLimits limits;
    if (layout.rows < 1 || layout.columns < 1) return Error{ErrorCode::Corrupt, "it has no rows and columns"};
    if (layout.pixels() > limits.maxPixels) return Error{ErrorCode::TooLarge, "it claims " + sizeText(layout.columns, layout.rows) + " pixels"};
    if (layout.bits != 1 && layout.bits != 8)
        return Error{ErrorCode::Unsupported, "its pixels have " + std::to_string(layout.bits) + " bits, which segmentations do not have"};
    if (isFractional) layout.half = std::max(1, (number(DCM_MaximumFractionalValue) + 1) / 2);
    if (layout.bits == 8 && !isFractional) layout.half = 1;
    const PixelLocation& pixels = read.layout().pixels;
    if (pixels.element.tag != 0x7FE00010) return Error{ErrorCode::Corrupt, "it holds no frames"};
    if (pixels.element.hasUndefinedLength || read.layout().syntax->codec != PixelCodec::Raw)
        return Error{ErrorCode::Unsupported, std::string("its frames are compressed as ") + read.layout().syntax->name +
                                                 ", which this program does not read in segmentations"};
    const std::int64_t needed = (layout.pixels() * layout.frames * layout.bits + 7) / 8;
    if (needed > static_cast<std::int64_t>(pixels.element.length()))
        return Error{ErrorCode::Corrupt, "it claims " + std::to_string(layout.frames) + " frames but is too short for them"};
    return layout;
}

// Segment and sources of one functional group.
void addGroupFacts(const ObjectReader& read, DcmItem& group, FrameFacts& facts) {
    if (DcmItem* item = read.firstItem(group, DCM_SegmentIdentificationSequence))
        facts.segment = read.integer(*item, DCM_ReferencedSegmentNumber).value_or(0);
    for (DcmItem* derivation : read.items(group, DCM_DerivationImageSequence)) {
        for (std::string& uid : read.references(*derivation, DCM_SourceImageSequence)) facts.films.push_back(std::move(uid));
    }
}

std::vector<FrameFacts> frameFacts(const ObjectReader& read, int frames) {
    FrameFacts shared;
    if (DcmItem* group = read.firstItem(read.root(), DCM_SharedFunctionalGroupsSequence)) addGroupFacts(read, *group, shared);
    std::vector<FrameFacts> facts;
    for (DcmItem* group : read.items(read.root(), DCM_PerFrameFunctionalGroupsSequence)) {
        if (static_cast<int>(facts.size()) >= frames) break;
        FrameFacts own;
        addGroupFacts(read, *group, own);
        if (own.segment == 0) own.segment = shared.segment;
        if (own.films.empty()) own.films = shared.films;
        facts.push_back(std::move(own));
    }
    return facts;
}

bool isAboutFilm(const FrameFacts& frame, const std::string& filmUid) {
    return filmUid.empty() || frame.films.empty() || std::find(frame.films.begin(), frame.films.end(), filmUid) != frame.films.end();
}

// Sets the pixels of frame `index` in `mask`.
void addFrame(Bytes data, const FrameLayout& layout, std::int64_t index, cv::Mat& mask) {
    auto* to = mask.ptr<std::uint8_t>();
    const std::int64_t first = index * layout.pixels();
    for (std::int64_t i = 0; i < layout.pixels(); ++i) {
        const auto at = static_cast<std::size_t>(first + i);
        const bool isInside = layout.bits == 1 ? (data[at / 8] >> (at % 8) & 1) != 0 : data[at] >= layout.half;
        if (isInside) to[i] = 255;
    }
}

Rgb colourOf(const ObjectReader& read, DcmItem& item, int number) {
    const auto lab = read.numbers(item, DCM_RecommendedDisplayCIELabValue);
    if (lab.size() == 3) return rgbOfCieLab(lab);
    // Okabe & Ito 2008: apart for colour-blind readers.
    static constexpr Rgb kColours[] = {{230, 159, 0}, {86, 180, 233}, {0, 158, 115}, {240, 228, 66}, {204, 121, 167}, {213, 94, 0}};
    return kColours[static_cast<std::size_t>(std::max(number - 1, 0)) % std::size(kColours)];
}

FilmSegment segmentOf(const ObjectReader& read, DcmItem& item) {
    FilmSegment segment;
    segment.number = read.integer(item, DCM_SegmentNumber).value_or(0);
    segment.label = read.text(item, DCM_SegmentLabel);
    segment.meaning = read.meaning(item, DCM_SegmentedPropertyTypeCodeSequence);
    if (DcmItem* type = read.firstItem(item, DCM_SegmentedPropertyTypeCodeSequence)) {
        const std::string side = read.meaning(*type, DCM_SegmentedPropertyTypeModifierCodeSequence);
        const std::string beside = read.meaning(item, DCM_SegmentedPropertyTypeModifierCodeSequence);
        if (!side.empty() || !beside.empty()) segment.meaning += ", " + (side.empty() ? beside : side);
    }
    segment.algorithm = read.text(item, DCM_SegmentAlgorithmType);
    const std::string name = read.text(item, DCM_SegmentAlgorithmName);
    if (!name.empty()) segment.algorithm += (segment.algorithm.empty() ? "" : ", ") + name;
    segment.colour = colourOf(read, item, segment.number);
    if (segment.label.empty()) segment.label = segment.meaning.empty() ? "segment " + std::to_string(segment.number) : segment.meaning;
    return segment;
}

// Fills pixels and borders from the frames of this segment.
void drawSegment(Bytes data, const FrameLayout& layout, const std::vector<std::int64_t>& frames, FilmSegment& segment, SegmentedFilm& film) {
    cv::Mat mask = cv::Mat::zeros(layout.rows, layout.columns, CV_8UC1);
    for (const std::int64_t frame : frames) addFrame(data, layout, frame, mask);
    segment.pixels = cv::countNonZero(mask);
    auto borders = maskBorders(mask, kMaxBorderPx);
    if (!borders) {
        film.facts.notes.push_back("The outline of \"" + segment.label + "\" is too rugged to be drawn.");
        return;
    }
    segment.borders = *std::move(borders);
    if (segment.pixels > 0) film.segments.push_back(segment);
}

}  // namespace

Result<SegmentedFilm> readSegmentation(const std::filesystem::path& file, const std::string& filmUid, int rows, int columns) {
    const Result<ObjectReader> opened = ObjectReader::open(file, ObjectKind::Segmentation);
    if (!opened.isOk()) return opened.error();
    const ObjectReader& read = opened.value();
    SegmentedFilm film;
    film.facts = read.facts();
    film.isFractional = read.text(read.root(), DCM_SegmentationType) == "FRACTIONAL";
    const Result<FrameLayout> layout = layoutOf(read, film.isFractional);
    if (!layout.isOk()) return layout.error();
    film.rows = layout.value().rows;
    film.columns = layout.value().columns;
    if (rows > 0 && (film.rows != rows || film.columns != columns))
        return Error{ErrorCode::Unsupported, "its frames have " + sizeText(film.columns, film.rows) + " pixels and the film " +
                                                 sizeText(columns, rows) + ": it cannot be laid on it pixel by pixel"};
    const std::string wanted = filmUid.empty() && !film.facts.films.empty() ? film.facts.films.front() : filmUid;
    const std::vector<FrameFacts> facts = frameFacts(read, layout.value().frames);
    std::map<int, std::vector<std::int64_t>> framesOf;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (isAboutFilm(facts[i], wanted)) framesOf[facts[i].segment].push_back(static_cast<std::int64_t>(i));
    }
    const Bytes data = read.layout().valueOf(read.layout().pixels.element);
    for (DcmItem* item : read.items(read.root(), DCM_SegmentSequence)) {
        if (film.segments.size() >= kMaxSegments) break;
        FilmSegment segment = segmentOf(read, *item);
        const auto frames = framesOf.find(segment.number);
        if (frames != framesOf.end()) drawSegment(data, layout.value(), frames->second, segment, film);
    }
    return film;
}

}  // namespace cxr
