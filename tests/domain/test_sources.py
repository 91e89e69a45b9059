"""Sources: who has it from whom."""

import pytest

from iwscore.domain.sources import Source, resolve_origin

LINKS = {
    "agency": "minister",
    "minister": "government",
    "government": None,
    "left": "right",
    "right": "left",
    "me": "me",
}


@pytest.mark.parametrize(
    ("name", "end"),
    [("agency", "government"), ("minister", "government"), ("government", "government"), ("stranger", "stranger")],
)
def test_a_chain_of_origins_is_followed_to_its_end(name: str, end: str) -> None:
    assert resolve_origin(name, LINKS) == end


@pytest.mark.parametrize(("name", "circle"), [("left", "left → right → left"), ("me", "me → me")])
def test_a_circle_of_origins_is_refused(name: str, circle: str) -> None:
    with pytest.raises(ValueError, match=f"^{circle}$"):
        resolve_origin(name, LINKS)


def test_a_source_left_bare_speaks_for_itself_and_has_no_letter() -> None:
    source = Source(id="agency", title="Agency")
    assert (source.origin, source.grades, source.regraded) == (None, (), ())
