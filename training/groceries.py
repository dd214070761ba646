"""The photographs of ../shared/data/grocery and how they are divided."""

import csv
import json
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "grocery"

_rows = list(csv.DictReader((DATA / "products.csv").open()))
PRODUCTS = [row["product"] for row in _rows]
COARSE = [row["coarse"] for row in _rows]
# 24 products, each with the 16 photos that a shop would teach by hand.
FEW_SHOT = json.loads((DATA / "few-shot.json").read_text())
NEW_PRODUCTS = sorted(FEW_SHOT)


def listed(part):
    """(index of the product, path) of each photo of `train` or `check`, always in one order."""
    paths = sorted((DATA / part).glob("*/*.jpg"))
    return [(PRODUCTS.index(path.parent.name), path) for path in paths]


def products_to_train(count):
    """All 81, or the 57 that are not among the new ones."""
    if count == len(PRODUCTS):
        return list(range(count))
    kept = [index for index, name in enumerate(PRODUCTS) if name not in FEW_SHOT]
    if count != len(kept):
        raise SystemExit(f"--products is {len(PRODUCTS)} or {len(kept)}")
    return kept
