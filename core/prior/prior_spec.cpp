#include "core/prior/prior_spec.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/sha256.h"

namespace cxr {
namespace {

using nlohmann::json;  // objects are sorted by key

constexpr const char* kMedianPrefix = "mp+";

Error invalid(const std::string& message) {
    return Error{ErrorCode::InvalidArgument, "prior: " + message};
}

// The first key of `object` that is not in `known`; empty if none.
std::string unknownKey(const json& object, const std::set<std::string>& known) {
    for (const auto& [key, value] : object.items()) {
        if (!known.contains(key)) return key;
    }
    return {};
}

// Reads whole numbers of one JSON object; keeps the first complaint.
class NumberReader {
  public:
    NumberReader(const json& object, std::string where) : m_object(object), m_where(std::move(where)) {
        if (!object.is_object()) m_complaint = m_where + " must be an object";
    }
    template <typename T>
    void read(const char* key, std::int64_t low, std::int64_t high, T& target) {
        if (!m_complaint.empty() || !m_object.contains(key)) return;
        const json& value = m_object[key];
        if (!value.is_number_integer() || value < low || value > high) {
            m_complaint = m_where + "." + key + " must be a whole number from " + std::to_string(low) + " to " +
                          std::to_string(high);
            return;
        }
        target = value.get<T>();
    }
    void allowOnly(const std::set<std::string>& keys) {
        if (!m_complaint.empty()) return;
        const std::string unknown = unknownKey(m_object, keys);
        if (!unknown.empty()) m_complaint = m_where + " has no setting \"" + unknown.substr(0, 40) + "\"";
    }
    [[nodiscard]] const std::string& complaint() const { return m_complaint; }

  private:
    const json& m_object;
    std::string m_where, m_complaint;
};

std::string readHLine(const json& object, HLineSpec& spec) {
    NumberReader reader(object, "hline");
    reader.allowOnly({"first_row", "end_row", "step"});
    reader.read("first_row", 0, 319, spec.firstRow);
    reader.read("end_row", 1, 320, spec.endRow);
    reader.read("step", 1, 320, spec.step);
    if (reader.complaint().empty() && spec.endRow <= spec.firstRow) return "hline.end_row must be larger than first_row";
    return reader.complaint();
}

std::string readRLine(const json& object, RLineSpec& spec) {
    NumberReader reader(object, "rline");
    reader.allowOnly({"count", "seed"});
    reader.read("count", 1, 10000, spec.count);
    reader.read("seed", 0, 4294967295LL, spec.seed);
    return reader.complaint();
}

std::string readHeart(const json& object, HeartSpec& spec) {
    NumberReader reader(object, "heart");
    reader.allowOnly({"threshold"});
    reader.read("threshold", 1, 255, spec.threshold);
    return reader.complaint();
}

std::string readPool(const json& object, PoolSpec& spec) {
    NumberReader reader(object, "pool");
    reader.allowOnly({"kernel", "stride", "quantile", "padding"});
    reader.read("kernel", 1, 256, spec.kernel);
    spec.stride = std::min(spec.stride, spec.kernel);  // where only the kernel is given
    reader.read("stride", 1, spec.kernel, spec.stride);
    if (!reader.complaint().empty()) return reader.complaint();
    if (object.contains("quantile")) {
        const json& quantile = object["quantile"];
        if (!quantile.is_number() || quantile < 0.0 || quantile > 1.0) return "pool.quantile must be a number from 0 to 1";
        spec.quantile = quantile.get<double>();
    }
    if (object.contains("padding")) {
        const json& padding = object["padding"];
        if (padding != "same" && padding != "valid") return "pool.padding must be \"same\" or \"valid\"";
        spec.padding = padding == "same" ? PoolPadding::SameReflect : PoolPadding::Valid;
    }
    return {};
}

}  // namespace

std::string PriorSpec::name() const {
    std::string text = pool ? kMedianPrefix : "";
    if (pool && pool->quantile != 0.5) text = "qp+";
    const std::string lines = hline && rline ? "rhline" : hline ? "hline" : rline ? "rline" : "";
    return text + lines + (heart ? (lines.empty() ? "heart" : "+heart") : "");
}

std::string PriorSpec::toJson() const {
    json object{{"size", size}};
    if (hline) object["hline"] = {{"first_row", hline->firstRow}, {"end_row", hline->endRow}, {"step", hline->step}};
    if (rline) object["rline"] = {{"count", rline->count}, {"seed", rline->seed}};
    if (heart) object["heart"] = {{"threshold", heart->threshold}};
    if (pool) {
        object["pool"] = {{"kernel", pool->kernel},
                          {"stride", pool->stride},
                          {"quantile", pool->quantile},
                          {"padding", pool->padding == PoolPadding::Valid ? "valid" : "same"}};
    }
    return object.dump();
}

std::string PriorSpec::hash() const {
    const std::string text = toJson();
    return sha256Hex(std::as_bytes(std::span(text.data(), text.size())));
}

std::vector<std::string> priorNames() {
    std::vector<std::string> names{"hline", "rline", "heart", "hline+heart", "rline+heart", "rhline", "rhline+heart"};
    const std::size_t plain = names.size();
    for (std::size_t i = 0; i < plain; ++i) names.push_back(kMedianPrefix + names[i]);
    return names;
}

Result<PriorSpec> priorByName(const std::string& name) {
    std::string list;
    for (const std::string& known : priorNames()) {
        list += (list.empty() ? "" : ", ") + known;
        if (known != name) continue;
        PriorSpec spec;
        if (name.find("hline") != std::string::npos) spec.hline = HLineSpec{};
        if (name.find("rline") != std::string::npos || name.find("rhline") != std::string::npos) spec.rline = RLineSpec{};
        if (name.find("heart") != std::string::npos) spec.heart = HeartSpec{};
        if (name.starts_with(kMedianPrefix)) spec.pool = PoolSpec{};
        return spec;
    }
    return invalid("there is no prior \"" + name.substr(0, 60) + "\"; choose one of " + list);
}

PriorSpec defaultPrior() {
    PriorSpec spec;
    spec.hline = HLineSpec{};
    spec.rline = RLineSpec{};
    spec.heart = HeartSpec{};
    return spec;
}

Result<PriorSpec> priorFromJson(const std::string& text) {
    const json object = json::parse(text, nullptr, false);
    if (object.is_discarded()) return Error{ErrorCode::Corrupt, "prior: this is no JSON"};
    if (!object.is_object()) return invalid("the JSON must be an object such as {\"hline\":{},\"size\":320}");
    const std::string unknown = unknownKey(object, {"size", "hline", "rline", "heart", "pool"});
    if (!unknown.empty()) return invalid("there is no setting \"" + unknown.substr(0, 40) + "\"");
    PriorSpec spec;
    NumberReader top(object, "prior");
    top.read("size", 16, 4096, spec.size);
    std::string complaint = top.complaint();
    const auto part = [&](const char* key, auto& target, auto read) {
        if (!complaint.empty() || !object.contains(key)) return;
        target.emplace();
        complaint = read(object[key], *target);
    };
    part("hline", spec.hline, readHLine);
    part("rline", spec.rline, readRLine);
    part("heart", spec.heart, readHeart);
    part("pool", spec.pool, readPool);
    if (!complaint.empty()) return invalid(complaint);
    if (!spec.hline && !spec.rline && !spec.heart) {
        return invalid("nothing would be kept; add \"hline\", \"rline\" or \"heart\"");
    }
    return spec;
}

}  // namespace cxr
