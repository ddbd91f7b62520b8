// A film table: which pictures a data set has, whose they are, and what is known about each. No pixels are decoded.
// The layout of a folder is recognised by content:
//   ours       labels.csv (image, patient_id, ..., 14 diseases, cv_fold5, size_px) beside images_320/, images_64/, boxes_1024/,
//              boxes.csv, chexnet_predictions.csv
//   NIH        Data_Entry_2017*.csv, BBox_List_2017.csv, pictures in images*/ or images*/images/ (Wang et al., CVPR 2017)
//   CheXpert   train.csv, valid.csv: Path, Sex, Age, Frontal/Lateral, AP/PA, 14 observations 1/0/-1/blank (Irvin et al., AAAI 2019)
//   metadata   metadata.csv with filename and view columns (public collection of published pictures)
//   sites      <site>/image/*.png (and masks beside it), as core/pipeline/heart_dataset.h reads: frontal films
//   plain      one other *.csv with a column image, path, file or filename; columns that hold only 0, 1, -1 or nothing are labels
//   thread rule  pure values; any thread
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"

namespace cxr {

// A lesion's rectangle in pixels of a named grid, which need not be the stored picture's: multiply by widthPx / gridWidth.
struct LesionBox {
    std::string className;  // as in FilmTable::classes
    double x = 0, y = 0, width = 0, height = 0;  // left, top, size; grid pixels
    int gridWidth = 1024, gridHeight = 1024;
};

// The picture before the data set's publisher resized it; 0 = unknown.
struct OriginalPicture {
    int widthPx = 0, heightPx = 0;
    double spacingXMm = 0, spacingYMm = 0;  // distance between neighbouring columns, rows
};

struct FilmRecord {
    std::filesystem::path path;  // the picture
    std::string name;            // unique in its table: the file's stem, with the folders in front where stems repeat (CheXpert)
    std::string patient;         // the data set's own pseudonym; films of one patient share it
    std::string site;            // data set or hospital: "nih14", "chexpert", "jsrt", ...
    std::string view;            // "PA", "AP", "FRONTAL" (which of the two is unknown), "LATERAL", "" = unknown
    std::string sex;             // "M", "F" or ""
    std::optional<double> ageYears;
    int widthPx = 0, heightPx = 0;         // of the stored picture, from its header (PNG); 0 = not read
    OriginalPicture original;
    std::vector<float> labels;             // one a FilmTable class: 0, 1, NaN = uncertain or unknown
    std::vector<float> softLabels;         // empty, or one a class: probabilities of another network, NaN = none
    int fold = -1;                         // given by the data set; -1 = none
    std::vector<LesionBox> boxes;

    [[nodiscard]] bool isFrontal() const { return view == "PA" || view == "AP" || view == "FRONTAL"; }
    // Patients of two data sets are different people: what keeps films together in folds.
    [[nodiscard]] std::string group() const { return site + "/" + patient; }
    // Millimetres between columns and rows of the STORED picture, taking it for the whole original resized; 0 = unknown.
    [[nodiscard]] double storedSpacingXMm() const {
        return widthPx > 0 ? original.spacingXMm * original.widthPx / widthPx : 0;
    }
    [[nodiscard]] double storedSpacingYMm() const {
        return heightPx > 0 ? original.spacingYMm * original.heightPx / heightPx : 0;
    }
};

struct FilmTable {
    std::vector<std::string> classes;  // canonicalClassName of each label column
    std::vector<FilmRecord> films;     // in the order of the CSV (folders: of site and name)
    std::string layout;                // "ours", "NIH", "CheXpert", "metadata", "sites", "plain", "joined"
    std::size_t missingPictures = 0;   // rows whose file is not there; they are not in `films`
    std::vector<std::string> notes;    // doubts in one sentence each: missing pictures, unknown classes in boxes, ...

    // Index of a class, -1 if the table does not have it.
    [[nodiscard]] int classIndex(const std::string& name) const;
};

enum class BlankLabel { Unknown, Negative };  // what an empty CheXpert or plain cell means

struct FilmTableOptions {
    // Picture folders under the data set, the first that holds a film wins. Empty: {"images_320"} of ours, every images*/ of NIH.
    // With "boxes_1024" of ours, films that only boxes.csv names are read too: labels NaN except the boxes' classes.
    std::vector<std::string> imageFolders;
    std::vector<std::string> classes;  // keep these, in this order; empty: all of the layout. A class no file has is NaN everywhere.
    std::vector<std::string> sites;    // of the layout "sites": keep these; empty: all
    std::vector<std::string> views;    // keep only these views ("PA", ...); empty: all
    BlankLabel blank = BlankLabel::Unknown;
    bool softLabels = false;           // ours: reads chexnet_predictions.csv into FilmRecord::softLabels
    bool pictureSizes = true;          // reads widthPx and heightPx from each picture's first bytes
};

// `folderOrCsv`: a data set's folder, or the one CSV to take from it.
// fails NotFound (no known layout, or every picture is missing), Corrupt (file, line and what to do), TooLarge, Cancelled
Result<FilmTable> readFilmTable(const std::filesystem::path& folderOrCsv, const FilmTableOptions& options = {},
                                const RunContext& context = {});

// One table of all: classes in order of first appearance, NaN where a table does not know a class. Names that repeat get the
// site in front ("jsrt/JPCLN001"); a name that still repeats (the same film twice) fails InvalidArgument.
Result<FilmTable> joinTables(std::vector<FilmTable> tables);

// The classes reordered to `classes`; absent ones are NaN.
FilmTable withClasses(FilmTable table, const std::vector<std::string>& classes);

// NIH's spelling of a disease: "Pleural Thickening" -> "Pleural_Thickening", "Infiltrate" -> "Infiltration",
// "Pleural Effusion" -> "Effusion"; other names with blanks as underscores.
std::string canonicalClassName(const std::string& name);
// Atelectasis ... Hernia, the order of NIH ChestX-ray14.
const std::vector<std::string>& nihClasses();

}  // namespace cxr
