"""Settings: every fault at once, and a page that lists each of them with its default."""

import re
from pathlib import Path

import pytest

from iwscore.errors import SettingFaults
from iwscore.settings import Settings, names, read_settings, unknown
from tests.house.tree import ROOT

ROW = re.compile(r"^\| `(IWSCORE_\w+)` \| (?:`([^`]+)`|–) \| (.+) \|$", re.MULTILINE)
FAULTY = {
    "IWSCORE_HOST": ("a b", "must be a name or an address alone"),
    "IWSCORE_PORT": ("65536", "must be less than or equal to 65535"),
    "IWSCORE_WORKERS": ("two", "must be a valid integer, unable to parse string as an integer"),
    "IWSCORE_READ_ONLY": ("maybe", "must be yes or no"),
    "IWSCORE_CORS_ORIGINS": ("*", "must be origins such as https://watch.example.org, with a comma between two"),
    "IWSCORE_MOST_BODY": ("1TB", "must be a number of bytes, or one with KiB or MiB"),
    "IWSCORE_RATE": ("nan", "must be a finite number"),
    "IWSCORE_TIMEOUT": ("0", "must be greater than 0"),
    "IWSCORE_STALE_AFTER": ("soon", "must be a number and min, h, d or w; or never"),
    "IWSCORE_LOG_FORMAT": ("xml", "must be 'text' or 'json'"),
}


def refused(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingFaults) as refusal:
        read_settings(environment)
    return str(refusal.value).splitlines()


def test_without_an_environment_all_is_as_the_page_says() -> None:
    rows = ROW.findall((ROOT / "docs" / "service.md").read_text(encoding="utf-8"))
    assert [name for name, _, _ in rows] == names()
    assert [what for _, _, what in rows] == [field.description for field in Settings.model_fields.values()]
    assert read_settings({name: default for name, default, _ in rows}) == read_settings({}) == Settings()
    blank = [name.removeprefix("IWSCORE_").lower() for name, default, _ in rows if not default]
    assert [getattr(Settings(), name) for name in blank] == [None, None, None, None, ()]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("catalog", "watch", Path("watch")),
        ("host", "::1", "::1"),
        ("port", " 0 ", 0),
        ("read_only", "Yes", True),
        ("read_only", "0", False),
        ("most_body", "1024", 1024),
        ("most_body", "64KiB", 65536),
        ("most_body", "2 MB", 2_000_000),
        ("cors_origins", "https://a.example:8443, http://b.example", ("https://a.example:8443", "http://b.example")),
        ("rate", "0.5", 0.5),
        ("stale_after", "36h", 129_600_000_000),
        ("stale_after", "never", None),
        ("log_format", "json", "json"),
    ],
)
def test_a_setting_is_understood(name: str, text: str, value: object) -> None:
    assert getattr(read_settings({f"IWSCORE_{name.upper()}": text}), name) == value


def test_every_fault_is_told_at_once() -> None:
    environment = {name: value for name, (value, _) in FAULTY.items()} | {"IWSCORE_TLS_CERT": "cert.pem"}
    told = [
        f"{name}: IW580 setting is at fault ({value}); {must}. Correct it, or leave it out."
        for name, (value, must) in FAULTY.items()
    ]
    half = "IWSCORE_TLS_KEY: IW581 half of TLS is missing; must go with IWSCORE_TLS_CERT. Set both."
    assert refused(environment) == sorted([*told, half])


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_one_fault_is_told_alone(name: str) -> None:
    value, must = FAULTY[name]
    (told,) = refused({name: value, "IWSCORE_DATABASE": "iwscore.db", "PATH": ""})
    assert (value in told, must in told) == (True, True)


@pytest.mark.parametrize("origin", ["example.org", "ftp://a.example", "https://a.example/", "https://", "null"])
def test_an_origin_is_a_scheme_and_a_host(origin: str) -> None:
    (told,) = refused({"IWSCORE_CORS_ORIGINS": f"https://watch.example.org,{origin}"})
    assert told.startswith("IWSCORE_CORS_ORIGINS: IW580 ")


def test_both_halves_of_tls_go_together() -> None:
    both = read_settings({"IWSCORE_TLS_CERT": "cert.pem", "IWSCORE_TLS_KEY": "key.pem"})
    assert (both.tls_cert, both.tls_key) == (Path("cert.pem"), Path("key.pem"))
    half = "IWSCORE_TLS_CERT: IW581 half of TLS is missing; must go with IWSCORE_TLS_KEY. Set both."
    assert refused({"IWSCORE_TLS_KEY": "key.pem"}) == [half]


def test_a_slip_in_a_name_is_warned_of() -> None:
    strange = {"IWSCORE_PROT": "1", "IWSCORE_CORS_ORIGIN": "secret"}
    others = {"IWSCORE_AUTHOR": "ann", "IWSCORE_DEBUG": "1", "HOME": "x", "IWSCORE_PORT": "1"}
    assert unknown(strange | others) == [
        'IWSCORE_CORS_ORIGIN: IW582 unknown setting; it is not read. Did you mean "IWSCORE_CORS_ORIGINS"?',
        'IWSCORE_PROT: IW582 unknown setting; it is not read. Did you mean "IWSCORE_PORT"?',
    ]
