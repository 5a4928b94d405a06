# Shell functions for scripts that drive the real window on a virtual screen; to be sourced.
#
# needs: Xvfb, xdotool, ImageMagick's import
# sets: work (a folder that is gone afterward), log, window, app

patience=${PATIENCE_SECS:-180}
work=$(mktemp -d)
log=$work/session.log
app= server=
unset WAYLAND_DISPLAY
export XDG_CONFIG_HOME=$work/config

close_window() {
    if [ -n "$app" ]; then
        kill "$app" 2>/dev/null || true
        # What a signal ended has that as its status.
        wait "$app" 2>/dev/null || true
    fi
    app=
    return 0
}

close_screen() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    server=
    return 0
}

clean_up() {
    close_window
    close_screen
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $*" >&2
    [ -f "$log" ] && tail -n 20 "$log" >&2
    exit 1
}

# open_screen WIDTHxHEIGHT: a screen of this size; with DISPLAY_NUMBER set, that one.
open_screen() {
    local number
    for number in ${DISPLAY_NUMBER:-$(seq 90 120)}; do
        [ -e "/tmp/.X$number-lock" ] && continue
        Xvfb ":$number" -screen 0 "$1x24" +extension GLX -noreset -nolisten tcp \
            >/dev/null 2>&1 &
        server=$!
        export DISPLAY=:$number
        for _ in $(seq 50); do
            xdotool getmouselocation >/dev/null 2>&1 && return
            sleep 0.1
        done
    done
    fail "no virtual screen"
}

# remember SETTINGS: what the window remembers from a session before, in RON.
remember() {
    export XDG_DATA_HOME=$work/data
    rm -rf "$XDG_DATA_HOME"
    mkdir -p "$XDG_DATA_HOME/impasto"
    printf '{"impasto": "%s"}' "$1" >"$XDG_DATA_HOME/impasto/app.ron"
}

# open_window BINARY WIDTH HEIGHT [ARGUMENT...]: starts the program, waits for its window.
open_window() {
    local binary=$1 width=$2 height=$3
    shift 3
    rm -f "$log"
    "$binary" --save-folder "$work/saved" --log "$log" "$@" &
    app=$!
    until_true "a window" find_window
    xdotool windowmove "$window" 0 0 windowsize "$window" "$width" "$height" \
        windowfocus "$window"
}

find_window() {
    window=$(xdotool search --onlyvisible --pid "$app" 2>/dev/null | tail -n 1)
    [ -n "$window" ]
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
}

logged() {
    grep -q "$1" "$log"
}

# logged_times COUNT PATTERN
logged_times() {
    [ "$(grep -c "$2" "$log")" -ge "$1" ]
}
