"""The transfer of the preset `neural-style-pt` in PyTorch, as its author's program does it: one
level, `torch.optim.LBFGS` without line search, pixels free. For times to equal quality.

    python benches/torch_transfer.py CONTENT STYLE OUTPUT --at 100 300 --threads 2

Needs torch, safetensors and Pillow. Reads the VGG-16 that is inside Impasto; CONTENT and STYLE are
taken at their own size. Saves OUTPUT-STEP.png at the steps of --at and prints one line of JSON for
each: loss and seconds since the first evaluation, without the saving.
"""

import argparse
import json
import pathlib
import time

import numpy
import safetensors.torch
import torch
import torch.nn.functional as F
from PIL import Image
from torch_step import gram

WEIGHTS = pathlib.Path(__file__).parent.parent / "weights" / "vgg16-conv-f16.safetensors"
BLOCKS = (2, 2, 3, 3, 1)
STYLE = ("1_1", "2_1", "3_1", "4_1", "5_1")
CONTENT = "4_2"
CONTENT_WEIGHT, STYLE_WEIGHT, TV_WEIGHT = 5.0, 100.0, 1e-3
MEAN = torch.tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1)


def read(path):
    rgb = numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float32)
    return torch.from_numpy(rgb).permute(2, 0, 1)[None].contiguous() - MEAN


def write(x, path):
    rgb = (x.detach() + MEAN).round().clamp(0, 255)[0].permute(1, 2, 0)
    Image.fromarray(rgb.numpy().astype(numpy.uint8)).save(path)


def features(x, weights):
    maps = {}
    for block, depth in enumerate(BLOCKS, start=1):
        for layer in range(1, depth + 1):
            name = f"{block}_{layer}"
            x = F.relu(F.conv2d(x, *weights[name], padding=1))
            maps[name] = x
        if block < len(BLOCKS):
            x = F.max_pool2d(x, 2)
    return maps


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("content")
    parser.add_argument("style")
    parser.add_argument("output")
    parser.add_argument("--at", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    stored = safetensors.torch.load_file(WEIGHTS)
    names = [f"{b}_{n}" for b, depth in enumerate(BLOCKS, start=1) for n in range(1, depth + 1)]
    weights = {
        name: (
            stored[f"conv{name}.weight"].float(),
            stored[f"conv{name}.bias"].float(),
        )
        for name in names
    }
    photo = read(arguments.content)
    with torch.no_grad():
        content = features(photo, weights)[CONTENT]
        painting = features(read(arguments.style), weights)
        style = {name: gram(painting[name]) for name in STYLE}
        del painting
    x = photo.clone().requires_grad_(True)
    last = max(arguments.at)
    optimizer = torch.optim.LBFGS([x], lr=1, max_iter=last, history_size=100,
                                  tolerance_grad=-1, tolerance_change=-1)
    begin, saving, steps = time.perf_counter(), 0.0, 0

    def evaluate():
        nonlocal saving, steps
        optimizer.zero_grad()
        maps = features(x, weights)
        loss = CONTENT_WEIGHT * F.mse_loss(maps[CONTENT], content)
        loss = loss + sum(STYLE_WEIGHT * F.mse_loss(gram(maps[n]), style[n]) for n in STYLE)
        across = (x[..., 1:] - x[..., :-1]).abs().sum()
        down = (x[..., 1:, :] - x[..., :-1, :]).abs().sum()
        loss = loss + TV_WEIGHT * (across + down)
        steps += 1
        if steps in arguments.at:
            since = time.perf_counter()
            write(x, f"{arguments.output}-{steps}.png")
            report = {"step": steps, "loss": loss.item(), "secs": since - begin - saving}
            print(json.dumps(report), flush=True)
            saving += time.perf_counter() - since
        loss.backward()
        return loss

    optimizer.step(evaluate)


if __name__ == "__main__":
    main()
