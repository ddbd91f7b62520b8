#include "core/pipeline/deidentify_run.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <new>
#include <opencv2/core.hpp>
#include <set>

#include "core/base/atomic_file.h"
#include "core/deidentify/heartspot_object.h"
#include "core/io/image_reader.h"
#include "core/pipeline/seal_heartspot.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecognisedBytes = 132;

bool isDicomFile(const fs::path& file) {
    std::array<std::uint8_t, kRecognisedBytes> first{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(first.data()), first.size());
    return looksLikeDicom(Bytes(first.data(), static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount()))));
}

Bytes bytesOf(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

// The reader's "cannot open NAME: reason" without the name, which may say who the patient is.
Error withoutName(Error error) {
    const std::string opening = "cannot open ";
    const std::size_t colon = error.message.find(": ");
    if (error.message.starts_with(opening) && colon != std::string::npos) error.message = error.message.substr(colon + 2);
    return error;
}

Result<std::vector<TextBox>> textOn(const std::string& file, const RunContext& context) {
    const Result<DicomLayout> layout = prescanDicomObject(bytesOf(file), {});
    if (!layout.isOk()) return layout.error();
    if (layout.value().pixels.element.tag == 0) return std::vector<TextBox>{};
    const Result<ImagePtr> film = readImage(bytesOf(file), "film", {}, context);
    if (!film.isOk()) return withoutName(film.error()).within("text in it cannot be looked for");
    if (film.value()->encoding.frames > 1) {
        return Error{ErrorCode::Unsupported, "it has " + std::to_string(film.value()->encoding.frames) +
                                                 " pictures; text is looked for in films of one picture only"};
    }
    return findBurnedInText(*film.value(), context);
}

// One run: what was taken so far, and the sums for the card.
class Run {
  public:
    Run(fs::path folder, const DeidentifyPlan& plan, const Pseudonyms& pseudonyms)
        : m_folder(std::move(folder)), m_plan(plan), m_pseudonyms(pseudonyms) {
        m_facts.options = plan.options;
        m_facts.isKeyKept = plan.isKeyKept;
        m_facts.isTextLookedFor = plan.text != TextCleaning::Leave;
        m_facts.areBoxesConfirmed = plan.text == TextCleaning::Confirmed;
    }

    // fails Cancelled; anything else is the file's own.
    Result<DeidentifiedFile> one(const fs::path& input, const RunContext& context) {
        DeidentifiedFile file;
        file.input = input;
        const Result<Done> done = guarded(file, context);
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        if (!done.isOk()) {
            file.error = done.error().message;
            file.output.clear();
        } else {
            add(file);
        }
        return file;
    }
    [[nodiscard]] std::vector<PrivacyLayer> card() const { return privacyCard(m_facts); }

  private:
    Result<Done> guarded(DeidentifiedFile& file, const RunContext& context) {
        try {
            return process(file, context);
        } catch (const std::bad_alloc&) {
            return Error{ErrorCode::OutOfMemory, "there is not enough memory for it"};
        } catch (const std::exception&) {
            return Error{ErrorCode::Corrupt, "it cannot be decoded"};
        }
    }

    Result<Done> process(DeidentifiedFile& file, const RunContext& context) {
        const Result<std::string> content = readWholeFile(file.input);
        if (!content.isOk()) return Error{content.error().code, "it cannot be read; check that it exists and its permissions"};
        const Result<DeidentifyRequest> request = requestFor(file, content.value(), context);
        if (!request.isOk()) return request.error();
        Result<DeidentifiedObject> object = deidentifyObject(bytesOf(content.value()), request.value(), m_pseudonyms);
        if (!object.isOk()) return object.error();
        file.object = std::move(object).value();
        if (m_plan.heartSpot) {
            if (const Result<Done> replaced = replaceByHeartSpot(file, context); !replaced.isOk()) return replaced;
        }
        return write(file);
    }

    Result<DeidentifyRequest> requestFor(DeidentifiedFile& file, const std::string& content, const RunContext& context) const {
        DeidentifyRequest request{m_plan.options, std::nullopt, m_plan.text == TextCleaning::Confirmed};
        if (m_plan.text == TextCleaning::Automatic) {
            const Result<std::vector<TextBox>> found = textOn(content, context);
            if (!found.isOk()) return found.error();
            request.boxes = found.value();
        } else if (m_plan.text == TextCleaning::Confirmed) {
            const auto named = m_plan.boxes.find(file.input);
            request.boxes = named == m_plan.boxes.end() ? std::vector<TextBox>{} : named->second;
        }
        file.boxes = request.boxes ? static_cast<int>(request.boxes->size()) : 0;
        return request;
    }

    Result<Done> replaceByHeartSpot(DeidentifiedFile& file, const RunContext& context) const {
        const Result<ImagePtr> film = readImage(bytesOf(file.object.bytes), "film", {}, context);
        if (!film.isOk()) return withoutName(film.error());
        SealOptions seal;
        seal.spec = *m_plan.heartSpot;
        seal.heartRegion = m_plan.heartRegion;
        const Result<HeartSpotBundle> bundle = sealFilm(*film.value(), seal, nullptr, {}, context);
        if (!bundle.isOk()) return bundle.error();
        const HeartSpotPicture picture{pictureOf(bundle.value()), seal.spec.name(), seal.spec.hash(), keepsSentence(bundle.value())};
        Result<DeidentifiedObject> object = heartSpotObject(file.object, picture, m_pseudonyms);
        if (!object.isOk()) return object.error();
        file.object = std::move(object).value();
        file.heartSpot = picture.priorName + ", " + picture.keeps;
        return Done{};
    }

    Result<Done> write(DeidentifiedFile& file) {
        const std::string stem = file.object.patientCode + "/" + file.object.instanceCode + (m_plan.heartSpot ? "-heartspot" : "");
        std::string name = stem;
        for (int i = 2; !m_names.insert(name).second; ++i) name = stem + "-" + std::to_string(i);
        file.output = name + ".dcm";
        const fs::path path = m_folder / file.output;
        std::error_code failed;
        fs::create_directories(path.parent_path(), failed);
        if (failed) return Error{ErrorCode::WriteFailed, "its folder cannot be made: " + failed.message()};
        const Result<Done> written = writeFileAtomically(path, file.object.bytes);
        file.object.bytes.clear();
        file.object.bytes.shrink_to_fit();
        return written;
    }

    void add(const DeidentifiedFile& file) {
        const CleaningCounts& counts = file.object.counts;
        CleaningCounts& sums = m_facts.counts;
        sums.removed += counts.removed;
        sums.removedPrivate += counts.removedPrivate;
        sums.removedUnknown += counts.removedUnknown;
        sums.emptied += counts.emptied;
        sums.replaced += counts.replaced;
        sums.mappedUids += counts.mappedUids;
        sums.movedDates += counts.movedDates;
        sums.cleanedTexts += counts.cleanedTexts;
        sums.foundByWord += counts.foundByWord;
        ++m_facts.objects;
        m_facts.identityWords += file.object.identityWords;
        m_facts.boxes += file.boxes;
        m_facts.boxedFilms += file.boxes > 0 ? 1 : 0;
        m_facts.saysBurnedIn += file.object.saysBurnedIn ? 1 : 0;
        if (!file.heartSpot.empty()) m_facts.heartSpot = file.heartSpot;
    }

    fs::path m_folder;
    const DeidentifyPlan& m_plan;
    const Pseudonyms& m_pseudonyms;
    PrivacyFacts m_facts;
    std::set<std::string> m_names;
};

}  // namespace

int DeidentifySummary::written() const {
    return static_cast<int>(std::count_if(files.begin(), files.end(), [](const auto& file) { return !file.output.empty(); }));
}

std::vector<fs::path> listDicomFiles(const fs::path& fileOrFolder) {
    std::error_code failed;
    if (!fs::is_directory(fileOrFolder, failed)) return {fileOrFolder};
    std::vector<fs::path> files;
    fs::recursive_directory_iterator at(fileOrFolder, fs::directory_options::skip_permission_denied, failed);
    for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
        if (!at->is_symlink() && at->is_regular_file() && isDicomFile(at->path())) files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Result<std::vector<TextBox>> findTextOn(const fs::path& file, const RunContext& context) {
    const Result<std::string> content = readWholeFile(file);
    if (!content.isOk()) return content.error();
    if (!looksLikeDicom(bytesOf(content.value()))) return Error{ErrorCode::Unsupported, "it is not a DICOM file"};
    return textOn(content.value(), context);
}

Result<DeidentifySummary> deidentifyFiles(const std::vector<fs::path>& files, const fs::path& folder, const DeidentifyPlan& plan,
                                          const Pseudonyms& pseudonyms, const std::function<void(const DeidentifiedFile&)>& onFile,
                                          const RunContext& context) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "the folder for the results cannot be made: " + failed.message()};
    Run run(folder, plan, pseudonyms);
    DeidentifySummary summary;
    for (const fs::path& input : files) {
        Result<DeidentifiedFile> file = run.one(input, {context.stop, {}});
        if (!file.isOk()) return file.error();
        summary.files.push_back(std::move(file).value());
        if (onFile) onFile(summary.files.back());
        context.report(static_cast<double>(summary.files.size()) / static_cast<double>(files.size()));
    }
    summary.card = run.card();
    if (auto written = writeFileAtomically(folder / "deidentified.csv", deidentifyCsv(summary)); !written.isOk()) return written.error();
    if (auto written = writeFileAtomically(folder / "deidentified.json", deidentifyJson(summary)); !written.isOk()) return written.error();
    return summary;
}

}  // namespace cxr
