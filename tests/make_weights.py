"""Writes one random VGG-16 in every format that weights come in.

    python make_weights.py FOLDER
    python make_weights.py --small FOLDER

The first writes networks of full size; the test `weights_import` runs it where torch, h5py and
safetensors are installed and skips where they are not. The second writes the files of a few
kilobytes in `tests/weights`, from which `weights_hostile` and the fuzz targets begin.
"""

import collections
import struct
import sys
from pathlib import Path

import h5py
import numpy as np
import torch
from safetensors.numpy import save_file

BLOCKS = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]


def network():
    """(name, place in features, weight OIHW RGB, bias), every value exact in float16."""
    random = np.random.default_rng(7)
    inputs, place, layers = 3, 0, []
    for block, (outputs, count) in enumerate(BLOCKS, 1):
        for index in range(1, count + 1):
            shape = (outputs, inputs, 3, 3)
            weight = random.integers(-512, 512, shape).astype(np.float32) / 1024
            bias = random.integers(-512, 512, outputs).astype(np.float32) / 512
            layers.append((f"{block}_{index}", place, weight, bias))
            inputs, place = outputs, place + 2
        place += 1
    return layers


def bgr(layers):
    """The first convolution as the original release has it."""
    name, place, weight, bias = layers[0]
    return [(name, place, np.ascontiguousarray(weight[:, ::-1]), bias), *layers[1:]]


def keras(path, layers):
    with h5py.File(path, "w", libver="earliest") as file:
        for name, _, weight, bias in bgr(layers):
            block, index = name.split("_")
            layer = f"block{block}_conv{index}"
            group = file.create_group(f"{layer}/{layer}")
            group.create_dataset("kernel:0", data=weight.transpose(2, 3, 1, 0))
            group.create_dataset("bias:0", data=bias)
        file.create_group("block1_pool")


def newer_hdf5(path):
    with h5py.File(path, "w", libver="latest") as file:
        file.create_dataset("block1_conv1/kernel", data=np.zeros((3, 3, 3, 64), np.float32))


def state(layers):
    tensors = collections.OrderedDict()
    for _, place, weight, bias in layers:
        tensors[f"features.{place}.weight"] = torch.from_numpy(weight)
        tensors[f"features.{place}.bias"] = torch.from_numpy(bias)
    tensors["classifier.6.bias"] = torch.zeros(5)
    tensors["steps"] = torch.tensor([3], dtype=torch.int64)
    return tensors


def field(number, body):
    return varint(number << 3 | 2) + varint(len(body)) + body


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def blob(values, old):
    if old:
        sides = (1,) * (4 - values.ndim) + values.shape
        shape = b"".join(varint(n << 3) + varint(side) for n, side in enumerate(sides, 1))
    else:
        shape = field(7, field(1, b"".join(varint(side) for side in values.shape)))
    return field(5, values.astype("<f4").tobytes()) + shape


def caffe(path, layers, old):
    name_field, blob_field, layer_field = (4, 6, 2) if old else (1, 7, 100)
    body = field(1, b"VGG_ILSVRC_16_layers")
    for name, _, weight, bias in bgr(layers):
        layer = field(name_field, f"conv{name}".encode())
        layer += field(blob_field, blob(weight, old)) + field(blob_field, blob(bias, old))
        layer += varint(42 << 3 | 5) + struct.pack("<f", 1.0)
        body += field(layer_field, layer)
        body += field(layer_field, field(name_field, f"relu{name}".encode()))
    path.write_bytes(body)


def small(folder):
    """One convolution of 2 channels; no network, but every structure of the formats."""
    weight = np.arange(2 * 3 * 9, dtype=np.float32).reshape(2, 3, 3, 3)
    layers = [("1_1", 0, weight, np.ones(2, np.float32))]
    keras(folder / "small.h5", layers)
    torch.save(state(layers), folder / "zip.pth")
    torch.save({"state_dict": state(layers)}, folder / "legacy.pth",
               _use_new_zipfile_serialization=False)
    caffe(folder / "old.caffemodel", layers, old=True)
    caffe(folder / "new.caffemodel", layers, old=False)
    save_file({"conv1_1.weight": weight, "conv1_1.bias": np.ones(2, np.float16)},
              folder / "small.safetensors", metadata={"family": "oxford"})


def main(folder):
    layers = network()
    own = {}
    for name, _, weight, bias in layers:
        own[f"conv{name}.weight"] = weight
        own[f"conv{name}.bias"] = bias
    save_file(own, folder / "own.safetensors")
    torchvision = {f"features.{place}.{role}": values for _, place, weight, bias in layers
                   for role, values in (("weight", weight), ("bias", bias))}
    save_file(torchvision, folder / "torchvision.safetensors")
    keras(folder / "keras.h5", layers)
    newer_hdf5(folder / "newer.h5")
    torch.save(state(layers), folder / "zip.pth")
    torch.save({"state_dict": state(layers)}, folder / "nested.pth")
    torch.save(state(layers), folder / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(state(bgr(layers)), folder / "oxford.pth")
    gatys = {key: torch.from_numpy(values) for name, _, weight, bias in bgr(layers)
             for key, values in ((f"conv{name}.weight", weight), (f"conv{name}.bias", bias))}
    torch.save(gatys, folder / "gatys.pth", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 2), folder / "module.pth")
    caffe(folder / "old.caffemodel", layers, old=True)
    caffe(folder / "new.caffemodel", layers, old=False)


if __name__ == "__main__":
    if sys.argv[1] == "--small":
        small(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
