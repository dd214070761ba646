"""How a photo is looked at: as the app does, and at random as a camera over a tray might."""

import io
import math

import numpy as np
from PIL import Image, ImageFilter

MEAN, STD = 127.0, 128.0
# What the app fills up a picture of other proportions with.
GREY = (127, 127, 127)
BICUBIC, BILINEAR = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR
# Ways to make a picture smaller. What photographed a shop's products may have used any of them.
SHRINKING = [BICUBIC, BILINEAR, Image.Resampling.BOX]


def pixels(image):
    """The network's input, without the leading dimension."""
    return (np.asarray(image, np.float32).transpose(2, 0, 1) - MEAN) / STD


def plain(image, size):
    """The whole picture in its own proportions, as the app looks at what it shall name."""
    scale = min(size / image.width, size / image.height)
    width, height = round(image.width * scale), round(image.height * scale)
    fitted = Image.new("RGB", (size, size), GREY)
    shown = image.resize((width, height), BICUBIC)
    fitted.paste(shown, ((size - width) // 2, (size - height) // 2))
    return fitted


def plain_and_mirrored(image, size):
    """The first two views of every training in the app."""
    shown = plain(image, size)
    return shown, shown.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def random_look(image, size, seed):
    random = np.random.default_rng(seed)
    look = turned(image, size, random)
    look = lit(look, random)
    look = photographed(look, random)
    return covered(look, random)


def turned(image, size, random):
    """A part of the photo: turned, mirrored, moved, a little squeezed."""
    width, height = image.size
    side = math.sqrt(random.uniform(0.3, 1.05) * width * height)
    squeeze = math.exp(random.uniform(-0.18, 0.18))
    part_width, part_height = side * squeeze, side / squeeze
    x = width / 2 + random.uniform(-1, 1) * max(width - part_width, 0) / 2 * 0.9
    y = height / 2 + random.uniform(-1, 1) * max(height - part_height, 0) / 2 * 0.9
    degrees, kind = 0.0, random.random()
    if kind < 0.45:
        degrees = random.uniform(-25, 25)
    elif kind < 0.6:
        degrees = random.uniform(-180, 180)
    elif kind < 0.75:
        degrees = 90.0 * random.integers(1, 4)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across = part_width / size * (-1 if random.random() < 0.5 else 1)
    down = part_height / size
    matrix = [across * cos, -down * sin, 0.0, across * sin, down * cos, 0.0]
    matrix[2] = x - (matrix[0] + matrix[1]) * size / 2
    matrix[5] = y - (matrix[3] + matrix[4]) * size / 2

    shrink = max(part_width, part_height) / size
    if shrink > 1.05:
        # A smaller copy first, so that no pixels are skipped; as the app does it, or nearly so.
        factor = round(width / shrink) / width
        smaller = (round(width / shrink), round(height / shrink))
        image = image.resize(smaller, SHRINKING[random.integers(len(SHRINKING))])
        matrix = [value * factor for value in matrix]
    if random.random() < 0.7:
        # What the turn leaves open shows the picture mirrored; else it is the app's grey.
        pad = int(0.35 * max(image.size))
        image = mirrored_around(image, pad)
        matrix[2] += pad
        matrix[5] += pad
    resample = BICUBIC if random.random() < 0.7 else BILINEAR
    return image.transform((size, size), Image.Transform.AFFINE, matrix, resample, fillcolor=GREY)


def mirrored_around(image, pad):
    # Plain indexing, which takes a third of numpy.pad's time.
    values = np.asarray(image)
    rows = reflected(values.shape[0], pad)
    return Image.fromarray(values[rows].take(reflected(values.shape[1], pad), 1))


def reflected(count, pad):
    index = np.abs(np.arange(-pad, count + pad))
    return np.minimum(index, 2 * (count - 1) - index)


def lit(image, random):
    """Under another lamp: its strength, colour, direction and the camera's own curve."""
    x = np.asarray(image, np.float32) / 255
    if random.random() < 0.9:
        gains = math.exp(random.uniform(-0.4, 0.35)) * np.exp(random.normal(0, 0.05, 3))
        x = x * gains.astype(np.float32)
        mean = x.mean()
        x = (x - mean) * random.uniform(0.7, 1.3) + mean
        grey = x.mean(2, keepdims=True)
        x = grey + (x - grey) * random.uniform(0.65, 1.35)
    if random.random() < 0.3:
        x = np.clip(x, 0, 1) ** math.exp(random.uniform(-0.35, 0.35))
    if random.random() < 0.25:
        slope = np.linspace(-1, 1, len(x), dtype=np.float32) * random.uniform(0.1, 0.4)
        x = x * (1 + (slope[:, None, None] if random.random() < 0.5 else slope[None, :, None]))
    if random.random() < 0.15:
        x = x + random.normal(0, random.uniform(0.01, 0.06), x.shape).astype(np.float32)
    return Image.fromarray((np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8))


def photographed(image, random):
    """Out of focus, by a poorer camera, as a JPEG."""
    if random.random() < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.4, 1.8)))
    if random.random() < 0.15:
        side = int(random.uniform(0.4, 0.8) * image.width)
        image = image.resize((side, side), BILINEAR).resize(image.size, BICUBIC)
    if random.random() < 0.3:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=int(random.integers(25, 90)))
        image = Image.open(file).convert("RGB")
    return image


def covered(image, random):
    """Between the grey bars of an oblong item; partly hidden."""
    x = np.array(image)
    side = len(x)
    if random.random() < 0.12:
        bar = int(random.uniform(0.08, 0.25) * side)
        bars = (slice(None, bar), slice(-bar, None))
        for one in bars:
            x[one] = GREY
        if random.random() < 0.5:
            x = np.rot90(x).copy()
    if random.random() < 0.25:
        height, width = (int(random.uniform(0.15, 0.45) * side) for _ in range(2))
        top, left = random.integers(0, side - height), random.integers(0, side - width)
        shape = 3 if random.random() < 0.5 else (height, width, 3)
        x[top : top + height, left : left + width] = random.integers(0, 256, shape)
    return Image.fromarray(x)
