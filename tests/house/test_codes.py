"""The page of codes is what the code says: checks and errors, rows, the log, questions."""

import ast
import re
from collections.abc import Callable, Iterator

from iwscore.catalog import manual
from iwscore.store.log_wordings import DRAFT_WORDINGS, LOG_WORDINGS
from iwscore.store.wordings import WORDINGS
from tests.house.tree import SOURCE, files, parsed

HEAD = "| code | what is | what must be | what to do |\n|---|---|---|---|\n"


def row(code: str, *texts: str) -> str:
    cells = (re.sub(r"\{(\w+)\}", r"*\1*", text).replace("|", "\\|") for text in texts)
    return f"| {code} | {' | '.join(cells)} |\n"


def written(node: ast.expr) -> str:
    """Return a text of the source as readers see it: what is filled in stands in italics."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) for part in node.values)
    return f"*{ast.unparse(node.value if isinstance(node, ast.FormattedValue) else node).split('(')[0]}*"


def refusals() -> Iterator[tuple[str, str]]:
    """Yield every refusal of a question that the source raises, as a row, with its code."""
    for path in files(SOURCE):
        for node in ast.walk(parsed(path)) if path.suffix == ".py" else ():
            if isinstance(node, ast.Call) and len(node.args) == 5 and isinstance(node.args[0], ast.Constant):
                code = str(node.args[0].value)
                if re.fullmatch(r"IW[45]\d\d", code):
                    yield code, row(code, *(written(node.args[n]) for n in (1, 3, 4)))


def test_the_page_of_codes_is_what_the_code_says(golden: Callable[[str, str], None]) -> None:
    page = manual()
    page += "\n## Rows\n\nA file of observations with any of these is not read; every faulty row is named.\n\n"
    page += HEAD + "".join(row(code, *texts) for code, texts in sorted(WORDINGS.items()))
    page += "\n## Drafts\n\nWhat the log itself does not take, whoever asks; nothing of the batch is recorded.\n\n"
    page += HEAD + "".join(row(code, *texts) for code, texts in DRAFT_WORDINGS.items())
    page += "\n## The log\n\nWhat `iwscore log verify` can find, with the row of the table it is found in.\n\n"
    page += HEAD + "".join(row(code, *texts) for code, texts in LOG_WORDINGS.items())
    page += "\n## Questions\n\nIW4xx leave with exit code 3, IW5xx with 2.\n\n"
    page += HEAD + "".join(text for _, text in sorted(set(refusals())))
    golden("../../docs/checks.md", page)
