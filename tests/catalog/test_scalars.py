import pytest

from iwscore.catalog.scalars import resolve_scalar, show


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("yes", "yes"),
        ("off", "off"),
        ("n", "n"),
        ("0", 0),
        ("-010", -10),
        ("+7", 7),
        ("0o17", 15),
        ("0xfF", 255),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        (".5", 0.5),
        ("-2.", -2.0),
        ("1e3", 1000.0),
        ("1E-2", 0.01),
        (".", "."),
        ("e3", "e3"),
        ("٣", "٣"),
        ("2022-10-04", "2022-10-04"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(text: str, value: object) -> None:
    resolved = resolve_scalar(text)
    assert resolved == value
    assert type(resolved) is type(value)


@pytest.mark.parametrize(
    "text", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e999", "-1e999", "9" * 400, "0x" + "f" * 400]
)
def test_a_number_that_is_not_finite_is_refused(text: str) -> None:
    with pytest.raises(OverflowError):
        resolve_scalar(text)


def test_what_is_shown_is_short_and_harmless() -> None:
    assert show("x" * 1000) == "x" * 60 + "…"
    assert show("\x1b[31m\u202e") == "\\x1b[31m\\u202e"
    assert show("Й …") == "Й …"
    assert list(map(show, [False, {}, [[]], 7, 0.1])) == [
        "false",
        "a mapping of 0",
        "a list of 1",
        "7",
        "0.1",
    ]
