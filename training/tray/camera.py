"""What a camera over a tray makes of a scene: batches of pictures, from colours to what the app gets.

Both pictures of a pair get faults of their own. Everything random comes from one torch generator.
"""

import math

import cv2
import numpy as np
import torch
import torch.nn.functional as F

NEUTRAL = 128


class Faults:
    """Draws for a batch: each picture has each fault with some probability."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def uniform(self, count, low, high, probability=1.0, otherwise=0.0):
        drawn = torch.rand(count, generator=self.generator) * (high - low) + low
        kept = torch.rand(count, generator=self.generator) < probability
        return torch.where(kept, drawn, torch.full_like(drawn, otherwise)).view(-1, 1, 1, 1)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.generator)

    def some(self, count, probability):
        """Which pictures of a batch have a fault; the rest is spared the work."""
        return (torch.rand(count, generator=self.generator) < probability).nonzero()[:, 0]

    def happens(self, probability):
        return torch.rand(1, generator=self.generator).item() < probability


def axes(height, width):
    y = torch.linspace(-1, 1, height).view(1, 1, -1, 1)
    x = torch.linspace(-1, 1, width).view(1, 1, 1, -1)
    return y, x


def half_plane(faults, count, height, width):
    """0 on one side of a line, 1 on the other, sharp or soft."""
    y, x = axes(height, width)
    turn = faults.uniform(count, 0, 2 * math.pi)
    at = faults.uniform(count, -0.9, 0.9)
    sharp = torch.exp(faults.uniform(count, 0.7, 4.2))
    return torch.sigmoid((x * torch.cos(turn) + y * torch.sin(turn) - at) * sharp)


def rectangle(faults, count, height, width):
    """A mirror image of a window or a lamp."""
    y, x = axes(height, width)
    turn = faults.uniform(count, -0.5, 0.5, 0.5)
    x0, y0 = x - faults.uniform(count, -0.9, 0.9), y - faults.uniform(count, -0.9, 0.9)
    along = x0 * torch.cos(turn) + y0 * torch.sin(turn)
    across = y0 * torch.cos(turn) - x0 * torch.sin(turn)
    sharp = torch.exp(faults.uniform(count, 1.8, 4.6))
    inside = torch.sigmoid((faults.uniform(count, 0.06, 0.5) - along.abs()) * sharp)
    return inside * torch.sigmoid((faults.uniform(count, 0.06, 0.5) - across.abs()) * sharp)


def lamps(faults, rgb):
    """Shade, a lamp's bands, what the tray mirrors: all before the exposure. In place."""
    count, _, height, width = rgb.shape
    field = F.interpolate(faults.normal(count, 1, 3, 4), (height, width), mode="bicubic", align_corners=True)
    rgb *= torch.exp(field * faults.uniform(count, 0, 0.16, 0.6))
    for _ in range(2):
        chosen = faults.some(count, 0.22)
        shade = half_plane(faults, len(chosen), height, width) * faults.uniform(len(chosen), 0.05, 0.5)
        rgb[chosen] *= 1 - shade
    rows = torch.arange(height).view(1, 1, -1, 1) / height
    waves = torch.exp(faults.uniform(count, math.log(0.15), math.log(9)))
    swing = torch.sin(2 * math.pi * (rows * waves + faults.uniform(count, 0, 1)))
    rgb *= 1 + swing * faults.uniform(count, 0.005, 0.13, 0.4)
    for _ in range(2):
        mirror(faults, [rgb])
    return rgb


def mirror(faults, pictures):
    """The same mirror image for some of them, in place."""
    count, _, height, width = pictures[0].shape
    chosen = faults.some(count, 0.2)
    tint = 1 + faults.normal(len(chosen), 3, 1, 1) * 0.12
    shine = rectangle(faults, len(chosen), height, width) * faults.uniform(len(chosen), 6, 60) * tint
    for rgb in pictures:
        rgb[chosen] += shine


def exposure(faults, rgb):
    """How light and how warm the camera takes the picture, and how it bends light to numbers."""
    count = rgb.shape[0]
    gain = torch.exp(faults.uniform(count, -0.35, 0.35, 0.6))
    gain = gain * torch.exp(faults.uniform(count, -1.5, 0.4, 0.1))
    white = torch.exp(faults.normal(count, 3, 1, 1) * faults.uniform(count, 0, 0.06, 0.6))
    veil = faults.uniform(count, -10, 14, 0.3)
    rgb = (rgb * (gain * white)).add_(veil).clamp_(0, 255)
    chosen = faults.some(count, 0.4)
    gamma = torch.exp(faults.uniform(len(chosen), -0.3, 0.3))
    rgb[chosen] = 255 * (rgb[chosen] / 255).clamp_(min=1e-3).log_().mul_(gamma).exp_()
    return rgb


def focus(faults, rgb):
    count, channels, height, width = rgb.shape
    sigma = faults.uniform(count, 0.3, 1.3, 0.55, 0.05).view(-1, 1)
    taps = torch.exp(-(torch.arange(-2.0, 3.0).view(1, -1) ** 2) / (2 * sigma**2))
    taps = (taps / taps.sum(1, keepdim=True)).repeat_interleave(channels, 0)
    flat = F.pad(rgb.reshape(1, count * channels, height, width), (2, 2, 2, 2), mode="replicate")
    flat = F.conv2d(flat, taps.view(-1, 1, 5, 1), groups=count * channels)
    flat = F.conv2d(flat, taps.view(-1, 1, 1, 5), groups=count * channels)
    return flat.view_as(rgb)


def noise(faults, rgb):
    count, _, height, width = rgb.shape
    fine = faults.normal(count, 3, height, width) * 0.5 + faults.normal(count, 1, height, width) * 0.87
    coarse = F.interpolate(faults.normal(count, 1, height // 3, width // 3), (height, width), mode="bilinear")
    rgb = rgb + fine * torch.exp(faults.uniform(count, math.log(0.3), math.log(7)))
    return rgb + coarse * faults.uniform(count, 0.3, 3, 0.3)


def jpeg(faults, rgb, share):
    """In whole numbers, and for some of them through a JPEG."""
    rgb = rgb.clamp(0, 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
    for index in range(rgb.shape[0]):
        if not faults.happens(share):
            continue
        quality = int(faults.uniform(1, 30, 95).item())
        _, file = cv2.imencode(".jpg", rgb[index], [cv2.IMWRITE_JPEG_QUALITY, quality])
        rgb[index] = cv2.imdecode(file, cv2.IMREAD_COLOR)
    return torch.from_numpy(rgb).permute(0, 3, 1, 2).float()


def as_thumb(rgb):
    """Y, Cb, Cr as in ITU-R BT.601 at full range, which is what the app gets."""
    r, g, b = rgb.unbind(1)
    y = 0.299 * r + 0.587 * g + 0.114 * b
    cb = NEUTRAL + (b - y) * 0.564
    cr = NEUTRAL + (r - y) * 0.713
    return torch.stack([y, cb, cr], 1).clamp(0, 255).round()


def photographed(faults, rgb, jpegs=0.35):
    return as_thumb(jpeg(faults, noise(faults, focus(faults, exposure(faults, rgb))), jpegs))


def pair(faults, accepted, now, grey=0.5):
    """The network's input for a batch of pairs in colours: now's Y, Cb, Cr, then the accepted one's."""
    accepted, now = accepted.float(), now.float()
    mirror(faults, [accepted, now])
    count = now.shape[0]
    # Both photographed by one camera: a large part of what it does to them is the same.
    common = torch.exp(faults.uniform(count, -0.5, 0.3, 0.4))
    accepted, now = (
        photographed(faults, lamps(faults, one) * common) for one in (accepted, now)
    )
    colours = faults.uniform(count, 1, 1, 1 - grey)
    for one in (now, accepted):
        one[:, 1:] = (one[:, 1:] - NEUTRAL) * colours + NEUTRAL
    return torch.cat([now, accepted], 1)


def clean(accepted, now, grey=False):
    both = torch.cat([as_thumb(now.float()), as_thumb(accepted.float())], 1)
    if grey:
        both[:, [1, 2, 4, 5]] = NEUTRAL
    return both


def flipped(faults, *pictures):
    """All mirrored alike, the axes at random for the whole batch."""
    axes_ = [axis for axis in (-1, -2) if faults.happens(0.5)]
    return [one.flip(axes_) for one in pictures] if axes_ else list(pictures)
