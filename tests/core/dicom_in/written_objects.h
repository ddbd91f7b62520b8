// A phantom film with every object that core/dicom_out writes about it, and variants of them made with DCMTK.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <QTemporaryDir>
#include <functional>

#include "core/dicom_out/item_writer.h"
#include "tests/core/dicom_out/sample_results.h"

namespace cxr::test {

class WrittenObjects {
  public:
    WrittenObjects() {
        m_sample = sampleFilm(folder());
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file, m_sample.results.image->sourceSha256);
        if (!film.isOk()) qFatal("no film");
        const auto files = writeObjects(film.value(), m_sample.results, newObjectRun("1.2.3"), {kResultKinds.begin(), kResultKinds.end()}, folder());
        if (!files.isOk() || files.value().written.size() != kResultKinds.size()) qFatal("the objects cannot be written");
    }
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path file(const char* name) const { return folder() / name; }
    [[nodiscard]] const SampleFilm& sample() const { return m_sample; }
    [[nodiscard]] const Image& image() const { return *m_sample.results.image; }
    [[nodiscard]] const std::string& filmUid() const { return image().study.sopInstanceUid; }

    // A copy of one of the objects, changed; returns its file.
    std::filesystem::path variant(const char* of, const std::function<void(ItemWriter&)>& change) const {
        DcmFileFormat format;
        if (format.loadFile(file(of).c_str()).bad()) qFatal("cannot load an object");
        std::string problem;
        ItemWriter writer(*format.getDataset(), problem);
        change(writer);
        if (!problem.empty()) qFatal("%s", problem.c_str());
        const std::filesystem::path changed = folder() / ("variant-" + std::to_string(++m_variants) + ".dcm");
        if (format.saveFile(changed.c_str(), EXS_LittleEndianExplicit).bad()) qFatal("cannot save an object");
        return changed;
    }

  private:
    QTemporaryDir m_folder;
    SampleFilm m_sample;
    mutable int m_variants = 0;
};

inline void removeTag(ItemWriter& item, const DcmTagKey& tag) { item.raw().findAndDeleteElement(tag); }

}  // namespace cxr::test
