"""A network as an ONNX file, and a session that runs it."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FEATURES = 1280


class Graph:
    """Collects nodes. Stored in halves, every weight is cast to float32 when it is used."""

    def __init__(self, halves):
        self.nodes = []
        self.weights = []
        self.halves = halves
        self.constant("zero", 0)
        self.constant("six", 6)

    def node(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def weight(self, name, values):
        if not self.halves:
            return self.constant(name, values)
        self.weights.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def conv(self, source, conv):
        kernel = conv.weight.shape[2]
        # Biases are few, and a rounding error in one shifts a whole channel.
        inputs = [
            source,
            self.weight(f"{conv.name}.weight", conv.weight),
            self.constant(f"{conv.name}.bias", conv.bias),
        ]
        result = self.node(
            "Conv",
            inputs,
            conv.name,
            auto_pad="SAME_UPPER",
            group=conv.groups,
            kernel_shape=[kernel, kernel],
            strides=[conv.stride, conv.stride],
        )
        return self.node("Clip", [result, "zero", "six"], f"{conv.name}.relu6") if conv.relu6 else result


def build(network, name="backbone", halves=False, last_block=None, spread=None):
    """Bytes of a model from `pixels` to `features`.

    With `last_block` it ends there, and its output `activations` is in halves with channels last.
    With a `spread` its features are the signed squares of headings; see spread.py.
    """
    graph = Graph(halves)
    x = graph.conv("pixels", network.stem)
    for index, block in enumerate(network.blocks):
        y = x
        for conv in block.convs:
            y = graph.conv(y, conv)
        x = graph.node("Add", [x, y], f"block{index}.add") if block.add else y
        if index == last_block:
            break
    if last_block is None:
        x = graph.node("GlobalAveragePool", [graph.conv(x, network.head)], "pool")
        count = FEATURES
        output = graph.node("Flatten", [x], "features" if spread is None else "pooled", axis=1)
        if spread is not None:
            count = spread.matrix.shape[1]
            output = headings(graph, output, spread)
        described = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", count])
    else:
        x = graph.node("Transpose", [x], "channels-last", perm=[0, 2, 3, 1])
        output = graph.node("Cast", [x], "activations", to=TensorProto.FLOAT16)
        channels = network.blocks[last_block].convs[-1].weight.shape[0]
        shape = ["n", "rows", "columns", channels]
        described = helper.make_tensor_value_info(output, TensorProto.FLOAT16, shape)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            name,
            [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, "h", "w"])],
            [described],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 13)],
        producer_name="freshlane",
    )
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def read_weights(model, network):
    """Moves the network's weights to those of a file that `build` made."""
    kept = {
        one.name.removesuffix(".half"): numpy_helper.to_array(one).astype(np.float32)
        for one in onnx.load_from_string(model).graph.initializer
    }
    for conv in network.convs():
        conv.weight = kept[f"{conv.name}.weight"]
        conv.bias = kept[f"{conv.name}.bias"]


def headings(graph, pooled, spread):
    rooted = unit(graph, graph.node("Sqrt", [pooled], "root"), "rooted")
    graph.constant("spread.offset", -(spread.mean @ spread.matrix))
    matrix = graph.weight("spread.matrix", spread.matrix)
    moved = graph.node("Gemm", [rooted, matrix, "spread.offset"], "whitened")
    heading = unit(graph, moved, "heading")
    size = graph.node("Abs", [heading], "heading.size")
    return graph.node("Mul", [heading, size], "features")


def unit(graph, vector, name):
    length = graph.node("ReduceL2", [vector], f"{name}.length", axes=[1], keepdims=1)
    graph.constant(f"{name}.least", 1e-9)
    length = graph.node("Max", [length, f"{name}.least"], f"{name}.divisor")
    return graph.node("Div", [vector, length], name)


def session(model, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
