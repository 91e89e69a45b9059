"""The forms of texts: which durations, days and times a document takes."""

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from iwscore.catalog import documents
from iwscore.catalog.folders import DOCUMENTS

FORMS = {
    "Every": (
        ["1min", "0.5h", "21d", "2w"],
        ["0d", "0.5min", "never", "1mo", "d", "1 d", "-1d", "٣d", "1000000000d", "3d\n"],
    ),
    "Hold": (["0d", "0.0min", "2d"], ["never", "1mo", ""]),
    "HalfLife": (["never", "21d"], ["0d", "Never", "1y", "21"]),
    "Horizon": (["90d", "3mo", "1y"], ["0mo", "1.5y", "never", "90"]),
    "Day": (["2027-01-01", "2024-02-29"], ["2023-02-29", "20270101", "2027-W01-1", "2027-01-01T00:00Z"]),
    "Instant": (
        ["2022-10-04", "2022-10-04T12:00Z", "2022-10-04 12:00:00.5+02:00"],
        ["2022-10-04T12:00", "2022-10-04T25:00Z", "0001-01-01T00:00+14:00", "now"],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_takes_some_texts_and_refuses_others(name: str) -> None:
    form = TypeAdapter(getattr(documents, name))
    taken, refused = FORMS[name]
    assert [form.validate_python(text) for text in taken] == taken
    for wrong in (*refused, 21, None, ["21d"]):
        with pytest.raises(ValidationError):
            form.validate_python(wrong)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents_are_frozen_and_take_no_other_key(document: type[BaseModel]) -> None:
    assert document.model_config.get("extra") == "forbid"
    assert document.model_config.get("frozen") is True
    assert document.model_config.get("strict") is True
