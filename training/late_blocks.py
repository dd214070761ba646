"""The late blocks of the network in torch, fast enough to be trained on a processor."""

import ctypes
import subprocess
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent


def compiled():
    source, library = HERE / "depthwise.cpp", HERE / "work" / "depthwise.so"
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        library.parent.mkdir(exist_ok=True)
        flags = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC", "-Wno-psabi"]
        subprocess.run(["g++", *flags, "-o", str(library), str(source)], check=True)
    return ctypes.CDLL(str(library))


kernels = compiled()


def at(tensor):
    return ctypes.c_void_p(tensor.data_ptr())


def relu6_gradient(gradient, output):
    result = torch.empty_like(output)
    count = ctypes.c_long(output.numel())
    kernels.relu6_gradient(at(gradient.contiguous()), at(output), at(result), count)
    return result


class Depthwise(torch.autograd.Function):
    """With ReLU6. x: n,h,w,c; weight: k,k,c; padded as TensorFlow's SAME."""

    @staticmethod
    def forward(ctx, x, weight, bias, stride):
        x = x.contiguous()
        n, h, w, c = x.shape
        k = weight.shape[0]
        oh, ow = -(-h // stride), -(-w // stride)
        top = max((oh - 1) * stride + k - h, 0) // 2
        left = max((ow - 1) * stride + k - w, 0) // 2
        y = torch.empty(n, oh, ow, c)
        ctx.sizes = (n, h, w, c, k, stride, top, left, oh, ow)
        kernels.depthwise_relu6(at(x), at(weight), at(bias), at(y), *ctx.sizes)
        ctx.save_for_backward(x, weight, y)
        return y

    @staticmethod
    def backward(ctx, gradient):
        x, weight, y = ctx.saved_tensors
        g = relu6_gradient(gradient, y)
        gx = None
        if ctx.needs_input_grad[0]:
            gx = torch.empty_like(x)
            kernels.depthwise_input_gradient(at(g), at(weight), at(gx), *ctx.sizes)
        gw, gb = torch.zeros_like(weight), torch.zeros(weight.shape[2])
        kernels.depthwise_weight_gradient(at(g), at(x), at(gw), at(gb), *ctx.sizes)
        return gx, gw, gb, None


class Pointwise(torch.autograd.Function):
    """x: …,in; weight: out,in."""

    @staticmethod
    def forward(ctx, x, weight, bias, relu6):
        y = torch.addmm(bias, x.reshape(-1, x.shape[-1]), weight.t())
        if relu6:
            kernels.relu6_in_place(at(y), ctypes.c_long(y.numel()))
        ctx.save_for_backward(x, weight, y if relu6 else None)
        return y.view(*x.shape[:-1], weight.shape[0])

    @staticmethod
    def backward(ctx, gradient):
        x, weight, y = ctx.saved_tensors
        g = gradient.reshape(-1, weight.shape[0])
        if y is not None:
            g = relu6_gradient(g, y)
        gx = (g @ weight).view_as(x) if ctx.needs_input_grad[0] else None
        return gx, g.t() @ x.reshape(-1, x.shape[-1]), g.sum(0), None


class Layer(nn.Module):
    def __init__(self, conv):
        super().__init__()
        weight = torch.from_numpy(conv.weight)
        self.depthwise = conv.groups > 1
        weight = weight[:, 0].permute(1, 2, 0) if self.depthwise else weight[:, :, 0, 0]
        self.weight = nn.Parameter(weight.contiguous().clone())
        self.bias = nn.Parameter(torch.from_numpy(conv.bias).clone())
        self.stride, self.relu6 = conv.stride, conv.relu6

    def forward(self, x):
        if self.depthwise:
            return Depthwise.apply(x, self.weight, self.bias, self.stride)
        return Pointwise.apply(x, self.weight, self.bias, self.relu6)

    def conv_weight(self):
        """As a convolution of ONNX wants it."""
        weight = self.weight.detach()
        weight = weight.permute(2, 0, 1)[:, None] if self.depthwise else weight[:, :, None, None]
        return weight.contiguous().numpy()


class Block(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.layers = nn.ModuleList(Layer(conv) for conv in block.convs)
        self.add = block.add

    def forward(self, x, keep):
        y = x
        for layer in self.layers:
            y = layer(y)
        if not self.add:
            return y
        if self.training and keep < 1:
            y = y * (torch.rand(len(x), 1, 1, 1) < keep).float() / keep
        return x + y


class LateBlocks(nn.Module):
    """All after the block `cut`: activations with channels last become features."""

    def __init__(self, network, cut, drop=0.0):
        super().__init__()
        self.blocks = nn.ModuleList(Block(block) for block in network.blocks[cut + 1 :])
        self.head = Layer(network.head)
        self.drop = drop

    def forward(self, x):
        for index, block in enumerate(self.blocks):
            x = block(x, 1 - self.drop * (index + 1) / len(self.blocks))
        return self.head(x).mean((1, 2))

    def parts(self):
        return [*self.blocks, self.head]

    def copy_into(self, network, cut, alpha=1.0):
        """Moves the network's own late weights by `alpha` of the way towards these."""
        layers = [layer for block in self.blocks for layer in block.layers] + [self.head]
        convs = [conv for block in network.blocks[cut + 1 :] for conv in block.convs]
        for conv, layer in zip([*convs, network.head], layers, strict=True):
            conv.weight = (1 - alpha) * conv.weight + alpha * layer.conv_weight()
            conv.bias = (1 - alpha) * conv.bias + alpha * layer.bias.detach().numpy()
