"""Cut out of photographs what scenes are made of: fruit, hands, and squares of texture."""

import json

import cv2
import numpy as np

import folders

FRUIT_SIDE = 96
HAND_SIDE = 128
TEXTURE_SIDE = 96
# Squares for each product: many products with few squares tell more than the other way round.
SQUARES = 12
# Outlines of hands in hands-03-blocks.mp4, in its pixels.
POSES = folders.HERE / "hands.jsonl"


def fruit(path):
    """RGBA of the one fruit that lies on a pale table."""
    photo = cv2.resize(cv2.imread(str(path)), (512, 384), interpolation=cv2.INTER_AREA)
    saturation = cv2.cvtColor(photo, cv2.COLOR_BGR2HSV)[..., 1]
    level, _ = cv2.threshold(saturation, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    marks = np.where(saturation > level, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[:4] = marks[-4:] = cv2.GC_BGD
    marks[saturation > 1.4 * level] = cv2.GC_FGD
    marks[saturation < 0.4 * level] = cv2.GC_BGD
    cv2.grabCut(photo, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    mask = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    # Filled: a highlight inside a fruit is of the fruit.
    mask = cv2.drawContours(np.zeros_like(mask), [max(outlines, key=cv2.contourArea)], 0, 255, -1)
    return fitted(np.dstack([photo[..., ::-1], cv2.GaussianBlur(mask, (0, 0), 1.2)]), FRUIT_SIDE)


def fitted(rgba, side):
    """What is there of it, in a square with an edge of nothing, its longer side as wide as that."""
    rows, columns = np.nonzero(rgba[..., 3] > 127)
    part = rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = (side - 4) / max(part.shape[:2])
    width, height = (max(1, round(scale * count)) for count in part.shape[1::-1])
    result = np.zeros((side, side, 4), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
    result[top : top + height, left : left + width] = small
    return result


def hands(film, poses):
    """RGBA squares, and in each square where the wrist's two ends lie and where the fingers point."""
    cut, wrists = [], []
    reader = cv2.VideoCapture(str(film))
    frames = {}
    for number in range(max(pose["frame"] for pose in poses) + 1):
        _, frames[number] = reader.read()
    for pose in poses:
        outline = np.array(pose["outline"]).reshape(-1, 2)
        photo = frames[pose["frame"]]
        mask = cv2.fillPoly(np.zeros(photo.shape[:2], np.uint8), [outline], 255)
        # The outlines are drawn by hand, a little wide: the film's ground beside the skin is dark.
        dark = cv2.cvtColor(photo, cv2.COLOR_BGR2YCrCb)
        mask[(dark[..., 1] < 136) & (dark[..., 0] < 90)] = 0
        mask = cv2.erode(mask, np.ones((5, 5), np.uint8))
        mask = cv2.GaussianBlur(mask, (0, 0), 2)
        rgba = np.dstack([photo[..., ::-1], mask])
        rows, columns = np.nonzero(mask > 127)
        corner = np.array([columns.min(), rows.min()])
        extent = np.array([columns.max(), rows.max()]) + 1 - corner
        scale = (HAND_SIDE - 4) / extent.max()
        margin = (HAND_SIDE - np.round(extent * scale)) // 2
        points = np.array([*pose["wrist"], *pose["grip"]], float).reshape(3, 2)
        wrists.append((points - corner) * scale + margin)
        cut.append(fitted(rgba, HAND_SIDE))
    return np.array(cut), np.array(wrists, np.float32)


def textures(folder, random):
    squares = []
    for path in random.permutation(sorted(folder.rglob("*.jpg")))[:SQUARES]:
        photo = cv2.imread(str(path))[..., ::-1]
        side = int(random.uniform(0.35, 1) * min(photo.shape[:2]))
        top = random.integers(photo.shape[0] - side + 1)
        left = random.integers(photo.shape[1] - side + 1)
        part = photo[top : top + side, left : left + side]
        squares.append(cv2.resize(part, (TEXTURE_SIDE, TEXTURE_SIDE), interpolation=cv2.INTER_AREA))
    return squares


def main():
    random = np.random.default_rng(1)
    folders.WORK.mkdir(exist_ok=True)
    photos = sorted((folders.DATA / "fruit-lab").rglob("*.jpg"))
    poses = [json.loads(line) for line in POSES.read_text().splitlines() if line.strip()]
    cut, wrists = hands(folders.FILMS / "hands-03-blocks.mp4", poses)
    products = sorted(one for one in (folders.DATA / "grocery" / "train").iterdir() if one.is_dir())
    squares = [textures(product, random) for product in products]
    np.savez(
        folders.CUT,
        fruit=np.array([fruit(path) for path in photos]),
        hands=cut,
        wrists=wrists,
        textures=np.array([square for kind in squares for square in kind]),
        textureOf=np.repeat(np.arange(len(squares)), [len(kind) for kind in squares]),
    )


if __name__ == "__main__":
    main()
