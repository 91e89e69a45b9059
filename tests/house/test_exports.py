"""What a package offers is what it names in ``__all__``; its order is kept by the linter."""

import ast
import importlib

import pytest

from tests.house.tree import SOURCE, parsed

PACKAGES = ["iwscore", *(f"iwscore.{path.parent.name}" for path in sorted(SOURCE.glob("*/__init__.py")))]


def names_made(package: str) -> set[str]:
    """Return the public names that the package's own file imports from its modules or defines."""
    path = SOURCE.parent.joinpath(*package.split("."), "__init__.py")
    made: set[str] = set()
    for node in parsed(path).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iwscore"):
            made |= {name.asname or name.name for name in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Assign):
            made |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in made if not name.startswith("_")}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_offers_what_it_names(package: str) -> None:
    module = importlib.import_module(package)
    offered = list(getattr(module, "__all__", []))
    assert len(offered) == len(set(offered))
    assert set(offered) - {"__version__"} == names_made(package)
    assert [name for name in offered if not hasattr(module, name)] == []
