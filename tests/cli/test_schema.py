"""Schema: what editors are given."""

import json

import pytest


@pytest.mark.parametrize("kind", [(), ("indicators",), ("scenarios",), ("sources",), ("mappings",)])
def test_every_kind_of_file_has_a_schema(run, kind):
    answer = run("schema", *kind)
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["$schema"].startswith("https://json-schema.org/")
