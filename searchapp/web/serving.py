"""Running the app: a production server of several processes, or Flask's own while developing.

    bind --> listening socket --Supervisor--> Worker, Worker --> answers
                                         |     +-Passage-> Worker aside, once somebody is greedy
                                         +--> Watcher        --> builds (--watch, --owner)

The socket listens before any worker is there: who comes early waits, and is answered.
"""

import errno
import gc
import ipaddress
import os
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from searchapp.board import Board
from searchapp.engine import open_index
from searchapp.errors import SearchappError
from searchapp.settings import DEFAULT
from searchapp.watching import Watcher
from searchapp.web import create_app
from searchapp.web.appetites import Appetites
from searchapp.web.journal import keep_journal
from searchapp.web.metering import WARMING, Meter
from searchapp.web.moving import Passage, Sharing
from searchapp.web.owner import add_owner
from searchapp.web.supervising import Supervisor
from searchapp.web.watched import let_watch
from searchapp.web.working import Worker, has_parent

_BACKLOG = 1024  # connections that wait to be taken
_SWITCH = 0.0005  # seconds that a thread computes while another would like to; Python's is 0.005
_OWNERS = ("localhost", "127.0.0.1", "::1")  # by other names of this machine nothing is answered


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
    watch: bool = False
    owner: bool = False

    @property
    def builds(self) -> bool:
        """Whether a process of the server builds."""
        return self.watch or self.owner


def run_server(
    index: Path, content: Path, wishes: Wishes, tell: Callable[[str], object] = print
) -> None:
    """Serve `index` until SIGTERM or Ctrl-C; `tell` is given the address once it answers.

    Raises SearchappError where the index cannot be opened or the address not be used.
    """
    host, port, workers = wishes.host, wishes.port, wishes.workers
    _check_host(wishes)
    if wishes.log:
        keep_journal()
    open_index(index)  # an unusable index is told now, not to the first visitor
    meter = Meter(workers + 1)
    sharing = Sharing(Appetites(workers + 1), meter.count_put_back, meter.count_moved)
    board = Board() if wishes.builds else None
    token = secrets.token_urlsafe(24)
    app = _make_app(index, content, wishes, meter, board, token)
    if wishes.debug:
        app.run(host, port, debug=True)  # nosec B201  # on loopback alone, and only asked for
        return
    listening = bind(host, port)
    address = f"http://{_shown(host)}:{listening.getsockname()[1]}/"
    settle_process()

    def tell_ready() -> None:
        tell(f"Serving on {address} (stop with Ctrl-C)")
        if wishes.owner:
            tell(f"Your desk: {address}owner/?token={token}")

    if workers == 1 and not board:
        worker = Worker(app, listening, meter.count_refusal, sharing)
        worker.stop_on_signals()
        open_now(app)
        tell_ready()
        worker.run()
        return
    parent = os.getpid()
    sharing.passage = Passage()

    def work(number: int, say_ready: Callable[[], None], call_aside: Callable[[], None]) -> None:
        if board and number == workers:  # one more than those who answer
            listening.close()
            say_ready()
            then = "searchapp.owner.gathering:gather_desk" if wishes.owner else None
            watcher = Watcher(content, index, board, watches=wishes.watch, then=then)
            watcher.run(lambda: has_parent(parent))
            return
        meter.take_row(min(number, workers))
        sharing.join(min(number, workers), number >= workers, call_aside)
        worker = Worker(app, listening, meter.count_refusal, sharing)
        worker.stop_on_signals()
        open_now(app)
        say_ready()
        worker.run(lambda: has_parent(parent))

    try:
        Supervisor(work, workers + bool(board), listening.close).run(tell_ready)
    finally:
        listening.close()
        sharing.passage.close()


def _check_host(wishes: Wishes) -> None:
    """Refuse to show anybody else what is for one who writes: drafts, decisions, the debugger."""
    if wishes.owner and wishes.host not in _OWNERS:
        names = ", ".join(_OWNERS)
        raise SearchappError(
            f"{wishes.host}: --owner serves this machine only, as {names}; leave out --host"
        )
    options = {"--watch": wishes.watch, "--debug": wishes.debug}
    for option, is_wanted in options.items():
        if is_wanted and not _is_loopback(wishes.host):
            raise SearchappError(
                f"{wishes.host}: {option} serves this machine only; leave out --host"
            )


def _make_app(
    index: Path, content: Path, wishes: Wishes, meter: Meter, board: Board | None, token: str
) -> Flask:
    app = create_app(
        index, content, meter, searches=wishes.searches, trusted_hosts=_trusted(wishes)
    )
    if board and wishes.watch:
        let_watch(app, board)
    if board and wishes.owner:
        add_owner(app, content, index, board, token)
    meter.name_routes(rule.rule for rule in app.url_map.iter_rules())  # with those just added
    return app


def _trusted(wishes: Wishes) -> tuple[str, ...]:
    """Return the names that are answered: with the owner's page, this machine's own at least."""
    return wishes.trusted_hosts or (("localhost",) if wishes.owner else ())


def open_now(app: Flask) -> None:
    """Let the app open its index and make a page, so that no visitor waits for that."""
    app.test_client().get("/", environ_overrides={WARMING: True})


def settle_process() -> None:
    """Make this process one that serves: no thread of it waits long for another.

    The garbage collector passes over what was imported, which stays as long as we serve: looking
    through that took 40 ms, in the midst of every hundredth answer or so. The index is not open
    yet: a newer one takes its place, and then it must go.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_SWITCH)


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
