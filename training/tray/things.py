"""Things as goods in a shop are: each function gives a square sprite of colours, shape and alpha."""

import cv2
import numpy as np

from layers import colour, smooth_noise

SIDE = 96


def texture(random, sources, side=SIDE):
    """A part of a photograph, turned and in other colours, or one that is drawn."""
    if random.random() < 0.6:
        photo = sources.textures[random.integers(len(sources.textures))].astype(np.float32)
        part = int(random.uniform(0.3, 1) * photo.shape[0])
        top, left = random.integers(photo.shape[0] - part + 1, size=2)
        photo = np.rot90(photo[top : top + part, left : left + part], random.integers(4))
        photo = cv2.resize(np.ascontiguousarray(photo), (side, side), interpolation=cv2.INTER_LINEAR)
        photo = (photo - 128) * random.uniform(0.5, 1.3) + 128 + random.normal() * 25
        if random.random() < 0.5:
            photo = photo[..., random.permutation(3)]
        return np.ascontiguousarray(np.clip(photo, 0, 255), np.float32)
    plain = np.broadcast_to(colour(random), (side, side, 3)).astype(np.float32).copy()
    kind = random.random()
    if kind < 0.35:
        plain += smooth_noise(random, side, side, int(random.integers(2, 24)))[..., None] * random.uniform(3, 35)
    elif kind < 0.7:
        for _ in range(int(random.integers(1, 7))):
            corner = random.integers(0, side, 2)
            extent = random.integers(4, side, 2)
            end = corner + extent if random.random() < 0.6 else np.array([side, corner[1] + extent[1] // 3])
            cv2.rectangle(plain, corner.tolist(), end.tolist(), colour(random).tolist(), -1)
    return np.ascontiguousarray(np.clip(plain, 0, 255), np.float32)


def lit(random, rgb, shape):
    """Round: brighter where the light comes from, darker at the far edge, perhaps with a highlight."""
    y, x = np.mgrid[-1 : 1 : shape.shape[0] * 1j, -1 : 1 : shape.shape[1] * 1j].astype(np.float32)
    turn = random.uniform(0, 2 * np.pi)
    towards = x * np.cos(turn) + y * np.sin(turn)
    rgb = rgb * (1 + random.uniform(0, 0.35) * towards - random.uniform(0, 0.35) * (x * x + y * y))[..., None]
    if random.random() < 0.5:
        spot = (x - 0.4 * np.cos(turn)) ** 2 + (y - 0.4 * np.sin(turn)) ** 2
        rgb = rgb + (random.uniform(40, 200) * np.exp(-spot / random.uniform(0.01, 0.08)))[..., None]
    return np.clip(rgb, 0, 255)


def filled(outline):
    """A soft-edged mask of an outline in −1 to 1."""
    mask = np.zeros((SIDE * 2, SIDE * 2), np.uint8)
    cv2.fillPoly(mask, [np.round((outline * 0.95 + 1) * SIDE).astype(np.int32)], 255)
    return cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def blob(random, roughness):
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = np.ones_like(turn)
    for wave in range(2, 7):
        radius += roughness * random.normal() / wave * np.cos(wave * turn + random.uniform(0, 6.3))
    outline = np.column_stack([np.cos(turn), np.sin(turn) * random.uniform(0.45, 1)]) * radius[:, None]
    return filled(outline / np.abs(outline).max())


def fruit(random, sources):
    sprite = sources.fruit[random.integers(len(sources.fruit))].astype(np.float32)
    rgb = sprite[..., :3]
    if random.random() < 0.4:
        rgb = np.clip(rgb[..., random.permutation(3)] * random.uniform(0.6, 1.3), 0, 255)
    return rgb, sprite[..., 3] / 255, None


def lump(random, sources):
    shape = blob(random, random.uniform(0, 0.25))
    return lit(random, texture(random, sources), shape), shape, None


def carton(random, sources):
    """A box seen from above and a little from the side: one or two faces."""
    width, height = 1.0, random.uniform(0.25, 1)
    lean = random.normal(size=2) * 0.12
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]])
    corners = corners * (1 + random.normal(size=(4, 1)) * 0.03)
    rgb = texture(random, sources)
    if random.random() < 0.5:
        rgb = cv2.GaussianBlur(rgb, (0, 0), random.uniform(0.5, 3))
    shape = filled(corners)
    if random.random() < 0.5:
        shift = lean * 2
        side = filled(corners * 0.9 + shift)
        rgb = np.where((shape > 0.5)[..., None], rgb, rgb.mean((0, 1)) * random.uniform(0.35, 0.95))
        shape = np.maximum(shape, side)
    return np.clip(rgb * random.uniform(0.8, 1.1), 0, 255), shape, None


def tin(random, sources):
    half = random.uniform(0.3, 0.7)
    turn = np.linspace(0, np.pi, 16)
    cap = random.uniform(0, 0.5) * half
    top = np.column_stack([np.cos(turn) * half, -1 + cap - np.sin(turn) * cap])
    bottom = np.column_stack([-np.cos(turn) * half, 1 - cap + np.sin(turn) * cap])
    shape = filled(np.vstack([top, bottom]))
    x = np.linspace(-1, 1, SIDE, dtype=np.float32) / half
    shine = 1 - random.uniform(0, 0.6) * x**2 + random.uniform(0, 0.8) * np.exp(-((x - random.normal() * 0.4) ** 2) / 0.05)
    rgb = texture(random, sources) * shine[None, :, None]
    if random.random() < 0.6:
        ring = int((0.05 + 0.95 * cap / 2 + 0.05) * SIDE)
        rgb[:ring] = random.uniform(120, 240)
    return np.clip(rgb, 0, 255), shape, None


def bottle(random, sources):
    """Clear, tinted or opaque. What is clear shows most at its edges."""
    neck, body = random.uniform(0.08, 0.16), random.uniform(0.26, 0.42)
    shoulder = random.uniform(-0.6, -0.2)
    profile = [(neck, -1), (neck, shoulder - 0.25), (body * 0.9, shoulder), (body, shoulder + 0.15)]
    waist = body * random.uniform(0.85, 1)
    profile += [(waist, random.uniform(0.1, 0.5)), (body, 0.8), (body * 0.85, 1)]
    right = np.array(profile)
    shape = filled(np.vstack([right, right[::-1] * [-1, 1]]))
    rgb = np.broadcast_to(colour(random, 0.6), (SIDE, SIDE, 3)).astype(np.float32).copy()
    rgb += smooth_noise(random, SIDE, SIDE, 6)[..., None] * random.uniform(2, 25)
    alpha = None
    if random.random() < 0.65:
        clear = random.uniform(0.05, 0.5)
        inner = cv2.erode(shape, np.ones((3, 3), np.uint8), iterations=int(random.integers(2, 5)))
        edges = np.clip(shape - inner, 0, 1)
        alpha = shape * clear + edges * random.uniform(0.1, 0.6)
        for _ in range(int(random.integers(0, 4))):
            x = int(SIDE * (0.5 + random.uniform(-0.4, 0.4) * body))
            y = np.sort(random.integers(SIDE // 4, SIDE, 2))
            glint = np.zeros((SIDE, SIDE), np.float32)
            cv2.line(glint, (x, int(y[0])), (x, int(y[1])), 1.0, int(random.integers(1, 4)))
            glint = cv2.GaussianBlur(glint, (0, 0), 1) * shape * random.uniform(0.3, 1)
            rgb += (255 - rgb) * glint[..., None] if random.random() < 0.8 else -rgb * glint[..., None] * 0.5
            alpha = np.maximum(alpha, glint)
        if random.random() < 0.8:
            end = int(SIDE * random.uniform(0.08, 0.16))
            rgb[:end] = colour(random)
            alpha[:end] = shape[:end]
        if random.random() < 0.5:
            y = np.sort(random.uniform(0.35, 0.95, 2) * SIDE).astype(int)
            rgb[y[0] : y[1]] = texture(random, sources)[y[0] : y[1]]
            alpha[y[0] : y[1]] = shape[y[0] : y[1]] * random.uniform(0.3, 1)
        alpha = np.clip(alpha, 0, 1)
    else:
        rgb = lit(random, texture(random, sources), shape)
    return np.clip(rgb, 0, 255), shape, alpha


def bag(random, sources):
    """A soft bag with folds that shine; of clear film, what is in it shows."""
    shape = blob(random, random.uniform(0.1, 0.3))
    rgb = texture(random, sources)
    rgb += smooth_noise(random, SIDE, SIDE, int(random.integers(6, 16)))[..., None] * random.uniform(5, 30)
    for _ in range(int(random.integers(3, 22))):
        start = random.integers(8, SIDE - 8, 2)
        end = start + random.normal(size=2) * SIDE * 0.12
        tone = random.uniform(170, 255) if random.random() < 0.75 else random.uniform(0, 60)
        cv2.line(rgb, start.tolist(), end.astype(int).tolist(), (tone, tone, tone), int(random.integers(1, 4)), cv2.LINE_AA)
    alpha = shape * random.uniform(0.35, 0.9) if random.random() < 0.25 else None
    return np.clip(rgb, 0, 255), shape, alpha


KINDS = [(fruit, 0.26), (lump, 0.16), (carton, 0.24), (tin, 0.08), (bottle, 0.16), (bag, 0.10)]
WEIGHTS = np.array([weight for _, weight in KINDS]) / sum(weight for _, weight in KINDS)


def any_thing(random, sources):
    rgb, shape, alpha = KINDS[random.choice(len(KINDS), p=WEIGHTS)][0](random, sources)
    return np.ascontiguousarray(rgb, np.float32), shape, alpha
