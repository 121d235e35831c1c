"""The server process: what it never does, and that its answers move to a new generation."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from builders import write_files
from conftest import serving

from searchapp.build import build

ROOT = Path(__file__).parent.parent
POST = "---\ntitle: {}\ntags: [pets]\n---\n{}\n"

ASKS_EVERY_PAGE = """
import sys
from pathlib import Path
from searchapp.web import create_app
client = create_app(Path(sys.argv[1]), Path(sys.argv[2])).test_client()
work = client.get("/api/search?q=river").json["hits"][0]["id"]
for path in ("/", "/?q=river", "/tags/", "/tags/rivers/", f"/works/{work}/", "/about/",
             "/api/search?q=map&tag=rivers", f"/api/works/{work}", "/api/tags", "/healthz"):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status)
print(sorted(m for m in sys.modules if m in ("whoosh.index", "whoosh.searching", "whoosh.reading")))
"""


def test_a_server_process_never_imports_whoosh_index(scattered_index: Path) -> None:
    content = ROOT / "tests" / "data" / "scattered"

    done = subprocess.run(
        [sys.executable, "-c", ASKS_EVERY_PAGE, str(scattered_index), str(content)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_a_running_server_moves_to_a_new_generation(tmp_path: Path) -> None:
    content = write_files(tmp_path / "content", {"cats.md": POST.format("Cats", "They purr.")})
    index = tmp_path / "index"
    build(content, index)
    with serving(content, index) as address:
        assert "Dogs" not in fetch(address + "/")
        write_files(content, {"dogs.md": POST.format("Dogs", "They bark.")})
        build(content, index)

        until = time.monotonic() + 60
        while "Dogs" not in fetch(address + "/"):  # the server looks once in a second
            assert time.monotonic() < until


def test_what_is_no_image_of_a_piece_is_never_sent_from_the_content_folder(
    tmp_path: Path,
) -> None:
    text = "A drawing: ![A cat](cat.svg)"
    content = write_files(
        tmp_path / "content",
        {"cats.md": POST.format("Cats", text), "cat.svg": "<svg/>", "dog.svg": "<svg/>"},
    )
    build(content, tmp_path / "index")
    with serving(content, tmp_path / "index") as address:
        assert fetch(address + "/media/cat.svg") == "<svg/>"
        for path in ("dog.svg", "cats.md", "../index/CURRENT", "%2e%2e/index/CURRENT"):
            assert status_of(f"{address}/media/{path}") == 404


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)
