#!/usr/bin/env bash
# Builds our side and prints one table: our networks beside PyTorch's and OpenCV's. Arguments go to networks_peers.py.
source "$(dirname "${BASH_SOURCE[0]}")/../../packaging/common.sh"
install_missing build run test
build_targets bench_networks cxr_engine_module
exec /usr/bin/python3 "$root/tests/bench/networks_peers.py" "$build/bench/bench_networks" "$@"
