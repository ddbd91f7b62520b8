#include "core/model/weights_fit.h"

#include <algorithm>

#include "core/model/shown_name.h"

namespace cxr {

std::string shapeText(const std::vector<std::int64_t>& shape) {
    if (shape.empty()) return "one number";
    std::string text;
    for (const std::int64_t side : shape) text += (text.empty() ? "" : "x") + std::to_string(side);
    return text;
}

bool isBatchCounter(const std::string& name) {
    return name == "num_batches_tracked" || name.ends_with(".num_batches_tracked");
}

bool isFloat(TensorType type) {
    return type == TensorType::Float32 || type == TensorType::Float16 || type == TensorType::BFloat16 ||
           type == TensorType::Float64;
}

std::vector<std::string> weightsMisfits(const ArrayShapes& wanted, const std::map<std::string, TensorView>& given) {
    std::map<std::string, std::string> wrong;  // sorted by name, wanted and given together
    for (const auto& [name, shape] : wanted) {
        const auto found = given.find(name);
        if (found == given.end()) wrong[name] = "is missing";
        else if (found->second.shape != shape) {
            wrong[name] = "has the shape " + shapeText(found->second.shape) + " instead of " + shapeText(shape);
        } else if (!isFloat(found->second.type)) wrong[name] = "holds whole numbers instead of floats";
    }
    for (const auto& [name, view] : given) {
        if (!wanted.contains(name) && !isBatchCounter(name)) wrong[name] = "is not part of the network";
    }
    std::vector<std::string> parts;
    for (const auto& [name, reason] : wrong) parts.push_back(shownName(name) + " " + reason);
    return parts;
}

std::string joinedMisfits(const std::vector<std::string>& parts, std::size_t limit) {
    std::string joined;
    for (std::size_t i = 0; i < std::min(parts.size(), limit); ++i) joined += (i > 0 ? "; " : "") + parts[i];
    if (parts.size() > limit) joined += "; and " + std::to_string(parts.size() - limit) + " more";
    return joined;
}

}  // namespace cxr
