// Key maps: from the names that a public checkpoint gives its arrays to the names of our networks (torchvision's).
//   every map       "module." in front (DataParallel) goes; "denselayerN.norm.1." and the like (torchvision's names
//                   until PyTorch forbade their inner dots) become "denselayerN.norm1."
//   torchvision     nothing else
//   chexnet         "densenet121." in front goes; "classifier.0." (a layer before its sigmoid) becomes "classifier.";
//                   3 channels with ImageNet's mean and deviation, 14 outputs in the order of the public CheXNet
//   torchxrayvision 1 channel scaled to -1024..1024, 18 outputs; "op_threshs" is taken out: a threshold t for each
//                   output, NaN where it was not trained, by which its authors rescale a probability p: p/(2t) below t,
//                   1 - (1-p)/(2(1-t)) from t on, so that t becomes 0.5
//   thread rule     pure; any thread
//   fails           InvalidArgument (unknown map; the message lists them),
//                   Corrupt (two names become one, impossible thresholds)
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/safetensors.h"

namespace cxr {

struct KeyMap {
    std::string name;
    std::vector<std::string> prefixes;   // taken away in this order, each once
    std::vector<std::string> outputs;    // names of the classes in the file's order; empty: the file decides
    bool hasThresholds = false;          // "op_threshs" may stand among the arrays
    bool hasNumberedClassifier = false;  // "classifier.0."
};

const std::vector<KeyMap>& keyMaps();
Result<KeyMap> findKeyMap(const std::string& name);

// The new name of one array.
std::string mappedKey(const KeyMap& map, const std::string& key);

struct MappedWeights {
    std::map<std::string, TensorView> tensors;  // views of the same bytes
    std::vector<float> operatingThresholds;     // one per output, NaN where there is none; empty: the file has none
};
Result<MappedWeights> mapKeys(const KeyMap& map, const std::map<std::string, TensorView>& tensors);

}  // namespace cxr
