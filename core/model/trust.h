// Which programs (TorchScript) this user trusts: a text file with one SHA-256 a line, a remark behind it. A pack that
// holds a program is not loaded unless its hash stands there, wherever the pack comes from: a folder that somebody sends
// cannot vouch for itself.
//   file         $XDG_CONFIG_HOME/precordia/trusted_programs.txt (~/.config/...)
//   thread rule  reads and writes the disk at each call; any thread
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace cxr {

std::filesystem::path trustFile();

// `sha256` as sha256Hex gives it.
bool isTrusted(const std::string& sha256, const std::filesystem::path& file = trustFile());
// Adds it for good; a second time changes nothing. `remark`: one line for people. fails WriteFailed.
Result<Done> addTrust(const std::string& sha256, const std::string& remark, const std::filesystem::path& file = trustFile());

}  // namespace cxr
