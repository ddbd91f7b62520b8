#!/usr/bin/env bash
# Builds our side and prints one table: our explanations beside a plain loop and Captum's algorithm in PyTorch. Arguments go
# to explain_peers.py.
source "$(dirname "${BASH_SOURCE[0]}")/../../packaging/common.sh"
install_missing build run test
build_targets bench_explain
exec /usr/bin/python3 "$root/tests/bench/explain_peers.py" "$build/bench/bench_explain" "$@"
