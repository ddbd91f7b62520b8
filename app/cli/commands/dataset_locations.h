// dataset locations --data FOLDER --out FILE [--heart-lungs PACK]: lesion boxes and lung masks become labels of places.
//   image,patient,site,view,sex,age,fold,<labels of the vocabulary>     RFC 4180 with CRLF; 1, 0, nothing = unknown.
//   `image` is the picture's full path: the table can be trained on as it is (train RECIPE --data FILE)
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

// `dataset` is the verb that this one belongs to.
void addDatasetLocations(CLI::App& dataset, CommandRun& chosen);

}  // namespace cxr::cli
