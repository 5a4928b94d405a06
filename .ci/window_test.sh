#!/usr/bin/env bash
# The real window, driven by real keys, mouse and drops on a virtual screen.
#
# usage: window_test.sh BINARY OUT_FOLDER
# needs: Xvfb, xdotool, ImageMagick's import and compare, python3-xlib
#
# Leaves screenshots, the session's log and the saved picture in OUT_FOLDER. Exit status 0 when
# everything held.
set -euo pipefail

binary=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
here=$(dirname "$(realpath "$0")")
patience=${PATIENCE_SECS:-120}

work=$(mktemp -d)
log=$out/session.log
saved=$out/saved
rm -rf "$saved" "$log" "$out"/*.png
export XDG_DATA_HOME=$work/data
unset WAYLAND_DISPLAY

# Where both are installed, the one that surely is ImageMagick's.
convert=$(command -v convert-im6.q16 || command -v convert)

app= server=
clean_up() {
    [ -n "$app" ] && kill "$app" 2>/dev/null || true
    [ -n "$server" ] && kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $*" >&2
    [ -f "$log" ] && tail -n 20 "$log" >&2
    exit 1
}

# until_true WHAT COMMAND...: tries the command until it succeeds.
until_true() {
    local what=$1 end=$((SECONDS + patience))
    shift
    until "$@"; do
        kill -0 "$app" 2>/dev/null || fail "the program ended while waiting for: $what"
        [ $SECONDS -lt $end ] || fail "waited in vain for: $what"
        sleep 0.2
    done
    echo "ok: $what"
}

# open_window [ARGUMENT...]: starts the program and waits for its window.
open_window() {
    "$binary" --save-folder "$saved" --log "$log" "$@" &
    app=$!
    until_true "a window" find_window
    xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800 windowfocus "$window"
    sleep 0.5
}

find_window() {
    window=$(xdotool search --onlyvisible --pid "$app" 2>/dev/null | tail -n 1)
    [ -n "$window" ]
}

shot() {
    timeout 20 import -window "$window" "$out/$1.png"
}

steps() {
    grep -c ' step [0-9]* total ' "$log" || true
}

has_steps() {
    [ "$(steps)" -ge "$1" ]
}

logged() {
    grep -q "$1" "$log"
}

# The canvas, without bars and panels.
crop_canvas() {
    "$convert" "$out/$1.png" -crop 700x380+250+130 +repage "$work/$1.png"
}

differ() {
    crop_canvas "$1"
    crop_canvas "$2"
    local pixels
    pixels=$(compare -metric AE -fuzz 4% "$work/$1.png" "$work/$2.png" null: 2>&1 || true)
    pixels=${pixels%%[!0-9]*}
    [ "${pixels:-0}" -gt 2000 ]
}

# Content loss over total loss at a step, in millionths.
content_share() {
    awk -v step="$1" '$5 == step && $4 == "step" { printf "%d", 1e6 * $9 / $7; exit }' "$log"
}

last_step() {
    awk '$4 == "step" { step = $5 } END { print step + 0 }' "$log"
}

start_server() {
    local number
    for number in $(seq 90 120); do
        [ -e "/tmp/.X$number-lock" ] && continue
        Xvfb ":$number" -screen 0 1280x800x24 +extension GLX -noreset -nolisten tcp >/dev/null 2>&1 &
        server=$!
        export DISPLAY=:$number
        for _ in $(seq 50); do
            xdotool getmouselocation >/dev/null 2>&1 && return
            sleep 0.1
        done
    done
    fail "no virtual screen"
}

start_server

# A first start: two pictures are there, and Space paints.
open_window
until_true "the sample pictures" logged 'is the style picture'
sleep 0.5
shot 1-opened
xdotool key space
until_true "three steps" has_steps 3
sleep 0.5
shot 2-painting
differ 1-opened 2-painting || fail "the preview shows no change"
echo "ok: the preview changes"

# The content weight, dragged by the mouse while it paints, changes the course of the losses.
before=$(last_step)
share_before=$(content_share "$before")
xdotool mousemove --window "$window" 1107 351 mousedown 1
for x in 1120 1140 1160 1180 1200 1215; do
    xdotool mousemove --window "$window" "$x" 351
    sleep 0.05
done
xdotool mouseup 1
until_true "the change of settings" logged 'settings changed after step'
changed=$(grep -o 'settings changed after step [0-9]*' "$log" | tail -n 1 | grep -o '[0-9]*$')
until_true "five steps with it" has_steps $((changed + 5))
share_after=$(content_share $((changed + 3)))
[ "$(grep -c 'run [0-9]* begins' "$log")" = 1 ] || fail "the run was started anew"
[ "$share_after" -gt $((2 * share_before)) ] ||
    fail "the slider changed nothing: content share $share_before, then $share_after"
echo "ok: the slider works while it paints (content share $share_before, then $share_after)"

# S keeps the picture and saves it.
xdotool key s
until_true "a saved picture" bash -c "ls '$saved'/*.png >/dev/null 2>&1"
until_true "the notice" logged 'Saved as'
picture=$(find "$saved" -name '*.png' | head -n 1)
shot 3-saved
size=$(identify -format '%wx%h!' "$picture")
content=$here/../assets/samples/chelsea.png
"$convert" "$content" -resize "$size" "$work/content.png"
error=$(compare -metric RMSE "$work/content.png" "$picture" null: 2>&1 || true)
awk -v error="${error%% *}" 'BEGIN { exit !(error > 1500) }' ||
    fail "the saved picture is the content picture (difference $error)"
echo "ok: the saved picture differs from the content ($error of 65535)"

# Pause holds, resume goes on.
xdotool key space
until_true "pause" logged 'paused at step'
held=$(last_step)
sleep 1
[ "$(last_step)" = "$held" ] || fail "the run went on in spite of the pause"
xdotool key space
until_true "the run goes on" has_steps $((held + 2))

# A dropped file becomes the content picture.
"$convert" -size 320x200 gradient:navy-gold "$work/dropped.png"
/usr/bin/python3 "$here/xdnd.py" "$window" 600 300 "$work/dropped.png" ||
    fail "the drop was refused"
until_true "the dropped picture" logged 'dropped.png is the content picture'
sleep 0.5
shot 4-dropped

# Stop; the next start remembers the picture and the settings.
xdotool key Escape
until_true "stop" logged 'the run ended at step'
sleep 1
kill "$app"
wait "$app" 2>/dev/null || true
cp "$log" "$out/session-1.log"
open_window
until_true "the picture of the last session" logged 'dropped.png is the content picture'
sleep 0.5
shot 5-remembered
echo "everything held"
