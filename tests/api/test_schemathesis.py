"""Whatever is sent, the service answers as its own document says, and never breaks: cases that chance makes.

``IWSCORE_FUZZ`` is how many cases an operation, role and way of making them gets; ``make fuzz`` asks for many.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from iwscore.api.readers import ROLES
from tests.api.running import Running, running
from tests.api.serving import bearer, report
from tests.store.drafting import Clock

CASES = int(os.environ.get("IWSCORE_FUZZ", "4"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
load_all_checks()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(str(tmp_path_factory.mktemp("fuzz") / "iwscore.db"), Clock()) as served:
        sent = {"observations": [report(marking="clear", external_id="r-1"), report(marking="red")]}
        headers = bearer("analyst", "red")
        assert requests.post(f"{served.url}/v1/observations", json=sent, headers=headers, timeout=9).status_code == 201
        yield served


def test_no_case_breaks_the_service_or_gets_an_undocumented_answer(served: Running) -> None:
    ran: Counter[tuple[str, int]] = Counter()
    config = schemathesis.Config()
    config.projects.default.max_stream_events = 1
    place = f"{served.url}/v1/openapi.json"
    schema = schemathesis.openapi.from_url(place, headers=bearer("reader", "amber"), config=config)
    names = []
    with requests.Session() as session:
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            names.append(found.ok().label)
            for mode in GenerationMode:
                with suppress(Unsatisfiable):  # what takes nothing cannot be sent anything wrong
                    _fuzz(found.ok(), mode, session, ran)
    statuses = Counter[int]()
    for (_, status), count in ran.items():
        statuses[status] += count
    print(f"schemathesis: {ran.total()} cases over {len(names)} operations, by status {sorted(statuses.items())}")
    assert {role for role, _ in ran} == set(ROLES)
    assert ran.total() > len(names) * len(ROLES)


def _fuzz(operation: Any, mode: GenerationMode, session: requests.Session, ran: Counter[tuple[str, int]]) -> None:
    """Send cases to an operation in each role, and hold each answer against the document."""

    @settings(
        max_examples=CASES, phases=[Phase.explicit, Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        for role in ROLES:
            headers = bearer(role, "amber")
            answer = case.call(session=session, headers=headers, timeout=20)
            ran[role, answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS, headers=headers)

    each()
