"""Write a run as assets/models/tray.onnx, and compare ONNX Runtime's answers with PyTorch's."""

import argparse
import io
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

import camera
import check
import folders
import shards
from network import fold

# What PyTorch sees in a drawn pair; the app's tests compare it with the app's own way.
SAMPLE = folders.PROJECT / "src" / "main" / "tray" / "segmenter" / "pytorch.json"
# What float16 weights may move a share by, at worst and on the mean.
WORST, MEAN = 0.1, 0.002


def in_halves(model):
    """Weights as float16 with a Cast each, which ONNX Runtime folds when it loads."""
    graph = model.graph
    casts = []
    for one in list(graph.initializer):
        values = numpy_helper.to_array(one)
        # Biases are few, and a rounding error in one shifts a whole channel.
        if values.dtype != np.float32 or values.ndim < 2:
            continue
        graph.initializer.remove(one)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), f"{one.name}.half"))
        casts.append(helper.make_node("Cast", [f"{one.name}.half"], [one.name], to=TensorProto.FLOAT))
    for index, cast in enumerate(casts):
        graph.node.insert(index, cast)
    return model


def exported(model, source):
    file = io.BytesIO()
    torch.onnx.export(
        model,
        (torch.zeros(1, 6, 96, 160, dtype=torch.uint8),),
        file,
        input_names=["pixels"],
        output_names=["shares"],
        opset_version=17,
        dynamo=False,
        dynamic_axes={"pixels": {2: "height", 3: "width"}, "shares": {2: "height", 3: "width"}},
    )
    made = in_halves(onnx.load_from_string(file.getvalue()))
    made.producer_name, made.producer_version = "freshlane", ""
    made.doc_string = source
    for node in made.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(made, full_check=True)
    return made.SerializeToString(deterministic=True)


def furthest(file, model, folder):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    worst, means = 0.0, []
    for height in ("-96-", "-128-"):
        shard = next(one for one in shards.files(folder, "odd") if height in one.name)
        batch = next(shards.of_shard(np.load(shard), 24))
        pixels = camera.pair(camera.Faults(5), batch["accepted"], batch["now"]).to(torch.uint8)
        with torch.no_grad():
            want = model(pixels).numpy()
        for one, due in zip(pixels.numpy(), want):
            got = session.run(["shares"], {"pixels": one[None]})[0][0]
            worst, means = max(worst, np.abs(got - due).max()), [*means, np.abs(got - due).mean()]
    return worst, float(np.mean(means))


def drawn_pair():
    """A dark disc on a pale, grained table, and the table alone: grey, as segmenter.test.ts draws it."""
    y, x = np.mgrid[0:90, 0:160]
    table = 150 + (x * 7 + y * 13) % 5
    disc = np.where(np.hypot(x - 60, y - 45) < 14, 40 + x % 3, table)
    planes = [disc, *[np.full_like(disc, 128)] * 2, table, *[np.full_like(disc, 128)] * 2]
    return torch.from_numpy(np.pad(np.array(planes), ((0, 0), (0, 6), (0, 0)), "edge"))[None].to(torch.uint8)


def write_sample(model):
    with torch.no_grad():
        shares = model(drawn_pair())[0, :, :90].numpy()
    places = [[x, y] for y in range(5, 90, 20) for x in range(0, 160, 20)]
    kept = [{"x": x, "y": y, "shares": [round(float(one), 4) for one in shares[:, y, x]]} for x, y in places]
    SAMPLE.write_text(json.dumps({"tolerance": WORST, "pixels": kept}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--output", type=Path, default=folders.PROJECT / "assets" / "models" / "tray.onnx")
    parser.add_argument("--scenes", type=Path, default=folders.WORK / "scenes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = check.load(folders.WORK / f"{options.run}.pt")
    plain = check.load(folders.WORK / f"{options.run}.pt")
    model.network = fold(model.network)
    file = exported(model.eval(), "Composed scenes; see training/tray")
    worst, mean = furthest(file, plain, options.scenes)
    print(f"{len(file):,} bytes; shares at worst {worst:.4f} from PyTorch, {mean:.5f} on the mean")
    if worst > WORST or mean > MEAN:
        raise SystemExit("ONNX Runtime and PyTorch do not agree")
    options.output.write_bytes(file)
    write_sample(plain)


if __name__ == "__main__":
    main()
