from iwscore.catalog import load
from iwscore.domain.problems import Ladder, Rung
from tests.catalog.conftest import Write

PROBLEM = """\
{{id: border, horizon: 90d, subjects: any, expectations: {{}}, ladder: {ladder},
 scenarios: [{{id: quiet, prior: 0.7}}, {{id: attack, prior: 0.2}}, {{id: raid, prior: 0.1}}]}}
"""


def ladder_of(write: Write, text: str) -> Ladder | None:
    return load(write({"scenarios/a.yaml": PROBLEM.format(ladder=text)})).problems["border"].ladder


def test_every_key_of_a_ladder_arrives(write: Write) -> None:
    rungs = "{id: calm, raise_at: 0}, {id: watch, title: Watch, raise_at: 0.5, clear_at: 0.4, hold: 12h}"
    found = ladder_of(
        write, f"{{adverse: [raid, attack], coverage_floor: 0.3, blind_hold: 0d, every: 1w, rungs: [{rungs}]}}"
    )
    watch = Rung(id="watch", title="Watch", raise_at=0.5, clear_at=0.4, hold_days=0.5)
    calm = Rung(id="calm", raise_at=0, clear_at=0)
    assert found == Ladder(
        adverse=("attack", "raid"), coverage_floor=0.3, blind_hold_days=0, every_days=7, rungs=(calm, watch)
    )


def test_what_a_ladder_leaves_out_is_the_default(write: Write) -> None:
    found = ladder_of(write, "{adverse: [raid], rungs: [{id: high, raise_at: 0.05}, {id: higher, raise_at: 0.11}]}")
    assert found is not None
    assert (found.coverage_floor, found.blind_hold_days, found.every_days) == (0.2, 30, 1)
    assert [(rung.clear_at, rung.hold_days, rung.title) for rung in found.rungs] == [(0.05, 0, ""), (0.11, 0, "")]
