"""What watchers are told: alive, ready, and the numbers, whatever becomes of the index."""

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from builders import a_work, write_files
from flask.testing import FlaskClient

from searchapp.build import build
from searchapp.engine import Index
from searchapp.errors import IndexUnusableError
from searchapp.web import create_app
from searchapp.web.metering import Meter

IndexOf = Callable[..., Index]  # the fixture: builds an index of works and opens it


@pytest.fixture
def index(index_of: IndexOf) -> Path:
    return index_of(a_work("Cats", text="They purr.")).path


def look_again(client: FlaskClient) -> None:
    """Look at the folder now, which is else done once a second."""
    with suppress(IndexUnusableError):
        client.application.extensions["index"].get().refresh()


def build_with_dogs(index_of: IndexOf) -> Path:
    index = index_of(a_work("Cats", text="They purr."), a_work("Dogs", text="They bark.")).path
    return index / (index / "CURRENT").read_text().strip()


def damage(generation: Path) -> None:
    path = next((generation / "arrays").glob("*.npy"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def test_the_process_is_alive_without_any_index(tmp_path: Path) -> None:
    answer = create_app(tmp_path / "none").test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready_says_which_index_answers(index: Path) -> None:
    told = create_app(index).test_client().get("/readyz").json

    assert 0 <= told.pop("age") < 600
    assert re.match(r"20\d\d-\d\d-\d\dT", told.pop("built"))
    assert told == {
        "status": "ready", "generation": 1, "documents": 1, "works": 1, "skipped": None,
        "degraded": None,
    }  # fmt: skip


def test_ready_tells_how_many_entries_were_skipped(tmp_path: Path) -> None:
    content = write_files(
        tmp_path / "content", {"cats.md": "# Cats\n", "bad.md": "---\ntitle: [\n---\nx\n"}
    )
    build(content, tmp_path / "index")

    assert create_app(tmp_path / "index").test_client().get("/readyz").json["skipped"] == 1


def test_without_any_index_it_is_not_ready_and_says_what_to_do(tmp_path: Path) -> None:
    answer = create_app(tmp_path / "none").test_client().get("/readyz")

    assert (answer.status_code, answer.json["status"]) == (503, "unready")
    assert "run `searchapp build " in answer.json["reason"]
    assert answer.headers["Retry-After"]
    assert str(tmp_path) not in answer.text


def test_a_damaged_newer_index_is_refused_and_the_last_good_one_answers(
    index_of: IndexOf, index: Path
) -> None:
    client = create_app(index).test_client()
    assert client.get("/readyz").json["status"] == "ready"
    damage(build_with_dogs(index_of))
    look_again(client)

    answer = client.get("/readyz")
    told = answer.json
    assert (answer.status_code, told["status"], told["generation"]) == (200, "degraded", 1)
    assert told["degraded"].startswith("gen-2/arrays/")
    assert "damaged" in told["degraded"]
    assert "Dogs" not in client.get("/").text
    assert "searchapp_degraded 1" in client.get("/metrics").text


def test_a_damaged_newer_index_is_told_also_by_a_server_that_starts_then(
    index_of: IndexOf, index: Path
) -> None:
    damage(build_with_dogs(index_of))

    told = create_app(index).test_client().get("/readyz").json
    assert (told["status"], told["generation"]) == ("degraded", 1)


def test_what_is_open_answers_on_when_the_folder_has_gone(index: Path) -> None:
    client = create_app(index).test_client()
    assert "Cats" in client.get("/?q=purr").text
    shutil.rmtree(index)
    look_again(client)

    assert "Cats" in client.get("/?q=cats").text
    told = client.get("/readyz").json
    assert (told["status"], told["generation"]) == ("degraded", 1)
    assert "CURRENT" in told["degraded"] or "no index" in told["degraded"]


def test_an_open_index_that_was_written_to_gives_way_to_an_older_one(
    index_of: IndexOf, index: Path
) -> None:
    newest = build_with_dogs(index_of)
    client = create_app(index).test_client()
    assert client.get("/readyz").json["generation"] == 2
    damage(newest)
    look_again(client)

    told = client.get("/readyz").json
    assert (told["status"], told["generation"]) == ("degraded", 1)
    assert client.get("/?q=dogs").status_code == 200


def test_an_open_index_that_was_written_to_is_no_longer_asked_where_none_can_replace_it(
    index: Path,
) -> None:
    client = create_app(index).test_client()
    assert client.get("/?q=cats").status_code == 200
    damage(index / "gen-1")
    look_again(client)

    for _ in range(2):
        answer = client.get("/?q=cats")
        assert answer.status_code == 503
        assert "searchapp build" in answer.text
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/style.css").status_code == 200


def test_a_touched_index_is_read_again_and_answers_on(index: Path) -> None:
    client = create_app(index).test_client()
    assert client.get("/?q=cats").status_code == 200
    next((index / "gen-1" / "arrays").glob("*.npy")).touch()
    look_again(client)

    assert client.get("/readyz").json["status"] == "ready"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_no_cache_keeps_what_watchers_are_told(index: Path, path: str) -> None:
    answer = create_app(index).test_client().get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+')


def read_metrics(text: str) -> dict[str, float]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines)
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_requests_are_counted_by_route_and_class_of_status(index: Path) -> None:
    client = create_app(index).test_client()
    for path in ("/?q=cats", "/?q=dogs", "/works/000000000000/", "/nonsense", "/also"):
        client.get(path)

    told = read_metrics(client.get("/metrics").text)
    total = 'searchapp_requests_total{{route="{}",status="{}"}}'
    assert told[total.format("/", "2xx")] == 2
    assert told[total.format("/works/<key>/", "4xx")] == 1
    assert told[total.format("other", "4xx")] == 2
    assert told['searchapp_request_seconds_count{route="/"}'] == 2
    assert told['searchapp_request_seconds_bucket{route="/",le="+Inf"}'] == 2
    assert (told["searchapp_index_works"], told["searchapp_index_generation"]) == (1, 1)


def test_no_address_that_visitors_make_up_becomes_a_name_in_the_numbers(index: Path) -> None:
    client = create_app(index).test_client()
    for number in range(50):
        client.get(f"/made-up-{number}?q={number}")

    assert "made-up" not in client.get("/metrics").text


def test_processes_that_share_a_meter_tell_their_sum() -> None:
    meter = Meter(2)
    meter.name_routes(["/"])
    for process in (0, 1):
        meter.take_row(process)
        meter.count("/", 200, 0.003)

    ((route, numbers),) = meter.sums()
    assert (route, numbers[1], numbers[-1]) == ("/", 2, pytest.approx(0.006))


def test_every_route_has_a_row(index: Path) -> None:
    client = create_app(index).test_client()
    app = client.application
    rules = {rule.rule for rule in app.url_map.iter_rules()}

    assert rules <= set(app.extensions["meter"]._routes)
