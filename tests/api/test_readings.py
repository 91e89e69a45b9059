"""A reading of the log is kept while no more is seen, also where the log cannot be reached any more."""

from pathlib import Path

from tests.api.serving import refused, report, serving
from tests.store.drafting import NOON, Clock, record, sound

PATH = "/v1/problems/northern-front/explanation"


def test_what_is_kept_answers_when_the_log_is_gone(tmp_path: Path) -> None:
    """Another ceiling has not been asked yet: its reading cannot be had."""
    with serving(str(tmp_path / "iwscore.db"), Clock()) as served:
        record(served.log, sound(**report(observed_at=NOON - 1)))
        for ceiling in ("red", "amber"):
            served.station.live(ceiling)
        served.station.follow()
        before = served.get(PATH).json()
        (tmp_path / "iwscore.db").rename(tmp_path / "elsewhere.db")
        served.log.close()
        again = served.get(PATH, since="2022-10-01").json()
        assert again["indicators"] == before["indicators"]
        refused(served.get(PATH, ceiling="amber"), 503, "IW415")
        (tmp_path / "elsewhere.db").rename(tmp_path / "iwscore.db")
        assert served.get(PATH, ceiling="amber").json()["indicators"] == before["indicators"]
