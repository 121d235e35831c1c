"""Running the app: a production server of several processes, or Flask's own while developing.

    bind --> listening socket --Supervisor--> Worker, Worker --> answers

The socket listens before any worker is there: who comes early waits, and is answered.
"""

import errno
import gc
import ipaddress
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from searchapp.engine import open_index
from searchapp.errors import SearchappError
from searchapp.settings import DEFAULT
from searchapp.web import create_app
from searchapp.web.journal import keep_journal
from searchapp.web.metering import WARMING, Meter
from searchapp.web.supervising import Supervisor
from searchapp.web.working import Worker, has_parent

_BACKLOG = 1024  # connections that wait to be taken


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the owner wants to serve: each is an option of `searchapp serve`."""

    host: str
    port: int
    workers: int = int(DEFAULT["workers"])
    trusted_hosts: tuple[str, ...] = ()
    searches: bool = True
    log: bool = False
    debug: bool = False


def run_server(
    index: Path, content: Path, wishes: Wishes, tell: Callable[[str], object] = print
) -> None:
    """Serve `index` until SIGTERM or Ctrl-C; `tell` is given the address once it answers.

    Raises SearchappError where the index cannot be opened or the address not be used.
    """
    host, port, workers = wishes.host, wishes.port, wishes.workers
    if wishes.log:
        keep_journal()
    open_index(index)  # an unusable index is told now, not to the first visitor
    meter = Meter(workers)
    app = create_app(
        index, content, meter, searches=wishes.searches, trusted_hosts=wishes.trusted_hosts
    )
    if wishes.debug:
        if not _is_loopback(host):
            raise SearchappError(f"{host}: --debug serves this machine only; leave out --host")
        app.run(host, port, debug=True)
        return
    listening = bind(host, port)
    address = f"http://{_shown(host)}:{listening.getsockname()[1]}/"
    _spare_the_collector()

    def tell_ready() -> None:
        tell(f"Serving on {address} (stop with Ctrl-C)")

    if workers == 1:
        worker = Worker(app, listening, meter.count_refusal)
        worker.stop_on_signals()
        open_now(app)
        tell_ready()
        worker.run()
        return
    parent = os.getpid()

    def work(number: int, say_ready: Callable[[], None]) -> None:
        meter.take_row(number)
        worker = Worker(app, listening, meter.count_refusal)
        worker.stop_on_signals()
        open_now(app)
        say_ready()
        worker.run(lambda: has_parent(parent))

    try:
        Supervisor(work, workers, listening.close).run(tell_ready)
    finally:
        listening.close()


def open_now(app: Flask) -> None:
    """Let the app open its index and make a page, so that no visitor waits for that."""
    app.test_client().get("/", environ_overrides={WARMING: True})


def _spare_the_collector() -> None:
    """Let the garbage collector pass over what was imported, which stays as long as we serve.

    Looking through that took 40 ms, in the midst of every hundredth answer or so. The index is
    not open yet: a newer one takes its place, and then it must go.
    """
    gc.collect()
    gc.freeze()


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; port 0 is one that the system chooses.

    A name may stand for several addresses; the first is taken, one of IPv4 before others.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise SearchappError(
            f"{host!r}: there is no such host; write an address of this machine with --host"
        ) from error
    family, *_, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    try:
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "the port is in use; choose another with --port"
        else:
            reason = f"cannot listen there ({error.strerror}); choose another with --host or --port"
        raise SearchappError(f"{host}:{port}: {reason}") from error


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
