"""The catalog as a whole: its digest, its origins, its subjects."""

import math
import re
from typing import Any

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.domain.grades import TrustTable
from iwscore.domain.indicators import Indicator
from iwscore.domain.problems import Problem
from iwscore.domain.sources import Source

ZEROS = ((0.0,) * 6,) * 7
SIGNS = {name: Indicator(id=name, title=name, half_life_days=(21.0, math.inf)) for name in ("flights", "troops")}
SOURCES = {
    name: Source(id=name, title=name, origin=origin)
    for name, origin in {"agency": "minister", "government": None, "minister": "government"}.items()
}


def problem(name: str, subjects: tuple[str, ...] | None) -> Problem:
    return Problem(id=name, title=name, horizon="90d", subjects=subjects, scenarios=(), expectations=())


def catalog(*subjects: tuple[str, ...] | None, **more: Any) -> Catalog:
    """A catalog with one problem for each list of subjects."""
    problems = {f"problem-{n}": problem(f"problem-{n}", named) for n, named in enumerate(subjects)}
    trust = TrustTable(label="none", table=ZEROS, spread=ZEROS)
    return Catalog(**{"indicators": SIGNS, "problems": problems, "sources": SOURCES, "trust": trust, **more})


def test_every_source_has_the_end_of_its_chain_for_an_origin() -> None:
    assert catalog().origins == dict.fromkeys(SOURCES, "government")


@pytest.mark.parametrize(
    ("subjects", "only"),
    [
        ([("belarus",)], "belarus"),
        ([("belarus",), ("belarus",)], "belarus"),
        ([("belarus", "RU-UA")], None),
        ([("belarus",), ("RU-UA",)], None),
        ([("belarus",), None], None),
        ([None], None),
        ([], None),
    ],
)
def test_a_subject_goes_without_saying_only_where_there_is_one(
    subjects: list[tuple[str, ...] | None], only: str | None
) -> None:
    assert catalog(*subjects).only_subject == only


def test_the_digest_is_of_the_meaning() -> None:
    """The order of files does not change it; half-lives do, and those that never end have one too."""
    made = catalog(("belarus",))
    assert re.fullmatch(r"[0-9a-f]{64}", made.digest)
    backwards = {name: SIGNS[name] for name in sorted(SIGNS, reverse=True)}
    assert catalog(("belarus",), indicators=backwards).digest == made.digest
    finite = {**SIGNS, "troops": Indicator(id="troops", title="troops", half_life_days=(21.0, 21.0))}
    others = [catalog(("RU-UA",)), catalog(("belarus",), indicators=finite), catalog(("belarus",), sources={})]
    assert len({made.digest, *(other.digest for other in others)}) == 4
