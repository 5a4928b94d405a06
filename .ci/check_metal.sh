#!/usr/bin/env bash
# Type-checks everything with the feature metal on a machine that is no Mac. What is left of Apple's
# there are types: a copy of objc2-metal asks for another Objective-C runtime and links nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fetch --locked --quiet
version=$(awk '/^name = "objc2-metal"/ { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock | sort -V | tail -1)
registry=(${CARGO_HOME:-$HOME/.cargo}/registry/src/*/objc2-metal-"$version")
copy=target/check-devices/objc2-metal
rm -rf "$copy"
mkdir -p target/check-devices
cp -r "${registry[0]}" "$copy"
sed -i '/^\[dependencies.objc2\]/,/^$/ s/^features = \[/&"gnustep-2-1", /
        /^\[dependencies.block2\]/,/^$/ s/^features = \[/&"gnustep-2-1", /' "$copy/Cargo.toml"
sed -i 's/#\[link(name = "Metal", kind = "framework")\]//' "$copy/src/generated/mod.rs"

# A patched dependency changes the lock file: it is put back.
cp Cargo.lock target/check-devices/Cargo.lock.kept
trap 'cp target/check-devices/Cargo.lock.kept Cargo.lock' EXIT
CARGO_TARGET_DIR=target/check-devices \
    cargo check --release --all-targets --features metal --config "patch.crates-io.objc2-metal.path='$copy'"
