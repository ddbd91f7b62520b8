// How the classification networks are made from their hyper-parameters; architectures.cpp lists them.
//   fails   InvalidArgument (a value outside its range, names it), Unsupported (an unknown backbone); throws
//           json::exception for a wrong type
//   {"name": a backbone, "in_channels": 3, "classes": 14, "width": 1, "dropout", "hidden"}
//       densenet121, efficientnet_b4, resnet18, resnet50, vgg16, vgg16_bn
//   {"name": "multires", "backbone": "resnet50", "levels": 4, "pooling": "lse"|"mean"|"max", "gamma": 10,
//    "pool_class_maps": false, "merge_norm": false, "pcm": false, "pcm_channels": 64, and what the backbone takes}
//   {"name": "mask_attended", "in_channels": 2, "mask_plane": 1, "outside": 0.2, "black": "zero"|"film_minimum",
//    "pass_all": false, "classes", "backbone": "vgg16"}
//   {"name": "glimpse", "in_channels": 1, "classes", "glimpses": 6, "glimpse_size": 64, "coarse_size": 128, "state":
//   128,
//    "smallest": 0.15, "largest": 0.5, "dropout": 0, "context": "resnet18", "reader": "resnet18"}
//   {"name": "spf", "in_channels": 1, "classes": 57, "channels": 128, "maps": 128, "code": 128, "grid": 32,
//    "spatial_dropout": 0.1, "dropout": 0, "backbone": "resnet50"}
//       A backbone here is a name, which then takes the network's own "width", "hidden" (and in mask_attended
//       "dropout"), or an object with its own, {"name": "multires", "backbone": "resnet18", "width": 0.5}; channels and
//       classes are the network's.
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
Result<std::shared_ptr<Network>> makeMaskAttended(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeGlimpse(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeSpf(const nlohmann::json& architecture);

}  // namespace cxr::nn
