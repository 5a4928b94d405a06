"""The step that `impasto bench` measures, in PyTorch, for comparison on the same machine.

    python benches/torch_step.py --size 512 --threads 1

VGG-19 with frozen random weights as far as conv5_1; Gram losses at relu1_1, relu2_1, relu3_1, relu4_1
and relu5_1, content loss at relu4_2, gradient with respect to the picture only. Prints wall and
process CPU seconds a step (the median of the steps after a first one) and the peak of resident
memory. PyTorch's threads spin while they wait: processor time is comparable with one thread only.
"""

import argparse
import json
import resource
import statistics
import time

import torch
import torch.nn.functional as F

CHANNELS = [64, 64, "P", 128, 128, "P", 256, 256, 256, 256, "P", 512, 512, 512, 512, "P", 512]
STYLE = (0, 2, 4, 8, 12)
CONTENT = 9


def layers(generator, channels_last):
    """Weights after He et al. (2015), no biases away from zero."""
    inputs, result = 3, []
    for outputs in CHANNELS:
        if outputs == "P":
            result.append("P")
            continue
        weight = torch.randn(outputs, inputs, 3, 3, generator=generator) * (2 / (9 * inputs)) ** 0.5
        if channels_last:
            weight = weight.to(memory_format=torch.channels_last)
        result.append((weight, torch.zeros(outputs)))
        inputs = outputs
    return result


def features(picture, network, pool):
    maps, x = [], picture
    for layer in network:
        if layer == "P":
            x = pool(x, 2)
        else:
            x = F.relu(F.conv2d(x, layer[0], layer[1], padding=1))
            maps.append(x)
    return maps


def gram(x):
    flat = x.flatten(2)[0]
    return flat @ flat.T / flat.numel()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--pooling", choices=["avg", "max"], default="avg")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    generator = torch.Generator().manual_seed(1)
    network = layers(generator, arguments.channels_last)
    pool = F.avg_pool2d if arguments.pooling == "avg" else F.max_pool2d

    def picture():
        values = torch.rand(1, 3, arguments.size, arguments.size, generator=generator) * 250 - 110
        return values.to(memory_format=torch.channels_last) if arguments.channels_last else values

    with torch.no_grad():
        target = features(picture(), network, pool)
        style = [gram(target[i]) for i in STYLE]
        content = target[CONTENT]
        del target
    x = picture().requires_grad_(True)
    wall, cpu = [], []
    for _ in range(arguments.steps + 1):
        start = time.perf_counter(), time.process_time()
        maps = features(x, network, pool)
        loss = sum(F.mse_loss(gram(maps[i]), target) for i, target in zip(STYLE, style))
        loss = loss + F.mse_loss(maps[CONTENT], content)
        x.grad = None
        loss.backward()
        del maps, loss
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    report = {
        "torch": torch.__version__,
        "size": arguments.size,
        "threads": arguments.threads,
        "pooling": arguments.pooling,
        "channels_last": arguments.channels_last,
        "steps": arguments.steps,
        "wall_secs_per_step": statistics.median(wall[1:]),
        "cpu_secs_per_step": statistics.median(cpu[1:]),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    if arguments.json:
        print(json.dumps(report))
    else:
        for key, value in report.items():
            print(f"{key:20} {value}")


if __name__ == "__main__":
    main()
