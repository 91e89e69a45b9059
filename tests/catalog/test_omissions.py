from tests.catalog.conftest import Inspect, told


def test_every_thing_with_a_title_may_lack_one(look: Inspect) -> None:
    found = look("""
indicators/signs.yaml: {indicators: [{id: talks, title: ~}]}
scenarios/border.yaml: {title: ~, scenarios: [{id: attack, title: attack}]}
sources/sources.yaml: {sources: [{id: ministry, title: ~}]}
""")
    assert [line.split(" ", 1)[0] for line in told(found, "no-title")] == [
        "indicators/signs.yaml:8:3:",
        "scenarios/border.yaml:1:1:",
        "scenarios/border.yaml:9:3:",
        "sources/sources.yaml:2:3:",
    ]


def test_rationales_are_asked_of_groups_too(look: Inspect) -> None:
    found = look("""
scenarios/border.yaml:
  expectations: {talks: {rationale: ~}}
  groups: [{id: signals, indicators: [troops, talks], correlation: 0.5}]
""")
    assert [line.split("(")[1].split(")")[0] for line in told(found, "no-rationale")] == ["talks", "signals"]


def test_reasons_are_counted_over_grades_and_regrades(look: Inspect) -> None:
    found = look("""
sources/sources.yaml:
  sources:
    - id: ministry
      grades: [{from: 2022-01-01, reliability: C}]
      regraded: [{known_from: 2023-01-01, reliability: D}, {known_from: 2023-02-01, reliability: E, reason: Lied.}]
""")
    assert "(ministry, 2 rows)" in told(found, "no-reason")[0]
