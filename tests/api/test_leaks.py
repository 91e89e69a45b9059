"""Nothing above a ceiling shows: whether it is in the log or not, every answer is the same, byte for byte.

Each operation is asked under each pair of ceiling and marking. Of its questions each pair has one in ``SHARES``, the
next pair the ones beside those; with ``IWSCORE_FUZZ`` set each has all.
"""

from __future__ import annotations

import itertools
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iwscore.domain.observations import MARKINGS
from tests.api.exchanges import Exchange, Operation, asked, operations
from tests.api.pairs import SUBJECTS, Pair, paired, row
from tests.store.drafting import DAY, NOON

AT = "2022-10-01T06:00:00Z"
SPAN = {"from": "2022-09-01T00:00:00Z", "to": "2022-10-08T00:00:00Z"}
CLOCKS: tuple[dict[str, str], ...] = (
    {}, {"at": AT}, {"known_at": "2022-09-20"}, {"at": AT, "known_at": "2022-10-01T00:00:00Z"}, {"at": "2021-09-08"}
)  # fmt: skip
FORMS = ("*/*", "text/csv", "application/vnd.apache.arrow.stream", "application/vnd.vegalite.v6+json")
PROBLEMS = ("northern-front", "nato-border-pressure", "nowhere")
ABOUT = [*({"subject": name} for name in (*SUBJECTS, "Nowhere")), {}]
SHARES = 1 if "IWSCORE_FUZZ" in os.environ else 4


def share(operation: Operation, pair: Pair, number: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the first question, and those that fall to the pair of that number."""
    first, *others = questions(operation, pair)
    yield first
    yield from others[number % SHARES :: SHARES]


def questions(operation: Operation, pair: Pair) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what is asked of an operation that reads: places with their queries, and headers."""
    named = [
        operation.place(problem=problem, **{part: name})
        for problem in PROBLEMS
        for part in ("id", "observation", "name", "entry")
        for name in (*pair.visible[:3], *pair.hidden[:2], *pair.hidden[-2:], "shown-1-1", "hidden-1", "0" * 32)
    ]
    for place, about in itertools.product(dict.fromkeys(named), _queries(operation, pair)):
        yield asked(place, **about), {}
    place = operation.place()
    yield asked(place, **about), {"accept_encoding": "gzip"}
    for form in FORMS[1:]:
        yield asked(place, **SPAN, step="3d", subject="belarus"), {"accept": form}


def _queries(operation: Operation, pair: Pair) -> list[dict[str, Any]]:
    """Return the queries an operation is asked with, as far as it has the parameters."""
    has = {one["name"] for one in operation.said.get("parameters", ()) if one["in"] == "query"}
    if "step" in has:
        more: list[dict[str, Any]] = [
            {"step": "3d"}, {"step": "1d", "limit": 7}, SPAN | {"step": "12h", "vintage": "true"},
            SPAN | {"step": "1w", "bands": "true", "draws": 20}, {"known_at": "2022-09-20"},
        ]  # fmt: skip
    elif "since" in has:
        more = [{}, {"at": AT, "since": "2022-09-20T00:00:00Z"}, {"since": "2022-09-10", "known_at": "2022-10-02"}]
    elif "at" in has:
        more = [*CLOCKS, {"draws": 0}] if "draws" in has else list(CLOCKS)
    else:
        more = [{}]
    if "subject" in has:
        more = [one | about for one in more for about in ABOUT]
    if "limit" in has and "step" not in has:
        more += [{"limit": 1}, {"limit": 3}]
    if "cursor" in has:
        more += [{"cursor": name} for name in (*pair.hidden[:2], "0" * 32, "x")]
    return more


def sendings(pair: Pair, ceiling: str) -> Iterator[tuple[str, Any, dict[str, str]]]:
    """Yield what is sent by who writes under a ceiling: places, bodies and headers."""
    chance = random.Random(f"sent {ceiling}")
    one = row(chance, NOON - 20 * DAY, marking="clear", subject="belarus")
    for more in ({}, {"external_id": "hidden-1"}, {"marking": "red"}, {"indicator": "none"}, {"subject": "Nowhere"}):
        yield "/v1/observations", {"observations": [one | more]}, {}
    for _ in range(2):
        keyed = one | {"note": f"keyed by {ceiling}", "external_id": f"keyed-{ceiling}"}
        yield "/v1/observations", {"observations": [keyed]}, {"idempotency_key": "mine"}
    for name in (pair.visible[0], pair.visible[3], pair.hidden[0], pair.hidden[-1], "hidden-1", "0" * 32):
        yield f"/v1/observations/{name}/correction", {"changes": {"note": "x"}, "reason": "seen anew"}, {}
        yield f"/v1/observations/{name}/retraction", {"reason": "no more"}, {}
    for problem, about in (("northern-front", "belarus"), ("nato-border-pressure", "Nowhere")):
        supposed = {name: cell for name, cell in one.items() if name != "external_id"} | {"subject": about}
        yield f"/v1/problems/{problem}/what-if?subject={about}", {"hypothetical": [supposed]}, {}


def follow(pair: Pair, path: str, who: tuple[str, str], headers: dict[str, str]) -> Iterator[Exchange]:
    """Ask both for a page and all that come after it."""
    cursor, before = "", None
    while cursor != before:
        onward = f"{path}{'&' if '?' in path else '?'}cursor={cursor}" if cursor else path
        answer = pair.same("GET", onward, who=who, **headers)
        yield answer
        found = re.search(rb'"next":"([^"]+)"', answer.body)
        cursor, before = found[1].decode() if found else cursor, cursor


@pytest.mark.parametrize("marking", MARKINGS[1:])
def test_what_is_hidden_does_not_show(marking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with paired(tmp_path, monkeypatch, marking) as pair:
        reading = [one for one in operations(pair.plain.get("/v1/openapi.json").json()) if one.method == "GET"]
        for number, ceiling in enumerate(MARKINGS[: MARKINGS.index(marking)], MARKINGS.index(marking)):
            before, good = pair.compared, set()
            for operation in reading:
                for path, headers in share(operation, pair, number):
                    for answer in follow(pair, path, ("reader", ceiling), headers):
                        assert b"HIDDEN" not in answer.body
                        if answer.status == 200:
                            good.add(operation.id)
                            again = {"if_none_match": answer.header("etag")} | headers
                            if answer.header("etag"):
                                assert pair.same("GET", path, who=("reader", ceiling), **again).status in (200, 304)
            assert good == {one.id for one in reading}
            print(f"{marking} hidden from {ceiling}: {pair.compared - before} comparisons, 0 differences")
            before = pair.compared
            for path, body, headers in sendings(pair, ceiling):
                answer = pair.same("POST", path, who=("analyst", ceiling), body=body, **headers)
                assert b"HIDDEN" not in answer.body
            for path in ("/v1/problems/northern-front/assessment?subject=belarus", "/v1/changes", "/v1/observations"):
                assert pair.same("GET", path, who=("reader", ceiling)).status == 200
            print(
                f"{marking} hidden from a writer under {ceiling}: {pair.compared - before} comparisons, 0 differences"
            )
        # Whoever may see it does: what is compared does depend on it.
        seen = [pair.both("GET", one.place(), who=("reader", marking)) for one in reading]
        assert sum(plain != fuller for plain, fuller in seen) > len(reading) // 3
