"""Hands with their arms from any side, and bodies at the border."""

import cv2
import numpy as np

from layers import Layer, blurred_by_motion, colour, smooth_noise
from things import texture

HAND = 128


def skin(random, rgb):
    """Other people's skin; sometimes a glove."""
    kind = random.random()
    if kind < 0.75:
        dark = random.uniform(0.3, 1.15)
        return np.clip(rgb * dark * np.array([1, 1 - 0.1 * (1 - dark), 1 - 0.2 * (1 - dark)]), 0, 255)
    grey = rgb.mean(2, keepdims=True)
    if kind < 0.9:
        return np.clip(grey * random.uniform(0.5, 1.3) + np.zeros(3), 0, 255)
    return np.clip(grey / 160 * colour(random), 0, 255)


def drawn_hand(random):
    """A palm with fingers, more or less spread or bent, in the form of the cut ones."""
    scale = 2
    mask = np.zeros((HAND * scale, HAND * scale), np.uint8)
    rgb = np.zeros((HAND, HAND, 3), np.float32)
    at = lambda x, y: (int(x * HAND * scale), int(y * HAND * scale))  # noqa: E731
    wrist, palm = random.uniform(0.13, 0.2), random.uniform(0.17, 0.25)
    corners = [at(0.5 - wrist, 0), at(0.5 + wrist, 0), at(0.5 + palm, 0.5), at(0.5 - palm, 0.5)]
    cv2.fillPoly(mask, [np.array(corners)], 255)
    cv2.ellipse(mask, at(0.5, 0.45), at(palm, 0.17), 0, 0, 360, 255, -1)
    spread, bend = random.uniform(0, 0.5), random.uniform(0.1, 1)
    thick = max(2, int(palm * 0.5 * HAND * scale))
    creases = []
    for finger in range(4):
        side = (finger - 1.5) / 1.5
        start = np.array([0.5 + side * palm * 0.78, 0.5])
        length = bend * random.uniform(0.32, 0.44) * (1 - 0.15 * abs(side))
        end = start + length * np.array([np.sin(side * spread), np.cos(side * spread)])
        cv2.line(mask, at(*start), at(*end), 255, thick)
        creases.append((start, end))
    if random.random() < 0.7:
        side = 1 if random.random() < 0.5 else -1
        cv2.line(mask, at(0.5 + side * palm * 0.8, 0.3), at(0.5 + side * (palm + 0.12), random.uniform(0.4, 0.65)), 255, thick)
    mask = cv2.resize(mask, (HAND, HAND), interpolation=cv2.INTER_AREA)
    rgb[:] = np.array([205, 160, 135]) * random.uniform(0.85, 1.1)
    inner = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 3)
    rgb *= (0.7 + 0.3 * np.clip(inner / 9, 0, 1))[..., None]
    rgb += smooth_noise(random, HAND, HAND, 10)[..., None] * 5
    for start, end in creases[:-1]:
        x = int((start[0] + palm * 0.26) * HAND)
        cv2.line(rgb, (x, int(0.48 * HAND)), (x, int(end[1] * HAND)), (110, 75, 60), 1, cv2.LINE_AA)
    points = np.array([[0.5 - wrist, 0.0], [0.5 + wrist, 0.0], [0.5, 0.5 + 0.4 * bend]]) * HAND
    return np.dstack([np.clip(rgb, 0, 255), mask]).astype(np.float32), points


def entry_at(random, canvas, side):
    """Where an arm comes over the border."""
    height, width = canvas
    return np.array(
        [
            [random.uniform(-0.1, 1.1) * width, -5],
            [random.uniform(-0.1, 1.1) * width, height + 5],
            [-5, random.uniform(-0.1, 1.1) * height],
            [width + 5, random.uniform(-0.1, 1.1) * height],
        ][side]
    )


def hand_and_arm(random, sources, canvas, entry, reach):
    """Two layers, arm and hand: the fingertips at `reach`, the arm over the border."""
    height, width = canvas
    if random.random() < 0.65:
        index = random.integers(len(sources.hands))
        sprite, points = sources.hands[index].astype(np.float32), sources.wrists[index].astype(float)
    else:
        sprite, points = drawn_hand(random)
    if random.random() < 0.5:
        sprite = sprite[:, ::-1]
        points = np.array([[HAND - 1, 0]] * 3) + points * [-1, 1]
    rgb = skin(random, sprite[..., :3]).astype(np.float32)
    wrist = points[:2].mean(0)
    axis = points[2] - wrist
    want = np.array(reach) - entry
    turn = np.arctan2(want[1], want[0]) - np.arctan2(axis[1], axis[0]) + random.normal() * 0.25
    scale = random.uniform(24, 72) / np.linalg.norm(axis)
    rotate = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = np.column_stack([rotate, np.array(reach) - rotate @ points[2]])
    # As small as it will be before it is turned, so that no pixels are skipped.
    if scale < 0.7:
        blur = 0.35 / scale
        sprite = cv2.GaussianBlur(np.dstack([rgb, sprite[..., 3]]).astype(np.float32), (0, 0), blur)
        rgb = sprite[..., :3]
    mask = np.ascontiguousarray(sprite[..., 3]) / 255
    move = lambda one, border: cv2.warpAffine(  # noqa: E731
        np.ascontiguousarray(one), matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border
    )
    shape = move(mask, cv2.BORDER_CONSTANT)
    hand = Layer(move(rgb, cv2.BORDER_REPLICATE), shape, shape)
    ends = points[:2] @ rotate.T + matrix[:, 2]
    tone = np.median(rgb[mask > 0.8], axis=0) if (mask > 0.8).any() else colour(random)
    return arm(random, sources, canvas, ends, -rotate @ axis / np.linalg.norm(rotate @ axis), tone), hand


def arm(random, sources, canvas, ends, backwards, tone):
    """From the wrist to beyond the border: skin as far as the sleeve begins."""
    height, width = canvas
    middle, half = ends.mean(0), (ends[1] - ends[0]) / 2
    # The ends of a cut wrist are not quite across the arm.
    across = np.array([-backwards[1], backwards[0]])
    half = across * np.sign(across @ half) * max(3.0, abs(across @ half))
    begin = 0 if random.random() < 0.55 else random.uniform(0, 60)
    bent = backwards + across * random.normal() * 0.25

    def band(start, stop, grow):
        first, last = middle + bent * start, middle + bent * stop
        wide = half * (1 + grow)
        return np.array([first - wide, first + wide, last + wide * 1.5, last - wide * 1.5])

    drawn = lambda outline: cv2.resize(  # noqa: E731
        cv2.fillPoly(np.zeros((height * 2, width * 2), np.uint8), [np.round(outline * 2).astype(np.int32)], 255),
        (width, height), interpolation=cv2.INTER_AREA,
    ).astype(np.float32) / 255
    bare = drawn(band(-2, 260, 0))
    sleeve = drawn(band(begin - 1, 260, random.uniform(0, 0.5)))
    cloth = cv2.resize(texture(random, sources), (width, width), interpolation=cv2.INTER_LINEAR)[:height]
    if random.random() < 0.6:
        cloth = cloth * 0.15 + cloth.mean((0, 1)) * 0.85
    shape = np.maximum(bare, sleeve)
    inner = cv2.distanceTransform((shape > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    round_ = (1 - random.uniform(0, 0.45) * np.exp(-inner / 4))[..., None]
    rgb = (tone * (1 - sleeve[..., None]) + cloth * sleeve[..., None]) * round_
    return Layer(np.clip(rgb, 0, 255).astype(np.float32), shape, shape)


def body(random, sources, canvas):
    """Somebody who leans over the border: clothes, seldom a head."""
    height, width = canvas
    side = random.integers(4)
    along = random.uniform(-0.1, 1.1)
    depth = random.uniform(0.05, 0.55) * height
    half = random.uniform(0.12, 0.6) * width
    centre = [
        (along * width, -0.35 * half + depth * 0.3),
        (along * width, height + 0.35 * half - depth * 0.3),
        (-0.35 * half + depth * 0.3, along * height),
        (width + 0.35 * half - depth * 0.3, along * height),
    ][side]
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radius = np.ones_like(turn)
    for wave in range(2, 6):
        radius += 0.2 * random.normal() / wave * np.cos(wave * turn + random.uniform(0, 6.3))
    across, deep = half, 0.35 * half + depth * 0.7
    extent = [across, deep] if side < 2 else [deep, across]
    outline = np.column_stack([np.cos(turn), np.sin(turn)]) * radius[:, None] * extent + centre
    mask = cv2.fillPoly(np.zeros((height, width), np.uint8), [outline.astype(np.int32)], 255)
    shape = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), random.uniform(0.5, 1.5))
    cloth = cv2.resize(texture(random, sources), (width, width), interpolation=cv2.INTER_LINEAR)[:height]
    if random.random() < 0.6:
        cloth = cloth * 0.2 + cloth.mean((0, 1)) * 0.8
    cloth = cloth + smooth_noise(random, height, width, 5)[..., None] * random.uniform(2, 18)
    return Layer(np.clip(cloth, 0, 255).astype(np.float32), shape, shape)


def moving(random, layers):
    """Now and then blurred, both in the same way."""
    if random.random() < 0.75:
        return layers
    length, degrees = random.uniform(2, 8), random.uniform(0, 180)
    return [blurred_by_motion(layer, length, degrees) for layer in layers]
