// See colour_map.h.
#include "ui/print/colour_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace cxr::ui {

namespace {

ColourTable between(const std::vector<QRgb>& keys) {
    ColourTable table{};
    const double last = static_cast<double>(keys.size()) - 1;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double at = last * static_cast<double>(i) / static_cast<double>(table.size() - 1);
        const auto low = std::min(static_cast<std::size_t>(at), keys.size() - 2);
        const double share = at - static_cast<double>(low);
        const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
        const QRgb from = keys[low];
        const QRgb to = keys[low + 1];
        table[i] = qRgb(mix(qRed(from), qRed(to)), mix(qGreen(from), qGreen(to)), mix(qBlue(from), qBlue(to)));
    }
    return table;
}

}  // namespace

const ColourTable& colourTable(ColourMap map) {
    static const ColourTable cividis = between({0xff00204d, 0xff00336f, 0xff39486b, 0xff575c6d, 0xff707173, 0xff8a8779, 0xffa69d75,
                                                0xffc4b56c, 0xffe4cf5b, 0xffffea46});
    static const ColourTable inferno = between({0xff000004, 0xff1b0c42, 0xff4b0c6b, 0xff781c6d, 0xffa52c60, 0xffcf4446, 0xffed6925,
                                                0xfffb9a06, 0xfff7d03c, 0xfffcffa4});
    static const ColourTable gray = between({0xff000000, 0xffffffff});
    static const ColourTable diverging = between({0xff053061, 0xff2166ac, 0xff4393c3, 0xff92c5de, 0xffd1e5f0, 0xfff7f7f7, 0xfffddbc7,
                                                  0xfff4a582, 0xffd6604d, 0xffb2182b, 0xff67001f});
    switch (map) {
        case ColourMap::Inferno: return inferno;
        case ColourMap::Gray: return gray;
        case ColourMap::Diverging: return diverging;
        case ColourMap::Cividis: break;
    }
    return cividis;
}

QString idOf(ColourMap map) {
    switch (map) {
        case ColourMap::Inferno: return QStringLiteral("inferno");
        case ColourMap::Gray: return QStringLiteral("gray");
        case ColourMap::Diverging: return QStringLiteral("diverging");
        case ColourMap::Cividis: break;
    }
    return QStringLiteral("cividis");
}

ColourMap colourMapById(const QString& id) {
    const auto found = std::find_if(kColourMaps.begin(), kColourMaps.end(), [&](ColourMap map) { return idOf(map) == id; });
    return found == kColourMaps.end() ? ColourMap::Cividis : *found;
}

}  // namespace cxr::ui
