"""Figures for tests/reference.rs: losses and gradients in float64 with PyTorch.

Run by hand from the repository's root: python tests/reference/generate.py
Needs torch, numpy, pillow, safetensors. Writes three small pictures (made here, free of rights) and,
for each pooling, the losses at every layer as JSON and some gradients as safetensors.

Input of the network: 255 rgb - (123.68, 116.779, 103.939). Pooling 2x2, stride 2, floored. With F [C, N]:
content = mean((Fx - Fc)^2), gram = mean over C x C of (Fx FxT / (C Nx) - Fs FsT / (C Ns))^2,
tv = sum |dx| + sum |dy| on the 0..255 scale. Gradients are those of the picture, [3, H, W].
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch.nn import functional as nn

HERE = Path(__file__).parent
WEIGHTS = HERE.parent.parent / "weights/vgg16-conv-f16.safetensors"
BLOCKS = [2, 2, 3, 3, 3]
GRADIENTS = {"content": ["relu4_2"], "gram": [f"relu{block}_1" for block in range(1, 6)]}
MEAN = torch.tensor([123.68, 116.779, 103.939], dtype=torch.float64)[:, None, None]


def picture(name, width, height, seed):
    """Waves, discs and noise: edges, flat places and texture."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for _ in range(3):
        a, b, c = rng.uniform(0.1, 0.7, 3)
        plane = 127 + 70 * np.sin(a * x + 3 * c) * np.cos(b * y)
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(5, 12)
        plane[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = rng.uniform(0, 255)
        planes.append(plane + rng.normal(0, 12, plane.shape))
    rgb = np.stack(planes, axis=-1).clip(0, 255).round().astype(np.uint8)
    Image.fromarray(rgb).save(HERE / f"{name}.png")
    return torch.from_numpy(rgb.astype(np.float64)).permute(2, 0, 1) - MEAN


def features(weights, x, pooling):
    pool = nn.max_pool2d if pooling == "max" else nn.avg_pool2d
    maps, x = {}, x[None]
    for block, count in enumerate(BLOCKS, 1):
        for index in range(1, count + 1):
            key = f"{block}_{index}"
            x = nn.relu(nn.conv2d(x, weights[f"conv{key}.weight"], weights[f"conv{key}.bias"], padding=1))
            maps[f"relu{key}"] = x[0]
        if block < len(BLOCKS):
            x = pool(x, 2)
    return maps


def gram(f):
    f = f.flatten(1)
    return f @ f.T / f.numel()


def main():
    weights = {key: value.double() for key, value in load_file(WEIGHTS).items()}
    content = picture("content", 45, 31, 1)
    style = picture("style", 40, 36, 2)
    generated = picture("generated", 45, 31, 3)
    losses = {
        "content": lambda layer, fx, fc, fs: ((fx[layer] - fc[layer]) ** 2).mean(),
        "gram": lambda layer, fx, fc, fs: ((gram(fx[layer]) - gram(fs[layer])) ** 2).mean(),
    }
    for pooling in ("max", "avg"):
        with torch.no_grad():
            fc, fs = features(weights, content, pooling), features(weights, style, pooling)
        x = generated.clone().requires_grad_(True)
        fx = features(weights, x, pooling)
        figures, gradients = {}, {}
        for kind, loss in losses.items():
            figures[kind] = {layer: loss(layer, fx, fc, fs).item() for layer in fx}
            for layer in GRADIENTS[kind]:
                value = loss(layer, fx, fc, fs)
                (gradient,) = torch.autograd.grad(value, x, retain_graph=True)
                gradients[f"{kind}/{layer}"] = gradient.float().contiguous()
        figures["tv"] = sum(generated.diff(dim=axis).abs().sum().item() for axis in (1, 2))
        (HERE / f"vgg16-{pooling}.json").write_text(json.dumps(figures, indent=1) + "\n")
        save_file(gradients, HERE / f"vgg16-{pooling}.safetensors")


if __name__ == "__main__":
    main()
