#include "app/cli/judging_options.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace cxr::cli {
namespace {

constexpr const char* kNoPacks = "none";
constexpr const char* kDefaultPacks = "default";

// A list as one word: a list of words would swallow the films that stand behind it.
std::vector<std::string> partsOf(const std::string& list) {
    std::vector<std::string> parts;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
    return parts;
}

RolePack* packOf(std::vector<RolePack>& packs, ModelRole role) {
    const auto found = std::find_if(packs.begin(), packs.end(), [&](const RolePack& pack) { return pack.role == role; });
    return found == packs.end() ? nullptr : &*found;
}

Result<std::vector<RolePack>> namedPacks(const std::vector<std::string>& names) {
    std::vector<RolePack> packs;
    for (const std::string& name : names) {
        if (name == kNoPacks || name == kDefaultPacks) continue;
        const Result<Pack> pack = readPack(name);
        if (!pack.isOk()) return pack.error();
        const Result<ModelRole> role = roleOf(pack.value().manifest);
        if (!role.isOk()) return role.error();
        if (packOf(packs, role.value()) != nullptr) {
            return Error{ErrorCode::InvalidArgument, std::string("two packs were given for ") + toString(role.value()) + "; choose one"};
        }
        packs.push_back({role.value(), name});
    }
    return packs;
}

// Those named take the places of the default ones.
std::vector<RolePack> merged(std::vector<RolePack> packs, const std::vector<RolePack>& named) {
    for (const RolePack& pack : named) {
        if (RolePack* known = packOf(packs, pack.role)) {
            *known = pack;
        } else {
            packs.push_back(pack);
        }
    }
    std::sort(packs.begin(), packs.end(), [](const RolePack& a, const RolePack& b) { return a.role < b.role; });
    return packs;
}

Result<Done> setPrevalence(ReportOptions& report, const std::string& text) {
    const std::size_t sign = text.find('=');
    char* end = nullptr;
    const std::string number = sign == std::string::npos ? std::string() : text.substr(sign + 1);
    const double share = std::strtod(number.c_str(), &end);
    if (sign == 0 || number.empty() || *end != '\0' || !(share > 0 && share < 1)) {
        return Error{ErrorCode::InvalidArgument, "--prevalence wants NAME=SHARE with a share between 0 and 1, such as Cardiomegaly=0.05, not " + text};
    }
    report.prevalences[text.substr(0, sign)] = share;
    return Done{};
}

}  // namespace

void JudgingOptions::addTo(CLI::App& verb) {
    verb.add_option("--packs", packs, "Which networks judge the film: default (all that are installed), none, or folders of packs "
                                      "with commas between; default,DIR replaces one (default)");
    verb.add_option("--operating-point", operatingPoint, "From where on a probability is positive: specificity90, youden (best balance), "
                                                         "sensitivity90, or a pack's own name (specificity90)");
    verb.add_option("--prevalence", prevalences, "NAME=SHARE,...: how common a finding is among your films, for predictive values "
                                                 "(the share on the films of the card)");
}

Result<Done> JudgingOptions::apply(ReportRequest& request) const {
    const std::vector<std::string> names = partsOf(packs);
    const bool wantsDefault = std::find(names.begin(), names.end(), kDefaultPacks) != names.end();
    const Result<std::vector<RolePack>> named = namedPacks(names);
    if (!named.isOk()) return named.error();
    std::vector<RolePack> chosen = wantsDefault ? choosePacks({}, listPacks()) : std::vector<RolePack>{};
    request.analysis.packs = merged(std::move(chosen), named.value());
    request.analysis.operatingPoint = operatingPoint;
    for (const std::string& text : partsOf(prevalences)) {
        if (const Result<Done> set = setPrevalence(request.report, text); !set.isOk()) return set;
    }
    return Done{};
}

std::string fingerprint(const std::vector<RolePack>& packs) {
    std::string text;
    for (const RolePack& pack : packs) {
        const Result<Pack> read = readPack(pack.folder);
        text += std::string(toString(pack.role)) + " " + pack.folder.filename().string() + " " +
                (read.isOk() ? read.value().manifest.weightsSha256 : "damaged") + ";";
    }
    return text;
}

}  // namespace cxr::cli
