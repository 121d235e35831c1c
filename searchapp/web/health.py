"""What watchers ask: is the process alive, may visitors be sent here, what do the numbers say.

    /healthz   the process answers; no index is looked at
    /readyz    200 while a good index answers, "degraded" with the reason where it is not the
               newest one; 503 where none can answer
    /metrics   numbers, as Prometheus reads them

Nothing here is kept by any cache.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, json, make_response

from searchapp.engine import Index
from searchapp.errors import IndexUnusableError
from searchapp.web.current import CurrentIndex, current_index
from searchapp.web.metering import Meter, write_gauge, write_metrics

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return _answer("ok\n", "text/plain")


@health.get("/readyz")
def readyz() -> Response:
    """Say whether an index answers, which one, and what is wrong with a newer one.

    An older good index answers every visitor, so a refused newer one is no reason to send them
    away: that is 200, and `degraded` says why.
    """
    try:
        body = describe(current_index())
    except IndexUnusableError as error:
        response = _answer_json({"status": "unready", "reason": _without_folder(str(error))})
        response.status_code = 503
        response.headers["Retry-After"] = "10"
        return response
    return _answer_json(body)


def describe(index: Index) -> dict[str, Any]:
    """Return the members of `/readyz` for an index that answers."""
    vitals = index.vitals
    return {
        "status": "degraded" if vitals.refused else "ready",
        "generation": vitals.generation,
        "built": vitals.built,
        "age": _age(vitals.built),
        "documents": vitals.documents,
        "works": vitals.works,
        "skipped": vitals.skipped,
        "degraded": _without_folder(vitals.refused) if vitals.refused else None,
    }


@health.get("/metrics")
def metrics() -> Response:
    """Give the numbers of requests and of the index, as Prometheus reads them."""
    meter: Meter = current_app.extensions["meter"]
    lines = [*write_metrics(meter), *_write_index()]
    return _answer("\n".join(lines) + "\n", "text/plain; version=0.0.4; charset=utf-8")


def _write_index() -> list[str]:
    """Write what the index is; without any, only that."""
    try:
        told = describe(current_index())
    except IndexUnusableError:
        return [*write_gauge("searchapp_ready", "Whether an index answers.", 0)]
    refused = told["degraded"] is not None
    gauges = (
        ("searchapp_ready", "Whether an index answers.", 1),
        ("searchapp_degraded", "Whether a newer index was refused.", int(refused)),
        ("searchapp_index_generation", "Number of the index that answers.", told["generation"]),
        ("searchapp_index_age_seconds", "Time since it was built.", told["age"]),
        ("searchapp_index_documents", "Entries in it.", told["documents"]),
        ("searchapp_index_works", "Pieces in it.", told["works"]),
        ("searchapp_index_skipped", "Entries that its build skipped.", told["skipped"]),
    )
    return [line for gauge in gauges for line in write_gauge(*gauge)]


def _age(built: str) -> int:
    """Return how many whole seconds ago that was; clocks may have been put back since."""
    return max(0, int((datetime.now(UTC) - datetime.fromisoformat(built)).total_seconds()))


def _without_folder(reason: str) -> str:
    """Return a reason that names files below the index, and not where that lies."""
    holder: CurrentIndex = current_app.extensions["index"]
    folder = f"{holder.path}{os.sep}"
    return reason.replace(folder, "").replace(str(holder.path), Path(holder.path).name)


def _answer_json(body: dict[str, Any]) -> Response:
    return _answer(json.dumps(body) + "\n", "application/json")


def _answer(body: str, kind: str) -> Response:
    response = make_response(body)
    response.content_type = kind
    response.cache_control.no_store = True
    return response
