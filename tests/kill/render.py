#!/usr/bin/env python3
"""Kills `impasto render` at random moments and resumes it until it is done.

    tests/kill/render.py PROGRAM [KILLS] [SEED]

Checks after KILLS kills (100) that the picture is the same as that of an uninterrupted run, pixel for
pixel, that no file was damaged on the way, that at most 5 s of work were lost by any kill, and that
nothing is left behind. Needs nothing but Python.
"""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib

PROGRAM = os.path.abspath(sys.argv[1])
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
SIDE = 48
EVERY_SECS = "0.05"
LOST_SECS = 5.0


def png(path, rgb):
    """Writes a small picture."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(SIDE) for v in rgb(x / SIDE, y / SIDE)) for y in range(SIDE)
    )

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def pixels(path):
    """The unpacked rows of a PNG, and proof that each of its chunks is whole."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 4 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert zlib.crc32(body) == crc, "damaged: " + path
        if body[:4] == b"IDAT":
            packed += body[4:]
        at += 12 + length
    return zlib.decompress(packed)


def main():
    random.seed(SEED)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        environment = dict(os.environ, IMPASTO_ISA="portable")
        png("content.png", lambda x, y: (int(255 * x), int(255 * y), 128))
        png("style.png", lambda x, y: (int(255 * (x * 7 % 1)), 90, int(255 * (y * 5 % 1))))
        steps = str(40 + 4 * KILLS)
        command = [PROGRAM, "render", "--content", "content.png", "--style", "style.png"]
        command += ["--steps", steps, "--threads", "2", "--json"]
        alone = command + ["--output", "whole.png"]
        subprocess.run(alone, env=environment, check=True, stdout=subprocess.DEVNULL)
        command += ["--output", "out.png", "--checkpoint-every", EVERY_SECS, "--resume"]
        checkpoint = "out.png.impasto-checkpoint"
        kills, pictures, worst, reached = 0, 0, 0.0, 0.0
        while kills < KILLS:
            log = tempfile.TemporaryFile()
            run = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.PIPE)
            # Half of them hit the start, the others the steps.
            if random.random() < 0.5:
                time.sleep(random.uniform(0.0, 2.0))
            else:
                while run.poll() is None and os.fstat(log.fileno()).st_size == 0:
                    time.sleep(0.002)
                time.sleep(random.uniform(0.0, 1.5))
            killed = run.poll() is None
            run.kill()
            said = run.communicate()[1].decode()
            kills += killed
            assert killed or run.returncode == 0, said
            log.seek(0)
            lines = [line for line in log.read().decode().splitlines() if line.endswith("}")]
            if lines:
                # Seconds of computing count from the start of the run: what was done twice was lost.
                worst = max(worst, reached - json.loads(lines[0])["seconds"])
                reached = json.loads(lines[-1])["seconds"]
            if os.path.exists("out.png"):
                assert pixels("out.png") == pixels("whole.png"), "another picture"
                if not os.path.exists(checkpoint):
                    os.remove("out.png")
                    pictures, reached = pictures + 1, 0.0
        last = subprocess.run(command, env=environment, capture_output=True)
        assert last.returncode == 0, last.stderr.decode()
        assert pixels("out.png") == pixels("whole.png"), "another picture"
        left = sorted(os.listdir("."))
        assert left == ["content.png", "out.png", "style.png", "whole.png"], left
        assert worst <= LOST_SECS, f"{worst:.1f} s of work were lost"
        told = f"{kills} kills, {pictures + 1} pictures, all the same"
        print(f"{told}; at most {worst:.2f} s of work lost; nothing left behind")


if __name__ == "__main__":
    main()
