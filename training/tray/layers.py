"""Pictures as floats of 0 to 255, and how a thing with an alpha is laid on them."""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass
class Layer:
    """Something with a place: `alpha` covers, `shape` says what is of the thing, clear parts too."""

    rgb: np.ndarray
    alpha: np.ndarray
    shape: np.ndarray


def smooth_noise(random, height, width, cells):
    """About normal, with so many cells across."""
    rows = max(2, round(cells * height / width) + 1)
    values = random.normal(size=(rows, max(2, cells + 1))).astype(np.float32)
    return cv2.resize(values, (width, height), interpolation=cv2.INTER_CUBIC)


def colour(random, saturation=1.0):
    """A colour as goods and clothes have them: often grey, sometimes strong."""
    grey = random.uniform(15, 245)
    tint = random.normal(size=3) * 55 * saturation * (random.random() < 0.7)
    return np.clip(grey + tint - tint.mean(), 4, 251).astype(np.float32)


def placed(rgb, shape, size, degrees, centre, canvas, alpha=None, mirrored=False, squeeze=1.0):
    """A square sprite, `size` pixels wide on a canvas of height and width."""
    side = rgb.shape[0]
    small = max(8, min(side, round(size)))
    # Made smaller by whole areas first, so that the turn skips no pixels.
    if small < side:
        rgb = cv2.resize(rgb, (small, small), interpolation=cv2.INTER_AREA)
        shape = cv2.resize(shape, (small, small), interpolation=cv2.INTER_AREA)
        alpha = None if alpha is None else cv2.resize(alpha, (small, small), interpolation=cv2.INTER_AREA)
        side = small
    scale = size / side
    turn = np.deg2rad(degrees)
    across = np.array([np.cos(turn), np.sin(turn)]) * scale * (-1 if mirrored else 1)
    down = np.array([-np.sin(turn), np.cos(turn)]) * scale * squeeze
    matrix = np.column_stack([across, down, np.zeros(2)])
    matrix[:, 2] = np.array(centre) - matrix[:, :2] @ [(side - 1) / 2, (side - 1) / 2]
    return warped(rgb, shape, alpha, matrix, canvas)


def warped(rgb, shape, alpha, matrix, canvas):
    height, width = canvas
    move = lambda one, border: cv2.warpAffine(  # noqa: E731
        one, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border
    )
    shape = move(shape, cv2.BORDER_CONSTANT)
    alpha = shape if alpha is None else move(alpha, cv2.BORDER_CONSTANT)
    return Layer(move(rgb, cv2.BORDER_REPLICATE), alpha, shape)


def lay(picture, layer):
    picture += (layer.rgb - picture) * layer.alpha[..., None]


def shade(picture, layer, depth, offset, softness):
    """The shadow that a thing casts: multiplies."""
    dark = cv2.warpAffine(
        layer.shape, np.float32([[1, 0, offset[0]], [0, 1, offset[1]]]), layer.shape.shape[::-1]
    )
    # At a quarter of the size, for the blur is wide.
    small = cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(0.3, softness / 2))
    dark = cv2.resize(small, layer.shape.shape[::-1], interpolation=cv2.INTER_LINEAR)
    picture *= (1 - depth * dark)[..., None]


def blurred_by_motion(layer, length, degrees):
    """A layer that moved by so many pixels while the picture was taken."""
    size = 2 * int(np.ceil(length / 2)) + 1
    kernel = np.zeros((size, size), np.float32)
    half = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))]) * length / 2
    middle = np.array([size // 2, size // 2])
    ends = [tuple(int(round(v)) for v in middle + sign * half) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    kernel /= kernel.sum()
    covered = cv2.filter2D(layer.alpha, -1, kernel)
    rgb = cv2.filter2D(layer.rgb * layer.alpha[..., None], -1, kernel) / (covered[..., None] + 1e-3)
    return Layer(np.clip(rgb, 0, 255), covered, cv2.filter2D(layer.shape, -1, kernel))
