"""Asking places whether they live: every kind of answer, politely, from loopback to loopback."""

import asyncio
import datetime as dt
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from answering import Asked, answering, apart, huge, moved, nobody_listening, reply, reset

from searchapp.asking.answers import Answer
from searchapp.asking.hosts import Asker, Manners
from searchapp.asking.memory import Memory
from searchapp.asking.robots import LONGEST_RULE, MOST_RULES, read_robots
from searchapp.asking.web import NoAnswerError, Way, request

QUICK = Manners(pause=0.0, patience=5.0, whole=120.0)
OK = "200 OK"
TLS = ssl.create_default_context()  # once, as reading all that it trusts takes long


def ask(*urls: str, manners: Manners = QUICK, seconds: float = 30.0) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    way = Way("searchapp/test", seconds, TLS)
    apart(lambda: Asker(way, manners).ask_all(urls, answers.__setitem__))
    return answers


def only_get(asked: Asked) -> bytes:
    return reply("405 Method Not Allowed" if asked.method == "HEAD" else OK)


def busy_once(asked: Asked) -> bytes:
    return reply("429 Too Many Requests", "Retry-After: 0") if asked.number == 1 else reply(OK)


def busy_until(asked: Asked) -> bytes:
    return reply("429 Too Many Requests", "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT")


ANSWERS: dict[str, tuple[Callable[[Asked], bytes], str, str]] = {
    "/ok": (lambda a: reply(OK), "lives", "200"),
    "/no-content": (lambda a: reply("204 No Content"), "lives", "204"),
    "/not-found": (lambda a: reply("404 Not Found"), "dead", "404 Not Found"),
    "/gone": (lambda a: reply("410 Gone"), "dead", "410 Gone"),
    "/only-get": (only_get, "lives", "200"),
    "/head-lies": (lambda a: reply("404 x" if a.method == "HEAD" else OK), "lives", "200"),
    "/forbidden": (lambda a: reply("403 Forbidden"), "refused", "403"),
    "/unauthorised": (lambda a: reply("401 Unauthorized"), "refused", "401"),
    "/no-robots": (lambda a: reply("999 Request denied"), "refused", "999"),
    "/teapot": (lambda a: reply("418 x"), "refused", "418"),
    "/broken": (lambda a: reply("500 x"), "failing", "500 Internal Server Error"),
    "/busy-then-broken": (lambda a: reply("503 x", "Retry-After: 0"), "failing", "503"),
    "/moved": (moved("/ok"), "moved", "200"),
    "/moved-for-now": (moved("/ok", "302 Found"), "lives", "200"),
    "/moved-twice": (moved("/moved"), "moved", "200"),
    "/moved-in-part-for-now": (moved("/moved-for-now"), "lives", "200"),
    "/moved-to-nothing": (moved("/not-found"), "dead", "404"),
    "/moved-nowhere": (lambda a: reply("301 x"), "refused", "301"),
    "/circle": (moved("/circle-2"), "failing", "circle"),
    "/circle-2": (moved("/circle"), "failing", "circle"),
    "/to-itself": (moved("/to-itself"), "failing", "circle"),
    "/to-a-file": (moved("file:///etc/passwd"), "failing", "no page of the web"),
    "/to-javascript": (moved("javascript:alert(1)"), "failing", "no page of the web"),
    "/to-no-port": (moved("http://a.example:x/"), "failing", "no address"),
    "/empty": (lambda a: b"", "failing", "without an answer"),
    "/half": (lambda a: b"HTTP/1.1 200 OK\r\nConte", "failing", "without an answer"),
    "/no-http": (lambda a: b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "failing", "no HTTP"),
    "/endless-head": (lambda a: reply(OK, *["X: " + "y" * 1000] * 100), "failing", "no end"),
    "/reset": (reset, "failing", "breaks the connection off"),
    "/huge": (huge, "lives", "200"),
    **{f"/steps/{n}": (moved(f"/steps/{n + 1}"), "failing", "redirects") for n in range(1)},
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    """What each path of ANSWERS gave, all asked in one run."""
    handlers = {path: handler for path, (handler, _, _) in ANSWERS.items()}
    handlers |= {f"/steps/{n}": moved(f"/steps/{n + 1}") for n in range(9)}
    with answering(handlers) as server:
        return {path: ask_one(server.url(path)) for path in ANSWERS}


def ask_one(url: str) -> Answer:
    return ask(url)[url]


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_says_of_its_place(path: str, answers: dict[str, Answer]) -> None:
    _, state, said = ANSWERS[path]

    assert answers[path].state == state
    assert said in answers[path].said
    assert answers[path].reached


def test_a_move_for_good_names_where_it_leads(answers: dict[str, Answer]) -> None:
    assert (answers["/moved-twice"].to or "").endswith("/ok")
    assert answers["/moved-for-now"].to is None


def test_a_place_that_is_silent_is_given_up() -> None:
    with answering({}) as server:
        server.handlers["/silent"] = server.be_silent
        answer = ask(server.url("/silent"), seconds=0.3)[server.url("/silent")]

    assert (answer.state, answer.said) == ("failing", "no answer within 0.3 seconds")


def test_a_place_where_nobody_listens_was_not_reached() -> None:
    with nobody_listening() as port:
        answer = ask_one(f"http://127.0.0.1:{port}/a")

    assert answer == Answer("failing", "no connection: Connection refused", reached=False)


def test_a_name_that_nobody_knows_was_not_reached() -> None:
    url = "http://name.invalid./a"

    answer = ask_one(url)

    assert (answer.state, answer.reached) == ("failing", False)


def test_https_to_a_server_without_it_is_a_connection_that_is_not_secure() -> None:
    with answering({}) as server:
        url = server.url("/a").replace("http:", "https:")
        assert ask(url, seconds=1.0)[url].state == "failing"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes the certificate")
def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(4):
                try:
                    connection, _ = listening.accept()
                    with connection:
                        secure.wrap_socket(connection, server_side=True).close()
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/a"
        answer = ask_one(url)
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(60)

    assert answer.state == "failing"
    assert "its certificate is refused: self-signed certificate" in answer.said


def test_a_host_is_asked_one_question_at_a_time_and_told_who_asks() -> None:
    with answering({f"/{n}": lambda a: reply(OK) for n in range(12)}, hosts=1) as server:
        found = ask(*(server.url(f"/{n}") for n in range(12)))

    assert {answer.state for answer in found.values()} == {"lives"}
    assert server.most_at_once == 1
    assert server.agents == {"searchapp/test"}
    assert server.asked[0] == ("GET", "/robots.txt")
    assert {method for method, path in server.asked[1:]} == {"HEAD"}


def test_several_hosts_are_asked_at_once() -> None:
    both = threading.Barrier(2, timeout=60)

    def meet(asked: Asked) -> bytes:
        both.wait()  # ends only if the other host is asked meanwhile
        return reply(OK)

    with answering({"/a": meet}) as server:
        found = ask(server.url("/a"), server.url("/a", "127.0.0.2"))

    assert [answer.state for answer in found.values()] == ["lives", "lives"]


def test_a_busy_host_is_asked_again_when_it_says_so() -> None:
    with answering({"/a": busy_once}) as server:
        assert ask_one(server.url("/a")).state == "lives"


def test_a_host_that_is_busy_for_long_is_left_alone() -> None:
    with answering({"/a": busy_until, "/b": lambda a: reply(OK)}) as server:
        found = ask(server.url("/a"), server.url("/b"))

    assert [answer.state for answer in found.values()] == ["refused", "refused"]
    assert ("HEAD", "/b") not in server.asked


def test_robots_txt_is_obeyed() -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: searchapp\nDisallow: /private\n"
    handlers = {
        "/robots.txt": lambda a: reply(OK, body=rules),
        "/private/a": lambda a: reply(OK), "/open": lambda a: reply(OK),
    }  # fmt: skip
    with answering(handlers) as server:
        found = ask(server.url("/private/a"), server.url("/open"))

    assert [answer.state for answer in found.values()] == ["refused", "lives"]
    assert ("HEAD", "/private/a") not in server.asked


def test_a_robots_txt_that_fails_closes_its_host() -> None:
    with answering({"/robots.txt": lambda a: reply("500 x"), "/a": lambda a: reply(OK)}) as server:
        assert ask_one(server.url("/a")).state == "refused"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="no rules"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="nothing is forbidden"),
        pytest.param("User-agent: *\nDisallow: /a", "/ab", False, id="a prefix"),
        pytest.param("User-agent: *\nDisallow: /a$", "/ab", True, id="an end"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False, id="a star"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True, id="the longest"),
        pytest.param("User-agent: *\nAllow: /\nDisallow: /a", "/a", False, id="the longest, no"),
        pytest.param("User-agent: x\nUser-agent: *\nDisallow: /", "/a", False, id="two names"),
        pytest.param("User-agent: x\nDisallow: /", "/a", True, id="of another"),
        pytest.param("user-agent: SearchApp\ndisallow: / # all", "/a", False, id="our name"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True, id="a star and an end"),
        pytest.param("User-agent: *\nDisallow: /a*a$", "/a", True, id="no letter counts twice"),
        pytest.param("User-agent: *\nDisallow: /a*b*c", "/axxcxbx", True, id="in their order"),
        pytest.param("User-agent: *\nDisallow: /a*b*c", "/abbxcx", False, id="stars"),
        pytest.param("User-agent: *\nDisallow: /*a*$", "/xa", False, id="a star at the end"),
        pytest.param("User-agent: *\nDisallow: /a.c", "/abc", True, id="a dot is a dot"),
        pytest.param("User-agent: *\nDisallow: /?p=", "/?p=1", False, id="a query"),
        pytest.param("User-agent: *\nCrawl-delay: 3600", "/a", False, id="too slow to be asked"),
        pytest.param("\x00\xff<html>", "/a", True, id="no robots.txt at all"),
    ],
)
def test_rules_of_robots_txt(rules: str, path: str, allowed: bool) -> None:
    assert read_robots(rules).allow(f"https://a.example{path}") is allowed


def test_a_rule_of_many_stars_was_tried_in_as_many_ways_as_there_are_letters() -> None:
    robots = read_robots(f"User-agent: *\nDisallow: /{'*a' * 900}*z")

    assert robots.allow(f"https://a.example/{'a' * 5_000}")
    assert not robots.allow(f"https://a.example/{'a' * 5_000}z")


def test_a_robots_txt_could_hold_rules_without_end() -> None:
    many = "".join(f"Disallow: /{n}/\n" for n in range(2 * MOST_RULES))
    robots = read_robots(f"User-agent: *\n{many}")

    assert len(robots.rules) == MOST_RULES
    assert not robots.allow("https://a.example/7/")


def test_a_rule_longer_than_any_path_was_read() -> None:
    robots = read_robots(f"User-agent: *\nDisallow: {'*a' * LONGEST_RULE}\nDisallow: /b\n")

    assert robots.rules == (("/b", False),)


def test_a_robots_txt_of_names_alone_took_each_rule_once_for_each_name() -> None:
    names = "".join(f"User-agent: a{n}\n" for n in range(5_000))
    rules = "Disallow: /a\n" * 5_000
    robots = read_robots(f"{names}User-agent: *\n{rules}")

    assert set(robots.rules) == {("/a", False)}


def test_no_page_of_the_open_net_leads_into_this_one() -> None:
    with answering({"/a": lambda a: reply(OK)}) as server:
        asking = request("HEAD", server.url("/a"), Way("x", tls=TLS), private=False)
        with pytest.raises(NoAnswerError, match="from the open net into this one"):
            apart(lambda: asyncio.run(asking))

    assert server.asked == []


def test_what_the_time_does_not_suffice_for_is_not_asked() -> None:
    with answering({}) as server:
        server.handlers["/robots.txt"] = server.be_silent
        urls = [server.url(f"/{n}") for n in range(3)]
        told: list[str] = []
        asker = Asker(Way("x", tls=TLS), Manners(pause=0.0, whole=0.3))
        unasked = apart(lambda: asker.ask_all(urls, lambda url, answer: told.append(url)))

    assert (unasked, told) == (3, [])


# --- What is remembered ---------------------------------------------------------------

DAY = dt.date(2024, 5, 1)
URL = "https://a.example/cats"


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def test_an_answer_is_believed_for_a_time(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.note(URL, Answer("lives", "200 OK"), DAY)
    memory.save()

    kept = Memory(tmp_path)
    assert kept.due([URL], later(29)) == []
    assert kept.due([URL], later(30)) == [URL]
    assert kept.due([URL, "https://a.example/new"], later(40)) == ["https://a.example/new", URL]


def test_a_place_that_fails_for_long_is_dead_and_lives_again_at_its_first_answer(
    tmp_path: Path,
) -> None:
    memory = Memory(tmp_path)
    states = []
    for day in (0, 0, 7, 13, 14):
        memory.note(URL, Answer("failing", "no connection"), later(day))
        states.append(memory.known[URL].state)

    assert states == ["failing", "failing", "failing", "failing", "dead"]
    assert memory.known[URL].since == DAY
    memory.note(URL, Answer("lives", "200 OK"), later(15))
    assert memory.known[URL].state == "lives"
    memory.note(URL, Answer("failing", "no connection"), later(16))
    assert memory.known[URL].state == "failing"


@pytest.mark.parametrize("damaged", ["", "[]", "{", '{"a": 1}', '{"a": {"state": "x"}}', "\x00"])
def test_a_damaged_memory_is_none(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "links.json").write_text(damaged)

    assert Memory(tmp_path).known == {}
