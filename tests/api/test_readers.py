"""Each role may do what those before it may; of a token its digest alone is looked up."""

import hashlib

import pytest
from fastapi import Request

from iwscore.api.readers import ROLES, Forbidden, Reader, Role, fingerprint, reader_of, requires


def asked_by(role: Role) -> Request:
    return Request({"type": "http", "headers": [], "reader": Reader("ann", role, "amber")})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("needed", ROLES)
def test_a_role_may_do_what_lesser_ones_may(role: Role, needed: Role) -> None:
    request = asked_by(role)
    if ROLES.index(role) >= ROLES.index(needed):
        assert requires(needed)(request) is reader_of(request)
    else:
        with pytest.raises(Forbidden, match=f"IW561 role does not allow it .{role}.; must be {needed} or above"):
            requires(needed)(request)


def test_a_fingerprint_is_the_sha_256() -> None:
    assert fingerprint("iws_é") == hashlib.sha256("iws_é".encode()).digest()
