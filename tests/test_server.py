"""The server: what it refuses to begin with, and who gets a sign-in link."""

from pathlib import Path
from typing import Any

import pytest

from iwscore.errors import QuestionError
from iwscore.server import Service, faults, is_loopback, sign_in_link
from iwscore.settings import read_settings
from iwscore.store.logs import create_log, tokens_of
from tests.store.drafting import NOON, Clock

ROOT = Path(__file__).parents[1]


@pytest.fixture
def made(sqlite_url: str):
    """Return ``made(**settings)``: a service of the built-in catalog on an empty log."""
    create_log(sqlite_url)

    def service(*, plain: bool = False, **told: str) -> Service:
        named = {f"IWSCORE_{name.upper()}": value for name, value in ({"catalog": str(ROOT)} | told).items()}
        return Service(read_settings(named), sqlite_url, Clock(), lambda: 0.0, plain=plain)

    return service


def codes(service: Service) -> list[str]:
    return [getattr(fault, "code", "") for fault in faults(service)]


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_loopback_is_this_machine_alone(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_other_machines_need_tls_and_a_token(made: Any) -> None:
    service = made(host="0.0.0.0")
    assert codes(made()) == []
    assert codes(service) == ["IW573", "IW574"]
    with service.open() as log:
        tokens_of(log).add("anna", role="reader", ceiling="amber", expires_at=NOON + 1)
    assert codes(made(host="0.0.0.0", plain=True)) == []


def test_a_certificate_that_is_none_is_named_with_all_else(made: Any, tmp_path: Path) -> None:
    empty = str(tmp_path / "cert.pem")
    Path(empty).touch()
    assert codes(made(tls_cert=empty, tls_key=empty, catalog=str(tmp_path))) == ["IW572", "IW201"]


def test_the_link_is_for_a_machine_where_nobody_else_has_a_token(made: Any) -> None:
    service = made()
    with service.open() as log:
        tokens = tokens_of(log)
        first, second = sign_in_link(log, service), sign_in_link(log, service)
        assert first
        assert second
        assert first != second
        with pytest.raises(QuestionError, match="IW556"):
            tokens.redeem(first)
        tokens.redeem(second)
        tokens.revoke("browser")
        assert sign_in_link(log, service)
        assert [token.name for token in tokens.list()] == ["browser", "browser-2"]
        assert sign_in_link(log, made(host="0.0.0.0")) is None
        assert sign_in_link(log, made(read_only="yes")) is None
        tokens.add("anna", role="reader", ceiling="amber")
        assert sign_in_link(log, service) is None


def test_a_service_of_this_machine_is_known_by_its_names_alone(made: Any) -> None:
    assert "localhost" in made().rules().hosts
    assert made(host="0.0.0.0").rules().hosts == ()
    assert made(rate="7", burst="9").rules().requests_per_second == 7.0
