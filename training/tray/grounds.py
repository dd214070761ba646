"""What a tray or a table without anything on it looks like."""

import cv2
import numpy as np

from layers import colour, smooth_noise


def plain(random, canvas):
    """One colour under a lamp that lights it unevenly, often pale or dark."""
    tone = colour(random, 0.4)
    kind = random.random()
    if kind < 0.3:
        tone = np.full(3, random.uniform(170, 245)) + random.normal(size=3) * 6
    elif kind < 0.45:
        tone = np.full(3, random.uniform(15, 70)) + random.normal(size=3) * 4
    return np.broadcast_to(tone, (*canvas, 3)).astype(np.float32).copy()


def grained(random, canvas):
    """Wood, brushed steel, cloth: noise that is longer one way than the other."""
    height, width = canvas
    picture = plain(random, canvas)
    cells = int(random.integers(3, 60))
    stretch = random.uniform(1, 12)
    noise = smooth_noise(random, int(height * stretch), width, cells)
    noise = cv2.resize(noise, (width, height), interpolation=cv2.INTER_AREA)
    if random.random() < 0.5:
        noise = cv2.resize(noise.T, (width, height), interpolation=cv2.INTER_LINEAR)
    return picture + (noise / (noise.std() + 1e-3) * random.uniform(1, 12))[..., None] * random.uniform(0.7, 1, 3)


def photographed(random, canvas, sources):
    """A photograph, soft or sharp: the hardest ground there is."""
    height, width = canvas
    photo = sources.textures[random.integers(len(sources.textures))].astype(np.float32)
    photo = cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC)
    if random.random() < 0.6:
        photo = cv2.GaussianBlur(photo, (0, 0), random.uniform(1, 12))
    strength = random.uniform(0.2, 1)
    return photo * strength + photo.mean((0, 1)) * (1 - strength) + random.normal() * 20


def ruled(random, canvas):
    """A mat with lines, slats or tiles."""
    height, width = canvas
    picture = plain(random, canvas)
    step, tone = random.integers(5, 30), colour(random, 0.4)
    weight = random.uniform(0.1, 0.9)
    lines = np.zeros(canvas, np.float32)
    lines[:: int(step)] = weight
    if random.random() < 0.6:
        lines[:, :: int(step)] = weight
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(0, 180), random.uniform(1.2, 1.6))
    lines = cv2.warpAffine(lines, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    return picture + (tone - picture) * cv2.GaussianBlur(lines, (0, 0), 0.7)[..., None]


def rimmed(random, picture):
    """A tray's rim, with the table around it; or a wall behind a table."""
    height, width = picture.shape[:2]
    around = plain(random, (height, width))
    mask = np.zeros((height, width), np.uint8)
    inset = random.uniform(0, 0.14, 4)
    left, top = int(inset[0] * width), int(inset[1] * height)
    right, bottom = int((1 - inset[2]) * width), int((1 - inset[3]) * height)
    if random.random() < 0.3:
        slope = random.normal(0, 0.04) * width
        y = random.uniform(0.1, 0.9) * height
        cv2.fillPoly(mask, [np.array([[0, y], [width, y + slope], [width, height], [0, height]], np.int32)], 255)
    else:
        cv2.rectangle(mask, (left, top), (right, bottom), 255, -1)
    soft = cv2.GaussianBlur(mask, (0, 0), random.uniform(0.5, 1.5)).astype(np.float32)[..., None] / 255
    rim = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(np.float32)[..., None] / 255
    picture = around + (picture - around) * soft
    return picture * (1 - rim * random.uniform(-0.3, 0.6))


def any_ground(random, canvas, sources):
    kind = random.random()
    if kind < 0.35:
        picture = plain(random, canvas)
    elif kind < 0.65:
        picture = grained(random, canvas)
    elif kind < 0.87:
        picture = photographed(random, canvas, sources)
    else:
        picture = ruled(random, canvas)
    if random.random() < 0.3:
        picture = rimmed(random, picture)
    if random.random() < 0.5:
        light = smooth_noise(random, *canvas, 3)
        picture = picture * np.exp(random.uniform(0.02, 0.2) * light)[..., None]
    return np.clip(picture, 0, 255).astype(np.float32)
