#include "core/deidentify/profile.h"

#include <algorithm>
#include <cassert>
#include <sstream>

#include "core/deidentify/table_data.h"

namespace cxr {
namespace {

constexpr std::size_t kBasicColumn = 3;  // tag, keyword, vr, basic, the options, film_type

std::vector<std::string> cellsOf(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
        if (c == ',') cells.emplace_back();
        else cells.back() += c;
    }
    return cells;
}

ProfileRule ruleOf(const std::vector<std::string>& cells) {
    assert(cells.size() == kBasicColumn + 2 + ProfileRule::kColumns);
    ProfileRule rule;
    std::string digits = cells[0];
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] != 'x') continue;
        digits[i] = '0';
        rule.mask &= ~(0xFU << (4 * (7 - i)));
    }
    rule.tag = static_cast<TagNumber>(std::stoul(digits, nullptr, 16));
    rule.keyword = cells[1];
    rule.vr = cells[2];
    rule.basic = cells[kBasicColumn];
    for (std::size_t i = 0; i < ProfileRule::kColumns; ++i) {
        const std::string& cell = cells[kBasicColumn + 1 + i];
        rule.options[i] = cell.empty() ? '\0' : cell[0];
    }
    if (!cells.back().empty()) rule.filmType = cells.back()[0];
    return rule;
}

std::vector<ProfileRule> parseTable() {
    std::vector<ProfileRule> rules;
    std::istringstream lines(kProfileCsv);
    std::string line;
    while (std::getline(lines, line)) {
        if (line.empty() || line[0] == '#' || line.starts_with("tag,")) continue;
        rules.push_back(ruleOf(cellsOf(line)));
    }
    return rules;
}

DeidentifyAction actionOf(char letter) {
    switch (letter) {
        case 'D': return DeidentifyAction::Dummy;
        case 'Z': return DeidentifyAction::Empty;
        case 'K': return DeidentifyAction::Keep;
        case 'C': return DeidentifyAction::Clean;
        case 'U': return DeidentifyAction::MapUid;
        default: return DeidentifyAction::Remove;
    }
}

// "X/Z/D": which of the letters stands for an attribute of this type.
char chosenLetter(const std::string& combined, char type) {
    const char wanted = type == '1' ? 'D' : type == '2' ? 'Z' : 'X';
    if (combined.find(wanted) != std::string::npos) return wanted;
    const std::size_t last = combined.find_last_of("DZXU");
    // X/D of a type 2, Z/D of a type 3, X/Z of a type 1: the milder one that keeps the object valid.
    if (type == '3' && combined.find('Z') != std::string::npos) return 'Z';
    return combined[last];
}

}  // namespace

DeidentifyAction ProfileRule::actionFor(const DeidentifyOptions& chosen, bool isFilmLevel) const {
    const std::array<bool, kColumns> isChosen{chosen.retainUids,
                                              chosen.retainDevice,
                                              chosen.retainInstitution,
                                              chosen.retainPatient,
                                              chosen.dates == DateHandling::Keep,
                                              chosen.dates == DateHandling::Modify,
                                              chosen.cleanDescriptors,
                                              chosen.cleanContent,
                                              false};
    bool keeps = false;
    for (std::size_t i = 0; i < kColumns; ++i) {
        // Titles of machines cannot be told from names: "clean" of the device option is what the basic profile does.
        if (!isChosen[i] || (i == Device && options[i] == 'C')) continue;
        if (options[i] == 'C') return DeidentifyAction::Clean;
        keeps = keeps || options[i] == 'K';
    }
    if (keeps) return DeidentifyAction::Keep;
    if (basic.size() == 1) return actionOf(basic[0]);
    if (isFilmLevel) return actionOf(chosenLetter(basic, filmType));
    return actionOf(basic[basic.find_last_of("DZXU")]);
}

const std::vector<ProfileRule>& profileRules() {
    static const std::vector<ProfileRule> rules = parseTable();
    return rules;
}

const ProfileRule* findProfileRule(TagNumber tag) {
    const std::vector<ProfileRule>& rules = profileRules();
    const auto exact = std::lower_bound(rules.begin(), rules.end(), tag, [](const auto& rule, TagNumber t) { return rule.tag < t; });
    if (exact != rules.end() && exact->tag == tag) return &*exact;
    const auto masked = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) {
        return rule.mask != 0xFFFFFFFF && (tag & rule.mask) == rule.tag;
    });
    return masked == rules.end() ? nullptr : &*masked;
}

}  // namespace cxr
