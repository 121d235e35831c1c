"""How processes are started and told to end, with work that does nothing else."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

BEGIN = """
import os, signal
from searchapp.web.supervising import Supervisor

def wait():
    while True:
        signal.pause()
        os.write(1, b"told, and goes on\\n")

def end():
    os.kill(supervisor, signal.SIGTERM)

supervisor = os.getpid()
"""

ENDS_AT_ONCE = """
def work(number, say_ready, call_one_more):
    say_ready()
    wait()

Supervisor(work, 2, lambda: None).run(end)
print("ended")
"""

ONE_MORE = """
def work(number, say_ready, call_one_more):
    if number == 2:
        os.write(1, b"one more\\n")
        end()
        wait()
    say_ready()
    call_one_more()
    call_one_more()
    wait()

Supervisor(work, 2, lambda: None).run(lambda: None)
print("ended")
"""


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_process_that_is_not_listening_yet_ends_when_it_is_told() -> None:
    assert run(ENDS_AT_ONCE) == "ended\n"


def test_one_process_more_is_started_however_often_it_is_called_for() -> None:
    assert run(ONE_MORE) == "one more\nended\n"
