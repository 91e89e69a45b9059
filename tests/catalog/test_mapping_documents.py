import pytest
from pydantic import TypeAdapter, ValidationError

from iwscore.catalog import mapping_documents
from iwscore.catalog.mapping_documents import MappingFile

FORMS: dict[str, tuple[list[object], list[object]]] = {
    "Lag": (["0d", "1mo", "90min", "6h", "2w", "1y"], ["1.5mo", "d", "-1d", "never", 1, None]),
    "Window": (["28d", "4w", "12mo", "1y", "007d"], ["0d", "00w", "12h", "30min", "1.5d", 28]),
    "Codes": (["countries", {"a": "b"}, {}], [["a"], 1, {"a": 1}]),
    "Among": (["those", ["a"]], [[], {"a": "b"}, [1]]),
    "Words": ([["a"], {"a": "b"}], ["a", 1, [1]]),
    "CellOrText": (["osint", {"column": "a"}], ["", ["a"], {"colum": "a"}, 1]),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_takes_some_values_and_refuses_others(name: str) -> None:
    form = TypeAdapter(getattr(mapping_documents, name))
    taken, refused = FORMS[name]
    for right in taken:
        form.validate_python(right)
    for wrong in refused:
        with pytest.raises(ValidationError):
            form.validate_python(wrong)


def test_a_mapping_has_at_least_one_observation() -> None:
    file = {"id": "m", "time": {"column": "day", "period": "day"}, "observations": []}
    with pytest.raises(ValidationError, match="at least 1 item"):
        MappingFile.model_validate(file)
