#include "core/deidentify/method_codes.h"

#include "core/deidentify/profile.h"

namespace cxr {

std::vector<MethodCode> methodCodes(const DeidentifyOptions& options, bool arePixelsCleaned) {
    std::vector<MethodCode> codes{{"113100", "Basic Application Confidentiality Profile"}};
    if (arePixelsCleaned) codes.push_back({"113101", "Clean Pixel Data Option"});
    if (options.cleanContent) codes.push_back({"113104", "Clean Structured Content Option"});
    if (options.cleanDescriptors) codes.push_back({"113105", "Clean Descriptors Option"});
    if (options.dates == DateHandling::Keep) {
        codes.push_back({"113106", "Retain Longitudinal Temporal Information Full Dates Option"});
    }
    if (options.dates == DateHandling::Modify) {
        codes.push_back({"113107", "Retain Longitudinal Temporal Information Modified Dates Option"});
    }
    if (options.retainPatient) codes.push_back({"113108", "Retain Patient Characteristics Option"});
    if (options.retainDevice) codes.push_back({"113109", "Retain Device Identity Option"});
    if (options.retainUids) codes.push_back({"113110", "Retain UIDs Option"});
    if (options.retainInstitution) codes.push_back({"113112", "Retain Institution Identity Option"});
    return codes;
}

std::vector<std::string> methodTexts(const DeidentifyOptions& options, bool arePixelsCleaned, bool areBoxesConfirmed) {
    std::vector<std::string> texts{"Precordia", std::string(kProfileEdition) + " basic profile"};
    if (options.dates == DateHandling::Modify) texts.emplace_back("Days moved, times of day kept");
    if (arePixelsCleaned && areBoxesConfirmed) texts.emplace_back("Burned-in text blackened in boxes that a person confirmed");
    if (arePixelsCleaned && !areBoxesConfirmed) texts.emplace_back("Burned-in text blackened where found, not confirmed");
    return texts;
}

const char* longitudinalInformation(DateHandling dates) {
    switch (dates) {
        case DateHandling::Modify: return "MODIFIED";
        case DateHandling::Keep: return "UNMODIFIED";
        default: return "REMOVED";
    }
}

}  // namespace cxr
