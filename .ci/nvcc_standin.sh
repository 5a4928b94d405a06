#!/bin/sh
# Answers as nvcc does, and compiles nothing: with it the feature cuda can be type-checked on a
# machine without CUDA. Every file that is asked for is made, empty.
all=" $* "
case "$all" in
    *" --version "*)
        # The parser of the version wants it on the fourth line.
        printf 'nvcc stand-in\n-\n-\nCuda compilation tools, release 13.0, V13.0.88\n'
        exit 0 ;;
    *" --list-gpu-code "*) echo sm_75; exit 0 ;;
esac
output='' folder='' source=''
while [ $# -gt 0 ]; do
    case "$1" in
        -o) output=$2; shift ;;
        --output-directory) folder=$2; shift ;;
        *.cu) source=$1 ;;
    esac
    shift
done
empty_object() { : | cc -x c -c - -o "$1"; }
case "$all" in
    *" --ptx "*) : >"$folder/$(basename "$source" .cu).ptx" ;;
    *" --lib "*) empty_object "$output.o" && ar rcs "$output" "$output.o" ;;
    *" -c "*) empty_object "$output" ;;
esac
