"""`make corpora CORPORA=folder`: read real collections and print what arrived of them.

Ends with 1 where a figure is not reached.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.corpora import addresses, feeds, folders, reading, robust
from benchmarks.corpora.rows import draw


def main() -> int:
    """Print all tables; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpora", description=__doc__)
    parser.add_argument("root", type=Path, help="the folder with blogs/, lists/ and robust/")
    root = parser.parse_args().root.resolve()
    if not (root / "blogs").is_dir():
        sys.exit(f"{root}: has no folder blogs/; name the folder that has: make corpora CORPORA=…")
    with tempfile.TemporaryDirectory(prefix="corpora-") as made:
        scratch = Path(made)
        read = folders.read_folders(root, scratch / "folders")
        results = (
            draw("What arrived, by source", folders.report(root, read)),
            draw("A second reading", reading.report(read, scratch / "folders")),
            draw("Addresses that stand elsewhere", addresses.report(read, scratch)),
            draw("What a feed parser's tests expect", feeds.report(root)),
            draw("Files made to break parsers", robust.report(root, scratch / "robust")),
        )
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
