"""Every module has a test module of the same name in the same folder of ``tests/``."""

from tests.house.tree import ROOT, SOURCE, place

TESTS = ROOT / "tests"


def test_every_module_has_its_test_module() -> None:
    modules = [path for path in sorted(SOURCE.rglob("*.py")) if not path.stem.startswith("__")]
    mirrored = [path.relative_to(SOURCE).with_name(f"test_{path.stem.strip('_')}.py") for path in modules]
    assert mirrored
    assert [place(TESTS / path) for path in mirrored if not (TESTS / path).exists()] == []
