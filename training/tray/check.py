"""How good a run is on scenes of odd seeds: IoU of each class, and new things found one by one."""

import argparse
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import torch

import camera
import components
import folders
import shards
from network import CLASSES, Probabilities, Segmenter


def load(file):
    network = Segmenter()
    network.load_state_dict(torch.load(file, weights_only=True)["average"])
    return Probabilities(network).eval()


def tally(model, data, faults, jpegs=True, grey=0.5):
    both = np.zeros(len(CLASSES))
    either = np.zeros(len(CLASSES))
    counts = Counter()
    for batch in data:
        with torch.no_grad():
            if faults:
                pixels = camera.pair(faults, batch["accepted"], batch["now"], grey)
            else:
                pixels = camera.clean(batch["accepted"], batch["now"], grey == 1)
            shares = model(pixels).numpy()
        said, label = shares[:, :-1].argmax(1), batch["label"][:, 0].numpy()
        for index in range(len(CLASSES)):
            both[index] += ((said == index) & (label == index)).sum()
            either[index] += ((said == index) | (label == index)).sum()
        for one, true in zip(shares, batch["instance"][:, 0].numpy()):
            counts.update(components.matches(components.things(one), true))
    return both / np.maximum(either, 1), counts


def line(name, iou, counts):
    classes = " ".join(f"{kind} {value:.3f}" for kind, value in zip(CLASSES, iou))
    recall = counts["found"] / max(1, counts["due"])
    false = counts["false"] / max(1, counts["due"])
    return f"{name}: {classes} | things {counts['due']}, found {recall:.3f}, false {false:.3f}, wide {counts['wide']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--scenes", type=Path, default=folders.WORK / "scenes")
    parser.add_argument("--parity", default="odd")
    parser.add_argument("--most", type=int, default=1, help="how many files of each height")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    model = load(folders.WORK / f"{options.run}.pt")
    files = shards.files(options.scenes, options.parity)
    files = [one for height in ("-96-", "-128-") for one in [x for x in files if height in x.name][: options.most]]
    for name, faults, grey in (
        ("no faults, colour", None, 0),
        ("no faults, grey", None, 1),
        ("faults, colour", camera.Faults(11), 0.0),
        ("faults, grey", camera.Faults(11), 1.0),
    ):
        data = (batch for file in files for batch in shards.of_shard(np.load(file), 32))
        print(line(name, *tally(model, data, faults, grey=grey)), flush=True)


if __name__ == "__main__":
    main()
