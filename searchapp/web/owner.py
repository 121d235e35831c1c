"""The owner's page (`serve --owner`): what the last build did, and what wants a decision.

    GET  /owner/...  --Desk--> what is to be decided, one thing under the other
    POST /owner/...  --Decisions--> a plain file --ring--> a build --303--> the next thing

Every page is plain HTML with forms; a script adds keys.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from searchapp.board import Board
from searchapp.errors import SearchappError
from searchapp.missed import count_found, describe_missed
from searchapp.owner.deciding import Decisions, key_of
from searchapp.owner.ledger import Entry
from searchapp.searches import Missed, SearchLog
from searchapp.web.current import current_index
from searchapp.web.owner_desk import Case, Desk, Done, last_build
from searchapp.web.owner_guard import check_owner, form_token, keep_private

owner = Blueprint("owner", __name__, url_prefix="/owner")
owner.before_request(check_owner)
owner.after_request(keep_private)

_PATIENCE = 4.0  # seconds that a decision waits for its build, so that the next page shows it
_SHOWN = 50  # things to decide that stand on a page
_SEARCHES = 40


def add_owner(  # what the page is about, and by what it is opened
    app: Flask, content: Path, index: Path, board: Board, token: str, patience: float = _PATIENCE
) -> None:
    """Give `app` the owner's page, which is opened by `token`; `board` has builds made.

    For `patience`, in seconds, a decision waits for its build.
    """
    app.extensions["owner_patience"] = patience
    app.extensions["owner_token"] = token
    app.extensions["board"] = board
    app.extensions["decisions"] = Decisions(content, index)
    app.extensions["owner_index"] = index
    app.register_blueprint(owner)


@owner.get("/")
def overview() -> AnyResponse:
    """Show what the last build did, what wants a decision, and what was decided."""
    return _show("overview", build=last_build(_index()))


@owner.get("/pieces/")
def pieces() -> AnyResponse:
    """Show two entries that may be one piece, and what else there is."""
    return _show("pieces")


@owner.get("/tags/")
def tags() -> AnyResponse:
    """Show the tags that may be one."""
    return _show("tags")


@owner.get("/suggestions/")
def suggestions() -> AnyResponse:
    """Show the pieces that may be given tags."""
    return _show("suggestions")


@owner.get("/searches/")
def searches() -> AnyResponse:
    """Show what visitors searched for, and nothing had."""
    return _show("searches")


@owner.post("/pieces/")
def judge_pieces() -> AnyResponse:
    """Note that entries are one piece, or different ones."""
    desk, choice = _desk(), request.form.get("choice", "")
    case = _find(desk.pieces())
    if case is None or choice not in ("same", "different"):
        return _put_aside(case, choice, "pieces")
    names = list(case.told["names"])
    first = request.form.get("first")
    if choice == "same" and first in names:
        names.sort(key=lambda name: name != first)
    titles = desk.titles(case)
    return _decide(lambda: _decisions().judge(names, choice, titles), "pieces")


@owner.post("/tags/")
def judge_tags() -> AnyResponse:
    """Note that two tags are one, or different ones."""
    desk, choice = _desk(), request.form.get("choice", "")
    case = _find(desk.tags())
    if case is None or choice not in ("join", "join-back", "different"):
        return _put_aside(case, choice, "tags")
    a, b = case.told["a"], case.told["b"]
    if choice == "different":
        return _decide(lambda: _decisions().part_tags(a, b, desk.spellings), "tags")
    if choice == "join-back":
        a, b = b, a
    return _decide(lambda: _decisions().join_tags(a, b, desk.spellings), "tags")


@owner.post("/suggestions/")
def judge_suggestion() -> AnyResponse:
    """Write the chosen tags into the file of a piece."""
    case, choice = _find(_desk().suggestions()), request.form.get("choice", "")
    if case is None or choice != "apply" or not case.told["is_alone"]:
        return _put_aside(case, choice, "suggestions")
    told = case.told
    chosen = request.form.getlist("tag")
    names = [tag["name"] for tag in told["tags"] if tag["tag"] in chosen]
    if not names:
        return _show("suggestions", trouble="Choose at least one tag, or put it off.", status=409)
    return _decide(
        lambda: _decisions().apply_tags(
            told["work"], told["title"], told["path"], told["source"], names
        ),
        "suggestions",
    )


@owner.post("/searches/")
def judge_search() -> AnyResponse:
    """Make what visitors searched for another name of a tag."""
    words, slug = request.form.get("words", ""), request.form.get("tag", "")
    found = current_index().tag(slug)
    if not words or found is None:
        return _put_aside(None, "", "searches")
    return _decide(lambda: _decisions().name_tag(words, found.slug, found.label), "searches")


@owner.post("/undo/")
def undo() -> AnyResponse:
    """Give a file the bytes that it had before a decision."""
    begun = _board().read().begun
    try:
        entry = _decisions().ledger.undo(request.form.get("entry", ""))
    except SearchappError as error:
        return _show("overview", build=last_build(_index()), trouble=str(error), status=409)
    _build(begun)
    return redirect(url_for("owner.overview", undone=entry.path), 303)


@owner.post("/build/")
def build() -> AnyResponse:
    """Build now."""
    _build(_board().read().begun)
    return redirect(url_for("owner.overview"), 303)


def _decide(decide: Callable[[], Entry], page: str) -> AnyResponse:
    """Make a decision, have it built, and go on to the next one."""
    begun = _board().read().begun
    try:
        entry = decide()
    except SearchappError as error:
        return _show(page, trouble=str(error), status=409)
    _build(begun)
    return redirect(url_for(f"owner.{page}", done=entry.id), 303)


def _put_aside(case: Case | None, choice: str, page: str) -> AnyResponse:
    """Put a case off, or take it up again; what is decided already only shows the next one."""
    try:
        if case is not None and choice == "later":
            _decisions().ledger.put_off(case.key)
        elif case is not None and choice == "again":
            _decisions().ledger.take_up(case.key)
            return redirect(url_for(f"owner.{page}", at=case.id), 303)
    except SearchappError as error:
        return _show(page, trouble=str(error), status=409)
    return redirect(url_for(f"owner.{page}"), 303)


def _build(begun: int) -> None:
    """Ask for a build; wait for it a while, so that the page that follows shows what came of it."""
    _board().ring()
    _board().wait_for_build(begun, current_app.extensions["owner_patience"])


def _show(page: str, trouble: str = "", status: int = 200, **parts: object) -> Response:
    desk = _desk()
    cases = {"pieces": desk.pieces(), "tags": desk.tags(), "suggestions": desk.suggestions()}
    missed = _missed(desk)
    done = desk.done()
    shown: dict[str, Any] = {
        "case": _chosen(cases["pieces"]) if page == "pieces" else None,
        "cases": cases.get(page, ()),
        "shown": _SHOWN,
        "missed": _described(missed) if page == "searches" else (),
        **parts,
    }
    if shown["case"]:
        sides = desk.sides(shown["case"])
        shown |= {"sides": sides, "compared": desk.likeness(sides)}
    html = render_template(
        f"owner/{page}.html", desk=desk, done=done, trouble=trouble, form=form_token(),
        news=_board().read(), said=_said(done), page=page,
        waiting={name: sum(not c.is_later for c in found) for name, found in cases.items()}
        | {"searches": len(missed)},
        **shown,
    )  # fmt: skip
    return make_response(html, status)


def _said(done: Sequence[Done]) -> Done | None:
    """Return the decision that was made just now, of which the page tells."""
    return next((each for each in done if each.entry.id == request.args.get("done")), None)


def _chosen(cases: list[Case]) -> Case | None:
    """Return the case that the address names, else the first."""
    at = request.args.get("at")
    return next((case for case in cases if case.id == at), cases[0] if cases else None)


def _find(cases: list[Case]) -> Case | None:
    """Return the case that the form is about; None where it is decided by now."""
    return next((case for case in cases if case.id == request.form.get("case")), None)


def _missed(desk: Desk) -> list[Missed]:
    """Return the searches that found nothing, without those that were led somewhere.

    One that was, and today's index does not find, was taken back since.
    """
    known = {entry.key for entry in desk.book.entries}
    index = current_index()

    def is_led(words: str) -> bool:
        key = key_of("search", words)
        return key in desk.decided or (key in known and count_found(words, index) > 0)

    return [missed for missed in SearchLog(_index()).read() if not is_led(missed.words)]


def _described(missed: Sequence[Missed]) -> list[dict[str, Any]]:
    index = current_index()
    return [describe_missed(each, index) for each in missed[:_SEARCHES]]


def _desk() -> Desk:
    return Desk(_decisions().ledger, _index())


def _decisions() -> Decisions:
    decisions: Decisions = current_app.extensions["decisions"]
    return decisions


def _board() -> Board:
    board: Board = current_app.extensions["board"]
    return board


def _index() -> Path:
    index: Path = current_app.extensions["owner_index"]
    return index
