#!/bin/sh
# Gives each fuzz target the small files of its format to begin from.
set -eu
cd "$(dirname "$0")"
from=../tests/weights
seed() {
    mkdir -p "corpus/$1"
    target=$1
    shift
    for file in "$@"; do
        cp "$from/$file" "corpus/$target/"
    done
}
seed hdf5 small.h5
seed safetensors small.safetensors
seed torch_zip zip.pth
seed torch_legacy legacy.pth
seed caffemodel old.caffemodel new.caffemodel
