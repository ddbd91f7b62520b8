#include "core/dicom_in/segmented_film.h"

#include <algorithm>
#include <map>
#include <opencv2/core.hpp>

#include "core/dicom_in/object_reader.h"
#include "core/dicom_in/pseudo_colour.h"
#include "core/dicom_in/segment_frames.h"
#include "core/image/mask_borders.h"

namespace cxr {
namespace {

constexpr std::int64_t kMaxLabelPx = 1'000'000'000;  // a hundred segments of a film of 10 million pixels
constexpr const char* kLabelMap = "1.2.840.10008.5.1.4.1.1.66.7";  // newer than DCMTK's dictionary

struct FrameFacts {
    int segment = 0;
    std::vector<std::string> films;  // empty: not said
};

std::string sizeText(int columns, int rows) { return std::to_string(columns) + " x " + std::to_string(rows); }

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
    if (facts.empty()) facts.assign(std::min<std::size_t>(static_cast<std::size_t>(frames), ObjectReader::kMaxItems), shared);
    return facts;
}

bool isAboutFilm(const FrameFacts& frame, const std::string& filmUid) {
    return filmUid.empty() || frame.films.empty() || std::find(frame.films.begin(), frame.films.end(), filmUid) != frame.films.end();
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

// Fills pixels and borders of this segment.
void drawSegment(const cv::Mat& mask, FilmSegment segment, SegmentedFilm& film) {
    segment.pixels = cv::countNonZero(mask);
    auto borders = maskBorders(mask, kMaxBorderPx);
    if (!borders) {
        film.facts.notes.push_back("The outline of \"" + segment.label + "\" is too rugged to be drawn.");
        return;
    }
    segment.borders = *std::move(borders);
    if (segment.pixels > 0) film.segments.push_back(std::move(segment));
}

using FrameList = std::vector<int>;

// One mask for each segment, from the frames that are its own; a number that comes again is drawn once.
Result<Done> drawOwnFrames(const ObjectReader& read, const SegmentFrames& frames, std::map<int, FrameList> framesOf, SegmentedFilm& film) {
    for (DcmItem* item : read.items(read.root(), DCM_SegmentSequence)) {
        if (film.segments.size() >= kMaxSegments) break;
        FilmSegment segment = segmentOf(read, *item);
        const auto own = framesOf.extract(segment.number);
        if (own.empty()) continue;
        cv::Mat mask = cv::Mat::zeros(film.rows, film.columns, CV_8UC1);
        for (const int index : own.mapped()) {
            const auto values = frames.values(index);
            if (!values.isOk()) return values.error();
            mask |= values.value() >= frames.insideFrom();
        }
        drawSegment(mask, std::move(segment), film);
    }
    return Done{};
}

// Every frame holds every segment; of frames over each other, the last that says something counts.
Result<Done> drawLabels(const ObjectReader& read, const SegmentFrames& frames, const FrameList& about, SegmentedFilm& film) {
    cv::Mat labels = cv::Mat::zeros(film.rows, film.columns, CV_16UC1);
    for (const int index : about) {
        const auto values = frames.values(index);
        if (!values.isOk()) return values.error();
        values.value().copyTo(labels, values.value() != 0);
    }
    std::vector<bool> left(65536);  // numbers that have pixels and were not drawn yet
    std::for_each(labels.begin<std::uint16_t>(), labels.end<std::uint16_t>(), [&](std::uint16_t number) { left[number] = true; });
    const ValueColours colours(read);
    const int background = read.integer(read.root(), DCM_PixelPaddingValue).value_or(0);
    std::int64_t pixels = 0;
    for (DcmItem* item : read.items(read.root(), DCM_SegmentSequence)) {
        if (film.segments.size() >= kMaxSegments) break;
        FilmSegment segment = segmentOf(read, *item);
        const auto number = static_cast<std::size_t>(std::clamp(segment.number, 0, 65535));
        if (segment.number == background || number == 0 || !left[number]) continue;
        if (pixels > kMaxLabelPx) {
            film.facts.notes.emplace_back("It has more segments than are drawn on a film of its size.");
            break;
        }
        pixels += static_cast<std::int64_t>(labels.total());  // each segment is looked for in all of them
        left[number] = false;
        if (const auto colour = colours.of(segment.number)) segment.colour = *colour;
        drawSegment(labels == segment.number, std::move(segment), film);
    }
    return Done{};
}

}  // namespace

Result<SegmentedFilm> readSegmentation(const std::filesystem::path& file, const std::string& filmUid, int rows, int columns) {
    const Result<ObjectReader> opened = ObjectReader::open(file, ObjectKind::Segmentation);
    if (!opened.isOk()) return opened.error();
    const ObjectReader& read = opened.value();
    SegmentedFilm film;
    film.facts = read.facts();
    const std::string type = read.text(read.root(), DCM_SegmentationType);
    film.isFractional = type == "FRACTIONAL";
    film.isLabelMap = type == "LABELMAP" || film.facts.sopClassUid == kLabelMap;
    const Result<SegmentFrames> framed = SegmentFrames::open(read, film.isFractional, film.isLabelMap);
    if (!framed.isOk()) return framed.error();
    const SegmentFrames& frames = framed.value();
    film.rows = frames.rows();
    film.columns = frames.columns();
    if (rows > 0 && (film.rows != rows || film.columns != columns))
        return Error{ErrorCode::Unsupported, "its frames have " + sizeText(film.columns, film.rows) + " pixels and the film " +
                                                 sizeText(columns, rows) + ": it cannot be laid on it pixel by pixel"};
    const std::string wanted = filmUid.empty() && !film.facts.films.empty() ? film.facts.films.front() : filmUid;
    const std::vector<FrameFacts> facts = frameFacts(read, frames.count());
    std::map<int, FrameList> framesOf;
    FrameList about;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (!isAboutFilm(facts[i], wanted)) continue;
        framesOf[facts[i].segment].push_back(static_cast<int>(i));
        about.push_back(static_cast<int>(i));
    }
    auto drawn = film.isLabelMap ? drawLabels(read, frames, about, film) : drawOwnFrames(read, frames, std::move(framesOf), film);
    if (!drawn.isOk()) return drawn.error();
    return film;
}

}  // namespace cxr
