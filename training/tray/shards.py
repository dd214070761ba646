"""Batches out of the files that scenes.py writes."""

import cv2
import numpy as np
import torch
import torch.nn.functional as F

# How near two things are for the gap between them to count more, in pixels.
GAP_PIXELS = 4.0
GAP_WEIGHT = 8.0


def gaps(instance):
    """Weights of what lies between two new things that are close, as in the U-Net paper."""
    numbers = [number for number in np.unique(instance) if number]
    if len(numbers) < 2:
        return np.zeros(instance.shape, np.float16)
    away = np.array(
        [cv2.distanceTransform((instance != number).astype(np.uint8), cv2.DIST_L2, 3) for number in numbers]
    )
    nearest = np.partition(away, 1, axis=0)[:2].sum(0)
    return (GAP_WEIGHT * np.exp(-(nearest**2) / (2 * GAP_PIXELS**2)) * (instance == 0)).astype(np.float16)


def edges(instance):
    """The outermost pixel of each new thing, also where it touches another. From [n, 1, h, w]."""
    values = instance.float()
    most = F.max_pool2d(F.pad(values, (1, 1, 1, 1), mode="replicate"), 3, 1)
    least = -F.max_pool2d(F.pad(-values, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return (values > 0) & (most != least)


def files(folder, parity):
    return sorted(one for one in folder.glob(f"{parity}-*.npz") if ".part" not in one.name)


def batches(folders, parity, size, seed):
    """For ever: shards in random order, each with all its pairs once. New files are found."""
    random = np.random.default_rng(seed)
    while True:
        names = [name for folder in folders for name in files(folder, parity)]
        for name in random.permutation(names):
            yield from of_shard(np.load(name), size, random)


def of_shard(shard, size, random=None):
    kept = {key: shard[key] for key in ("accepted", "now", "label", "instance")}
    count = len(kept["label"])
    order = np.arange(count) if random is None else random.permutation(count)
    for start in range(0, count, size):
        chosen = order[start : start + size]
        if random is not None and len(chosen) < size // 2:
            break
        instance = kept["instance"][chosen]
        yield {
            "accepted": torch.from_numpy(kept["accepted"][chosen]).permute(0, 3, 1, 2),
            "now": torch.from_numpy(kept["now"][chosen]).permute(0, 3, 1, 2),
            "label": torch.from_numpy(kept["label"][chosen])[:, None],
            "instance": torch.from_numpy(instance)[:, None],
            "gap": torch.from_numpy(np.array([gaps(one) for one in instance]))[:, None].float(),
        }
