"""Print how well several scores tell photos of taught products from photos of strangers.

Each line: AUROC, and the share of strangers refused where 95% of the known photos pass.
"""

import argparse
from pathlib import Path

import numpy as np

import groceries
from judge import Head, normalised

SHRINKAGE = 0.3


def auroc(known, strange):
    values = np.concatenate([known, strange])
    place = np.empty(len(values))
    place[values.argsort(kind="stable")] = np.arange(1, len(values) + 1)
    n = len(known)
    return (place[:n].sum() - n * (n + 1) / 2) / (n * len(strange))


def refused(known, strange):
    return np.mean(strange < np.quantile(known, 0.05))


class Headings:
    """Directions in the space where a product's own spread is the same all around, as the engine's."""

    def __init__(self, head, features, labels):
        self.head = head
        centred, projected = self.projected(features)
        classes = labels.max() + 1
        means = np.stack([projected[labels == one].mean(0) for one in range(classes)])
        whole = np.stack([centred[labels == one].mean(0) for one in range(classes)])
        inside = projected - means[labels]
        spread = ((centred - whole[labels]) ** 2).sum() / len(centred)
        self.floor = SHRINKAGE * spread / centred.shape[1]
        covariance = (1 - SHRINKAGE) * inside.T @ inside / len(inside)
        covariance += self.floor * np.eye(len(covariance))
        self.whitening = np.linalg.inv(np.linalg.cholesky(covariance)).T
        self.means = means @ self.whitening
        self.all = np.linalg.inv(np.cov(projected.T) + 1e-9 * np.eye(projected.shape[1]))

    def projected(self, features):
        centred = normalised(features) - self.head.mean
        return centred, centred @ self.head.basis.T

    def of(self, features):
        centred, projected = self.projected(features)
        white = projected @ self.whitening
        outside = np.maximum((centred**2).sum(1) - (projected**2).sum(1), 0)
        return white / np.sqrt((white**2).sum(1) + outside / self.floor)[:, None]

    def mahalanobis(self, features):
        """The squared distance to the nearest product, and to all of them as one."""
        projected = self.projected(features)[1]
        white = projected @ self.whitening
        near = ((white[:, None] - self.means[None]) ** 2).sum(2).min(1)
        return near, np.einsum("ij,jk,ik->i", projected, self.all, projected)


def scores_of(taught, labels, asked):
    """Of each photo asked for, by name; the higher the better known."""
    head = Head(taught, labels, labels.max() + 1)
    logits = head.scores(asked)
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    softmax = shifted / shifted.sum(1, keepdims=True)
    best = np.sort(logits, 1)
    headings = Headings(head, taught, labels)
    near = headings.of(asked) @ headings.of(taught).T
    by_product = np.stack([near[:, labels == one].max(1) for one in range(labels.max() + 1)], 1)
    own, all_in_one = headings.mahalanobis(asked)
    cosines = np.sort(normalised(asked) @ normalised(taught).T, 1)
    return {
        "largest softmax": softmax.max(1),
        "energy": logits.max(1) + np.log(shifted.sum(1)),
        "gap of the logits": best[:, -1] - best[:, -2],
        "nearest photo, plain cosine": cosines[:, -1],
        "fifth photo, plain cosine": cosines[:, -5],
        "nearest heading": near.max(1),
        "mean of the 5 nearest headings": np.sort(near, 1)[:, -5:].mean(1),
        "Mahalanobis": -own,
        "relative Mahalanobis": all_in_one - own,
        "softmax × heading of the same": (softmax * np.maximum(by_product, 0)).max(1),
    }


def split(features, taught_products, shots, seed):
    """The photos taught, their labels, and those asked for with whether they are known."""
    train, check = (
        np.array([product for product, _ in groceries.listed(part)]) for part in ("train", "check")
    )
    random = np.random.default_rng(seed)
    rows = [random.permutation(np.flatnonzero(train == one))[:shots] for one in taught_products]
    labels = np.repeat(np.arange(len(rows)), [len(own) * 2 for own in rows])
    taught = features["train"][np.concatenate(rows)].reshape(-1, features["train"].shape[-1])
    return taught, labels, features["check"][:, 0], np.isin(check, taught_products)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("features", nargs="+", type=Path, help="files of features.py")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    new = [groceries.PRODUCTS.index(name) for name in groceries.NEW_PRODUCTS]
    old = [index for index in range(len(groceries.PRODUCTS)) if index not in new]
    protocols = [("57 taught wholly, 24 strange", old, None, 1)]
    protocols.append(("24 taught with 16 photos, 57 strange", new, 16, options.seeds))
    for file in options.features:
        features = dict(np.load(file))
        for title, products, shots, seeds in protocols:
            print(f"{file.name}: {title}")
            found = {}
            for seed in range(seeds):
                taught, labels, asked, known = split(features, products, shots, seed)
                for name, score in scores_of(taught, labels, asked).items():
                    pair = (score[known], score[~known])
                    found.setdefault(name, []).append((auroc(*pair), refused(*pair)))
            for name, values in found.items():
                mean = np.mean(values, 0)
                print(f"  {name:32} {mean[0]:.3f}  {mean[1]:.0%}", flush=True)


if __name__ == "__main__":
    main()
