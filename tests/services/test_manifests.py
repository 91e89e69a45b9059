"""Jobs and manifests: what is asked, and the page that says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iwscore import __version__
from iwscore.errors import QuestionError, Refusal, Unreachable
from iwscore.services.manifests import Job, Manifest, differences, manifest_beside, read_manifest, subjects_of
from tests.oracle.plain import AT, PROBLEM, world, yes_no
from tests.services.jobs import DAY, SUBJECTS, Making, several
from tests.services.telling import Told

Tell = Callable[..., Told]


@pytest.fixture
def making(tell: Tell, tmp_path: Path) -> Making:
    return Making(several(tell), tmp_path / "history.parquet")


def test_equal_jobs_are_equal_bytes_and_others_are_not(making: Making) -> None:
    asked: list[dict[str, Any]] = [
        {},
        {"subjects": ["here"]},
        {"step": "2d"},
        {"vintage": True},
        {"known_at": AT},
        {"start": AT},
        {"identity": {"log": "1" * 64}},
    ]
    assert len({making.job(**one).encoded() for one in asked}) == len(asked)
    assert making.job().encoded() == making.job(subjects=[*reversed(SUBJECTS), "here"]).encoded()


def test_a_job_says_what_its_answers_hang_on(making: Making) -> None:
    job = making.job(known_at=AT + DAY, step="1w")
    assert (job.problem, job.subjects) == (PROBLEM, ("elsewhere", "here", "nowhere"))
    assert (job.start, job.end, job.known_at) == (
        "2022-10-03T00:00:00Z",
        "2022-10-16T00:00:00Z",
        "2022-10-05T00:00:00Z",
    )
    assert (job.catalog, job.observations) == (making.told.catalog.digest, {"sha256": "0" * 64})
    assert (job.versions["iwscore"], sorted(job.versions)) == (__version__, ["iwscore", "numpy", "pyarrow"])
    assert (len(job.times()), job.known(), making.job().known()) == (2, AT + DAY, None)


def test_jobs_name_what_differs(making: Making) -> None:
    one, other = making.job(), making.job(vintage=True, step="2d")
    assert one.differences(one) == ()
    assert one.differences(other) == differences(one.encoded(), other) == ("step", "vintage")
    assert differences(b"not a job", one) == ("format",)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["all"], ["elsewhere", "here", "nowhere"]),
        (["here", "all"], ["elsewhere", "here", "nowhere"]),
        (["here"], ["here"]),
    ],
)
def test_all_subjects_are_those_that_the_problem_lists(making: Making, asked: list[str], found: list[str]) -> None:
    told = making.told
    assert subjects_of(told.catalog, told.observations, PROBLEM, asked) == tuple(found)


def test_all_subjects_of_any_are_those_that_the_observations_name(tell: Tell) -> None:
    told = several(tell, subjects="any")
    assert subjects_of(told.catalog, told.observations, PROBLEM, ["all"]) == ("elsewhere", "here")
    assert subjects_of(told.catalog, told.observations, PROBLEM, ["moon"]) == ("moon",)


def test_the_only_subject_need_not_be_named(tell: Tell) -> None:
    told = tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, [], sources=[{"id": "a", "grades": []}]))
    assert subjects_of(told.catalog, told.observations, PROBLEM, []) == ("here",)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"problem": "questin"}, r"IW501 unknown problem \(questin\)"),
        ({"subjects": []}, r"IW502 no subject"),
        ({"subjects": ["here", "moon"]}, r"IW503 unknown subject \(moon\)"),
        ({"end": AT - 9 * DAY}, r"IW505 to lies before from \(2022-09-25T00:00:00Z\)"),
        ({"step": "daily"}, r"IW506 not a step \(daily\)"),
    ],
)
def test_what_cannot_be_asked_is_refused(making: Making, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(QuestionError, match=f"^{said}; "):
        making.job(**asked)


def test_nobody_to_ask_about_is_refused(tell: Tell) -> None:
    problem = {"subjects": "any"}
    told = tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, [], sources=[{"id": "a"}], problem=problem))
    said = (
        rf"^IW520 nobody to ask about \({PROBLEM}\); the problem or the observations must name a subject\. "
        r"Give --subject\.$"
    )
    with pytest.raises(Refusal, match=said):
        subjects_of(told.catalog, told.observations, PROBLEM, ["all"])


def test_a_manifest_is_read_as_it_was_written(making: Making) -> None:
    manifest = making.manifest()
    path = manifest_beside(making.out)
    assert path.name == "history.parquet.manifest.json"
    assert read_manifest(path) == manifest
    assert path.read_bytes() == manifest.encoded()
    assert manifest.sorted_by == ("subject", "at", "scenario in catalog order")


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"[]", b'{"job": {"format": 2}}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "some.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(
        Unreachable, match=r"^IW453 no manifest \(.*some\.json\); must be a manifest that rescore wrote\."
    ):
        read_manifest(path)


def test_a_manifest_of_a_later_form_is_refused(making: Making) -> None:
    later = making.manifest().model_dump(mode="json") | {"colour": "red"}
    with pytest.raises(ValueError, match="colour"):
        Manifest.model_validate(later)
    with pytest.raises(ValueError, match="format"):
        Job.model_validate(later["job"] | {"format": 2})
