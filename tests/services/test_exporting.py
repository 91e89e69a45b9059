"""Export: read back as history into another log, it gives the same present answers."""

import pytest

from iwscore.services import score, trend
from iwscore.services.exporting import export_reports
from iwscore.services.importing import Terms, import_portions
from iwscore.services.recording import prepare_correction, prepare_outcome, prepare_retraction, write
from iwscore.store.exports import FORMS, writing
from iwscore.store.portions import read_portions
from tests.services.harbour import recorded
from tests.store.drafting import opened

DAY = 86_400_000_000


@pytest.fixture
def full(desk, clock):
    """Return a log of some weeks, with all that can stand in one."""
    name = recorded(desk, external_id="r-1", note="=cmd()", reported_at="2026-03-31")
    clock.now += DAY
    other = recorded(desk, indicator="patrol-boats", level="", value="-0.5", source="local-news", grade="3")
    write(desk, prepare_correction(desk, name, {"level": "absent"}, reason="misread"), reason="misread")
    clock.now += DAY
    write(desk, prepare_correction(desk, name, {"level": "present", "grade": "B2"}, reason="x"), reason="x")
    recorded(desk, subject="quay")
    write(desk, prepare_retraction(desk, other, reason="hoax"), reason="hoax")
    settled = prepare_outcome(desk, "port-closure", "blockade", subject=None, at=desk.at.replace(hour=0, minute=0))
    done = write(desk, settled, reason="seen")
    write(desk, prepare_retraction(desk, done.id, reason="wrong"), reason="wrong")
    recorded(desk, source="harbour-master", grade="A1", indicator="insurance-withdrawn", level="refused")
    return desk


@pytest.mark.parametrize("suffix", FORMS)
def test_read_back_as_history_it_gives_the_same_answers(full, clock, tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    with writing(path, FORMS[suffix]) as write_page:
        done = export_reports(full.log, write_page)
    assert (done.rows, done.head) == (7, full.log.head().digest)
    clock.now += DAY
    with opened(str(tmp_path / "other.db"), clock) as other:
        made = import_portions(Terms(other, full.catalog, "bob", historical=True), read_portions(path), reason="moved")
        assert (made.added, made.rejected) == (7, 0)
        seen = [log.observations() for log in (full.log, other)]
        again = import_portions(Terms(other, full.catalog, "bob", historical=True), read_portions(path), reason="moved")
        assert (again.added, again.repeated) == (0, 7)
    first, second = (score(full.catalog, each, problem="port-closure", at=full.at) for each in seen)
    assert first == second
    span = {"start": full.at.replace(month=3, day=29), "end": full.at, "step": "6h", "problem": "port-closure"}
    trends = [list(trend(full.catalog, each, vintage=True, **span).rows()) for each in seen]
    assert trends[0] == trends[1]
    assert [seen[1].texts["note"][n] for n in range(3)] == [seen[0].texts["note"][n] for n in range(3)]


def test_an_empty_log_has_no_rows(desk):
    assert export_reports(desk.log, lambda page: None).rows == 0
