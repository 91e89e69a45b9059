from collections.abc import Callable

from iwscore.catalog.homes import Homes
from iwscore.catalog.sheets import Sheet


def test_a_name_is_noted_once_and_looked_up(sheet: Callable[[str], Sheet]) -> None:
    made = sheet("sources:\n  - {id: one}\n  - {id: one}\n")
    homes = Homes.of("sources", [made])
    assert [homes.enter(made, path) for _, path in made.items("sources")] == ["one", ""]
    assert homes.look_up("IW207", made, ("sources", 0), "one")
    assert not homes.look_up("IW207", made, ("sources", 1, "id"), "two")
    assert [(fault.code, fault.line) for fault in made.faults] == [("IW202", 3), ("IW207", 3)]
    assert homes.places == {"one": (made, ("sources", 0))}


def test_where_a_name_may_be_missing_none_is_unknown(sheet: Callable[[str], Sheet]) -> None:
    for text in ("sources: {id: one}", "sources: [", "- sources"):
        made = sheet(text)
        assert not Homes.of("sources", [made]).complete
    made = sheet("sources: [{title: One}]")
    homes = Homes.of("sources", [made])
    assert homes.complete
    assert homes.enter(made, ("sources", 0)) == ""
    assert not homes.look_up("IW207", made, (), "two")
    assert made.faults == []
