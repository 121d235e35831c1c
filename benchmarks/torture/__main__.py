"""`python -m benchmarks.torture`: run the proofs, and print what held."""

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.torture import (
    damage,
    disks,
    endurance,
    folder,
    fuzzing,
    growing,
    hostile_clients,
    killing,
    order,
    pages,
    pairs,
    rebuilds,
    syscalls,
    together,
)
from benchmarks.torture.proof import Proof

PROOFS: tuple[Proof, ...] = (
    killing.PROOF, damage.PROOF, pairs.PROOF, syscalls.PROOF, disks.PROOF, order.PROOF,
    growing.PROOF, folder.PROOF, pages.PROOF, fuzzing.PROOF, hostile_clients.PROOF,
    rebuilds.PROOF, together.PROOF, endurance.PROOF,
)  # fmt: skip


def main() -> int:
    """Run the proofs asked for; the exit code is 1 where a figure was not reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full trials")
    parser.add_argument("--only", action="append", choices=[proof.name for proof in PROOFS])
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, "
          f"{os.cpu_count()} cores, load {load:.1f}, scale {options.scale:g}\n")  # fmt: skip
    print("| proof | what | asked | reached | |\n|---|---|---|---|---|")
    chosen = [proof for proof in PROOFS if not options.only or proof.name in options.only]
    held = [_run(proof, options.scale) for proof in chosen]
    return 0 if all(held) else 1


def _run(proof: Proof, scale: float) -> bool:
    """Print a line for each finding of a proof; return whether all were met."""
    is_met = True
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        for finding in proof.run(scale, Path(folder)):
            verdict = "met" if finding.is_met else "NOT MET"
            print(f"| {proof.name} | {finding.what} | {finding.asked} | {finding.reached} "
                  f"| {verdict} |", flush=True)  # fmt: skip
            is_met = is_met and finding.is_met
    print(f"{proof.name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return is_met


if __name__ == "__main__":
    sys.exit(main())
