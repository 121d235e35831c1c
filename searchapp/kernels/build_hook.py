"""Compiles the loops when searchapp is installed, where a compiler is at hand.

Without one, or without Python's headers, numpy runs them and a line says so: nothing fails. The
file keeps to Python's stable interface, so one serves each Python from 3.11 to 3.13; a later one
passes it over.
"""

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "_compiled.abi3.so"
FLAGS = ("-O3", "-std=c11", "-fPIC", "-fvisibility=hidden")
# Sums are those of numpy, bit by bit, only where no multiplication is drawn into an addition.
EXACTLY = ("-ffp-contract=off",)


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]  # it has no configuration
    """Puts the compiled loops into the wheel, and beside their sources for an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say for which platform the wheel is then."""
        folder = Path(self.root, "searchapp", "kernels")
        why = compile_loops(folder / "c", folder / NAME)
        if why:
            self.app.display_warning(f"searchapp's loops run by numpy, not compiled: {why}")
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{platform}"
        build_data["artifacts"].append(f"searchapp/kernels/{NAME}")


def compile_loops(sources: Path, made: Path) -> str | None:
    """Compile all of `sources` into the file `made`; return why that failed, None if it did not.

    Where it failed, nothing is left of an older one: it may not fit.
    """
    include = sysconfig.get_paths()["include"]
    try:
        made.unlink(missing_ok=True)
    except OSError as error:
        return f"{made}: {error.strerror}"
    if not Path(include, "Python.h").is_file():
        return f"{include} has no Python.h"
    link = shlex.split(sysconfig.get_config_var("LDSHARED") or "cc -shared")
    unfinished = made.with_suffix(f".{os.getpid()}.part")  # two may set up at once
    command = (*link, *FLAGS, *EXACTLY, f"-I{include}", *sorted(map(str, sources.glob("*.c"))))
    try:
        run = subprocess.run(  # noqa: S603  # nosec B603  # what Python was built by
            (*command, "-o", str(unfinished)), capture_output=True, text=True, check=False
        )
        if run.returncode:
            said = run.stderr.splitlines()
            return next((line for line in said if "error" in line), f"{link[0]} failed")
        unfinished.replace(made)
    except OSError as error:
        return f"{link[0]}: {error.strerror}"
    return None


if __name__ == "__main__":  # to try a change: python searchapp/kernels/build_hook.py
    here = Path(__file__).parent
    sys.exit(compile_loops(here / "c", here / NAME))
