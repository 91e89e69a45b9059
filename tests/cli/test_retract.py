"""Retract: withdrawn for everything asked from then on, and only once."""

import json

from tests.cli.test_record import BY, SEEN

WHO = BY[4:]


def test_what_is_retracted_speaks_no_more(desk):
    done = json.loads(desk("record", *SEEN, *BY, "--format", "json").stdout)
    answer = desk("retract", done["id"], "--reason", "hoax", *WHO)
    assert answer.returncode == 0
    assert answer.stdout.startswith(f"Retraction of {done['id']}\n\nreason  hoax\n\nport-closure, harbour, ")
    asked = ("score", "port-closure", "--at", "2026-03-10", "--format", "json")
    assert json.loads(desk(*asked).stdout)["observations"] == 0
    assert json.loads(desk(*asked, "--known-at", done["recorded_at"]).stdout)["observations"] == 1
    again = desk("retract", done["id"], "--reason", "hoax", *WHO)
    assert (again.returncode, again.stderr.partition(";")[0]) == (2, f"IW538 entry is withdrawn ({done['id']})")
