"""Train the late blocks on groceries, from kept looks. Goes on where it was stopped.

The classifier beside them is a cosine to one direction for each product, of features turned as the
app's heads turn them: so what is learnt is what a head can use, also for products not seen here.
"""

import argparse
import copy
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional

import groceries
import onnx_file
from cache_looks import cache_folder
from efficientnet_lite import read_network
from late_blocks import LateBlocks

HERE = Path(__file__).resolve().parent
FEATURES = 1280


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of the folder under work/runs")
    parser.add_argument("--begin", type=Path, help="a backbone.onnx to begin from; none: ImageNet's")
    parser.add_argument("--products", type=int, default=81)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--cut", type=int, default=7, help="the last block that is not trained")
    parser.add_argument("--size", type=int, default=192, help="pixels of a side of the looks")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=4e-3, help="step, relative to a weight's size")
    parser.add_argument("--decay", type=float, default=0.9, help="of the rate, for each block down")
    parser.add_argument("--scale", type=float, default=20.0, help="of the cosines")
    parser.add_argument("--smooth", type=float, default=0.1, help="of the labels")
    parser.add_argument("--coarse", type=float, default=0.2, help="weight of the coarse classes")
    parser.add_argument("--cutmix", type=float, default=0.25, help="share of the batches")
    parser.add_argument("--crop", type=float, default=0.0, help="share of epochs with cropped looks")
    parser.add_argument("--drop", type=float, default=0.1, help="of the last block")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


class Prototypes(torch.nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.weight = torch.nn.Parameter(torch.zeros(classes, FEATURES))

    def rooted(self, features):
        # The root's slope has no end at zero, hence the little that is added.
        return functional.normalize((features + 1e-3).sqrt(), dim=1)

    def turned(self, features):
        return functional.normalize(self.rooted(features) - self.mean, dim=1)

    def forward(self, features):
        return self.turned(features) @ functional.normalize(self.weight, dim=1).t()

    @torch.no_grad()
    def start(self, features, labels):
        """At the mean of what the untrained network makes of each product."""
        self.mean.copy_(self.rooted(features).mean(0))
        turned = self.turned(features)
        for label in range(len(self.weight)):
            self.weight[label] = functional.normalize(turned[labels == label].mean(0), dim=0)


class Loss:
    def __init__(self, options, products):
        self.options = options
        names = sorted({groceries.COARSE[product] for product in products})
        coarse = torch.tensor([names.index(groceries.COARSE[product]) for product in products])
        self.to_coarse = functional.one_hot(coarse).float()

    def __call__(self, cosines, targets):
        smooth = self.options.smooth
        logs = functional.log_softmax(self.options.scale * cosines, 1)
        wanted = targets * (1 - smooth) + smooth / targets.shape[1]
        coarse = (logs.exp() @ self.to_coarse).clamp_min(1e-9).log()
        fine_loss = -(wanted * logs).sum(1).mean()
        coarse_loss = -((targets @ self.to_coarse) * coarse).sum(1).mean()
        return fine_loss + self.options.coarse * coarse_loss


def make_optimiser(late, prototypes, options):
    """Each tensor's step is relative to its own size: folding left them of very different sizes."""
    groups = []
    for depth, part in enumerate(reversed(late.parts())):
        for tensor in part.parameters():
            size = max(tensor.detach().square().mean().sqrt().item(), 1e-3)
            groups.append({"params": [tensor], "base": options.rate * options.decay**depth * size})
    typical = FEATURES**-0.5
    groups.append({"params": [prototypes.weight], "base": 2 * options.rate * typical})
    return torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0)


def rate_at(step, steps):
    warm = min(1, (step + 1) / 60)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def cropped(x, random):
    """Six sevenths of each side: it takes a quarter less time, and is another look each time."""
    n = x.shape[1]
    side = n * 6 // 7
    top, left = random.integers(0, n - side + 1, 2)
    return x[:, top : top + side, left : left + side]


def mixed(x, y, random):
    """CutMix of activations: a square of another photo, and its share of the label."""
    n = x.shape[1]
    side = int(round(n * np.sqrt(min(random.beta(1, 1), 0.5))))
    if side < 2:
        return x, y
    top, left = random.integers(0, n - side + 1, 2)
    other = torch.from_numpy(random.permutation(len(x)))
    x[:, top : top + side, left : left + side] = x[other, top : top + side, left : left + side]
    kept = 1 - side * side / (n * n)
    return x, y * kept + y[other] * (1 - kept)


def main():
    options = parsed()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    folder = HERE / "work" / "runs" / options.name
    folder.mkdir(parents=True, exist_ok=True)
    state_file = folder / "state.pt"

    products = groceries.products_to_train(options.products)
    label_of = {product: label for label, product in enumerate(products)}
    photos = groceries.listed("train")
    rows = np.array([row for row, (product, _) in enumerate(photos) if product in label_of])
    labels = np.array([label_of[photos[row][0]] for row in rows])

    def kept_looks():
        files = sorted(cache_folder(options.cut, options.size).glob("[0-9][0-9].npy"))
        if not files:
            raise SystemExit("run cache_looks.py first")
        return [np.load(file, mmap_mode="r") for file in files]

    network = read_network()
    if options.begin:
        onnx_file.read_weights(options.begin.read_bytes(), network)
    late = LateBlocks(network, options.cut, options.drop)
    prototypes = Prototypes(len(products))
    first_epoch = 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        late.load_state_dict(state["net"])
        prototypes.load_state_dict(state["proto"])
        first_epoch = state["epoch"]
    else:
        some = np.concatenate([np.flatnonzero(labels == one)[:12] for one in range(len(products))])
        look = kept_looks()[0]
        with torch.no_grad():
            late.eval()
            features = [
                late(torch.from_numpy(look[rows[some[at : at + 64]]]).float())
                for at in range(0, len(some), 64)
            ]
        prototypes.start(torch.cat(features), torch.from_numpy(labels[some]))
    optimiser = make_optimiser(late, prototypes, options)
    averaged = copy.deepcopy(late)
    if first_epoch:
        optimiser.load_state_dict(state["optimiser"])
        averaged.load_state_dict(state["ema"])

    loss_of = Loss(options, products)
    per_epoch = len(rows) // options.batch
    steps = per_epoch * options.epochs
    for epoch in range(first_epoch, options.epochs):
        began = time.time()
        random = np.random.default_rng([options.seed, epoch])
        views = kept_looks()
        order = random.permutation(len(rows))
        late.train()
        losses, right = [], 0
        for batch in range(per_epoch):
            step = epoch * per_epoch + batch
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * rate_at(step, steps)
            taken = order[batch * options.batch : (batch + 1) * options.batch]
            looked = [views[random.integers(len(views))][rows[one]] for one in taken]
            looked = np.stack(looked)
            if epoch < options.crop * options.epochs:
                looked = cropped(looked, random)
            x = torch.from_numpy(looked.astype(np.float32))
            y = functional.one_hot(torch.from_numpy(labels[taken]), len(products)).float()
            if random.random() < options.cutmix:
                x, y = mixed(x, y, random)
            cosines = prototypes(late(x))
            loss = loss_of(cosines, y)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(late.parameters(), 5.0)
            optimiser.step()
            with torch.no_grad():
                share = 1 - min(0.99, (1 + step) / (10 + step))
                for mean, now in zip(averaged.parameters(), late.parameters(), strict=True):
                    mean.lerp_(now, share)
            losses.append(loss.item())
            right += (cosines.argmax(1) == y.argmax(1)).sum().item()
        state = {
            "net": late.state_dict(),
            "ema": averaged.state_dict(),
            "proto": prototypes.state_dict(),
            "optimiser": optimiser.state_dict(),
            "epoch": epoch + 1,
        }
        torch.save(state, folder / "unfinished.pt")
        os.replace(folder / "unfinished.pt", state_file)
        share_right = right / (per_epoch * options.batch)
        line = (
            f"epoch {epoch + 1}/{options.epochs}: loss {np.mean(losses):.3f}, right {share_right:.1%}, "
            f"{len(views)} looks, {time.time() - began:.0f} s"
        )
        print(line, flush=True)
        with (folder / "log.txt").open("a") as log:
            log.write(line + "\n")


if __name__ == "__main__":
    main()
