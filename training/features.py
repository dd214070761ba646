"""Write the features of every photo, plain and mirrored, by a trained or an untrained network."""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import groceries
import looks
import onnx_file
from efficientnet_lite import VARIANTS, read_network

HERE = Path(__file__).resolve().parent


def network_of(runs, alpha=1.0, cut=7, begin=None):
    """The network of a run, or the mean of several; with `alpha` below 1 part of the way there.

    The way is from ImageNet's weights, or from those of the file `begin`.
    """
    network = read_network()
    if begin:
        onnx_file.read_weights(begin.read_bytes(), network)
    if runs:
        from late_blocks import LateBlocks

        states = [
            torch.load(HERE / "work" / "runs" / run / "state.pt", weights_only=True)["ema"]
            for run in runs
        ]
        late = LateBlocks(network, cut)
        late.load_state_dict({key: sum(s[key] for s in states) / len(states) for key in states[0]})
        late.copy_into(network, cut, alpha)
    return network


def features_of(model, size, part, wanted=None):
    """Photos × (plain, mirrored) × features; zeros for products that are not wanted."""
    session = onnx_file.session(model)
    photos = groceries.listed(part)
    found = np.zeros((len(photos), 2, onnx_file.FEATURES), np.float32)
    for row, (product, path) in enumerate(photos):
        if wanted is not None and product not in wanted:
            continue
        shown = looks.plain_and_mirrored(Image.open(path).convert("RGB"), size)
        inputs = np.stack([looks.pixels(one) for one in shown])
        found[row] = session.run(["features"], {"pixels": inputs})[0]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path, help="a .npz file")
    parser.add_argument("--run", action="append", default=[], help="of train.py; none: ImageNet's")
    parser.add_argument("--begin", type=Path, help="a backbone.onnx that the run began from")
    parser.add_argument("--variant", choices=list(VARIANTS), default="lite0", help="without --run")
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.add_argument("--cut", type=int, default=7)
    parser.add_argument("--size", type=int, default=224)
    options = parser.parse_args()
    network = (
        network_of(options.run, options.alpha, options.cut, options.begin)
        if options.run or options.begin
        else read_network(options.variant)
    )
    model = onnx_file.build(network)
    np.savez(
        options.output,
        train=features_of(model, options.size, "train"),
        check=features_of(model, options.size, "check"),
    )


if __name__ == "__main__":
    main()
