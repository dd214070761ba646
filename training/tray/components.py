"""New things out of what the network says, one by one, and how they match those that are there."""

import cv2
import numpy as np

from network import CLASSES

NEW = CLASSES.index("added")
LEAST_PIXELS = 20
# Of what is parted, each must have so much.
LEAST_SHARE = 0.15
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
# As large as a box may be beside the thing's own.
WIDEST = 1.5


def things(shares):
    """Numbered pixels of each new thing, as src/main/tray/segmenter/added-things.ts numbers them.

    What hangs together is parted where the share of it that is added and no edge has a pass between
    two heights, both of them as large as things are.
    """
    added = (shares[:-1].argmax(0) == NEW).astype(np.uint8)
    height = cv2.blur(shares[NEW] * (1 - shares[-1]), (3, 3), borderType=cv2.BORDER_REPLICATE)
    numbers = np.zeros(added.shape, np.int32)
    last = 0
    for whole in parts(added, LEAST_PIXELS):
        for seed in seeds(whole, height):
            last += 1
            numbers[seed] = last
    while True:
        grown = cv2.dilate(numbers.astype(np.float32), np.ones((3, 3), np.uint8)).astype(numbers.dtype)
        # Specks have no number near.
        grown = np.where((numbers == 0) & (added > 0), grown, numbers)
        if (grown == numbers).all():
            return numbers
        numbers = grown


def parts(mask, least):
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    found = [labels == number for number in range(1, count)]
    return [one for one in found if one.sum() >= least]


def seeds(whole, height):
    for level in LEVELS:
        found = parts(whole & (height > level), max(LEAST_PIXELS, LEAST_SHARE * whole.sum()))
        if not found:
            break
        if len(found) > 1:
            return [seed for one in found for seed in seeds(one, height)]
    return [whole]


def boxes(numbers):
    """Of each number: left, top, right, bottom."""
    found = {}
    for number in np.unique(numbers):
        if number:
            rows, columns = np.nonzero(numbers == number)
            found[int(number)] = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    return found


def matches(found, true, least=LEAST_PIXELS):
    """How many of the true things were found as one, how many are true, and how many found are none.

    A thing is found where one component has half of their common area. What is too small to be a
    thing, or wholly in a person's hands, is none.
    """
    ours, theirs = boxes(found), boxes(true)
    theirs = {number: box for number, box in theirs.items() if (true == number).sum() >= least}
    taken, wide = set(), 0
    for number, box in theirs.items():
        here = true == number
        best = np.bincount(found[here], minlength=1)
        best[0] = 0
        if best.size == 1 or best.max() == 0:
            continue
        candidate = int(best.argmax())
        union = (here | (found == candidate)).sum()
        if best[candidate] / union < 0.5:
            continue
        taken.add(candidate)
        mine = ours[candidate]
        width, height = box[2] - box[0], box[3] - box[1]
        wide += (mine[2] - mine[0] > WIDEST * width + 1) or (mine[3] - mine[1] > WIDEST * height + 1)
    touches = {number for number in ours if true[found == number].any()}
    return {
        "due": len(theirs),
        "found": len(taken),
        "told": len(ours),
        "false": len(set(ours) - touches),
        "wide": int(wide),
    }
