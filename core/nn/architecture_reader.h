// ArchitectureReader: hyper-parameters from the JSON of a recipe or manifest, each checked against its range.
//   thread rule  one reader, one thread
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace cxr::nn {

// Reads what is there, leaves the default where nothing is, and remembers the first value that does not fit.
// Throws json::exception for a wrong type.
class ArchitectureReader {
  public:
    explicit ArchitectureReader(const nlohmann::json& source) : m_source(source) {}  // outlives the reader

    template <typename T>
    void number(const char* name, T& value, T low, T high) {
        value = m_source.value(name, value);
        require(value >= low && value <= high, name);
    }
    void fraction(const char* name, double& value) { number(name, value, 0.0, 0.99); }
    void flag(const char* name, bool& value) { value = m_source.value(name, value); }
    // One of `names`; `value` is its place in the list.
    template <typename Choice>
    void choice(const char* name, Choice& value, const std::vector<std::string>& names) {
        const std::string text = m_source.value(name, names.at(static_cast<std::size_t>(value)));
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i] != text) continue;
            value = static_cast<Choice>(i);
            return;
        }
        require(false, name);
    }
    void list(const char* name, std::vector<std::int64_t>& values, std::size_t least, std::size_t most,
              std::int64_t low, std::int64_t high) {
        values = m_source.value(name, values);
        require(values.size() >= least && values.size() <= most, name);
        for (const std::int64_t value : values) require(value >= low && value <= high, name);
    }
    void planes(std::int64_t& in, std::int64_t& out) {
        number<std::int64_t>("in_channels", in, 1, 16);
        number<std::int64_t>("out_channels", out, 1, 256);
    }
    void require(bool fits, const char* name) {
        if (!fits && m_wrong.empty()) m_wrong = name;
    }
    [[nodiscard]] bool isFine() const { return m_wrong.empty(); }
    // REQUIRES: not isFine()
    [[nodiscard]] Error error() const {
        return {ErrorCode::InvalidArgument, "the network's \"" + m_wrong + "\" is outside its range"};
    }

    template <typename Net, typename... Arguments>
    Result<std::shared_ptr<Network>> made(const Arguments&... arguments) const {
        if (!isFine()) return error();
        return std::shared_ptr<Network>(std::make_shared<Net>(arguments...));
    }

  private:
    const nlohmann::json& m_source;
    std::string m_wrong;
};

}  // namespace cxr::nn
