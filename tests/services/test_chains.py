"""Chains: which member stands, and since when none does."""

import numpy as np
import pytest

from iwscore.services.chains import chain_of, find_entry, standing
from iwscore.services.recording import prepare_correction, prepare_retraction, write
from tests.services.harbour import recorded


@pytest.fixture
def chain(desk, clock):
    """Return the ids of an observation, two corrections in a row, and of another observation."""
    names = [recorded(desk, external_id="r-1")]
    for grade in ("C3", "C4"):
        clock.now += 1000
        names.append(write(desk, prepare_correction(desk, "r-1", {"grade": grade}, reason="x"), reason="x").id)
    return [*names, recorded(desk)]


def test_the_last_member_stands(desk, chain):
    seen = desk.log.observations()
    assert seen.id[standing(seen)].tolist() == [name.encode() for name in chain[2:]]
    for name in chain[:3]:
        found = chain_of(seen, find_entry(desk.log, name, "ann"))
        assert (seen.id[found.standing].decode(), found.withdrawn) == (chain[2], None)


def test_withdrawn_is_withdrawn_since_the_first_retraction(desk, chain, clock):
    clock.now += 1000
    write(desk, prepare_retraction(desk, chain[1], reason="x"), reason="x")
    seen = desk.log.observations()
    assert {chain_of(seen, find_entry(desk.log, name, "ann")).withdrawn for name in chain[:3]} == {clock.now}
    assert np.flatnonzero(standing(seen)).tolist() == [3]
