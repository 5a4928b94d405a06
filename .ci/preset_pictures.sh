#!/usr/bin/env bash
# The pictures beside the presets: the sample pair painted with each, 96 pixels wide.
#
# usage: preset_pictures.sh BINARY [PRESET...]
# needs: ImageMagick's convert
#
# Run it again after a preset was added or changed in earnest. With SIZE=160 STEPS=80 it takes
# a few minutes, and at this size hardly a difference is seen.
set -euo pipefail

binary=$(realpath "$1")
shift
here=$(dirname "$(realpath "$0")")
assets=$here/../assets
out=$assets/presets/pictures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# Where both are installed, the one that surely is ImageMagick's.
convert=$(command -v convert-im6.q16 || command -v convert)

if [ $# = 0 ]; then
    for preset in "$assets"/presets/*.toml; do
        set -- "$@" "$(basename "$preset" .toml)"
    done
fi
for name in "$@"; do
    "$binary" render --content "$assets/samples/chelsea.png" --style "$assets/samples/starry_night.jpg" \
        --preset "$name" --size "${SIZE:-256}" --steps "${STEPS:-200}" -o "$work/$name.png"
    # The middle, where the face is.
    "$convert" "$work/$name.png" -resize 114x -gravity center -crop 96x64+0+0 +repage \
        -strip -sampling-factor 4:2:0 -quality 82 "$out/$name.jpg"
done
du -cb "$out"/*.jpg | tail -n 1
