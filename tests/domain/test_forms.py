import re

import pytest

from iwscore.domain.forms import finest, form_pattern


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("%Y-%m-%d", "2022-1-05", {"Y": "2022", "m": "1", "d": "05"}),
        ("%Y%m%d", "20220105", {"Y": "2022", "m": "01", "d": "05"}),
        ("%YM%m", "2022M1", {"Y": "2022", "m": "1"}),
        ("Q%q/%Y", "Q3/2022", {"Y": "2022", "q": "3"}),
        ("%Y", "2022", {"Y": "2022"}),
        ("%d.%m.%Y %H:%M:%S", "5.1.2022 8:09:10", {"d": "5", "m": "1", "Y": "2022", "H": "8", "M": "09", "S": "10"}),
        ("%%%Y%%%m", "%2022%1", {"Y": "2022", "m": "1"}),
        (
            "iso",
            "2022-01-05",
            {"Y": "2022", "m": "01", "d": "05", **dict.fromkeys("HMSfz")},
        ),
    ],
)
def test_a_form_reads_its_texts(form: str, text: str, found: dict[str, str | None]) -> None:
    match = re.fullmatch(form_pattern(form), text)
    assert match
    assert match.groupdict() == found


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%Y%m%d", "2022105"),
        ("%Y-%m-%d", "22-01-05"),
        ("%Y.%m", "2022x01"),
        ("%Y-Q%q", "2022-Q5"),
        ("iso", "2022-01-05T8:00"),
        ("iso", "2022-01-05T08:00:00.1234567Z"),
    ],
)
def test_a_form_reads_no_others(form: str, text: str) -> None:
    assert not re.fullmatch(form_pattern(form), text)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("%m", "%m without %Y"),
        ("day", "no %Y"),
        ("%Y %b", "unknown: %b"),
        ("%Y%", "unknown: %"),
        ("%Y %Y", "repeated: %Y"),
        ("%Y-%d", "%d without %m"),
        ("%Y-%m %H", "%H without %d"),
        ("%Y %q %m", "%q beside %m"),
    ],
)
def test_a_form_that_is_none_is_refused(form: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        form_pattern(form)


def test_a_form_tells_its_shortest_period() -> None:
    told = [finest(form) for form in ("%Y", "%Y%q", "%Y-%m", "%d.%m.%Y", "%Y-%m-%d %H", "iso")]
    assert told == ["year", "quarter", "month", "day", "instant", "instant"]
