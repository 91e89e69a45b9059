"""The reports of one subject, as if there were no others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from iwscore.services.frames import Frame, columns_of, make_frame
from iwscore.services.partitions import partitions_of, subjects_in
from tests.oracle.plain import PROBLEM
from tests.services.jobs import SUBJECTS, several
from tests.services.telling import Told


@pytest.fixture
def told(tell: Callable[..., Told]) -> Told:
    return several(tell)


def arrays(frame: Frame[Any]) -> list[list[Any]]:
    reports = frame.reports
    return [frame.lost.tolist(), *(getattr(reports, name).tolist() for name in reports.__slots__)]


@pytest.mark.parametrize("subject", [*SUBJECTS, "unheard-of"])
def test_a_subjects_frame_is_that_of_all_the_reports(told: Told, subject: str) -> None:
    problem = told.catalog.problems[PROBLEM]
    columns = partitions_of(told.observations).of(subject)
    assert set(columns.subject.names) == {subject}
    found = make_frame(told.catalog, columns, problem, subject)
    assert arrays(found) == arrays(make_frame(told.catalog, told.observations, problem, subject))


def test_every_report_with_a_subject_is_in_one_partition(told: Told) -> None:
    partitions = partitions_of(columns_of(told.observations))
    assert partitions.names == ("elsewhere", "here")
    parts = [partitions.of(name) for name in partitions.names]
    assert sum(map(len, parts)) == (told.observations.kind != 2).sum()
    assert [len(partitions.of(name)) for name in ("", "nowhere")] == [0, 0]


def test_reports_that_are_parted_stay_so(told: Told) -> None:
    partitions = partitions_of(told.observations)
    assert partitions_of(partitions) is partitions
    assert subjects_in(partitions) == subjects_in(told.observations) == ("elsewhere", "here")


def test_of_no_reports_there_is_no_partition(told: Told) -> None:
    columns = columns_of(told.observations)
    none = np.empty(0, dtype=np.int32)
    empty = partitions_of(replace(columns, subject=replace(columns.subject, codes=none, names=())))
    assert empty.names == ()
