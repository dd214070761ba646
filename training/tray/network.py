"""The network: a small U-Net over both pictures, fully convolutional in multiples of 16 pixels."""

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = ("same", "added", "removed", "person")
OUTPUTS = len(CLASSES) + 1
WIDTHS = (16, 32, 64, 96)


class Block(nn.Module):
    """Convolution, batch norm, ReLU; with `add` the input is added before the ReLU."""

    def __init__(self, inputs, outputs, size=3, stride=1, add=False, padding=None):
        super().__init__()
        padding = (size - 1) // 2 if padding is None else padding
        self.conv = nn.Conv2d(inputs, outputs, size, stride, padding, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.add = add

    def forward(self, x):
        y = self.norm(self.conv(x))
        return F.relu(x + y if self.add else y)

    def folded(self):
        """The same as one convolution with a bias."""
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        conv = nn.Conv2d(
            self.conv.in_channels,
            self.conv.out_channels,
            self.conv.kernel_size,
            self.conv.stride,
            self.conv.padding,
        )
        conv.weight.data = self.conv.weight.data * scale.view(-1, 1, 1, 1)
        conv.bias.data = self.norm.bias.data - self.norm.running_mean * scale
        return conv


class Up(nn.Module):
    """Twice as large, with what the way down knew at that size."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.narrow = Block(inputs, outputs, 1)
        self.join = Block(outputs, outputs, add=True)

    def forward(self, x, beside):
        return self.join(F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest") + beside)


class Segmenter(nn.Module):
    """From [n, 6, h, w] of 0 to 255 to the logits of the classes and, last, of a thing's edge."""

    def __init__(self, widths=WIDTHS, fine=8):
        super().__init__()
        a, b, c, d = widths
        self.fine = Block(6, fine)
        self.stem = Block(6, a, 4, 2, padding=1)
        self.first = Block(a, a, add=True)
        self.second = nn.Sequential(Block(a, b, 3, 2), Block(b, b, add=True))
        self.third = nn.Sequential(Block(b, c, 3, 2), Block(c, c, add=True), Block(c, c, add=True))
        self.fourth = nn.Sequential(Block(c, d, 3, 2), Block(d, d, add=True))
        # What the whole picture is like: its light above all.
        self.whole = nn.Conv2d(d, d, 1)
        self.deepest = Block(d, d, add=True)
        self.up3 = Up(d, c)
        self.up2 = Up(c, b)
        self.up1 = Up(b, a)
        self.spread = nn.Conv2d(a, fine * 4, 1)
        self.last = nn.Conv2d(fine, OUTPUTS, 3, padding=1)

    def forward(self, pixels):
        x = pixels / 64 - 2
        first = self.first(self.stem(x))
        second = self.second(first)
        third = self.third(second)
        fourth = self.fourth(third)
        fourth = self.deepest(F.relu(fourth + self.whole(fourth.mean((2, 3), keepdim=True))))
        y = self.up1(self.up2(self.up3(fourth, third), second), first)
        return self.last(F.relu(F.pixel_shuffle(self.spread(y), 2) + self.fine(x)))


class Probabilities(nn.Module):
    """What the app asks: shares of the four classes, and how likely an edge of a thing is there."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pixels):
        logits = self.network(pixels.float())
        classes = torch.softmax(logits[:, :-1], 1)
        return torch.cat([classes, torch.sigmoid(logits[:, -1:])], 1)


def fold(module):
    for name, child in module.named_children():
        if isinstance(child, Block):
            child.conv, child.norm = child.folded(), nn.Identity()
        fold(child)
    return module
