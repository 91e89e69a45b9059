"""Reports without what is above a ceiling: settled on the whole log, and answered as a follower answers."""

from pathlib import Path

import numpy as np
import pytest

from iwscore.core.bundles import NEVER
from iwscore.domain.assessments import Explanation
from iwscore.domain.observations import MARKINGS
from iwscore.services import explain, score
from iwscore.services.following import Live
from iwscore.services.frames import columns_of
from iwscore.services.withholding import until, withhold
from iwscore.store.drafts import Draft
from tests.oracle.plain import PROBLEM
from tests.services.ceilings import marked, up_to
from tests.services.shelving import NOON, Shelved, on, said
from tests.services.test_shelves import plain
from tests.store.drafting import DAY


@pytest.mark.parametrize("seed", range(3))
def test_the_columns_are_those_of_the_whole_log_settled_and_then_left_out(
    sqlite_url: str, tmp_path: Path, seed: int
) -> None:
    for stream, log, _ in marked(seed, sqlite_url, tmp_path):
        for _ in stream.steps(40):
            pass
        for ceiling in MARKINGS:
            seen, wanted = withhold(log.observations(), ceiling), up_to(log, ceiling)
            found = columns_of(seen)
            assert repr(plain(found)) == repr(plain(wanted))
            for name in ("subject", "indicator", "level", "source", "origin"):
                assert {*getattr(found, name).names} == {*getattr(wanted, name).names}
            assert seen.row.tolist() == list(range(1, len(seen) + 1))
            assert (seen.log, seen.last) == ("", int(seen.known_from.max()) if len(seen) else None)


def marked_as(marking: str, draft: Draft) -> Draft:
    return draft.model_copy(update={"marking": marking})


def explained(shelved: Shelved, ceiling: str = "amber", since: float = 0.6) -> Explanation:
    """Explain day 9 under a ceiling, and hold it against the answers of a score and of a follower."""
    seen, live = withhold(shelved.log.observations(), ceiling), Live(shelved.log, shelved.catalog, ceiling=ceiling)
    live.follow()
    answer = score(shelved.catalog, seen, problem=PROBLEM, at=on(9))
    assert live.score(PROBLEM, at=on(9)) == answer
    found = explain(shelved.catalog, seen, problem=PROBLEM, at=on(9), since=on(since))
    assert [line.likelihood for line in found.scenarios] == [line.likelihood for line in answer.scenarios]
    return found


@pytest.mark.parametrize("kind", ["correction", "retraction"])
def test_a_hidden_withdrawal_is_told_without_id_reason_or_kind(shelved: Shelved, kind: str) -> None:
    first, _ = shelved.told(said(), said(source="b", level=0))
    correction = said(kind="correction", target=first, reason="a secret", level=0, source="c")
    hidden = correction if kind == "correction" else Draft(kind="retraction", target=first, reason="a secret")
    shelved.told(marked_as("red", hidden), day=1)
    change = explained(shelved).change
    assert change is not None
    (cause,) = change.steps[2].causes
    assert (cause.kind, cause.id, cause.target, cause.reason) == ("withdrawal", "", first, "")
    assert cause.known_from == on(1.5)
    assert cause.what.startswith("a sign-0 level-1")
    assert explained(shelved, since=2).change.steps[2].causes == ()  # type: ignore[union-attr]
    (named,) = explained(shelved, "red").change.steps[2].causes  # type: ignore[union-attr]
    assert (named.kind, named.target, named.reason) == (kind, first, "a secret")


def test_what_is_shown_and_withdraws_as_early_is_all_that_is_told(shelved: Shelved) -> None:
    (first,) = shelved.told(said())
    shelved.told(said(kind="correction", target=first, reason="slip", level=0), day=1)
    shelved.told(marked_as("red", Draft(kind="retraction", target=first, reason="hoax")), day=2)
    seen = withhold(shelved.log.observations(), "amber")
    assert seen.ended is not None
    assert seen.ended.tolist() == [NEVER, NOON + 2 * DAY]
    assert until(seen).tolist() == [NOON + DAY, NOON + 2 * DAY]


def test_a_correction_of_what_is_hidden_stands_alone(shelved: Shelved) -> None:
    """Were it not there, what it corrects would stand: that is hidden, and so nothing does."""
    (first,) = shelved.told(said(level=0))
    (second,) = shelved.told(
        marked_as("red", said(kind="correction", target=first, reason="slip", source="d", grade="D4")), day=1
    )
    shelved.told(said(kind="correction", target=second, reason="slip", source="b"), day=2)
    seen = withhold(shelved.log.observations(), "amber")
    assert (seen.target.tolist(), seen.kind.tolist()) == ([-1, -1], [0, 1])
    pin = next(one for one in explained(shelved).linchpins if one.kind == "report")
    assert pin.likelihood == {"s0": 0.5, "s1": 0.5}


@pytest.mark.parametrize(("marking", "again"), [("amber", True), ("red", False)])
def test_without_a_correction_what_is_withdrawn_by_something_hidden_stands_no_more_than_before(
    shelved: Shelved, marking: str, again: bool
) -> None:
    """Two corrections of one report, of which the later stands; the earlier may be hidden."""
    (first,) = shelved.told(said())
    shelved.told(marked_as(marking, said(kind="correction", target=first, reason="slip", source="c", level=0)), day=1)
    shelved.told(said(kind="correction", target=first, reason="slip", source="b"), day=2)
    pin = next(one for one in explained(shelved).linchpins if one.kind == "report")
    assert (pin.likelihood["s0"] != pytest.approx(0.5)) == again


def test_nothing_is_told_where_nothing_is_shown(shelved: Shelved) -> None:
    shelved.told(marked_as("red", said()))
    seen = withhold(shelved.log.observations(), "green")
    assert (len(seen), seen.last, seen.subject.names) == (0, None, ())
    assert np.array_equal(columns_of(seen).stands_until, [])
