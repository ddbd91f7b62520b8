#!/usr/bin/env bash
# From a bare Debian 12 to the finished tests: installs what is missing, builds everything, runs every suite.
#   packaging/test.sh [CTEST ARGUMENTS...]      for example: packaging/test.sh -R pixel_chain
# Needs no display and no GPU. Tests that need the shared data or reference folders skip with a sentence without them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

install_missing build run test
build_targets all

say "Running the tests (about three minutes on two cores)"
cd "$build"
ctest --output-on-failure -j "$(nproc)" "$@"
