"""Print what heads make of features: all 81 products, few photos of 24 new ones, and strangers.

A head here is the engine's, in numpy: features rooted and of length one, centred, seen along their 256
main directions, and a multinomial regression on them that weighs every product the same.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import groceries

DIRECTIONS = 256
PENALTY = 1e-3


def normalised(features):
    rooted = np.sign(features) * np.sqrt(np.abs(features))
    return rooted / np.maximum(np.linalg.norm(rooted, axis=-1, keepdims=True), 1e-9)


class Head:
    def __init__(self, features, labels, classes, penalty=PENALTY):
        rows = normalised(features)
        self.mean = rows.mean(0)
        centred = rows - self.mean
        sample = centred[:: max(1, len(centred) // 1600)]
        self.basis = np.linalg.svd(sample, full_matrices=False)[2][:DIRECTIONS]
        self.scale = np.sqrt((centred**2).mean())
        x, y = torch.from_numpy(self.coordinates(features)).float(), torch.from_numpy(labels)
        counts = np.bincount(labels, minlength=classes)
        shares = 1 / np.maximum(counts, 1) / (counts > 0).sum()
        shares = torch.from_numpy(shares).float()[y]
        weight = torch.zeros(classes, x.shape[1], requires_grad=True)
        bias = torch.zeros(classes, requires_grad=True)
        optimiser = torch.optim.LBFGS(
            [weight, bias], max_iter=60, history_size=8, line_search_fn="strong_wolfe"
        )

        def loss():
            optimiser.zero_grad()
            each = torch.nn.functional.cross_entropy(x @ weight.t() + bias, y, reduction="none")
            total = (each * shares).sum() + 0.5 * penalty * (weight**2).sum()
            total.backward()
            return total

        optimiser.step(loss)
        self.weight, self.bias = weight.detach().numpy(), bias.detach().numpy()

    def coordinates(self, features):
        return (normalised(features) - self.mean) @ self.basis.T / self.scale

    def scores(self, features):
        return self.coordinates(features) @ self.weight.T + self.bias


def ranks(scores, labels):
    """How many products are before the right one."""
    return (scores > scores[np.arange(len(labels)), labels][:, None]).sum(1)


def taught(features, labels, classes):
    """A head for photos × views × features."""
    views = features.shape[1]
    return Head(features.reshape(-1, features.shape[-1]), np.repeat(labels, views), classes)


def all_products(features, train, check):
    scores = taught(features["train"], train, len(groceries.PRODUCTS)).scores(
        features["check"][:, 0]
    )
    names, coarse = np.unique(groceries.COARSE, return_inverse=True)
    rank = ranks(scores, check)
    same = coarse[scores.argmax(1)] == coarse[check]
    shares = np.exp(scores - scores.max(1, keepdims=True))
    sums = np.stack([shares[:, coarse == one].sum(1) for one in range(len(names))], 1)
    return [
        np.mean(rank == 0),
        same.mean(),
        np.mean(sums.argmax(1) == coarse[check]),
        np.mean(rank < 4),
    ]


def few_shot(features, train, check, shots, seed):
    """Top-1 and top-4 of the new products. Seed 0 teaches the listed photos, others draw their own."""
    new = [groceries.PRODUCTS.index(name) for name in groceries.NEW_PRODUCTS]
    label_of = {product: label for label, product in enumerate(new)}
    photos = groceries.listed("train")
    random = np.random.default_rng(seed)
    rows = []
    for name, product in zip(groceries.NEW_PRODUCTS, new, strict=True):
        own = np.flatnonzero(train == product)
        if seed == 0:
            order = {file: at for at, file in enumerate(groceries.FEW_SHOT[name])}
            own = [row for row in own if photos[row][1].name in order]
            own = np.array(sorted(own, key=lambda row: order[photos[row][1].name]))
        else:
            own = random.permutation(own)
        rows.append(own[:shots])
    rows = np.concatenate(rows)
    head = taught(features["train"][rows], np.array([label_of[train[r]] for r in rows]), len(new))
    asked = np.flatnonzero(np.isin(check, new))
    labels = np.array([label_of[check[row]] for row in asked])
    rank = ranks(head.scores(features["check"][asked, 0]), labels)
    return [np.mean(rank == 0), np.mean(rank < 4)]


def percent(values):
    return " / ".join(f"{value:.1%}" for value in values)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("features", nargs="+", type=Path, help="files of features.py")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    train, check = (
        np.array([product for product, _ in groceries.listed(part)]) for part in ("train", "check")
    )
    for file in options.features:
        features = dict(np.load(file))
        print(f"{file.name}\n  81 products, fine / coarse / coarse by sums / top-4: ", end="")
        print(percent(all_products(features, train, check)), flush=True)
        for shots in (5, 10, 16):
            each = [few_shot(features, train, check, shots, s) for s in range(options.seeds)]
            print(f"  24 new ones, {shots} photos, top-1 / top-4: {percent(np.mean(each, 0))}")


if __name__ == "__main__":
    main()
