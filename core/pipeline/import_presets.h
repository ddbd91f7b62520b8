// What is known about public sources of weights: which network, how its authors prepared films, what its outputs mean.
//   chexnet          the public CheXNet checkpoint: DenseNet-121, 224 px, ImageNet's mean and deviation, 14 diseases
//   torchxrayvision  its DenseNet-121: one channel scaled to -1024..1024, 224 px, 18 outputs (Cohen et al., MIDL 2022)
//   torchvision      networks of natural pictures: ImageNet's mean and deviation; outputs are the user's to name
//   none             nothing: the user says everything
//   thread rule      pure; any thread
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

struct ImportPreset {
    std::string source;
    std::string architecture;       // its usual network; empty: the user says
    int channels = 1;               // of that network
    int size = 0;                   // px; 0: the user says
    std::string framing;            // as ModelInput; empty: the user says
    std::string normalisation;      // as ModelInput; empty: the user says
    std::vector<std::string> classes;  // in the file's order; empty: the user says
    std::string name;               // of a pack, for people
    std::string trainingData;       // what its authors say; empty: nothing is known
    std::string preparation;        // a sentence for the card: what its authors did to a film that we do otherwise
};

// "chexnet", "torchxrayvision", "torchvision", "none".
std::vector<std::string> importSources();
// `architecture` empty: the source's usual one. fails InvalidArgument (unknown source; the message lists them)
Result<ImportPreset> importPreset(const std::string& source, const std::string& architecture = {});

// The name that we give an output: spaces become '_', and names that mean the same disease become NIH's ("Pleural
// Effusion" -> "Effusion").
std::string outputNameOf(const std::string& foreignName);
// "Lung_Opacity" -> "Lung opacity".
std::string outputMeaning(const std::string& name);

}  // namespace cxr
