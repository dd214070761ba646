"""Train the segmenter on scenes of even seeds; goes on where it was stopped."""

import argparse
import copy
import time
from pathlib import Path

import cv2
import torch
import torch.nn.functional as F

import camera
import folders
import shards
from network import Segmenter

# A change is rare among the pixels, and missing one is worse than a ragged outline.
CLASS_WEIGHTS = torch.tensor([1.0, 2.5, 2.5, 1.5])
EDGE_WEIGHT = 0.4
EDGE_POSITIVE = torch.tensor(3.0)


def loss_of(logits, batch):
    label = batch["label"][:, 0].long()
    each = F.cross_entropy(logits[:, :-1], label, CLASS_WEIGHTS, reduction="none")
    each = each * (1 + batch["gap"][:, 0])
    edge = shards.edges(batch["instance"])[:, 0].float()
    edges = F.binary_cross_entropy_with_logits(logits[:, -1], edge, pos_weight=EDGE_POSITIVE)
    return each.mean() + EDGE_WEIGHT * edges


def averaged(average, network, share):
    with torch.no_grad():
        for mean, value in zip(average.state_dict().values(), network.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - share)
            else:
                mean.copy_(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--scenes", type=Path, action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--decay", type=int, default=0, help="the last so many steps the rate falls to nothing")
    parser.add_argument("--begin", type=Path, help="a run's file to begin from")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    network = Segmenter().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-3)
    step = 0
    file = folders.WORK / f"{options.run}.pt"
    begin = file if file.exists() else options.begin
    if begin:
        kept = torch.load(begin, weights_only=True)
        network.load_state_dict(kept["network"])
        average.load_state_dict(kept["average"])
        optimiser.load_state_dict(kept["optimiser"])
        step = kept["step"]

    def save():
        part = file.with_suffix(".part")
        torch.save(
            {
                "network": network.state_dict(),
                "average": average.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
            },
            part,
        )
        part.rename(file)

    faults = camera.Faults(options.seed * 1_000_003 + step)
    data = shards.batches(options.scenes or [folders.WORK / "scenes"], "even", options.batch, options.seed + step)
    began, total, seen = time.monotonic(), 0.0, 0
    network.train()
    for batch in data:
        if step >= options.steps:
            break
        warm = min(1.0, (step + 1) / 200)
        left = (options.steps - step) / options.decay if options.decay else 1.0
        for group in optimiser.param_groups:
            group["lr"] = options.rate * warm * min(1.0, left)
        names = ("accepted", "now", "label", "instance", "gap")
        batch = dict(zip(names, camera.flipped(faults, *(batch[name] for name in names))))
        with torch.no_grad():
            pixels = camera.pair(faults, batch["accepted"], batch["now"])
        pixels = pixels.to(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(pixels)
        loss = loss_of(logits.float(), batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        averaged(average, network, min(0.998, step / (step + 20)))
        step += 1
        total, seen = total + loss.item(), seen + 1
        if step % 100 == 0:
            print(f"{step} {total / seen:.4f} {time.monotonic() - began:.0f} s", flush=True)
            total, seen = 0.0, 0
            save()
    save()


if __name__ == "__main__":
    main()
