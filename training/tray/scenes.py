"""Pairs of pictures, what was accepted and what is there now, with what each pixel's change is.

A scene of an even seed is made of other photographs than one of an odd seed.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import folders
from grounds import any_ground
from layers import Layer, lay, placed, shade
from people import body, entry_at, hand_and_arm, moving
from things import any_thing

SAME, NEW, GONE, PERSON = range(4)
WIDTH = 160
# Pictures of 90 rows are filled up to 96, so that four halvings leave whole pixels.
HEIGHTS = {90: 96, 120: 128}


@dataclass
class Sources:
    fruit: np.ndarray
    hands: np.ndarray
    wrists: np.ndarray
    textures: np.ndarray


def sources_of(parity):
    cut = np.load(folders.CUT)
    return Sources(
        cut["fruit"][parity::2],
        cut["hands"][parity::2],
        cut["wrists"][parity::2],
        cut["textures"][cut["textureOf"] % 2 == parity],
    )


@dataclass
class Scene:
    accepted: np.ndarray
    now: np.ndarray
    label: np.ndarray
    instance: np.ndarray


def thing_at(random, sources, canvas, near=None, gap=None):
    """A thing anywhere; or beside another, so many pixels from it."""
    height, width = canvas
    rgb, shape, alpha = any_thing(random, sources)
    size = np.exp(random.uniform(np.log(13), np.log(72)))
    degrees = random.uniform(0, 360) if random.random() < 0.75 else 90 * random.integers(4)
    mirrored, squeeze = random.random() < 0.5, random.uniform(0.8, 1.1)
    if near is None:
        margin = -0.15 * size if random.random() < 0.15 else min(0.5 * size, 0.45 * height)
        centre = np.array([random.uniform(margin, width - margin), random.uniform(margin, height - margin)])
        return placed(rgb, shape, size, degrees, centre, canvas, alpha, mirrored, squeeze)
    around = cv2.dilate((near.shape > 0.5).astype(np.uint8), np.ones((3, 3), np.uint8), iterations=gap)
    rows, columns = np.nonzero(near.shape > 0.5)
    if rows.size == 0:
        return placed(rgb, shape, size, degrees, np.array([width, height]) / 2, canvas, alpha, mirrored, squeeze)
    turn = random.uniform(0, 2 * np.pi)
    direction = np.array([np.cos(turn), np.sin(turn)])
    start = np.array([columns.mean(), rows.mean()])
    layer = None
    far = (np.hypot(np.ptp(rows), np.ptp(columns)) + size * 1.5) / 2 + gap + 2
    low, high = 0.0, far
    for _ in range(7):
        middle = (low + high) / 2
        layer = placed(rgb, shape, size, degrees, start + direction * middle, canvas, alpha, mirrored, squeeze)
        if (around * (layer.shape > 0.5)).any():
            low = middle
        else:
            high = middle
    return placed(rgb, shape, size, degrees, start + direction * high, canvas, alpha, mirrored, squeeze)


def camouflaged(random, layer, picture):
    """White on white: a thing in about the colours of what lies beneath."""
    here = layer.shape > 0.5
    if not here.any():
        return
    ground = picture[here].mean(0)
    contrast = random.uniform(0.1, 0.5)
    layer.rgb[:] = (layer.rgb - layer.rgb[here].mean(0)) * contrast + ground + random.normal() * 14


class Painter:
    """One picture with, for each pixel, the number of what is on top."""

    def __init__(self, ground, light):
        self.picture = ground.copy()
        self.top = np.zeros(ground.shape[:2], np.int16)
        self.light = light

    def add(self, layer, number):
        depth, offset, softness = self.light
        if depth > 0:
            shade(self.picture, layer, depth, offset, softness)
        lay(self.picture, layer)
        self.top[layer.shape > 0.5] = number


def shadow_of(random):
    if random.random() < 0.15:
        return 0, (0, 0), 1
    return random.uniform(0.05, 0.55), random.normal(size=2) * 3, random.uniform(0.8, 7)


def scene(seed, sources):
    random = np.random.default_rng(seed)
    canvas = (90 if random.random() < 0.7 else 120, WIDTH)
    ground = any_ground(random, canvas, sources)
    light = shadow_of(random)
    stays = random.integers(0, 5) if random.random() < 0.7 else random.integers(5, 12)
    events = random.random()
    news = 0 if events < 0.22 else int(random.choice([1, 2, 3, 4], p=[0.4, 0.36, 0.14, 0.1]))
    gones = int(random.choice([0, 1, 2], p=[0.4, 0.4, 0.2]))
    accepted, now = Painter(ground, light), Painter(ground, light)
    kinds, layers = [None], [None]

    def add(layer, kind):
        if random.random() < 0.12:
            camouflaged(random, layer, now.picture)
        kinds.append(kind)
        layers.append(layer)
        if kind in (SAME, GONE):
            accepted.add(layer, len(kinds) - 1)
        if kind == SAME and random.random() < 0.12:
            layer = nudged(random, layer)
        if kind in (SAME, NEW):
            now.add(layer, len(kinds) - 1)

    for kind in random.permutation([SAME] * int(stays) + [GONE] * gones):
        add(thing_at(random, sources, canvas), kind)
    swapped = [one for one, kind in enumerate(kinds) if kind == GONE]
    last = None
    for _ in range(news):
        beside = random.random()
        if last is not None and beside < 0.75:
            layer = thing_at(random, sources, canvas, last, int(random.integers(0, 10)))
        elif swapped and beside < 0.9:
            layer = swap_at(random, sources, canvas, layers[swapped.pop()])
        elif len(kinds) > 1 and random.random() < 0.2:
            layer = thing_at(random, sources, canvas, layers[random.integers(1, len(kinds))], int(random.integers(0, 8)))
        else:
            layer = thing_at(random, sources, canvas)
        add(layer, NEW)
        last = layer
    people(random, sources, canvas, now, kinds)
    return finished(random, accepted, now, kinds)


def nudged(random, layer):
    """The same thing a pixel or two aside: that is no change."""
    aside = np.float32([[1, 0, random.normal()], [0, 1, random.normal()]])
    size = layer.shape.shape[::-1]
    rgb = cv2.warpAffine(layer.rgb, aside, size, borderMode=cv2.BORDER_REPLICATE)
    return Layer(rgb, cv2.warpAffine(layer.alpha, aside, size), cv2.warpAffine(layer.shape, aside, size))


def swap_at(random, sources, canvas, gone):
    """A new thing about where another was."""
    rows, columns = np.nonzero(gone.shape > 0.5)
    if rows.size == 0:
        return thing_at(random, sources, canvas)
    rgb, shape, alpha = any_thing(random, sources)
    size = max(np.ptp(rows), np.ptp(columns), 10) * random.uniform(0.8, 1.25)
    centre = np.array([columns.mean(), rows.mean()]) + random.normal(size=2) * random.choice([1.5, 6])
    return placed(rgb, shape, size, random.uniform(0, 360), centre, canvas, alpha)


def people(random, sources, canvas, now, kinds):
    kind = random.random()
    hands = 0 if kind < 0.45 else 1 if kind < 0.85 else 2
    height, width = canvas
    for _ in range(hands):
        side = random.integers(4)
        entry = entry_at(random, canvas, side)
        reach = [random.uniform(0.05, 0.95) * width, random.uniform(0.05, 0.95) * height]
        if random.random() < 0.35:
            # Little more than the fingers is in the picture.
            depth = random.uniform(4, 32)
            along = entry + random.normal(size=2) * 12
            reach = [[along[0], depth], [along[0], height - depth], [depth, along[1]], [width - depth, along[1]]][side]
        held = None
        if random.random() < 0.3:
            rgb, shape, alpha = any_thing(random, sources)
            held = placed(
                rgb, shape, random.uniform(15, 55), random.uniform(0, 360),
                np.array(reach) + random.normal(size=2) * 6, canvas, alpha,
            )
        drawn = moving(random, [*hand_and_arm(random, sources, canvas, entry, reach), *([held] if held else [])])
        arm, hand = drawn[:2]
        kinds.append(PERSON)
        person = len(kinds) - 1
        if held and random.random() < 0.7:
            kinds.append(NEW)
            now.add(drawn[2], len(kinds) - 1)
            held = None
        now.add(arm, person)
        now.add(hand, person)
        if held:
            kinds.append(NEW)
            now.add(drawn[2], len(kinds) - 1)
    if random.random() < 0.12:
        kinds.append(PERSON)
        now.add(moving(random, [body(random, sources, canvas)])[0], len(kinds) - 1)


def finished(random, accepted, now, kinds):
    height, width = now.top.shape
    old, top = accepted.picture, accepted.top
    if random.random() < 0.6:
        # The camera, or the tray, was moved a little since.
        turn = cv2.getRotationMatrix2D(
            (width / 2, height / 2), random.normal() * 0.25, 1 + random.normal() * 0.003
        )
        turn[:, 2] += random.normal(size=2) * random.choice([0.5, 1.2])
        old = cv2.warpAffine(old, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        top = cv2.warpAffine(top, turn, (width, height), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    kind_of = np.array([SAME if kind is None else kind for kind in kinds], np.uint8)
    is_now, was = kind_of[now.top], kind_of[top]
    label = np.where((is_now == SAME) & (was == GONE), GONE, is_now).astype(np.uint8)
    instance = np.where(is_now == NEW, now.top, 0).astype(np.uint8)
    filled = HEIGHTS[height] - height
    fill = lambda one: np.pad(one, ((0, filled), *((0, 0),) * (one.ndim - 1)), "edge")  # noqa: E731
    whole = lambda one: fill(np.clip(np.round(one), 0, 255).astype(np.uint8))  # noqa: E731
    return Scene(whole(old), whole(now.picture), fill(label), fill(instance))


def write(first, count, folder):
    """Shards of scenes by seed: one for each height."""
    sources = sources_of(first % 2)
    found = {height: [] for height in HEIGHTS.values()}
    for index in range(count):
        one = scene(first + 2 * index, sources)
        found[one.label.shape[0]].append(one)
    for height, scenes in found.items():
        if not scenes:
            continue
        name = folder / f"{'even' if first % 2 == 0 else 'odd'}-{height}-{first}.npz"
        part = name.with_suffix(".part.npz")
        np.savez(
            part,
            **{key: np.array([getattr(one, key) for one in scenes]) for key in vars(scenes[0])},
        )
        part.rename(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int, help="the first seed; even for training, odd for checking")
    parser.add_argument("count", type=int)
    parser.add_argument("--shard", type=int, default=500)
    parser.add_argument("--folder", type=Path, default=folders.WORK / "scenes")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    options.folder.mkdir(parents=True, exist_ok=True)
    for done in range(0, options.count, options.shard):
        write(options.first + 2 * done, min(options.shard, options.count - done), options.folder)


if __name__ == "__main__":
    main()
