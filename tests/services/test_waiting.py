"""Waiting: each behind what it is about, whatever the order; circles and lost targets named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.services.waiting import Later, settle
from iwscore.store.drafts import Drafts
from tests.store.drafting import Clock, opened, sound

# Each row of a file by name, with the name of what it is about.
CHAIN = {"c": "b", "b": "a", "a": "base", "d": "base"}


def waiting(links):
    drafts = [sound(kind="correction", note=name) for name in links]
    block = Drafts.of(drafts)
    rows = [Later(0, n, block, n, target) for n, target in enumerate(links.values())]
    known = {draft.note: draft.fingerprint for draft in drafts} | {"base": "0" * 32}
    return rows, lambda name: {known[name]} if name in known else set()


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    with opened(str(tmp_path_factory.mktemp("log") / "iwscore.db"), Clock()) as log:
        yield log


def told(log, links):
    rows, find = waiting(links)
    names = list(links)
    settled = settle(rows, find, log, "ann", lambda file: "seen.csv")
    return [names[later.row] for later, _ in settled.ready], {names[later.row]: f.code for later, f in settled.faults}


@given(st.permutations(list(CHAIN)))
def test_each_comes_behind_what_it_is_about(log, order):
    ready, faults = told(log, {name: CHAIN[name] for name in order})
    assert faults == {}
    assert sorted(ready) == sorted(CHAIN)
    assert ready.index("a") < ready.index("b") < ready.index("c")


@pytest.mark.parametrize(
    ("links", "ready", "faults"),
    [
        ({"a": "b", "b": "a", "c": "base"}, ["c"], {"a": "IW336", "b": "IW336"}),
        ({"a": "a"}, [], {"a": "IW336"}),
        ({"a": "nobody", "b": "a", "c": "b"}, [], {"a": "IW345", "b": "IW345", "c": "IW345"}),
    ],
)
def test_what_cannot_be_settled_is_named(log, links, ready, faults):
    assert told(log, links) == (ready, faults)
