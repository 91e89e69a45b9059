"""The reports, origins and parties an answer hangs on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.oracle.plain import AT, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
SOURCES = [
    {"id": "a", "title": "Agency", "party": "east", "origin": "cabinet", "grades": []},
    {"id": "b", "title": "Bureau", "party": "west", "origin": "cabinet", "grades": []},
    {"id": "cabinet", "title": "The cabinet", "party": "east", "grades": []},
    {"id": "d", "title": "Daily", "party": "west", "grades": []},
    {"id": "e", "title": "Eyewitness", "grades": []},
]
LEANING = [0.55, 0.45]


def told(tell: Tell, *rows: Row, priors: list[float] = LEANING) -> Told:
    return tell(world(priors, {"sign-0": yes_no([0.2, 0.8])}, list(rows), sources=SOURCES))


def found(log: Told, kind: str) -> dict[str, Any]:
    return {one.title: one for one in log.explain(at=AT + 9 * DAY).linchpins if one.kind == kind}


def test_what_alone_holds_up_the_leader_flips_it(tell: Tell) -> None:
    """With the one report s1 leads; without it the prior leads, and that is s0."""
    log = told(tell, report("sign-0", 1, "d", "A1"))
    for kind, title in [("report", "d: sign-0 level-1, 2022-10-04, A1"), ("origin", "Daily"), ("party", "west")]:
        one = found(log, kind)[title]
        assert (one.flips, one.leader) == (True, "s0")
        assert one.likelihood == dict(zip(("s0", "s1"), LEANING, strict=True))
        assert one.moves == pytest.approx(log.score(at=AT).scenarios[1].likelihood - 0.45)


def test_of_two_voices_neither_is_a_linchpin_by_itself(tell: Tell) -> None:
    log = told(tell, report("sign-0", 1, "d", "B2"), report("sign-0", 1, "e", "B1"))
    assert not any(one.flips for one in found(log, "report").values())
    assert [one.moves for one in found(log, "origin").values()] == sorted(
        (one.moves for one in found(log, "origin").values()), reverse=True
    )


def test_two_relays_of_one_origin_hang_on_it_together(tell: Tell) -> None:
    """Without either the other still speaks; without their origin nobody does."""
    log = told(tell, report("sign-0", 1, "a", "A1"), report("sign-0", 1, "b", "A1"))
    assert found(log, "report") == {}
    assert list(found(log, "origin")) == ["The cabinet"]
    assert found(log, "origin")["The cabinet"].flips


def test_a_report_counts_for_the_party_of_its_origin(tell: Tell) -> None:
    log = told(tell, report("sign-0", 1, "b", "A1"), report("sign-0", 1, "e", "D3"))
    assert list(found(log, "party")) == ["east"]
    assert set(found(log, "origin")) == {"The cabinet", "Eyewitness"}


def test_a_silenced_word_comes_back_once_the_later_one_is_taken_out(tell: Tell) -> None:
    """The daily said no, then yes; without the no, nothing changes; without the yes, the no stands."""
    log = told(tell, report("sign-0", 0, "d", "A1"), report("sign-0", 1, "d", "B1", AT + DAY))
    (one,) = found(log, "report").values()
    assert one.title.endswith("level-1, 2022-10-05, B1")
    assert one.likelihood == pytest.approx({"s0": 0.55 * 31.4 / (0.55 * 31.4 + 0.45 * 8.6), "s1": 0.183}, abs=1e-3)


def test_linchpins_of_a_kind_come_flips_first_then_by_how_far_they_move_and_only_the_first_few(tell: Tell) -> None:
    rows = [report("sign-0", n % 2, "d", "B1", AT, origin=f"o{n}") for n in range(9)]
    register = [*SOURCES, *({"id": f"o{n}", "title": f"Origin {n}", "grades": []} for n in range(9))]
    log = tell(world([0.5, 0.5], {"sign-0": yes_no([0.2, 0.8])}, rows, sources=register))
    reports = [one for one in log.explain(at=AT).linchpins if one.kind == "report"]
    keys = [(not one.flips, -round(one.moves, 12)) for one in reports]
    assert keys == sorted(keys)
    assert len([one for one in reports if not one.flips]) <= 5 <= len(reports)
    flips = told(tell, *(report("sign-0", 1, "d", "B1", AT, origin=name) for name in ("d", "e")), priors=LEANING)
    assert all(one.moves > 0 for one in found(flips, "report").values())


def test_what_flips_the_leader_comes_before_what_moves_more(tell: Tell) -> None:
    """Two strong voices all but cancel; a weak one tips the scale. Without it s1 leads again, though little moves."""
    rows = [report("sign-0", 0, "d", "B1"), report("sign-0", 1, "e", "B1"), report("sign-0", 0, "cabinet", "D3")]
    log = told(tell, *rows, priors=[0.49, 0.51])
    found_origins = [one for one in log.explain(at=AT).linchpins if one.kind == "origin"]
    assert [(one.id, one.flips) for one in found_origins] == [("d", True), ("cabinet", True), ("e", False)]
    assert found_origins[1].moves < found_origins[2].moves


def test_what_moves_the_answer_most_is_named_however_many_flip_it(tell: Tell) -> None:
    """Each of five weak signs is needed for the lead; the strong one against it moves most, and flips nothing."""
    signs = {f"sign-{n}": yes_no([0.7, 0.3]) for n in range(5)} | {"sign-5": yes_no([0.1, 0.9])}
    rows = [report(f"sign-{n}", 1, "d", "C3") for n in range(5)] + [report("sign-5", 1, "d", "A2")]
    reports = tell(world([0.5, 0.5], signs, rows, sources=SOURCES)).explain(at=AT).linchpins
    named = {one.title: one.moves for one in reports if one.kind == "report"}
    assert [one.flips for one in reports if one.kind == "report"] == [True] * 5 + [False]
    assert max(named, key=lambda title: named[title]).startswith("d: sign-5")


def test_without_a_correction_what_it_corrected_stands_again(tell: Tell) -> None:
    later = (AT + DAY).isoformat()
    said = report("sign-0", 1, "d", "A1", external_id="x")
    mended = report("sign-0", 0, "d", "A1", external_id="y", kind="correction", target="x", reported_at=later)
    (one,) = found(told(tell, said, mended, priors=LEANING), "report").values()
    alone = told(tell, said, priors=LEANING).explain(at=AT + 9 * DAY)
    assert one.flips
    assert one.likelihood == pytest.approx({line.id: line.likelihood for line in alone.scenarios}, abs=1e-12)


def test_where_nothing_is_heard_nothing_is_a_linchpin(tell: Tell) -> None:
    assert told(tell).explain(at=AT).linchpins == ()
    assert told(tell, report("sign-0", 1, "d", "F6")).explain(at=AT).linchpins == ()
