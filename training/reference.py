"""The network by torch's own operators, in float32: what every other way to run it is held against."""

import torch
from torch.nn import functional


def run(conv, x):
    """One convolution, padded as TensorFlow's SAME."""
    kernel = conv.weight.shape[-1]
    before, after = [], []
    for size in x.shape[:1:-1]:
        missing = max((-(-size // conv.stride) - 1) * conv.stride + kernel - size, 0)
        before.append(missing // 2)
        after.append(missing - missing // 2)
    padded = functional.pad(x, (before[0], after[0], before[1], after[1]))
    weight, bias = torch.from_numpy(conv.weight), torch.from_numpy(conv.bias)
    y = functional.conv2d(padded, weight, bias, stride=conv.stride, groups=conv.groups)
    return functional.relu6(y) if conv.relu6 else y


@torch.no_grad()
def features(network, pixels):
    x = run(network.stem, torch.from_numpy(pixels))
    for block in network.blocks:
        y = x
        for conv in block.convs:
            y = run(conv, y)
        x = x + y if block.add else y
    return run(network.head, x).mean((2, 3)).numpy()
