"""Keep what the early blocks make of random looks at every photo, one file a look.

The early blocks stay as ImageNet left them, so every training can share this.
"""

import argparse
import os
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

import groceries
import looks
import onnx_file
from efficientnet_lite import read_network

HERE = Path(__file__).resolve().parent


def cache_folder(cut, size):
    return HERE / "work" / "looks" / f"after-block{cut}-at-{size}"


def start(cut):
    global session
    session = onnx_file.session(onnx_file.build(read_network(), last_block=cut))


def activations(job):
    look, photo, path, size = job
    image = looks.random_look(Image.open(path).convert("RGB"), size, [look, photo, 7])
    return session.run(["activations"], {"pixels": looks.pixels(image)[None]})[0][0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cut", type=int, default=7, help="the last block that is not trained")
    parser.add_argument("--size", type=int, default=192, help="pixels of a side")
    parser.add_argument("--looks", type=int, default=12)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    folder = cache_folder(options.cut, options.size)
    folder.mkdir(parents=True, exist_ok=True)
    photos = [(index, path) for index, (_, path) in enumerate(groceries.listed("train"))]
    with Pool(options.processes, start, (options.cut,)) as pool:
        for look in range(options.looks):
            file = folder / f"{look:02d}.npy"
            if file.exists():
                continue
            began = time.time()
            jobs = [(look, index, path, options.size) for index, path in photos]
            kept = np.stack(pool.map(activations, jobs, chunksize=20))
            half_written = folder / "unfinished.npy"
            np.save(half_written, kept)
            os.replace(half_written, file)
            print(f"{file.name}: {kept.shape}, {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
