"""Running the app: a production server, or Flask's own while developing.

waitress is pure Python, buffers slow clients, and stops cleanly on SIGTERM.
"""

import errno
import gc
import ipaddress
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import waitress

from searchapp.engine import open_index
from searchapp.errors import SearchappError
from searchapp.settings import DEFAULT
from searchapp.web import create_app
from searchapp.web.raw_addresses import KindChannel


def run_server(
    index: Path,
    content: Path,
    host: str,
    port: int,
    *,
    debug: bool = False,
    tell: Callable[[str], object] = print,
) -> None:
    """Serve `index` until SIGTERM or Ctrl-C; `tell` is given the address once it answers.

    Raises SearchappError where the index cannot be opened or the address not be used.
    """
    open_index(index)  # an unusable index is told now, not to the first visitor
    app = create_app(index, content)
    if debug:
        if not _is_loopback(host):
            raise SearchappError(f"{host}: --debug serves this machine only; leave out --host")
        app.run(host, port, debug=True)
        return
    server = _bind(app, host, port)
    _spare_the_collector()
    signal.signal(signal.SIGTERM, _stop)
    tell(f"Serving on http://{_shown(host)}:{server.effective_port}/ (stop with Ctrl-C)")
    server.run()


def _spare_the_collector() -> None:
    """Let the garbage collector pass over what was imported, which stays as long as we serve.

    Looking through that took 40 ms, in the midst of every hundredth answer or so. The index is
    not open yet: a newer one takes its place, and then it must go.
    """
    gc.collect()
    gc.freeze()


def _bind(app: object, host: str, port: int) -> waitress.server.TcpWSGIServer:
    try:
        server = waitress.create_server(
            app, host=host, port=port, threads=int(DEFAULT["threads"]), ident=None,
            channel_timeout=30, max_request_header_size=16_384, max_request_body_size=16_384,
        )  # fmt: skip
    except ValueError as error:  # waitress found no such host
        raise SearchappError(
            f"{host!r}: there is no such host; write an address of this machine with --host"
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "the port is in use; choose another with --port"
        else:
            reason = f"cannot listen there ({error.strerror}); choose another with --host or --port"
        raise SearchappError(f"{host}:{port}: {reason}") from error
    server.channel_class = KindChannel
    return server


def _stop(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
