#!/usr/bin/env bash
# Type-checks everything with the feature cuda on a machine that has no CUDA. The folder is not that
# of real builds: build scripts do not notice when nvcc is another one.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$PWD/target/check-devices/tools
mkdir -p "$tools"
install -m 755 .ci/nvcc_standin.sh "$tools/nvcc"
CUDA_COMPUTE_CAP=75 PATH=$tools:$PATH CARGO_TARGET_DIR=target/check-devices \
    cargo check --release --locked --all-targets --features cuda
