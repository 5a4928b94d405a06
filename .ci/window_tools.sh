# Shell functions for scripts that drive the real window on a virtual screen; to be sourced.
#
# needs: Xvfb, xdotool, ImageMagick's import
# sets: work (a folder that is gone afterward), log, window, app
#
# What is waited for is waited for as long as the program gets on: on a busy machine its compute
# threads, which have the lowest priority, may get a hundredth of a processor. A wait is in vain
# when nothing has moved for PATIENCE_SECS seconds, or when the compute threads have had WORK_SECS
# seconds of processor time and it is still not so.

patience=${PATIENCE_SECS:-120}
work_secs=${WORK_SECS:-300}
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

# compute_ticks: processor time of the compute threads (those of lowest priority), in hundredths of
# a second. Threads that have ended count no more.
compute_ticks() {
    cat "/proc/$app"/task/*/stat 2>/dev/null |
        awk '{ sub(/.*\) /, "") } $17 == 19 { ticks += $12 + $13 } END { print ticks + 0 }'
}

# progress: changes whenever the program gets on.
progress() {
    echo "$(compute_ticks) $(wc -c <"$log" 2>/dev/null || echo 0)"
}

# until_true WHAT COMMAND...: tries the command until it succeeds, as long as the program gets on.
until_true() {
    local what=$1 begun last now end
    shift
    begun=$(compute_ticks) last=$(progress) end=$((SECONDS + patience))
    until "$@"; do
        kill -0 "$app" 2>/dev/null || fail "the program ended while waiting for: $what"
        now=$(progress)
        if [ "$now" != "$last" ]; then
            last=$now end=$((SECONDS + patience))
        fi
        [ $SECONDS -lt $end ] || fail "nothing moves any more, waiting for: $what"
        [ $(($(compute_ticks) - begun)) -lt $((100 * work_secs)) ] ||
            fail "computed $work_secs s in vain, waiting for: $what"
        sleep 0.2
    done
}

# after COMMAND...: does something that the window answers, and waits until that is drawn.
after() {
    local drawn
    drawn=$(grep -c 'all that has happened is drawn' "$log" || true)
    "$@"
    until_true "the window after: $*" logged_times $((drawn + 1)) 'all that has happened is drawn'
}

# drawn_since PATTERN: whether what was logged last with this pattern is on the screen.
drawn_since() {
    awk -v pattern="$1" '$0 ~ pattern { seen = 1; drawn = 0 } /all that has happened is drawn/ { drawn = 1 }
        END { exit !(seen && drawn) }' "$log"
}

logged() {
    grep -q "$1" "$log"
}

# logged_times COUNT PATTERN
logged_times() {
    [ "$(grep -c "$2" "$log")" -ge "$1" ]
}
