// The parts that all result objects share. Inner header of core/dicom_out.   DICOM PS3.3 C.7.1 to C.7.5, C.12.1
#pragma once

#include "core/dicom_out/item_writer.h"
#include "core/dicom_out/result_objects.h"

namespace cxr {

// Everything that the writers of objects read.
struct ObjectInput {
    const SourceFilm& film;
    const FilmResults& results;
    const ObjectRun& run;
    int instanceNumber = 1;
};

inline constexpr const char* kManufacturer = "Precordia";
inline constexpr const char* kNotice = "Not for diagnostic use";

// What each kind is called in archives.
struct SeriesFacts {
    const char* sopClassUid;
    const char* modality;
    int number;
    const char* description;
};
SeriesFacts seriesFacts(ResultKind kind);

// Patient, study, series, equipment and SOP Common; Content Date and Time, Instance Number.
void writeCommonModules(ItemWriter& root, const ObjectInput& input, ResultKind kind);
// ReferencedSOPClassUID and -InstanceUID of the film.
void writeFilmReference(ItemWriter& item, const SourceFilm& film);
// Common Instance Reference module: the film by its series.
void writeReferencedSeries(ItemWriter& root, const SourceFilm& film, const DcmTagKey& instances);
// Lossy Image Compression of a picture that was made from the film.
void writeLossy(ItemWriter& root, const ObjectInput& input);
// Patient Orientation of a picture that lies on the film as it is; empty where the film has none.
void writeOrientation(ItemWriter& root, const SourceFilm& film);
// Rows, columns, bits of a picture.
struct PictureFormat {
    int rows = 0, columns = 0, samples = 1, bitsAllocated = 8;
    const char* photometric = "MONOCHROME2";
};
void writePictureFormat(ItemWriter& root, const PictureFormat& format);

// Frames that are one film pixel a pixel: dimensions, shared derivation from the film.
void writeFrameDerivation(ItemWriter& shared, const SourceFilm& film, const Code& derivation);

// An algorithm as TID 4019 and the Algorithm Identification macro tell it.
struct AlgorithmFacts {
    std::string name, version, parameters;
};
AlgorithmFacts algorithmOf(const ModelStamp& model);
// Name of what is measured, the same for the same film whatever the run.
std::string trackingUid(const SourceFilm& film, const std::string& what);

}  // namespace cxr
