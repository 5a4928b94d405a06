#!/usr/bin/env bash
# Screenshots of the real window: sizes, themes and scales by scenes.
#
# usage: screenshots.sh BINARY OUT_FOLDER [PATTERN]
# needs: what window_tools.sh needs, and python3-xlib
#
# PATTERN chooses among names like 1280x800-dark-100 (default: all). Each makes the pictures
# NAME-first, -running, -split, -moment, -branch, -variations, -error.
set -euo pipefail

binary=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
pattern=${3:-.}
here=$(dirname "$(realpath "$0")")
. "$here/window_tools.sh"

shot() {
    # The frame that follows an event is drawn within a moment.
    sleep 0.7
    timeout 30 import -window "$window" "$out/$name-$1.png"
    echo "$name-$1"
}

scenes() {
    remember "(theme:$theme)"
    # Units of the window are points: at 150 % the same screen has two thirds of them.
    WINIT_X11_SCALE_FACTOR=$(awk "BEGIN { print $scale / 100 }")
    export WINIT_X11_SCALE_FACTOR
    open_window "$binary" "$width" "$height"
    until_true "the sample pictures" logged 'is the style image'
    until_true "the machine's speed" logged 'measured .* s for a step'
    xdotool mousemove --window "$window" $((width / 2)) $((height / 2))
    shot first
    xdotool key space
    until_true "steps" logged_times 75 ' step [0-9]* total '
    xdotool key s
    until_true "a snapshot" logged 'Saved as'
    until_true "more steps" logged_times 110 ' step [0-9]* total '
    shot running
    xdotool key c
    shot split
    xdotool key c
    for _ in 1 2 3 4 5 6 7 8; do xdotool key Left; done
    shot moment
    xdotool key Return
    until_true "a branch" logged_times 2 'run [0-9]* begins'
    until_true "its steps" logged_times 150 ' step [0-9]* total '
    shot branch
    # Held, so that the sheet has the machine to itself.
    xdotool key space
    until_true "pause" logged 'paused at step'
    xdotool key v
    until_true "the sheet" logged_times 18 'variation [0-9]* had turn'
    shot variations
    xdotool key Escape
    printf 'no picture at all' >"$work/notes.png"
    /usr/bin/python3 "$here/xdnd.py" "$window" $((width / 2)) $((height / 2)) "$work/notes.png"
    until_true "the error" logged 'ERROR'
    shot error
    close_window
}

for size in 1280x800 1920x1080 1024x700; do
    width=${size%x*} height=${size#*x}
    for theme in dark light; do
        for scale in 100 150; do
            name=$size-$theme-$scale
            [[ $name =~ $pattern ]] || continue
            open_screen "$size"
            scenes
            close_screen
        done
    done
done
