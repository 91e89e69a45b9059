"""Outcome: kept once, and none but the problem's scenarios."""

import pytest

from tests.cli.test_record import BY

WHO = BY[4:]
CAME = ("outcome", "port-closure", "blockade", "--at", "2026-04-01", *WHO)


def test_an_outcome_is_recorded_once(desk):
    first, second = desk(*CAME), desk(*CAME)
    assert "\nRecorded outcome " in first.stdout
    assert second.stdout.endswith("On file already: nothing was added.\n")
    assert (first.returncode, second.returncode) == (0, 0)


REFUSED = {
    'IW527 unknown scenario (blokade); must be one of port-closure. Did you mean "blockade"?': "port-closure blokade",
    "IW501 unknown problem (port-closing); must be one of the catalog's. "
    'Did you mean "port-closure"?': "port-closing blockade",
}


@pytest.mark.parametrize(("said", "arguments"), REFUSED.items())
def test_what_the_catalog_does_not_know_is_refused(desk, said, arguments):
    answer = desk("outcome", *arguments.split(), "--at", "2026-04-01", *WHO)
    assert (answer.returncode, answer.stderr) == (2, f"{said}\n")
