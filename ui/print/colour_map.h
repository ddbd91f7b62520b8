// Colour maps for heatmaps: tables of 256 colours, made from published key colours by straight lines between them.
//   Cividis    Nunez, Anderton and Renslow, PLoS ONE 2018: even in lightness, the same for colour-blind readers
//   Inferno    van der Walt and Smith, SciPy 2015: even in lightness, black to pale yellow
//   Gray       black to white
//   Diverging  Brewer's RdBu (Harrower and Brewer, Cartographic Journal 2003): blue against, white 0, red for
// Never a rainbow: its bands are edges that the data do not have. Pure functions; thread-safe.
#pragma once

#include <QColor>
#include <QString>
#include <array>
#include <vector>

namespace cxr::ui {

enum class ColourMap { Cividis, Inferno, Gray, Diverging };
inline constexpr std::array<ColourMap, 4> kColourMaps{ColourMap::Cividis, ColourMap::Inferno, ColourMap::Gray, ColourMap::Diverging};

using ColourTable = std::array<QRgb, 256>;  // opaque; first = lowest value
const ColourTable& colourTable(ColourMap map);

QString idOf(ColourMap map);  // "cividis": settings and command line
// fails by giving Cividis.
ColourMap colourMapById(const QString& id);

}  // namespace cxr::ui
