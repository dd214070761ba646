"""What a run says of moments in the films of ../shared/films, on which nothing is trained.

Each moment is a picture and an earlier one that was accepted; `due` new things lie there.
"""

import argparse
import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import torch

import camera
import check
import components
import folders
from network import CLASSES

GONE, PERSON = CLASSES.index("removed"), CLASSES.index("person")
# film: (accepted at, seen at, new things due, places bared due)
MOMENTS = {
    "hand-rests": [(0.3, t, 0, 0) for t in (1.5, 2.0, 3.0, 4.0, 4.8)],
    "screen-mirrored": [(0.3, 2.45, 1, 0), (2.45, 2.9, 0, 0), (2.45, 3.3, 0, 0), (0.3, 3.3, 1, 0)],
    "bag-relaxes": [(0.3, 2.2, 1, 0), (0.3, 3.0, 1, 0), (0.3, 4.2, 1, 0)],
    "two-side-by-side": [(0.3, 2.4, 2, 0), (0.3, 3.0, 2, 0)],
    "orange-replaced-by-apple": [(0.3, 1.6, 1, 0), (1.6, 3.6, 1, 1), (0.3, 2.75, 1, 0)],
    "all-mild-15s": [
        (0.3, 2.0, 1, 0), (2.0, 4.2, 1, 0), (0.3, 4.2, 2, 0), (4.2, 6.0, 1, 0), (6.0, 7.1, 0, 0),
        (6.0, 8.4, 0, 0), (8.4, 10.0, 0, 1), (10.0, 12.0, 1, 0), (12.0, 14.0, 1, 0), (0.3, 14.0, 4, 0),
    ],
    "bottle-left-late": [(0.8, 4.5, 1, 0), (4.5, 9.0, 1, 0), (9.0, 13.0, 0, 1)],
}
# The same, and the box of the new one in the film's pixels.
BOTTLES = [
    (10.0, 15.5, "left"),
    (20.5, 25.8, "middle"),
    (25.8, 30.2, "left"),
    (33.5, 38.8, "right"),
]
TAKEN = [(15.5, 20.5, 2), (30.2, 33.5, 1), (4.0, 10.0, 1)]


def read(path, framing=None, colour=False):
    """All pictures at 10 a second, 160 wide."""
    cut = f"crop={':'.join(map(str, framing))}," if framing else ""
    size = framing or size_of(path)
    height = 2 * round(160 * size[1] / size[0] / 2)
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", f"fps=10,{cut}scale=160:{height}:flags=area"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24" if colour else "gray", "-"]
    values = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    values = values.reshape(-1, height, 160, 3 if colour else 1)
    return np.broadcast_to(values, (*values.shape[:3], 3))


def size_of(path):
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height"]
    return [int(one) for one in subprocess.check_output([*command, "-of", "csv=p=0", str(path)]).split(b",")]


def at(pictures, second):
    return pictures[min(len(pictures) - 1, round(second * 10))]


def shares(model, accepted, now):
    height = now.shape[0]
    filled = -height % 16
    fill = lambda one: torch.from_numpy(np.pad(one, ((0, filled), (0, 0), (0, 0)), "edge")).permute(2, 0, 1)[None]  # noqa: E731
    with torch.no_grad():
        return model(camera.clean(fill(accepted), fill(now)))[0].numpy()[:, :height]


def bared(one):
    count, _, stats, _ = cv2.connectedComponentsWithStats((one[:-1].argmax(0) == GONE).astype(np.uint8))
    return int((stats[1:, cv2.CC_STAT_AREA] >= 60).sum())


def drawn(accepted, now, one, numbers):
    colours = np.array([[0, 0, 0], [0, 220, 0], [60, 60, 255], [255, 120, 0]], np.uint8)
    shown = colours[one[:-1].argmax(0)].copy()
    shown[numbers > 0] = shown[numbers > 0] // 2 + 20 * (numbers[numbers > 0][:, None] % 6).astype(np.uint8)
    shown[one[-1] > 0.5] = 255
    return np.pad(np.hstack([accepted, now, shown]), ((0, 96 - len(now)), (0, 0), (0, 0)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--draw", type=Path)
    parser.add_argument("--framings", type=int, default=100, help="of the bottles; the first so many")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = check.load(folders.WORK / f"{options.run}.pt")
    pictures, right, asked = [], 0, 0
    for film, moments in MOMENTS.items():
        seen = read(folders.FILMS / f"{film}.mkv")
        said = []
        for before, second, due, gone in moments:
            one = shares(model, at(seen, before), at(seen, second))
            numbers = components.things(one)
            told = len(components.boxes(numbers))
            person = (one[:-1].argmax(0) == PERSON).sum()
            ok = told == due and (bared(one) > 0) == (gone > 0)
            right, asked = right + ok, asked + 1
            said.append(f"{second} s: {told}/{due} new, {bared(one)}/{gone} gone, person {person}{'' if ok else ' !'}")
            pictures.append(drawn(at(seen, before), at(seen, second), one, numbers))
        print(film, *said, sep="\n  ")
    print(f"moments right: {right} of {asked}")
    bottles(model, pictures, options.framings)
    if options.draw:
        rows = [np.hstack(pictures[i : i + 3]) for i in range(0, len(pictures) - 2, 3)]
        cv2.imwrite(str(options.draw), np.vstack(rows)[..., ::-1])


def bottles(model, pictures, most):
    film = folders.FILMS / "bottle-detection.mp4"
    told = json.loads((folders.FILMS / "bottle-detection.json").read_text())
    boxes = {due["thing"]: due["box"] for due in told["due"] if due["kind"] == "placed"}
    for colour in (True, False):
        found = due = wide = more = gone = gone_due = 0
        for framing in told["framings"][:most]:
            seen = read(film, framing, colour)
            width, height, left, top = framing
            scale = 160 / width
            inside = lambda box: box[0] >= left + 8 and box[1] >= top + 8 and box[2] <= left + width - 8 and box[3] <= top + height - 8  # noqa: E731
            for before, second, name in BOTTLES:
                if not inside(boxes[name]):
                    continue
                one = shares(model, at(seen, before), at(seen, second))
                numbers = components.things(one)
                want = [(value - side) * scale for value, side in zip(boxes[name], (left, top, left, top))]
                here = [
                    box for box in components.boxes(numbers).values()
                    if box[0] < want[2] and box[2] > want[0] and box[1] < want[3] and box[3] > want[1]
                ]
                due += 1
                found += len(here) == 1
                more += len(components.boxes(numbers)) - len(here)
                wide += any(
                    box[2] - box[0] > 1.5 * (want[2] - want[0]) or box[3] - box[1] > 1.5 * (want[3] - want[1])
                    for box in here
                )
                if framing[0] in (640, 520) and framing[3] in (0, 34):
                    pictures.append(drawn(at(seen, before), at(seen, second), one, numbers))
            for before, second, count in TAKEN:
                one = shares(model, at(seen, before), at(seen, second))
                gone_due += 1
                gone += bared(one) > 0
        print(f"bottles {'colour' if colour else 'grey'}: {found} of {due} found as one, {wide} wide, {more} false; bared {gone} of {gone_due}")


if __name__ == "__main__":
    main()
