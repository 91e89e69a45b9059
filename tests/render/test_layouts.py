"""Layouts: folding, cutting, and columns that keep to the page."""

import pytest

from iwscore.render.layouts import RULE, WIDTH, Column, clean, cut, fold, pairs, table, tables_across


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("russia-attacks-again", 10, ["russia-", "attacks-", "again"]),
        ("on 2022-10-12", 11, ["on", "2022-10-12"]),
        ("unbreakable", 6, ["unbre…"]),
        ("likelihood\u00a0%", 12, ["likelihood %"]),
        ("日本語", 5, ["日本…"]),
    ],
)
def test_text_is_folded(text: str, room: int, lines: list[str]) -> None:
    assert fold(text, room) == lines


def test_combining_marks_take_no_room() -> None:
    assert cut("e\u0301" * 5, 5) == "e\u0301" * 5


@pytest.mark.parametrize("steering", ["\x1b]0;owned\x07", "\u202eabc", "a\u2028b", "a\r\nb", "\x00"])
def test_nothing_steers_the_terminal(steering: str) -> None:
    assert clean(steering).isprintable()


def test_pairs_fold_under_their_text() -> None:
    lines = pairs([("a", "word " * 40), ("name", "x")])
    assert lines[0].startswith("a     word")
    assert lines[1].startswith("      word")
    assert max(map(len, lines)) <= WIDTH


def test_headers_stand_on_the_rule_and_text_reaches_over_empty_cells() -> None:
    columns = [Column("what"), Column("who"), Column("how much", number=True)]
    rows = [["a", "b", "1.0"], ["a sum of them", "", "10.0"], RULE, ["all", "", "11.0"]]
    assert table(columns, rows) == [
        "            how",
        "what  who  much",
        "────  ───  ────",
        "a     b     1.0",
        "a sum of   10.0",
        "them",
        "────  ───  ────",
        "all        11.0",
    ]


def test_the_widest_text_gives_way_and_what_is_whole_does_not() -> None:
    columns = [Column("a"), Column("b"), Column("c", whole=True), Column("d", number=True)]
    lines = table(columns, [["x " * 60, "short", "▁" * 40, "1"]])
    assert max(map(len, lines)) == WIDTH
    assert "▁" * 40 in lines[2]
    assert "short" in lines[2]


def test_columns_that_do_not_fit_go_below() -> None:
    columns = [Column("at"), *(Column(f"n{n}", number=True) for n in range(30)), Column("end")]
    lines = tables_across(columns, [["t", *["12.34"] * 30, "e"], RULE], first=1, count=30)
    assert max(map(len, lines)) <= WIDTH
    heads = [line.split() for line in lines if line.startswith("at")]
    assert [name for head in heads for name in head[1:-1]] == [f"n{n}" for n in range(30)]
    assert all(head[-1] == "end" for head in heads)


def test_a_word_without_end_is_cut_at_once() -> None:
    assert fold("x" * 1_000_000, 10) == ["x" * 9 + "…"]
    assert fold("中" * 20, 10) == ["中" * 4 + "…"]
