"""A log up to a ceiling, entry by entry: nothing in it hangs on what is hidden but until when something stood."""

import shutil
from collections import defaultdict
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from iwscore.domain.observations import MARKINGS
from iwscore.errors import QuestionError
from iwscore.services.following import Live
from iwscore.services.frames import columns_of
from iwscore.services.views import Shown, View, Withdrawal
from iwscore.services.withholding import until
from iwscore.store.drafts import Draft
from iwscore.store.logs import Log, open_log
from tests.services.ceilings import EVERY, marked, shown
from tests.services.shelving import NOON, Shelved, said
from tests.services.test_shelves import rows
from tests.store.drafting import DAY
from tests.store.tampering import change, unguard


def everything(view: View, limit: int) -> tuple[list[Shown], list[Shown | Withdrawal]]:
    """Page through entries and changes."""
    entries, changes = view.entries(limit=limit), view.changes(limit=limit)
    while more := view.entries(entries[-1].cursor, limit) if entries else []:
        entries += more
    while told := view.changes(changes[-1].cursor, limit) if changes else []:
        changes += told
    return entries, changes


def agrees(log: Log) -> None:
    for ceiling in MARKINGS:
        view = View(log, ceiling)
        wanted = [one for one in log.entries(limit=10_000) if one.kind == "catalog" or shown(one.marking, ceiling)]
        entries, changes = everything(view, 3)
        assert [one.id for one in entries] == [one.id for one in wanted]
        assert (entries, changes) == everything(view, 1000)
        assert [one for one in changes if isinstance(one, Shown)] == entries
        known = {one.id for one in entries}
        for found, held in zip(entries, wanted, strict=True):
            assert found.target == (held.target if held.target in known else "")
            assert found == view.entry(held.id, "nobody")
        ended = defaultdict(list)
        for one in changes:
            if isinstance(one, Withdrawal):
                ended[one.target].append(one.known_from)
        assert ended.keys() <= known
        seen = view.observations()
        assert all(times == sorted({*times}, reverse=True) for times in ended.values())
        linked = until(replace(seen, ended=None)).tolist()
        for key, kind, alone, whole in zip(seen.id, seen.kind, linked, until(seen).tolist(), strict=True):
            assert kind == 2 or min([alone, *ended[key.decode()]]) == whole
        assert rows(view.columns(), "north") == rows(columns_of(seen), "north")


@pytest.mark.parametrize("seed", range(2))
def test_pages_of_every_length_have_what_is_shown(sqlite_url: str, tmp_path: Path, seed: int) -> None:
    for stream, log, _ in marked(seed, sqlite_url, tmp_path):
        for _ in stream.steps(30):
            pass
        agrees(log)


def test_so_they_have_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    for stream, log, _ in marked(9, postgresql_url, tmp_path):
        for _ in stream.steps(20):
            pass
        agrees(log)


def without(log: Log, ceiling: str, copy: Path) -> Log:
    """Return a copy of a log in which the chains were never recorded of which a ceiling may see nothing."""
    entries = log.entries(limit=10_000)
    first: dict[str, str] = {}
    for one in entries:
        first[one.id] = first.get(one.target, one.id)
    seen = {first[one.id] for one in entries if one.kind == "catalog" or shown(one.marking, ceiling)}
    gone = [one.seq for one in entries if first[one.id] not in seen]
    assert gone
    log.close()
    shutil.copy(log.url, copy)
    unguard(str(copy))
    places = ", ".join(map(str, gone))
    change(str(copy), f"DELETE FROM entries WHERE seq IN ({places})", f"DELETE FROM ids WHERE seq IN ({places})")
    return open_log(str(copy), clock=lambda: 0)


@pytest.mark.parametrize("ceiling", MARKINGS[:-1])
def test_hidden_observations_make_no_difference_to_anything(sqlite_url: str, tmp_path: Path, ceiling: str) -> None:
    for stream, log, _ in marked(4, sqlite_url, tmp_path):
        for _ in stream.steps(40):
            pass
        with without(log, ceiling, tmp_path / "copy.db") as other:
            views = View(log, ceiling), View(other, ceiling)
            lives = [Live(one.log, stream.catalogs[0], ceiling=ceiling) for one in views]
            for live in lives:
                live.follow()
            assert lives[0].seen == lives[1].seen
            assert lives[0].newest == lives[1].newest
            assert everything(views[0], 3) == everything(views[1], 3)
            assert views[0].outcomes() == views[1].outcomes()
            one, same = (view.observations() for view in views)
            for name in (field.name for field in fields(one)):
                held, there = getattr(one, name), getattr(same, name)
                assert (
                    repr(held) == repr(there)
                    if not isinstance(held, np.ndarray)
                    else np.array_equal(held, there, equal_nan=held.dtype.kind == "f")
                )


def test_an_entry_that_is_hidden_is_as_unknown_as_one_that_is_not_there(shelved: Shelved) -> None:
    (hidden,) = shelved.told(said(external_id="r-1", marking="red"))
    (open_,) = shelved.told(said(external_id="r-1", marking="green"), author="bob")
    view = View(shelved.log, "amber")
    assert view.entry("r-1", "ann").id == open_ == view.find("r-1", "bob").id
    texts = []
    for name in (hidden, "0" * 32):
        for ask in (view.entries, view.changes, lambda name: view.entry(name, "ann"), lambda n: view.changes(f"{n}-7")):
            with pytest.raises(QuestionError, match=r"^IW530 no such entry") as refusal:
                ask(name)
            texts.append(str(refusal.value).replace(name, "…"))
    assert texts[:4] == texts[4:]
    with pytest.raises(QuestionError, match=r"^IW530"):
        view.changes(f"{open_}-7")
    with pytest.raises(QuestionError, match=r"^IW530"):
        view.changes("nothing of the kind")


def test_a_hidden_withdrawal_is_one_change_of_its_target(shelved: Shelved) -> None:
    first, second = shelved.told(said(), said(source="b"))
    (third,) = shelved.told(said(kind="correction", target=first, reason="slip", marking="red"), day=1)
    shelved.told(said(kind="correction", target=third, reason="slip", marking="red"), day=2)
    (last,) = shelved.told(said(source="c"), day=3)
    shelved.told(Draft(kind="retraction", target=second, reason="hoax", marking="red"), day=4)
    view = View(shelved.log, "amber")
    changes = view.changes()
    gone = [Withdrawal(first, NOON + DAY), Withdrawal(second, NOON + 4 * DAY)]
    assert [getattr(one, "id", one) for one in changes] == [first, second, gone[0], last, gone[1]]
    for place, one in enumerate(changes):
        assert view.changes(one.cursor) == changes[place + 1 :]
        assert view.changes(one.cursor, 1) == changes[place + 1 : place + 2]


def test_what_one_retraction_withdraws_may_lie_on_two_pages(shelved: Shelved) -> None:
    """Both stand at some time in the past: the correction of the one is known later than the retraction of both."""
    (first,) = shelved.told(said(marking="clear"), day=1)
    shelved.told(said(kind="correction", target=first, reason="slip", marking="clear"), day=2)
    reported = NOON + DAY // 2
    retraction = Draft(kind="retraction", target=first, reason="hoax", reported_at=reported, marking="red")
    shelved.told(retraction, day=3, historical=True)
    view = View(shelved.log, "clear")
    changes = view.changes()
    assert [type(one) for one in changes] == [Shown, Shown, Withdrawal, Withdrawal]
    for place, one in enumerate(changes):
        assert view.changes(one.cursor, 1) == changes[place + 1 : place + 2]


def test_under_red_a_view_is_the_log(shelved: Shelved) -> None:
    shelved.told(*(said(marking=marking) for marking in EVERY))
    view = View(shelved.log, "red")
    assert view.observations().log == shelved.log.head().digest == view.columns().log
    assert len(view.entries()) == len(EVERY) == len(view.changes())
    assert {"seq", "batch"}.isdisjoint(field.name for field in fields(Shown))


def test_an_outcome_is_shown_by_its_marking(shelved: Shelved) -> None:
    kept, hidden = shelved.told(*(Draft(kind="outcome", subject="here", content="{}", marking=m) for m in ("", "red")))
    assert [one.id for one in View(shelved.log, "amber").outcomes()] == [kept]
    shelved.told(Draft(kind="retraction", target=kept, reason="premature", marking="red"), day=1)
    assert View(shelved.log, "amber").outcomes() == []
    assert View(shelved.log, "amber").changes()[-1] == Withdrawal(kept, NOON + DAY)
    assert [one.id for one in View(shelved.log, "red").outcomes()] == [hidden]
