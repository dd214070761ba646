"""How photos of one and the same product differ, learnt from the groceries, for the backbone to carry.

A shop's few photos of a product are taken in one place on one day, and do not show how it will look on
another; those of many products do. Features are rooted and made one long, moved by the mean of the
products, turned so that a product's own spread is the same all around, and seen along the main
directions of what is left. The unit vector of that is a heading: the cosine of two says how surely they
show the same product, also for products that were never seen.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import groceries
from judge import normalised

DIRECTIONS = 256
# Share of the spread that is taken to be the same in all directions.
SHRINKAGE = 0.2


@dataclass
class Spread:
    mean: np.ndarray
    matrix: np.ndarray

    def headings(self, features):
        moved = (normalised(features) - self.mean) @ self.matrix
        return moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9)

    def features(self, features):
        """As the exported backbone gives them: the engine's root of them is the heading again."""
        headings = self.headings(features)
        return (headings * np.abs(headings)).astype(np.float32)


def learn(features, labels):
    """From one row of features for each photo."""
    rows = normalised(features).astype(np.float64)
    products, index = np.unique(labels, return_inverse=True)
    means = np.stack([rows[index == one].mean(0) for one in range(len(products))])
    inside = rows - means[index]
    covariance = inside.T @ inside / len(inside)
    floor = np.trace(covariance) / len(covariance)
    covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * floor * np.eye(len(covariance))
    values, vectors = np.linalg.eigh(covariance)
    white = vectors / np.sqrt(values)
    mean = means.mean(0)
    moved = (rows - mean) @ white
    main = np.linalg.eigh(moved.T @ moved)[1][:, ::-1][:, :DIRECTIONS]
    return Spread(mean, white @ main)


def load(file):
    kept = np.load(file)
    return Spread(kept["mean"], kept["matrix"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("features", type=Path, help="a file of features.py")
    parser.add_argument("output", type=Path, help="the spread, for export.py")
    parser.add_argument("--products", type=int, default=81)
    parser.add_argument("--headings", type=Path, help="also write what headings make of the features")
    options = parser.parse_args()
    features = np.load(options.features)
    labels = np.array([product for product, _ in groceries.listed("train")])
    taken = np.isin(labels, groceries.products_to_train(options.products))
    spread = learn(features["train"][taken, 0], labels[taken])
    np.savez(options.output, mean=spread.mean, matrix=spread.matrix)
    if options.headings:
        parts = {part: spread.features(features[part]) for part in ("train", "check")}
        np.savez(options.headings, **parts)


if __name__ == "__main__":
    main()
