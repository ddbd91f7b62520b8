// A chosen explanation in a report: what was asked, what it shows, whether it is believable. Plain values; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/localize/attention.h"
#include "core/localize/boxes.h"
#include "core/localize/heatmap.h"
#include "core/localize/sanity_check.h"

namespace cxr {

struct NamedValue;

struct ReportMap {
    std::string className;             // "Pleural_Thickening"
    std::string methodId, method;      // "integrated-gradients", "Integrated gradients"
    std::string parameters;            // "50 steps (Gauss-Legendre) from black"; empty: none
    double probability = 0, logit = 0;
    double scaleLow = 0, scaleHigh = 0;  // of the colours; equal: nothing to show
    std::string unit;                  // of the scale
    bool hasSupport = false;
    std::string support;               // map_support.h's sentence
    Attention attention;
    std::vector<FindingBox> boxes;     // as the user left them
    std::string boxesSentence;
    std::vector<SanityCheck> sanity;   // empty: not run
    std::string threeWay;              // sentence; empty: not cardiomegaly, or not compared
    std::vector<std::string> threeWayReasons;
    Spacing spacing;                   // of the film, for the boxes' sizes
    ModelStamp model;
    std::vector<std::byte> png;        // the film with the map over it, made by ui/print; may be empty
};

// Everything but `sanity`, three-way check and picture. `raw` is the map before pooling, of which attention is measured.
ReportMap reportMapOf(const Heatmap& shown, const Heatmap& raw, const FilmRegions& regions, const MapBoxes& boxes, const Spacing& spacing);

// "Why: pleural thickening 4.2 %".
std::string titleOf(const ReportMap& map);
// Rows for HTML and PDF: method, what speaks for the class, colours, attention, boxes, sanity tests, three readings, model.
std::vector<NamedValue> mapValues(const ReportMap& map);
// "Cardiomegaly (Integrated gradients, 50 steps): 62 % of what ..." for CSV and notes.
std::string lineOf(const ReportMap& map);
// The same facts as JSON, without the picture: `explain`'s file and an element of the report's "explanations".
std::string toJson(const ReportMap& map);

}  // namespace cxr
