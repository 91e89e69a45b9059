"""What every test may ask for: outputs kept in ``tests/golden``, and repeatable examples from hypothesis."""

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ("tests.databases",)
GOLDEN = Path(__file__).parent / "golden"

# The same examples on every run and every machine; how long one takes is not a fault.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the kept outputs anew instead of comparing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under ``--golden``, run only the tests that keep an output."""
    if config.getoption("--golden"):
        keeping = [item for item in items if "golden" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in keeping])
        items[:] = keeping


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return ``golden(name, text)``: it compares a text with ``tests/golden/<name>`` or writes it there."""
    rewrite = bool(request.config.getoption("--golden"))

    def compare(name: str, text: str) -> None:
        kept = GOLDEN / name
        if rewrite:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, encoding="utf-8", newline="\n")
            return
        before = kept.read_text(encoding="utf-8") if kept.exists() else ""
        if text != before or not kept.exists():
            lines = difflib.unified_diff(
                before.splitlines(keepends=True), text.splitlines(keepends=True), f"golden/{name}", "now"
            )
            pytest.fail(f"{name} has changed; run make golden and review the diff\n{''.join(lines)}", pytrace=False)

    return compare
