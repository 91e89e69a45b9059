"""The page on checks, ``docs/checks.md``, out of the texts of errors and the docstrings of checks.

Here belongs the page's frame and the small catalog its examples lie over. What it says of an error or a check belongs
to ``codes`` and to the check.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from iwscore.catalog.checks import CHECKS, Check
from iwscore.catalog.codes import CODES

__all__ = ["EXAMPLE", "TODAY", "examples", "lay_over", "manual"]

TODAY = "2026-06-01"

EXAMPLE = """\
indicators/signs.yaml:
  indicators:
    - {id: troops, title: Troops massing, category: military, half_life: {absent: 3d, present: 21d}}
    - {id: talks, title: Talks broken off, category: political, half_life: {absent: 3d, present: 21d}}
scenarios/border.yaml:
  id: border
  title: Will the border be crossed?
  question: Will regular troops cross the border within 90 days?
  horizon: 90d
  subjects: any
  scenarios:
    - {id: quiet, title: Quiet, prior: 0.85}
    - {id: attack, title: Attack, prior: 0.1}
    - {id: other, title: Something else, prior: 0.05, catch_all: true}
  expectations:
    troops: {rationale: An attack needs them., given: {attack: likely}, otherwise: unlikely}
    talks: {rationale: Talks end before an attack., given: {quiet: unlikely}, otherwise: likely}
  ladder:
    adverse: [attack]
    rungs: [{id: normal, raise_at: 0}, {id: watch, raise_at: 0.2, clear_at: 0.15}]
sources/sources.yaml:
  sources:
    - {id: ministry, title: Ministry, grades: [{from: 2022-01-01, reliability: C, reason: Takes a side.}]}
"""

_HEAD = f"""\
# Checks

`iwscore check` names everything in a catalog that is wrong or worth a look, in one pass:

```
WHERE: IWnnn what is (value); what must be. What to do.
```

An **error** keeps the catalog from being read. A **warning** says that it can be read and may mislead; with `--strict`
it counts as an error. An **info** is for its authors. IW1xx speak of one document, IW2xx of several.

A finding that is right as it is can be waived, in any file of the catalog, with a reason and an end:

```yaml
waivers:
  - {{check: overconfidence, on: northern-front, reason: The desk reads it with this in mind., until: 2027-01-01}}
```

`on` is the id of anything the finding is about: a problem, indicator, scenario, group, rung or source. After `until`
the finding shows again.

Each check below comes with what passes and what fails. These are the parts that matter of the
[catalog of the examples](#catalog-of-the-examples); `~` takes a key out, and `--today` is {TODAY}.
"""


def manual() -> str:
    """Return the page on errors and checks."""
    errors = "\n".join(_errors())
    checks = "\n".join(_check(check) for check in sorted(CHECKS, key=lambda check: check.code))
    example = f"## Catalog of the examples\n\nEach first line of a part is a file.\n\n```yaml\n{EXAMPLE}```\n"
    return f"{_HEAD}\n## Errors\n\n{errors}\n## Findings\n\n{checks}\n{example}"


def _errors() -> Iterator[str]:
    yield "| code | what is | what must be | what to do |"
    yield "|---|---|---|---|"
    for code, parts in sorted(CODES.items()):
        cells = " | ".join(re.sub(r"\{(\w+)\}", r"*\1*", part) for part in parts)
        yield f"| {code} | {cells} |"
    yield ""


def _check(check: Check) -> str:
    text, passes, fails = _split(check)
    parts = [f"### {check.name}", f"{check.code}, {check.severity}. {text}"]
    parts += ["Passes:", f"```yaml\n{passes}```", "Fails:", f"```yaml\n{fails}```"]
    return "\n\n".join(parts) + "\n"


def _split(check: Check) -> tuple[str, str, str]:
    first, _, rest = check.page.partition("\n")
    text, _, after = f"{first}\n{textwrap.dedent(rest)}".partition("Passes::\n")
    passes, _, fails = after.partition("Fails::\n")
    return text.strip().replace("``", "`"), _block(passes), _block(fails)


def _block(text: str) -> str:
    return textwrap.dedent(text).strip() + "\n"


def examples(check: Check) -> tuple[str, str]:
    """Return the YAML that passes a check and the YAML that fails it, each to be laid over the example."""
    _, passes, fails = _split(check)
    return passes, fails


def lay_over(below: Any, above: Any) -> Any:
    """Return ``below`` with what ``above`` says instead: mappings key by key, lists of ids id by id, None takes out.

    Examples
    --------
    >>> lay_over({"a": 1, "b": [{"id": "x", "p": 1}]}, {"a": None, "b": [{"id": "x", "p": 2}]})
    {'b': [{'id': 'x', 'p': 2}]}
    """
    if isinstance(above, dict):
        kept = below if isinstance(below, dict) else {}
        laid = {**kept, **{key: lay_over(kept.get(key), value) for key, value in above.items()}}
        return {key: value for key, value in laid.items() if value is not None}
    if _has_ids(below) and _has_ids(above):
        return list(lay_over(*({item["id"]: item for item in items} for items in (below, above))).values())
    return above


def _has_ids(node: Any) -> bool:
    return isinstance(node, list) and all(isinstance(item, dict) and "id" in item for item in node)
