#!/usr/bin/env bash
# How quick the window is: start, first preview, evenness while a large picture is painted, rest;
# and what memory it takes.
#
# usage: measure_window.sh BINARY [SECONDS]
# needs: what window_tools.sh needs
#
# Clicks about for SECONDS (default 120). Prints figures and decides nothing: they depend on what
# else the machine does.
set -euo pipefail

binary=$(realpath "$1")
seconds=${2:-120}
here=$(dirname "$(realpath "$0")")
. "$here/window_tools.sh"

# Seconds at which the log first says something.
at() {
    awk -v what="$1" 'index($0, what) { print $1; exit }' "$log"
}

open_screen 1280x800
echo "load before: $(cut -d ' ' -f 1 /proc/loadavg)"

for n in 1 2 3 4 5; do
    remember "(theme:dark)"
    begin=$(date +%s.%N)
    rm -f "$log"
    "$binary" --save-folder "$work/saved" --log "$log" &
    app=$!
    until [ -f "$log" ] && logged 'the first frame is made'; do sleep 0.01; done
    frame=$(awk "BEGIN { print $(date +%s.%N) - $begin }")
    until_true "a window" find_window
    xdotool windowfocus "$window"
    until_true "the pictures" logged 'is the style image'
    xdotool key space
    until_true "a preview" logged 'the first preview of run 1'
    echo "start $n: first frame $(printf %.2f "$frame") s," \
        "first preview $(awk "BEGIN { printf \"%.2f\", \
            $(at 'the first preview of run 1') - $(at 'run 1 begins') }") s after Start"
    close_window
done

remember "(theme:dark)"
open_window "$binary" 1280 800
until_true "the machine's speed" logged 'measured .* s for a step'
sleep 3
ticks() { awk '{ print $14 + $15 }' "/proc/$app/stat"; }
before=$(ticks)
sleep 10
echo "at rest: $(($(ticks) - before)) ticks of CPU time in 10 s"
close_window

memory() { awk '/VmRSS/ { print int($2 / 1000) }' "/proc/$app/status"; }

remember "(theme:dark,transfer:(size_px:Some(256),steps:1000,schedule:r#single-level))"
open_window "$binary" 1280 800
until_true "the pictures" logged 'is the style image'
xdotool key space
until_true "fifty steps" logged ' step 50 total '
before=$(memory)
patience=600 until_true "1,000 steps" logged 'the run ended at step 1000'
echo "1,000 steps at 256 px: $before MB after 50 steps, $(memory) MB at the end, film included"
close_window

remember "(theme:dark,transfer:(size_px:Some(1024),schedule:r#single-level))"
open_window "$binary" 1280 800
until_true "the pictures" logged 'is the style image'
xdotool key space
until_true "steps" logged ' step 2 total '
memory_before=$(memory)
end=$((SECONDS + seconds))
go() { xdotool mousemove --window "$window" "$1" "$2"; }
while [ $SECONDS -lt $end ]; do
    # Depths of the controls, and the lists scrolled.
    for x in 1070 1150 1230; do
        go "$x" 64
        xdotool click 1
        go 1150 500
        xdotool click --repeat 6 --delay 40 5 click --repeat 6 --delay 40 4
    done
    go 1070 64
    xdotool click 1
    # A slider dragged to and fro.
    go 1150 351
    xdotool mousedown 1
    for x in 1120 1160 1200 1160 1120; do
        go "$x" 351
        sleep 0.05
    done
    xdotool mouseup 1
    # The picture zoomed, moved, compared.
    go 600 350
    xdotool click --repeat 8 --delay 30 4 mousedown 1
    for x in 560 620 680; do
        go "$x" 380
        sleep 0.05
    done
    xdotool mouseup 1 key c key d key d key f
    sleep 0.3
done
memory_after=$(memory)
xdotool key Escape
until_true "stop" logged 'the run ended'
sleep 2
echo "painting 1024 px, $seconds s of clicking:"
grep 'frames painting' "$log" | awk '
    { kind = $7; for (i = 1; i <= NF; i++) if ($i == "longest") { t = $(i + 1);
        if (t > most[kind]) most[kind] = t }
      count[kind] += $4 }
    END { for (kind in most)
        printf "  %s %d frames, longest %.1f ms\n", kind, count[kind], most[kind] }'
echo "  memory $memory_before MB, then $memory_after MB"
echo "load after: $(cut -d ' ' -f 1 /proc/loadavg)"
