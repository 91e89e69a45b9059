"""Causes: the corrections, retractions and regrades between two questions are named."""

from datetime import timedelta

import pytest

from iwscore.catalog import load
from iwscore.services import explain
from iwscore.services.recording import prepare_correction, prepare_retraction, write
from tests.services.harbour import harbour, recorded

HOUR = timedelta(hours=1)


@pytest.fixture
def change(desk, clock):
    """Return ``change(since, catalog)``: the steps from then to now, by their names."""

    def asked(since, catalog=None):
        answer = explain(
            catalog or desk.catalog, desk.log.observations(), problem="port-closure", at=desk.at, since=since
        )
        assert answer.change is not None
        return {step.id: step for step in answer.change.steps}

    return asked


def test_corrections_and_retractions_since_are_named(desk, clock, change):
    first, second = recorded(desk), recorded(desk, indicator="patrol-boats", level="", value="5", source="local-news")
    since = desk.at
    assert change(since)["withdrawn"].causes == ()
    clock.now += 7_200_000_000
    fixed = write(desk, prepare_correction(desk, first, {"level": "absent"}, reason="misread"), reason="misread")
    gone = write(desk, prepare_retraction(desk, second, reason="hoax"), reason="hoax")
    step = change(since)["withdrawn"]
    assert [(cause.kind, cause.id, cause.target, cause.what, cause.reason) for cause in step.causes] == [
        (
            "correction",
            fixed.id,
            first,
            "broker berths-cleared present C2 → broker berths-cleared absent C2",
            "misread",
        ),
        ("retraction", gone.id, second, "local-news patrol-boats 5.0 C2", "hoax"),
    ]
    assert step.likelihood["blockade"] != 0
    assert change(desk.at)["withdrawn"].causes == ()
    again = write(desk, prepare_correction(desk, first, {"grade": "C3"}, reason="x"), reason="x")
    assert [cause.id for cause in change(since)["withdrawn"].causes] == [fixed.id, gone.id, again.id]


def test_corrections_elsewhere_are_not(desk, clock, change):
    name = recorded(desk, subject="quay")
    since = desk.at
    clock.now += 7_200_000_000
    write(desk, prepare_correction(desk, name, {"level": "absent"}, reason="x"), reason="x")
    assert change(since)["withdrawn"].causes == ()
    write(desk, prepare_correction(desk, name, {"subject": "harbour"}, reason="x"), reason="x")
    assert len(change(since)["withdrawn"].causes) == 1


def test_a_burnt_source_is_named_from_when_that_was_known(desk, clock, change, tmp_path):
    recorded(desk)
    since = desk.at
    clock.now += 7_200_000_000
    harbour(tmp_path)
    register = tmp_path / "sources" / "a.yaml"
    row = f"{{known_from: {(since + HOUR).isoformat()}, reliability: E, reason: Sold lies.}}"
    burnt = f"party: underwriters\n    regraded: [{row}]"
    register.write_text(register.read_text(encoding="utf-8").replace("party: underwriters", burnt), encoding="utf-8")
    catalog = load(tmp_path)
    step = change(since, catalog)["re-graded"]
    assert [(cause.kind, cause.id, cause.what, cause.reason) for cause in step.causes] == [
        ("regrade", "broker", "reliability E", "Sold lies."),
    ]
    assert step.likelihood["blockade"] < 0
    assert change(since + HOUR, catalog)["re-graded"].causes == ()
