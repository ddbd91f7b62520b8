#!/usr/bin/env bash
# From a bare Debian 12 to the finished tests: installs what is missing, builds everything, runs every suite; then what reads files
# of others a second time under the address and undefined-behaviour sanitizers.
#   packaging/test.sh                      everything
#   packaging/test.sh CTEST ARGUMENTS...   the suites that they choose, without sanitizers: packaging/test.sh -R pixel_chain
# Needs no display and no GPU. Tests that need the shared data or reference folders skip with a sentence without them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

install_missing build run test
build_targets all

say "Running the tests (about five minutes on two cores, one of them for the fuzz targets)"
cd "$build"
ctest --output-on-failure -j "$(nproc)" "$@"
[ $# -eq 0 ] || exit 0

# Small on purpose: line numbers instead of debug information, and no folders but those that read foreign bytes.
sanitized="$root/build/asan-core"
cd "$root"
[ -f "$sanitized/build.ninja" ] || cmake --preset asan-core >/dev/null
say "Building the readers of foreign files under sanitizers"
cmake --build "$sanitized" --target foreign_bytes -- --quiet
say "Running them"
cd "$sanitized"
ctest --output-on-failure -j "$(nproc)" -L '^foreign$'
