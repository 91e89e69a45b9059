from collections.abc import Callable

from iwscore.catalog.findings import Case
from iwscore.catalog.homes import Homes
from iwscore.catalog.sheets import Sheet
from iwscore.catalog.sources import house_trust
from iwscore.domain.catalogs import Catalog


def test_parts_are_placed_by_id_and_keys_before_values(sheet: Callable[[str], Sheet]) -> None:
    made = sheet(
        "id: border\nscenarios:\n  - prior: 0.5\n    id: quiet\n  - {id: attack, prior: 0.5}\nsubjects: [a, b]\n"
    )
    homes = Homes("problems")
    homes.enter(made, ())
    case = Case(Catalog(indicators={}, problems={}, sources={}, trust=house_trust()), {"problems": homes}, today=None)
    assert case.place("problems", "border") == ("a.yaml", 1, 1)
    assert case.place("problems", "border", "scenarios") == ("a.yaml", 2, 1)
    assert case.place("problems", "border", "scenarios", "quiet") == ("a.yaml", 3, 5)
    assert case.place("problems", "border", "scenarios", "attack", "prior") == ("a.yaml", 5, 18)
    assert case.place("problems", "border", "subjects", "b") == ("a.yaml", 6, 15)
