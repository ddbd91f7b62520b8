// A TorchScript program as a Network: forward() gives logits, nothing else; no maps, nothing to fold.
//   input    float [N, C, H, W], as for every network
//   output   the tensor that the program returns; of a tuple or list its first tensor, of a dictionary the one under
//            "logits", "out" or "output", else its first; [N] becomes [N, 1]
//   A program can do whatever its user can do: it is loaded only if the user trusts the SHA-256 of exactly these bytes
//   (core/model/trust.h). The bytes that are hashed are those that are run, whatever happens to the file meanwhile.
//   thread rule  one call at a time; cancel: before and after the program, which cannot be stopped inside
//   fails        NotFound, Corrupt (other bytes than the manifest names, or not readable), Unsupported (not trusted)
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/model/pack.h"
#include "core/nn/network.h"

namespace cxr::nn {

// REQUIRES: pack.isProgram(). In eval mode, on the device. Throws c10::Error for what torch cannot read.
Result<std::shared_ptr<Network>> loadTorchScript(const Pack& pack, const torch::Device& device);

}  // namespace cxr::nn
