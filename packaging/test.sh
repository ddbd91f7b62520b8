#!/usr/bin/env bash
# From a bare Debian 12 to the finished tests: installs what is missing, builds everything, runs every suite; then the core a second
# time under the address and undefined-behaviour sanitizers, and where threads meet under the thread sanitizer.
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

# Small on purpose: line numbers instead of debug information, no window, no torch.
sanitized() {  # PRESET TARGET CTEST-ARGUMENTS...
    local preset=$1 target=$2 folder="$root/build/$1"
    shift 2
    [ -f "$folder/build.ninja" ] || (cd "$root" && cmake --preset "$preset" >/dev/null)
    say "Building with the preset $preset"
    cmake --build "$folder" --target "$target" -- --quiet
    say "Running"
    (cd "$folder" && ctest --output-on-failure -j "$(nproc)" "$@")
}
sanitized asan-core all -LE layout
sanitized tsan thread_suites -L '^threads$'
