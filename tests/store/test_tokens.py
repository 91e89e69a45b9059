"""Tokens: kept by digest, found by secret, and never one name for two."""

import re
import zipfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from iwscore.errors import QuestionError
from iwscore.store.dumping import dump_log, restore_log
from iwscore.store.logs import Log, open_log, tokens_of
from iwscore.store.migrating import migrate_log
from iwscore.store.tokens import CODE_PREFIX, PREFIX, ROLES, Token, Tokens, digest_of
from iwscore.store.verifying import verify_log
from tests.faults.writing import clock, together
from tests.store.drafting import DAY, NOON, Clock, opened, record, sound
from tests.store.test_migrating import older

ANN: dict[str, Any] = {"role": "analyst", "ceiling": "amber"}


@pytest.fixture
def tokens(log: Log) -> Tokens:
    return tokens_of(log)


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(QuestionError) as refusal:
        ask()
    return str(refusal.value)


def test_a_secret_leads_to_its_token(tokens: Tokens) -> None:
    secret, other = tokens.add("ann", **ANN), tokens.add("wall", role="reader", ceiling="clear", expires_at=NOON + DAY)
    assert re.fullmatch(rf"{PREFIX}[\w-]{{43}}", secret)
    ann = Token("ann", "analyst", "amber", NOON)
    wall = Token("wall", "reader", "clear", NOON, NOON + DAY)
    assert tokens.all_by_hash() == {digest_of(secret): ann, digest_of(other): wall}
    assert tokens.list() == [ann, wall]


def test_the_secret_is_kept_nowhere(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        secret = tokens_of(log).add("ann", **ANN)
    held = b"".join(path.read_bytes() for path in Path(sqlite_url).parent.iterdir())
    assert digest_of(secret) in held
    assert secret.removeprefix(PREFIX).encode() not in held


@pytest.mark.parametrize(("expires_at", "later", "stands"), [(None, 99 * DAY, True), (NOON + 1, 0, True),
                                                             (NOON + 1, 1, False)])  # fmt: skip
def test_a_token_stands_until_it_expires(expires_at: int | None, later: int, stands: bool) -> None:
    token = Token("ann", "reader", "red", NOON, expires_at)
    assert token.stands(NOON + later) is stands
    assert not Token("ann", "reader", "red", NOON, expires_at, revoked_at=NOON).stands(NOON)


@pytest.mark.parametrize("name", ["", "Ann", "ann klein", "-ann", "ann-", "a--b", "a" * 81, "ann\n", "änn", "a\0b"])
def test_a_name_is_a_slug(tokens: Tokens, name: str) -> None:
    assert refused(lambda: tokens.add(name, **ANN)).startswith("IW550 name of a token is no slug (")
    assert refused(lambda: tokens.revoke(name)).startswith("IW554 no such token (")
    assert tokens.list() == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"role": "root"}, ("IW551 role or ceiling is unknown (root); must be one of reader, analyst, admin. "
         "There are: admin, analyst, reader.")),
        ({"ceiling": "ambre"}, ("IW551 role or ceiling is unknown (ambre); must be one of clear, green, amber, "
         'amber+strict, red. Did you mean "amber"?')),
        ({"expires_at": NOON}, "IW553 expiry has passed; must lie ahead. Give a later time."),
    ],
)  # fmt: skip
def test_what_is_no_token_is_refused(tokens: Tokens, changes: dict[str, str], text: str) -> None:
    assert refused(lambda: tokens.add("ann", **ANN | changes)) == text
    assert tokens.list() == []


@pytest.mark.parametrize("role", ROLES)
def test_every_role_can_be_given(tokens: Tokens, role: str) -> None:
    tokens.add("ann", role=role, ceiling="amber+strict")
    assert [(token.role, token.ceiling) for token in tokens.list()] == [(role, "amber+strict")]


def test_a_name_is_one_tokens_for_ever(tokens: Tokens, now: Clock) -> None:
    tokens.add("ann", **ANN)
    assert refused(lambda: tokens.add("ann", **ANN)) == (
        "IW552 there is such a token already (ann); a name is one token's. Renew it, or choose another name."
    )
    now.now += DAY
    assert tokens.revoke("ann") == Token("ann", "analyst", "amber", NOON)
    assert tokens.all_by_hash() == {}
    assert tokens.list() == [Token("ann", "analyst", "amber", NOON, revoked_at=NOON + DAY)]
    assert refused(lambda: tokens.add("ann", **ANN)) == (
        "IW557 name was a token's that is revoked (ann); a name that has signed entries is not given to another. "
        "Choose another name, such as one with -2."
    )
    for again in (
        lambda: tokens.revoke("ann"),
        lambda: tokens.renew("ann"),
        lambda: tokens.add_code("ann", expires_at=now.now + 1),
    ):
        assert refused(again) == "IW555 token is revoked (ann); must stand. Add one under another name."
    assert (
        refused(lambda: tokens.revoke("anna"))
        == "IW554 no such token (anna); must be one of this log. There are none yet."
    )


def test_renewing_ends_every_earlier_secret(tokens: Tokens, now: Clock) -> None:
    first = tokens.add("ann", **ANN, expires_at=NOON + 1)
    tokens.add("wall", **ANN)
    code = tokens.add_code("ann", expires_at=NOON + DAY)
    now.now += DAY // 2
    assert not tokens.all_by_hash()[digest_of(first)].stands(now.now)
    second = tokens.renew("ann", expires_at=NOON + DAY)
    assert digest_of(first) not in (known := tokens.all_by_hash())
    assert known[digest_of(second)] == Token("ann", "analyst", "amber", NOON, NOON + DAY)
    assert len(known) == 2
    assert refused(lambda: tokens.redeem(code)).startswith("IW556 sign-in code opens nothing; ")


def test_the_last_use_only_goes_on(tokens: Tokens) -> None:
    for name in ("ann", "bob", "eve"):
        tokens.add(name, **ANN)
    tokens.used({})
    tokens.used({"ann": NOON + 2, "bob": NOON + 2, "nobody": NOON})
    tokens.used({"ann": NOON + 1, "bob": NOON + 3})
    assert [token.last_used for token in tokens.list()] == [NOON + 2, NOON + 3, None]


def test_a_code_is_good_for_once(tokens: Tokens, now: Clock) -> None:
    secret = tokens.add("ann", **ANN, expires_at=NOON + 3 * DAY)
    ended, code = (tokens.add_code("ann", expires_at=NOON + 9) for _ in range(2))
    assert re.fullmatch(rf"{CODE_PREFIX}[\w-]{{43}}", code)
    assert list(tokens.all_by_hash()) == [digest_of(secret)]
    browser = tokens.redeem(code, expires_at=NOON + DAY)
    known = tokens.all_by_hash()
    assert known[digest_of(browser)] == Token("ann", "analyst", "amber", NOON, NOON + DAY)
    assert known[digest_of(secret)] == Token("ann", "analyst", "amber", NOON, NOON + 3 * DAY)
    for spent in (ended, code, secret, browser, "", "iwc_\ud800"):
        assert unredeemed(tokens, spent) == (
            "IW556 sign-in code opens nothing; must be fresh, and is good for once. Ask for another."
        )
    late = tokens.add_code("ann", expires_at=NOON + 9)
    now.now += 9
    assert "IW556" in refused(lambda: tokens.redeem(late))
    now.now += DAY
    lasting = tokens.redeem(tokens.add_code("ann", expires_at=now.now + 1))
    assert set(tokens.all_by_hash()) == {digest_of(secret), digest_of(lasting)}
    now.now = NOON + 3 * DAY
    assert "IW556" in refused(lambda: tokens.redeem(tokens.add_code("ann", expires_at=now.now + 1)))


def unredeemed(tokens: Tokens, code: str) -> str:
    return refused(lambda: tokens.redeem(code))


def redeem(url: str, code: str, answer: Connection) -> None:
    with open_log(url, clock=clock) as log:
        try:
            answer.send(tokens_of(log).redeem(code))
        except QuestionError as refusal:
            answer.send(refusal.code)


def test_of_several_processes_one_redeems_a_code(url: str) -> None:
    with opened(url, Clock(clock())) as log:
        tokens = tokens_of(log)
        tokens.add("ann", **ANN)
        code = tokens.add_code("ann", expires_at=clock() + DAY)
        answers = together(4, redeem, url, code)
        (secret,) = {answer for answer in answers if answer != "IW556"}
        assert answers.count("IW556") == 3
        assert tokens.all_by_hash()[digest_of(secret)].name == "ann"


def test_a_dump_carries_no_token_and_the_log_is_none_the_wiser(log: Log, tokens: Tokens, tmp_path: Path) -> None:
    record(log, sound())
    head = log.head()
    secret = tokens.add("ann", **ANN)
    assert log.head() == head
    assert verify_log(log.url, head=head.digest).faults == ()
    dump, place = tmp_path / "log.dump", str(tmp_path / "restored.db")
    dump_log(log.url, dump)
    with zipfile.ZipFile(dump) as archive:
        assert sorted(archive.namelist()) == ["batches.parquet", "catalogs.parquet", "entries.parquet", "log.json"]
    assert digest_of(secret) not in dump.read_bytes()
    assert restore_log(dump, place) == head
    with open_log(place, clock=Clock()) as restored:
        assert tokens_of(restored).list() == []


def test_a_migrated_log_can_have_tokens(url: str) -> None:
    older(url)
    migrate_log(url)
    with open_log(url, clock=Clock()) as log:
        secret = tokens_of(log).add("ann", **ANN)
        assert tokens_of(log).all_by_hash()[digest_of(secret)].name == "ann"
