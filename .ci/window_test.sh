#!/usr/bin/env bash
# The real window on a virtual screen, driven along the main road by real keys, a real mouse, real
# drops and a real clipboard: pick, paint, steer, pause, keep, wind back, branch, undo, export,
# restore, go on after the end.
#
# usage: window_test.sh BINARY OUT_FOLDER
# needs: what window_tools.sh needs, ImageMagick's compare, xclip, python3-xlib
#
# Leaves screenshots, the session's log and what was saved in OUT_FOLDER. Exit status 0 when
# everything held.
set -euo pipefail

binary=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
here=$(dirname "$(realpath "$0")")
. "$here/window_tools.sh"

saved=$work/saved
rm -rf "$out"/*.png "$out"/*.gif "$out"/*.log
export XDG_DATA_HOME=$work/data

keep_log() {
    [ -f "$log" ] && cp "$log" "$out/session.log"
    clean_up
}
trap keep_log EXIT

# Where both are installed, the one that surely is ImageMagick's.
convert=$(command -v convert-im6.q16 || command -v convert)

# held WHAT COMMAND...: waits until the command succeeds, and says so.
held() {
    until_true "$@"
    echo "ok: $1"
}

shot() {
    # The frame is on the screen a moment after the log says that it is drawn.
    sleep 0.3
    timeout 60 import -window "$window" "$out/$1.png"
}

click() {
    xdotool mousemove --window "$window" "$1" "$2" click 1
}

# drop X Y FILE...
drop() {
    /usr/bin/python3 "$here/xdnd.py" "$window" "$@" || fail "the drop was refused"
}

# hover X Y FILE SHOT: a screenshot while a file hovers there; then it is dropped.
hover() {
    /usr/bin/python3 "$here/xdnd.py" --hold 3 "$window" "$1" "$2" "$3" &
    local source=$!
    sleep 2
    shot "$4"
    wait "$source" || fail "the drop was refused"
}

last_step() {
    awk '$4 == "step" { step = $5 } END { print step + 0 }' "$log"
}

# Lines are counted, for a branch takes up an earlier number.
steps() {
    grep -c ' step [0-9]* total ' "$log" || true
}

has_steps() {
    [ "$(steps)" -ge "$1" ]
}

# more_steps WHAT COUNT
more_steps() {
    held "$1" has_steps $(($(steps) + $2))
}

# Total loss without the content loss over total loss, in millionths: at the last step before the
# settings changed for the first time, and the least since then, or nothing so far.
rest_before() {
    awk '/settings changed/ { exit } $4 == "step" { rest = 1e6 * (1 - $9 / $7) }
        END { printf "%d", rest }' "$log"
}
rest_since() {
    awk '/settings changed/ { changed = 1 }
        changed && $4 == "step" { rest = 1e6 * (1 - $9 / $7); if (!n++ || rest < least) least = rest }
        END { if (n) printf "%d", least }' "$log"
}

canvas_changed() {
    local shot pixels
    for shot in "$1" "$2"; do
        "$convert" "$out/$shot.png" -crop 700x380+250+130 +repage "$work/$shot.png"
    done
    pixels=$(compare -metric AE -fuzz 4% "$work/$1.png" "$work/$2.png" null: 2>&1 || true)
    pixels=${pixels%%[!0-9]*}
    [ "${pixels:-0}" -gt 2000 ]
}

# The newest picture in the folder for saved ones.
newest() {
    find "$saved" -name "*.$1" -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d ' ' -f 2-
}

# saved_since FILE: whether a picture was saved after that one.
saved_since() {
    [ "$(newest png)" != "$1" ]
}

# remembered_settings PICTURE: the settings in a saved picture's text, on one line.
remembered_settings() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import json
import struct
import sys

data = open(sys.argv[1], "rb").read()
at = 8
while at < len(data):
    length, kind = struct.unpack(">I4s", data[at : at + 8])
    body = data[at + 8 : at + 8 + length]
    at += 12 + length
    if kind in (b"iTXt", b"tEXt") and b"{" in body:
        record = json.loads(body[body.index(b"{") :])
        if "settings" in record:
            print(json.dumps(record["settings"], sort_keys=True))
            break
else:
    sys.exit("no settings in " + sys.argv[1])
PYTHON
}

open_screen 1280x800
"$convert" -size 320x200 gradient:navy-gold "$work/pasted.png"
"$convert" "$here/../assets/samples/chelsea.png" -resize 320x200 "$work/content.png"
"$convert" -size 240x240 -seed 7 plasma:tomato-steelblue "$work/style.png"

# A first start, with two pictures on the table.
open_window "$binary" 1280 800
held "the sample pictures" logged 'is the style image'

# Pick: by the clipboard and by drops. What is under the pointer is what a file becomes, whatever
# came before.
xclip -selection clipboard -t image/png -i "$work/pasted.png"
xdotool key ctrl+v
held "a pasted content image" logged 'clipboard is the content image'
content_card="110 150" style_card="110 380"
hover $style_card "$work/style.png" 0-hover-style
held "a drop on the style card" logged 'style.png is the style image'
drop $style_card "$work/pasted.png"
held "another on the style card" logged 'pasted.png is the style image'
drop $content_card "$work/style.png"
held "a drop on the content card" logged 'style.png is the content image'
drop 450 330 "$work/pasted.png"
held "a drop on the canvas's content half" logged 'pasted.png is the content image'
hover 850 330 "$work/style.png" 0-hover-canvas
held "a drop on the canvas's style half" logged_times 2 'style.png is the style image'
drop $content_card "$work/content.png"
held "a dropped content image" drawn_since 'content.png is the content image'

# Three files at once: it is asked what they are. Undo takes it back.
drop $style_card "$work/pasted.png" "$work/content.png" "$work/style.png"
held "three files at once" drawn_since '3 dropped at'
sleep 1
shot 0-three-files
xdotool key Tab Tab Return
held "three styles" logged_times 3 'style.png is the style image'
xdotool key ctrl+z
held "one style again" drawn_since 'asked for Undo'
shot 1-picked

# Start.
xdotool key space
held "three steps" has_steps 3
preview_changes() {
    shot 2-painting
    canvas_changed 1-picked 2-painting
}
held "a preview that changes the picture" preview_changes

# The content weight, dragged while it paints, changes the course of the losses.
xdotool mousemove --window "$window" 1107 351 mousedown 1
for x in 1120 1140 1160 1180 1200 1215; do
    xdotool mousemove --window "$window" "$x" 351
    sleep 0.05
done
held "a drag of the slider" logged 'asked for Settings'
xdotool mouseup 1
held "the change of settings" logged 'settings changed after step'
more_steps "steps with it" 3
[ "$(grep -c 'run [0-9]* begins' "$log")" = 1 ] || fail "the run was started anew"
before=$(rest_before) since=$(rest_since)
[ $((4 * since)) -lt "$before" ] ||
    fail "the slider changed nothing: beside the content loss $before millionths, then $since"
echo "ok: the slider works while it paints (beside the content loss $before millionths, then $since)"

# A style layer, switched off while it paints.
after click 1132 72
changes=$(grep -c 'settings changed after step' "$log")
click 1006 387
held "a layer switched while it paints" logged_times $((changes + 1)) 'settings changed after step'
shot 3-layers
after click 1043 72

# Pause holds; S keeps the picture of the moment and saves it with its settings.
xdotool key space
held "pause" logged 'paused at step'
at_rest=$(steps)
sleep 1
[ "$(steps)" = "$at_rest" ] || fail "the run went on in spite of the pause"
xdotool key s
held "a saved picture" logged 'Saved as'
picture=$(newest png)
cp "$picture" "$out/kept.png"
size=$(identify -format '%wx%h!' "$picture")
"$convert" "$work/content.png" -resize "$size" "$work/resized.png"
error=$(compare -metric RMSE "$work/resized.png" "$picture" null: 2>&1 || true)
awk -v error="${error%% *}" 'BEGIN { exit !(error > 1500) }' ||
    fail "the saved picture is the content image (difference $error)"
echo "ok: the saved picture differs from the content (${error%% *} of 65535)"
kept=$(remembered_settings "$picture")

# Arrows wind back; Enter goes on from that moment as a branch.
end=$(last_step)
for _ in 1 2 3 4 5 6; do after xdotool key Left; done
shot 4-looking-back
xdotool key Return
held "a branch" logged_times 2 'run [0-9]* begins'
more_steps "steps of the branch" 2
first=$(awk '/run 2 begins/ { begun = 1 } begun && $4 == "step" { print $5; exit }' "$log")
[ "$first" -le "$end" ] || fail "the branch began at step $first, the end of the run was $end"
shot 5-branch

# Undo takes the layer and the slider back while it paints.
changes=$(grep -c 'settings changed after step' "$log")
xdotool key ctrl+z
held "undo" logged_times $((changes + 1)) 'settings changed after step'
xdotool key ctrl+z
held "undo again" logged_times $((changes + 2)) 'settings changed after step'

# The film, to a path that is typed.
after click 960 586
shot 6-export
click 801 534
held "the question for a path" drawn_since 'asks for a path'
xdotool type --delay 20 "$out/film.gif"
shot 7-path
xdotool key Return
held "a film" test -s "$out/film.gif"
held "the notice of the film" logged 'film.gif'
frames=$(identify "$out/film.gif" | wc -l)
[ "$frames" -gt 1 ] || fail "the film has $frames frame"
echo "ok: the film has $frames frames"

# Stopped; the kept picture, dropped, brings its settings and its pictures back.
xdotool key Escape
# The first run ended when it was branched.
held "stop" logged_times 2 'the run ended at step'
drop 450 330 "$out/kept.png"
held "a picture that remembers" drawn_since 'kept.png remembers how it was made'
shot 8-restore
click 834 490
held "its pictures" logged_times 2 'content.png is the content image'
held "its settings" logged 'are back'
before=$(newest png)
begun=$(grep -c 'run [0-9]* begins' "$log")
xdotool key space
held "its run" logged_times $((begun + 1)) 'run [0-9]* begins'
more_steps "steps of its run" 2
xdotool key s
held "a picture of it" saved_since "$before"
held "the notice of it" logged_times 2 'Saved as'
[ "$(remembered_settings "$(newest png)")" = "$kept" ] || fail "the settings are not those of the picture"
echo "ok: the settings are exactly those of the picture"

# The next start remembers the pictures.
xdotool key Escape
held "stop again" logged_times 3 'the run ended at step'
until_true "the memory on the disk" grep -q content.png "$XDG_DATA_HOME/impasto/settings.json"
cp "$log" "$out/first-session.log"
close_window
open_window "$binary" 1280 800
held "the picture of the last session" logged 'content.png is the content image'

# What was painted is not lost: the run that was stopped goes on.
held "the offer to go on" drawn_since 'a session was left at step'
shot 9-left
xdotool key Return
held "the run goes on" logged 'run [0-9]* begins'
more_steps "its next steps" 2
shot 10-gone-on
echo "everything held"
