"""Where what is read lies, and what is made on the way."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
SHARED = PROJECT.parent / "shared"
DATA = SHARED / "data"
FILMS = SHARED / "films"
WORK = HERE / "work"
CUT = WORK / "cut.npz"
