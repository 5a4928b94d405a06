#!/usr/bin/env bash
# Builds one program with CUDA that also starts where NVIDIA's libraries are missing, and computes on
# the processor there. Needs nvcc (see docs/devices.md); takes further options of `cargo build`.
#
# The published crates link NVIDIA's libraries, so that a program with CUDA does not even start
# without them. Two changes to copies of candle's crates, made here and nowhere else:
#   candle-core     cudarc opens the libraries at run time ("dynamic-loading");
#   candle-kernels  without the kernels of quantized language models, which are linked, not loaded,
#                   and not used by this program: their functions are there, and panic.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=target/cuda-portable
cargo fetch --locked --quiet
mkdir -p "$folder"
for crate in candle-core candle-kernels; do
    version=$(awk -v name="name = \"$crate\"" '$0 == name { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)
    registry=("${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/"$crate-$version")
    rm -rf "${folder:?}/$crate"
    cp -r "${registry[0]}" "$folder/$crate"
done

sed -i 's/"dynamic-linking"/"dynamic-loading"/' "$folder/candle-core/Cargo.toml"
sed -i '/let mut moe_sources/,/^    Ok(())/ { /^    Ok(())/!d }' "$folder/candle-kernels/build.rs"
foreign=$folder/candle-kernels/src/ffi.rs
sed -i -e '1i #![allow(unused_variables, dead_code, clippy::all)]\
#[cold]\
fn absent() -> ! {\
    panic!("this kernel was left out of the build")\
}' \
    -e '/^extern "C" {$/d' -e '/^#\[allow(/d' -e '/^}$/d' \
    -e 's/^    pub fn /pub unsafe extern "C" fn /' \
    -e 's/^    ) -> \(.*\);$/) -> \1 { absent() }/' -e 's/^    );$/) { absent() }/' "$foreign"
grep -q dynamic-loading "$folder/candle-core/Cargo.toml"
grep -q 'absent() }' "$foreign"
if grep -q moe_sources "$folder/candle-kernels/build.rs"; then
    echo "candle-kernels has changed: adapt $0" >&2
    exit 1
fi

# A patched dependency changes the lock file: it is put back.
cp Cargo.lock "$folder/Cargo.lock.kept"
trap 'cp "$folder/Cargo.lock.kept" Cargo.lock' EXIT
cargo build --release --features cuda --target-dir "$folder/build" \
    --config "patch.crates-io.candle-core.path='$folder/candle-core'" \
    --config "patch.crates-io.candle-kernels.path='$folder/candle-kernels'" "$@"
