#!/usr/bin/env python3
"""Kills the window at random moments of a run, starts it again, and goes on.

usage: window.py BINARY [TIMES]      (needs Xvfb, xdotool)

Each time: a window paints, is killed (SIGKILL) at a random moment, and is started again. Then
* what is in the program's folder can be read, and no temporary file stays behind;
* the run is offered again, and no more than 5 seconds of it are gone;
* it goes on to its end, and the result is that of a run that nobody has killed, within 1/255.
Exit status 0 when all of that held each time.
"""

import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

PATIENCE = 240.0
MOST_LOST = 5.0
STEPS = int(os.environ.get("STEPS", "300"))
SIZE = 96


def png(path: Path, pixel) -> None:
    """Writes a small picture."""
    width, height = 120, 90
    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in pixel(x, y)) for y in range(height)
    )

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def pixels(path: Path) -> bytes:
    """The bytes of a PNG with eight bits and three colors, without its filters."""
    data = path.read_bytes()
    at, idat, width, height = 8, b"", 0, 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", body[:10])
            assert (depth, color) == (8, 2), (depth, color)
        elif kind == b"IDAT":
            idat += body
        at += 12 + length
    raw, stride = zlib.decompress(idat), 3 * width
    out, above = b"", bytearray(stride)
    for y in range(height):
        begin = y * (stride + 1)
        kind, row = raw[begin], bytearray(raw[begin + 1 : begin + 1 + stride])
        for x in range(stride):
            left = row[x - 3] if x >= 3 else 0
            up = above[x]
            corner = above[x - 3] if x >= 3 else 0
            if kind == 1:
                row[x] = (row[x] + left) & 255
            elif kind == 2:
                row[x] = (row[x] + up) & 255
            elif kind == 3:
                row[x] = (row[x] + (left + up) // 2) & 255
            elif kind == 4:
                guess = left + up - corner
                near = min((left, up, corner), key=lambda value: abs(guess - value))
                row[x] = (row[x] + near) & 255
        out += bytes(row)
        above = row
    return out


class Window:
    """The program with a folder of its own."""

    def __init__(self, binary: str, folder: Path, number: int):
        self.folder = folder
        self.log = folder / f"log-{number}.txt"
        environment = dict(os.environ, HOME=str(folder), XDG_DATA_HOME=str(folder / "data"))
        environment.pop("WAYLAND_DISPLAY", None)
        environment["XDG_CONFIG_HOME"] = str(folder / "config")
        self.process = subprocess.Popen(
            [
                binary,
                "--content",
                str(folder / "content.png"),
                "--style",
                str(folder / "style.png"),
                "--save-folder",
                str(folder / "saved"),
                "--log",
                str(self.log),
            ],
            env=environment,
        )
        self.id = self.wait("a window", self.find)
        self.wait("the pictures", lambda: "is the style image" in self.text())
        subprocess.run(["xdotool", "windowfocus", self.id], check=True)

    def find(self):
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
            capture_output=True,
            text=True,
        ).stdout.split()
        return found[-1] if found else None

    def text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait(self, what: str, look):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            if self.process.poll() is not None:
                sys.exit(f"the program ended while waiting for {what}\n{self.text()[-2000:]}")
            time.sleep(0.05)
        sys.exit(f"waited in vain for {what}\n{self.text()[-2000:]}")

    def key(self, key: str) -> None:
        subprocess.run(["xdotool", "key", key], check=True)

    def steps(self):
        """Step and time of each step in the log."""
        found = re.findall(r"^ *([0-9.]+) \S+ +\S+ step (\d+) total", self.text(), re.M)
        return [(int(step), float(secs)) for secs, step in found]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def result(self) -> bytes:
        """The end of the run, saved."""
        self.wait("the end", lambda: f"the run ended at step {STEPS}" in self.text())
        self.key("s")
        saved = self.folder / "saved"
        done = self.wait(
            "a saved picture", lambda: "Saved as" in self.text() and list(saved.glob("*.png"))
        )
        found = pixels(max(done, key=lambda path: path.stat().st_mtime))
        shutil.rmtree(saved)
        return found


def prepare(folder: Path) -> None:
    png(folder / "content.png", lambda x, y: (2 * x, 2 * y, 128 if (x // 9 + y // 9) % 2 else 40))
    png(folder / "style.png", lambda x, y: ((7 * x) & 255, (x * y) & 255, (11 * y) & 255))
    settings = {"hint_seen": True, "transfer": {"size_px": SIZE, "steps": STEPS}}
    own = folder / "data" / "impasto"
    own.mkdir(parents=True)
    (own / "settings.json").write_text(json.dumps(settings))


def check_files(folder: Path) -> None:
    """Everything that a killed window has left can be read."""
    own = folder / "data" / "impasto"
    for path in own.rglob("*.json"):
        json.loads(path.read_text())
    for path in own.rglob("*.checkpoint"):
        data = path.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        head = json.loads(data[8 : 8 + length])
        ends = [entry["data_offsets"][1] for name, entry in head.items() if name != "__metadata__"]
        assert 8 + length + max(ends) == len(data), f"{path} is cut off"


def left_behind(folder: Path) -> list:
    return [path for path in (folder / "data").rglob(".impasto-*")]


def main() -> int:
    binary = os.path.abspath(sys.argv[1])
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    seed = int(os.environ.get("SEED", time.time()))
    print(f"SEED={seed}")
    moments = random.Random(seed)
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "+extension", "GLX"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    os.environ["DISPLAY"] = ":" + server.stdout.readline().strip()
    work = Path(tempfile.mkdtemp(prefix="impasto-kill-"))
    try:
        whole = work / "whole"
        whole.mkdir()
        prepare(whole)
        window = Window(binary, whole, 0)
        window.key("space")
        reference = window.result()
        window.kill()
        most_lost = 0.0
        for n in range(times):
            folder = work / str(n)
            folder.mkdir()
            prepare(folder)
            window = Window(binary, folder, 0)
            window.key("space")
            # By steps and not by the clock: on a busy machine no run takes as long as another.
            wanted = moments.randrange(2, int(0.8 * STEPS))
            window.wait("the moment", lambda: len(window.steps()) >= wanted)
            time.sleep(moments.uniform(0.0, 0.3))
            window.kill()
            killed_at = window.steps()
            if f"the run ended at step {STEPS}" in window.text():
                print(f"{n + 1}: it had ended before")
                continue
            check_files(folder)
            window = Window(binary, folder, 1)
            last, end = killed_at[-1]
            began = killed_at[0][1]
            if end - began < MOST_LOST and not (folder / "data/impasto/sessions").exists():
                most_lost = max(most_lost, end - began)
                print(f"{n + 1}: killed at step {last}, before anything was kept")
                window.kill()
                continue
            found = window.wait(
                "the offer", lambda: re.search(r"left at step Some\((\d+)\)", window.text())
            )
            step = int(found.group(1))
            # A step may be kept before it is in the log, or the run before its first one.
            since = next((secs for number, secs in killed_at if number >= step), end)
            most_lost = max(most_lost, end - since)
            if end - since > MOST_LOST:
                sys.exit(f"{end - since:.1f} s are lost: steps {step} to {last}")
            window.key("Return")
            result = window.result()
            farthest = max(abs(a - b) for a, b in zip(reference, result))
            if len(result) != len(reference) or farthest > 1:
                sys.exit(f"after step {step} the result is another one, by {farthest}")
            window.kill()
            check_files(folder)
            left = left_behind(folder)
            if left:
                sys.exit(f"left behind: {left}")
            print(f"{n + 1}: killed at step {last}, on from {step}, {end - since:.2f} s lost, "
                  f"result within {farthest}/255")
            shutil.rmtree(folder)
        print(f"everything held {times} times; at most {most_lost:.2f} s were lost")
        return 0
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
