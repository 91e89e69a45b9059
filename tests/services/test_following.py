"""A log that is followed answers as one that is read afresh, bit for bit."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from iwscore.domain.assessments import Assessment, Trend
from iwscore.domain.catalogs import Catalog, Waiver
from iwscore.domain.observations import MARKINGS
from iwscore.domain.times import from_micros
from iwscore.errors import QuestionError
from iwscore.services import score, trend
from iwscore.services.following import Live, likelihoods_at
from iwscore.services.questions import known_micros
from iwscore.services.vintages import InForce
from iwscore.store.drafts import Draft
from iwscore.store.entries import Head
from iwscore.store.logs import Log, open_log
from tests.oracle.plain import PROBLEM
from tests.oracle.worlds import START
from tests.services.ceilings import digest_of, marked, up_to
from tests.services.shelving import Shelved, on, said
from tests.services.streams import BEGIN, Stream, catalogs
from tests.store.drafting import DAY, Clock, opened
from tests.store.tampering import change, reseal, unguard

WAIVER = Waiver(check="IW201", on="sign-0", reason="known", until=date(2030, 1, 1))
LATER = START + timedelta(days=9)


def same(found: Trend, wanted: Trend) -> bool:
    return all(
        np.array_equal(one, other, equal_nan=True) if isinstance(one, np.ndarray) else one == other
        for one, other in ((getattr(found, part.name), getattr(wanted, part.name)) for part in fields(Trend))
    )


def in_force(log: Log, given: Catalog, known_at: datetime | None) -> InForce:
    """Read which catalogs answer, as the commands do."""
    since = log.catalogs()
    known = [one for one in since if one[0] <= known_micros(known_at)] or since[:1]
    if not known:
        return InForce.of(given)
    return InForce(tuple(t for t, _ in known), tuple(log.catalog(digest) for _, digest in known))


def questions(now: datetime, problem: str, subject: str) -> Iterator[dict[str, Any]]:
    """What is asked again and again: of the present, of fixed times, of the past as then known, with bands."""
    asked = {"problem": problem, "subject": subject}
    yield asked | {"at": now}
    yield asked | {"at": now, "known_at": now}
    yield asked | {"at": LATER}
    yield asked | {"at": now, "known_at": LATER}
    yield asked | {"at": now, "draws": 8, "seed": 1}


def histories(now: datetime, problem: str, subject: str) -> Iterator[dict[str, Any]]:
    asked = {"problem": problem, "subject": subject, "start": START, "step": "1d"}
    yield asked | {"end": START + timedelta(days=30)}
    yield asked | {"end": START + timedelta(days=30), "vintage": True}
    yield asked | {"end": max(now, START), "step": "5d", "vintage": True, "known_at": LATER}


def agree(live: Live, log: Log, catalog: Catalog, now: datetime, *, trends: bool) -> None:
    """Ask both ways at one head."""
    assert live.follow() == log.head()
    seen = log.observations()
    for problem, one in catalog.problems.items():
        for subject in one.subjects or ("north", "nowhere"):
            for asked in questions(now, problem, subject):
                assert live.score(**asked) == score(catalog, seen, **asked)
            then = score(catalog, seen, problem=problem, subject=subject, at=now + timedelta(days=7))
            ahead = likelihoods_at(live, problem, subject, now + timedelta(days=7))
            assert ahead == {line.id: line.likelihood for line in then.scenarios}
            for asked in histories(now, problem, subject) if trends else ():
                known = in_force(log, catalog, asked.get("known_at"))
                wanted = trend(known if asked.get("vintage") else catalog, seen, **asked)
                assert same(live.trend(**asked), wanted)


def streamed(seed: int, url: str, folder: Path, steps: int) -> None:
    made, clock = catalogs(seed, folder), Clock(BEGIN + 5 * DAY)
    subjects = sorted({name for one in made[0].problems.values() for name in one.subjects or ("north",)})
    with opened(url, clock) as log:
        live = Live(log, made[0], in_force=True)
        agree(live, log, made[0], from_micros(clock.now), trends=True)
        for step, _ in enumerate(Stream(seed, log, clock, made, subjects).steps(steps)):
            minute = -(-clock.now // 60_000_000) * 60_000_000
            agree(live, log, made[0], from_micros(minute), trends=step % 3 == 0)


@pytest.mark.parametrize("seed", range(3))
def test_every_answer_is_that_of_a_fresh_reading(sqlite_url: str, tmp_path: Path, seed: int) -> None:
    streamed(seed, sqlite_url, tmp_path, steps=30)


def test_so_it_is_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    streamed(7, postgresql_url, tmp_path, steps=12)


def followed(seed: int, url: str, folder: Path, steps: int) -> None:
    """Follow a log whose entries are marked by chance under every ceiling: step by step, and from the beginning."""
    for stream, log, clock in marked(seed, url, folder):
        catalog = stream.catalogs[0]
        lives = [Live(log, catalog, ceiling=ceiling) for ceiling in MARKINGS]
        for step, _ in enumerate(stream.steps(steps)):
            for live in lives:
                live.follow()
                if step % 4 == 0:
                    as_up_to(live, log, catalog, from_micros(clock.now))


def as_up_to(live: Live, log: Log, catalog: Catalog, now: datetime) -> None:
    """Compare what is followed with a fresh follower, and with the log settled and then left out by hand."""
    fresh, columns = Live(log, catalog, ceiling=live.ceiling), up_to(log, live.ceiling)
    fresh.follow()
    assert live.seen == fresh.seen == digest_of(log, live.ceiling)
    assert live.newest == fresh.newest
    for problem, one in catalog.problems.items():
        for subject in one.subjects or ("north",):
            for asked in questions(now, problem, subject):
                assert live.score(**asked) == fresh.score(**asked) == score(catalog, columns, **asked)
            for asked in histories(now, problem, subject):
                assert same(live.trend(**asked), trend(catalog, columns, **asked))


@pytest.mark.parametrize("seed", range(2))
def test_under_a_ceiling_the_log_is_settled_whole_and_then_what_is_above_is_left_out(
    sqlite_url: str, tmp_path: Path, seed: int
) -> None:
    followed(seed, sqlite_url, tmp_path, steps=13)


def test_so_it_is_under_a_ceiling_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    followed(5, postgresql_url, tmp_path, steps=4)


def hide(shelved: Shelved, *drafts: Draft, day: float) -> list[str]:
    return shelved.told(*(draft.model_copy(update={"marking": "red"}) for draft in drafts), day=day)


def test_what_is_hidden_and_withdraws_nothing_that_is_shown_leaves_no_trace(shelved: Shelved) -> None:
    live, all_ = (Live(shelved.log, shelved.catalog, ceiling=ceiling) for ceiling in ("amber", "red"))
    shelved.told(said(day=0), day=0)
    live.follow()
    before = live.seen, live.newest, live.score(PROBLEM, at=on(9))
    elsewhere = said(level=0, day=1).model_copy(update={"subject": "elsewhere"})
    first, _, _ = hide(shelved, said(level=0, day=-4), said(indicator="no-such-sign"), elsewhere, day=1)
    hide(shelved, said(level=1, kind="correction", target=first, reason="slip"), day=2)
    hide(shelved, Draft(kind="outcome", subject="here", content="{}"), day=2)
    live.follow()
    all_.follow()
    assert (live.seen, live.newest, live.score(PROBLEM, at=on(9))) == before
    assert (all_.newest or 0) > (live.newest or 0)
    assert all_.score(PROBLEM, at=on(9)).observations == 1
    assert (before[-1].unplaced, all_.score(PROBLEM, at=on(9)).unplaced) == (0, 1)


def test_a_hidden_withdrawal_shows_in_that_its_target_stands_no_more(shelved: Shelved) -> None:
    live = Live(shelved.log, shelved.catalog, ceiling="amber")
    first, second = shelved.told(said(), said(source="b"))
    (came,) = shelved.told(Draft(kind="outcome", subject="here", content="{}"))
    seen = []
    for draft in (
        said(level=0, kind="correction", target=first, reason="slip"),
        Draft(kind="retraction", target=second, reason="hoax"),
        Draft(kind="retraction", target=came, reason="premature"),
    ):
        live.follow()
        seen.append((live.seen, live.newest, live.score(PROBLEM, at=on(9)).observations))
        hide(shelved, draft, day=len(seen))
    live.follow()
    digests, newest, heard = zip(*seen, (live.seen, live.newest, 0), strict=True)
    assert len({*digests}) == 4
    assert len({*newest}) == 1
    assert heard == (2, 1, 0, 0)


def test_an_outcome_and_a_catalog_enter_what_is_seen(shelved: Shelved) -> None:
    live = Live(shelved.log, shelved.catalog, ceiling="clear")
    live.follow()
    before = live.seen
    shelved.log.register(shelved.catalog, author="ann", reason="first use")
    live.follow()
    registered = live.seen
    shelved.told(Draft(kind="outcome", subject="here", content="{}", marking="clear"))
    live.follow()
    assert len({before, registered, live.seen}) == 3


def test_subjects_that_only_hidden_reports_name_are_unknown(shelved: Shelved) -> None:
    (problem,) = shelved.catalog.problems.values()
    anyone = shelved.catalog.model_copy(update={"problems": {PROBLEM: problem.model_copy(update={"subjects": None})}})
    shelved.told(said().model_copy(update={"subject": "hereabouts", "marking": "red"}))
    for ceiling, nearest in (("red", "hereabouts"), ("amber", "")):
        live = Live(shelved.log, anyone, ceiling=ceiling)
        live.follow()
        with pytest.raises(QuestionError, match=r"^IW502") as refusal:
            live.score(PROBLEM, at=on(1))
        assert ("hereabouts" in str(refusal.value)) == bool(nearest)


def test_a_ceiling_that_is_none_is_refused(shelved: Shelved) -> None:
    with pytest.raises(ValueError, match=r"^ceiling is 'amber strict'; it must be one of clear, green, "):
        Live(shelved.log, shelved.catalog, ceiling="amber strict")


def test_another_handle_on_the_same_log_agrees(shelved: Shelved) -> None:
    with open_log(shelved.log.url, clock=lambda: 0) as other:
        lives = [Live(log, shelved.catalog) for log in (shelved.log, other)]
        for day in range(4):
            shelved.told(said(source="abcd"[day], day=day), day=day)
            heads = [live.follow() for live in lives]
            answers = [live.score(PROBLEM, at=on(day + 1)) for live in lives]
            assert heads[0] == heads[1] == shelved.log.head()
            assert answers[0] == answers[1]
            assert answers[0].observations == day + 1


def test_nothing_is_taken_in_before_the_log_is_followed(shelved: Shelved) -> None:
    live = Live(shelved.log, shelved.catalog)
    shelved.told(said())
    assert (live.head, live.score(PROBLEM, at=on(1)).observations) == (Head(), 0)
    assert live.follow() == live.head == shelved.log.head()
    assert live.score(PROBLEM, at=on(1)).observations == 1


def test_the_catalog_given_answers_but_a_vintage_by_those_of_the_log_where_they_are_asked_for(shelved: Shelved) -> None:
    other = shelved.catalog.model_copy(update={"waivers": (WAIVER,)})
    third = shelved.catalog.model_copy(update={"waivers": (WAIVER, WAIVER)})
    shelved.log.register(other, author="ann", reason="new edition")
    for in_force, wanted in ((False, third), (True, other)):
        live = Live(shelved.log, shelved.catalog, in_force=in_force)
        live.follow()
        assert live.score(PROBLEM, at=on(1)).catalog == shelved.catalog.digest
        live.replace(third)
        assert live.score(PROBLEM, at=on(1)).catalog == third.digest
        for vintage, answering in ((False, third), (True, wanted)):
            found = live.trend(PROBLEM, start=on(1), end=on(2), step="1d", vintage=vintage)
            assert found.catalog == answering.digest


def test_a_log_that_is_no_longer_the_one_it_was_is_read_anew(shelved: Shelved) -> None:
    live = Live(shelved.log, shelved.catalog)
    shelved.told(said(), said(source="b"))
    live.follow()
    unguard(shelved.log.url)
    change(shelved.log.url, "UPDATE entries SET source = 'stranger' WHERE seq = 2")
    reseal(shelved.log.url, 1)
    live.follow()
    found = live.score(PROBLEM, at=on(1))
    assert (found.observations, found.unplaced) == (1, 1)


def test_one_thread_follows_while_others_ask(shelved: Shelved) -> None:
    """Every answer is one that some head gives, and no mixture of two."""
    live = Live(shelved.log, shelved.catalog)
    found: list[Assessment] = []
    wanted = [live.score(PROBLEM, at=on(40))]

    def ask() -> None:
        while not done.is_set():
            found.append(live.score(PROBLEM, at=on(40)))

    done, threads = Event(), [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for day in range(12):
        shelved.told(said(source="abc"[day % 3], sign=day % 2, level=day % 4 // 2, day=day), day=day)
        head = live.follow()
        with live.still() as still:
            assert still == head
            wanted.append(live.score(PROBLEM, at=on(40)))
    done.set()
    for thread in threads:
        thread.join()
    assert all(answer in wanted for answer in found)
    assert wanted[-1] == score(shelved.catalog, shelved.log.observations(), problem=PROBLEM, at=on(40))
