// How the classification networks are made from their hyper-parameters; architectures.cpp lists them.
//   fails   InvalidArgument (a value outside its range, names it), Unsupported (an unknown backbone); throws
//           json::exception for a wrong type
//   {"name": a backbone, "in_channels": 3, "classes": 14, "width": 1, "dropout", "hidden"}
//       densenet121, efficientnet_b4, resnet18, resnet50, vgg16, vgg16_bn
//   {"name": "multires", "backbone": "resnet50", "levels": 4, "pooling": "lse"|"mean"|"max", "gamma": 10,
//    "pool_class_maps": false, "merge_norm": false, "pcm": false, "pcm_channels": 64, and what the backbone takes}
//   {"name": "mlp", "in_features": required, "classes": 1, "hidden": [3200, 300], "dropout": 0}
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/nn/classifier.h"

namespace cxr::nn {

// A backbone or "multires", by its "name".
Result<std::shared_ptr<Classifier>> makeClassifier(const nlohmann::json& architecture);

Result<std::shared_ptr<Network>> makeMlp(const nlohmann::json& architecture);

}  // namespace cxr::nn
