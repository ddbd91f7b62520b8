#include "core/nn/plan_values.h"

#include <algorithm>
#include <set>

namespace cxr::nn {

namespace jit = torch::jit;

std::vector<std::int64_t> sizesOf(const jit::Value* value) {
    const auto type = value->type()->cast<c10::TensorType>();
    if (!type) return {};
    return type->sizes().concrete_sizes().value_or(std::vector<std::int64_t>());
}

std::optional<at::ScalarType> scalarTypeOf(const jit::Value* value) {
    const auto type = value->type()->cast<c10::TensorType>();
    const auto scalar = type ? type->scalarType() : c10::optional<at::ScalarType>();
    return scalar ? std::optional(*scalar) : std::nullopt;
}

template <typename T>
std::optional<T> constantOf(const jit::Value* value) {
    const auto constant = jit::toIValue(value);
    if (!constant) return std::nullopt;
    if constexpr (std::is_same_v<T, bool>) return constant->isBool() ? std::optional(constant->toBool()) : std::nullopt;
    if constexpr (std::is_same_v<T, std::int64_t>) return constant->isInt() ? std::optional(constant->toInt()) : std::nullopt;
    if constexpr (std::is_same_v<T, double>) {
        return constant->isScalar() ? std::optional(constant->toScalar().toDouble()) : std::nullopt;
    }
    if constexpr (std::is_same_v<T, at::Tensor>) {
        return constant->isTensor() && constant->toTensor().defined() ? std::optional(constant->toTensor()) : std::nullopt;
    }
}
template std::optional<bool> constantOf<bool>(const jit::Value*);
template std::optional<std::int64_t> constantOf<std::int64_t>(const jit::Value*);
template std::optional<double> constantOf<double>(const jit::Value*);
template std::optional<at::Tensor> constantOf<at::Tensor>(const jit::Value*);

std::vector<std::int64_t> intsOf(const jit::Value* value, std::size_t count) {
    const auto constant = jit::toIValue(value);
    if (!constant || !constant->isIntList()) return {};
    const auto list = constant->toIntVector();
    if (list.size() == 1) return std::vector<std::int64_t>(count, list[0]);
    return list.size() == count ? list : std::vector<std::int64_t>();
}

bool isReadByPrimitives(const jit::Value* value) {
    static const std::set<std::string> kReaders{"aten::_convolution", "aten::conv2d", "aten::max_pool2d", "aten::avg_pool2d",
                                                "aten::upsample_bilinear2d", "aten::batch_norm", "aten::relu", "aten::silu",
                                                "aten::sigmoid", "aten::add", "aten::cat"};
    static const std::set<std::string> kPassedOn{"prim::ListConstruct", "aten::to", "aten::dropout", "aten::feature_dropout"};
    return std::all_of(value->uses().begin(), value->uses().end(), [](const jit::Use& use) {
        const std::string kind = kindOf(use.user);
        return kReaders.contains(kind) || (kPassedOn.contains(kind) && isReadByPrimitives(use.user->output()));
    });
}

}  // namespace cxr::nn
