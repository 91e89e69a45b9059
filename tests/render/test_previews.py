"""Previews as text: nothing typed can steer a terminal; machines get what was done and nothing else."""

import json

from iwscore.render.previews import preview_text, recorded_json, recorded_text
from iwscore.services.previews import Preview
from iwscore.services.recording import Prepared, Recorded
from iwscore.services.statements import Statement
from iwscore.store.drafts import Draft, Drafts
from tests.store.drafting import sound

DONE = Recorded(added=1, repeated=0, id="a" * 32, batch=3, recorded_at=1_500_000, head="b" * 64)
AGAIN = Recorded(added=0, repeated=1, id="", batch=None, recorded_at=None, head="b" * 64)


def prepared(draft, *remarks, target=""):
    return Prepared(Statement(Drafts.of([draft])), Preview((), remarks), target)


def test_a_statement_is_shown_as_it_will_be_read():
    shown = preview_text(prepared(sound(note="a\x1b[31m\nb", value=None), "Look again.", target="c" * 32))
    assert shown == (
        f"Observation of {'c' * 32}\n\nobserved_at  2022-10-04T20:00:00Z\nindicator    troops\nlevel        present\n"
        "source       osint\ngrade        B2\nsubject      belarus\nnote         a�[31m b\nmarking      amber\n\n"
        "Note: Look again.\n"
    )


def test_a_value_and_a_reason_are_shown():
    shown = preview_text(prepared(Draft(kind="correction", value=0.1, observed_at=0, reason="misread")))
    assert shown.splitlines()[2:] == ["observed_at  1970-01-01T00:00:00Z", "value        0.1", "reason       misread"]


def test_what_was_done_is_said():
    assert recorded_text(DONE, "correction") == f"Recorded correction {'a' * 32} in batch 3. Head: {'b' * 64}\n"
    assert recorded_text(AGAIN, "outcome") == "On file already: nothing was added.\n"
    assert recorded_text(None, "outcome") == "Dry run: nothing was written.\n"


def test_machines_get_null_for_what_was_not_written():
    said = json.loads(recorded_json(None, prepared(sound())))
    assert said == {
        **dict.fromkeys(("id", "batch", "recorded_at", "head", "target")),
        "added": 0,
        "repeated": 0,
        "remarks": [],
        "changes": [],
    }
    said = json.loads(recorded_json(DONE, prepared(sound(), "x", target="c")))
    assert (said["recorded_at"], said["target"], said["remarks"]) == ("1970-01-01T00:00:01.500000Z", "c", ["x"])
