"""What was asked for last is kept."""

from iwscore.services.keeping import Kept


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    kept: Kept[list[str]] = Kept(2)
    first = kept.get("a", lambda: ["a"])
    kept.get("b", lambda: ["b"])
    assert kept.get("a", lambda: ["another"]) is first
    kept.get("c", lambda: ["c"])
    assert list(kept) == [["a"], ["c"]]
    assert kept.get("b", lambda: ["b again"]) == ["b again"]
