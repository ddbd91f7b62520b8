#include "core/deidentify/privacy_card.h"

#include "core/deidentify/profile.h"

namespace cxr {
namespace {

std::string counted(long count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string optionWords(const DeidentifyOptions& options) {
    std::string words;
    const auto add = [&](bool isSet, const char* word) {
        if (isSet) words += std::string(words.empty() ? " with " : ", ") + word;
    };
    add(options.dates == DateHandling::Modify, "moved dates");
    add(options.dates == DateHandling::Keep, "dates kept");
    add(options.cleanDescriptors, "cleaned descriptions");
    add(options.cleanContent, "cleaned content of reports");
    add(options.retainPatient, "patient characteristics kept");
    add(options.retainDevice, "device identity kept");
    add(options.retainInstitution, "institution kept");
    add(options.retainUids, "UIDs kept");
    return words;
}

PrivacyLayer headerLayer(const PrivacyFacts& facts) {
    const CleaningCounts& counts = facts.counts;
    std::string done = std::string(kProfileEdition) + " annex E, basic profile" + optionWords(facts.options) + ", on " +
                       counted(facts.objects, "object", "objects") + ": " +
                       counted(counts.removed + counts.removedPrivate + counts.removedUnknown, "attribute", "attributes") + " removed (" +
                       std::to_string(counts.removedPrivate) + " private, " + std::to_string(counts.removedUnknown) + " unknown), " +
                       std::to_string(counts.emptied) + " emptied, " + std::to_string(counts.replaced) + " replaced by dummies, " +
                       counted(counts.mappedUids, "UID", "UIDs") + " mapped.";
    if (facts.options.dates == DateHandling::Modify) {
        done += " " + counted(counts.movedDates, "date or time", "dates and times") +
                " kept: days moved by one number for each patient, times of day as they were.";
    }
    done += " What was kept was searched for " + counted(static_cast<long>(facts.identityWords), "word", "words") +
            " of the patients' names and numbers: " + counted(counts.foundByWord, "text", "texts") + " more replaced.";
    done += facts.isKeyKept ? " The key was kept: who has it can repeat the mapping." : " The key was discarded.";
    return {"Header", done, "Not measured: whether what stays, put together with other sources, leads back to a person."};
}

PrivacyLayer burnedInLayer(const PrivacyFacts& facts) {
    PrivacyLayer layer{"Burned-in text", "Not looked for.", "Not measured: whether names or dates stand in the pictures."};
    if (facts.isTextLookedFor) {
        layer.done = counted(facts.boxes, "box", "boxes") + " on " + counted(facts.boxedFilms, "film", "films") + " blackened, ";
        layer.done += facts.areBoxesConfirmed ? "confirmed by a person." : "found automatically and not confirmed by a person.";
        layer.notMeasured = "Not measured on these films: writing that was missed. The help says what was measured on writing of our own.";
    }
    if (facts.saysBurnedIn > 0) {
        layer.done += " The header of " + counted(facts.saysBurnedIn, "object", "objects") + " said that text is burned in.";
    }
    return layer;
}

PrivacyLayer pictureLayer(const PrivacyFacts& facts) {
    if (facts.heartSpot.empty()) {
        return {"Picture content", facts.boxes > 0 ? "The films are unchanged but for the boxes." : "The films are unchanged.",
                "Not measured: whether the film itself can be matched with another film of the same person."};
    }
    return {"Picture content", "Only HeartSpot pictures were written: " + facts.heartSpot + ".",
            "Not measured: re-identification risk of the kept pixels."};
}

}  // namespace

std::vector<PrivacyLayer> privacyCard(const PrivacyFacts& facts) {
    return {headerLayer(facts), burnedInLayer(facts), pictureLayer(facts)};
}

}  // namespace cxr
