"""Token: made, renewed, listed and revoked, with the real program."""

import csv
import json
from typing import get_args

import pytest

from iwscore.cli.token import Ceiling, Role
from iwscore.domain.observations import MARKINGS
from iwscore.store.logs import create_log, open_log, tokens_of
from iwscore.store.tokens import ROLES, digest_of
from tests.store.drafting import Clock

ANN = ("token", "add", "ann", "--role", "analyst", "--ceiling", "amber")


@pytest.fixture
def place(tmp_path):
    """Make an empty log in the folder where the program starts."""
    create_log(str(tmp_path / "iwscore.db"))
    return str(tmp_path / "iwscore.db")


def known(place):
    with open_log(place, clock=Clock()) as log:
        return tokens_of(log).all_by_hash()


def test_what_can_be_typed_is_what_there_is():
    assert get_args(Role) == ROLES
    assert get_args(Ceiling) == MARKINGS


def test_the_secret_alone_is_on_stdout(run, place):
    answer = run(*ANN)
    assert answer.stderr == (
        "Token of ann: analyst, up to amber, never expires. It is shown this once: keep it like a password.\n"
    )
    (token,) = known(place).values()
    assert known(place)[digest_of(answer.stdout.removesuffix("\n"))] == token
    assert (token.name, token.role, token.ceiling, token.expires_at) == ("ann", "analyst", "amber", None)
    again = run(*ANN)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("IW552 there is such a token already (ann)")


@pytest.mark.parametrize("left_out", ["--role", "--ceiling"])
def test_role_and_ceiling_are_never_guessed(run, place, left_out):
    at = ANN.index(left_out)
    answer = run(*ANN[:at], *ANN[at + 2 :])
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"Missing option '{left_out}'" in answer.stderr
    assert known(place) == {}


@pytest.mark.parametrize(
    ("expires", "said"),
    [("never", "never expires."), ("90d", "expires 2"), ("2999-01-01", "expires 2999-01-01T00:00:00Z.")],
)
def test_a_token_can_expire(run, place, expires, said):
    assert said in run(*ANN, "--expires", expires).stderr
    (token,) = known(place).values()
    assert (token.expires_at is None) == (expires == "never")
    if expires == "90d":
        assert abs(token.expires_at - token.created_at - 90 * 86_400_000_000) < 60_000_000


@pytest.mark.parametrize(
    ("expires", "code"), [("soon", "IW507 --expires is"), ("9" * 400 + "d", "IW507"), ("2000-01-01", "IW553")]
)
def test_another_expiry_is_refused(run, place, expires, code):
    answer = run(*ANN, "--expires", expires)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(code)
    assert known(place) == {}


def test_a_token_is_renewed_and_revoked(run, place):
    first = run(*ANN).stdout.strip()
    answer = run("token", "renew", "ann", "--expires", "2999-01-01")
    assert answer.stderr.startswith("Token of ann, renewed: expires 2999-01-01T00:00:00Z. It is shown this once")
    assert list(known(place)) == [digest_of(answer.stdout.strip())] != [digest_of(first)]
    revoked = run("token", "revoke", "ann")
    assert (revoked.returncode, revoked.stdout) == (0, "")
    assert revoked.stderr == "Revoked: ann. What it has signed stays; a service refuses it within a second.\n"
    assert known(place) == {}
    assert run("token", "revoke", "anna").stderr.startswith("IW554 no such token (anna)")
    assert run(*ANN).stderr.startswith("IW557 name was a token's that is revoked (ann)")


def test_tokens_are_listed(run, place):
    assert run("token", "list").stdout.split()[:6] == ["name", "role", "ceiling", "expires", "used", "state"]
    run(*ANN)
    run("token", "add", "wall", "--role", "reader", "--ceiling", "amber+strict", "--expires", "2999-01-01")
    run("token", "revoke", "ann")
    with open_log(place, clock=Clock()) as log:
        tokens_of(log).add("old", role="admin", ceiling="red", expires_at=log.clock() + 1)
        tokens_of(log).used({"wall": log.clock()})
    rows = [line.split() for line in run("token", "list").stdout.splitlines()]
    assert rows[-3:] == [
        ["ann", "analyst", "amber", "–", "–", "revoked"],
        ["old", "admin", "red", "2022-10-05T20:00:00Z", "–", "expired"],
        ["wall", "reader", "amber+strict", "2999-01-01T00:00:00Z", "2022-10-05T20:00:00Z", "stands"],
    ]
    told = [json.loads(line) for line in run("token", "list", "--format", "json").stdout.splitlines()]
    assert [(one["name"], one["state"], one["last_used"]) for one in told] == [
        ("ann", "revoked", None),
        ("old", "expired", None),
        ("wall", "stands", "2022-10-05T20:00:00Z"),
    ]
    cells = list(csv.DictReader(run("token", "list", "--format", "csv").stdout.splitlines()))
    assert cells == [{name: value or "" for name, value in one.items()} for one in told]
