"""Recording: one entry at a time, corrected and withdrawn by any of its names."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from iwscore.domain.times import from_micros, parse_instant
from iwscore.errors import DraftFaults, QuestionError, RowFaults
from iwscore.services import score
from iwscore.services.chains import standing
from iwscore.services.recording import (
    Desk,
    prepare_correction,
    prepare_outcome,
    prepare_record,
    prepare_retraction,
    write,
)
from tests.services.harbour import micros, recorded, sound

MARCH = parse_instant("2026-03-31T00:00:00Z")


def correct(desk, name, **cells):
    return write(desk, prepare_correction(desk, name, cells, reason="why"), reason="why")


def test_what_is_recorded_stands_with_its_catalog(desk):
    done = write(desk, prepare_record(desk, sound()), reason="watch")
    first, entry = desk.log.entries()
    assert (first.kind, entry.id, entry.author, entry.reason) == ("catalog", done.id, "ann", "watch")
    assert (done.added, done.repeated, done.batch, done.head) == (1, 0, 2, desk.log.head().digest)
    assert done.recorded_at == entry.recorded_at == entry.known_from


def test_the_same_again_counts_again_unless_it_has_a_name(desk):
    assert recorded(desk) != recorded(desk)
    write(desk, prepare_record(desk, sound(external_id="r-1")), reason="watch")
    again = write(desk, prepare_record(desk, sound(external_id="r-1")), reason="watch")
    assert (again.added, again.repeated, again.batch) == (0, 1, None)
    with pytest.raises(DraftFaults, match="IW420"):
        write(desk, prepare_record(desk, sound(external_id="r-1", note="x")), reason="watch")


def test_a_correction_is_whole_and_takes_over_what_is_not_changed(desk):
    recorded(desk, external_id="r-1", note="seen", reported_at="2026-03-31", origin="harbour-master")
    done = correct(desk, "r-1", level="absent")
    base, entry = desk.log.entries()[1:]
    assert (entry.id, entry.kind, entry.target, entry.level, entry.external_id) == (
        done.id, "correction", base.id, "absent", "",
    )  # fmt: skip
    kept = ("observed_at", "reported_at", "source", "grade", "origin", "note", "subject", "marking")
    assert [getattr(entry, name) for name in kept] == [getattr(base, name) for name in kept]


def test_a_level_takes_the_place_of_a_value_and_the_other_way_round(desk):
    name = recorded(desk, indicator="patrol-boats", level="", value="5")
    correct(desk, name, level="many")
    assert desk.log.entries()[-1].value is None
    correct(desk, name, value="0.5")
    assert (desk.log.entries()[-1].level, desk.log.entries()[-1].value) == ("", 0.5)
    with pytest.raises(RowFaults, match="IW326"):
        correct(desk, name, value="1", level="many")


def test_the_last_correction_stands_whichever_member_is_named(desk):
    name = recorded(desk)
    second = correct(desk, name, grade="C3").id
    third = correct(desk, name, level="absent").id
    assert [entry.target for entry in desk.log.entries()[2:]] == [name, second]
    entry = desk.log.entries()[-1]
    assert (entry.id, entry.grade, entry.level) == (third, "C3", "absent")


def test_an_answer_as_known_before_a_correction_stays(desk, clock):
    name = recorded(desk, observed_at="2026-03-30")
    before = clock.now
    clock.now += 3_600_000_000
    correct(desk, name, level="absent")

    def answer(known_at):
        seen = desk.log.observations()
        return score(desk.catalog, seen, problem="port-closure", at=MARCH, known_at=from_micros(known_at))

    assert answer(before) != answer(clock.now)
    assert answer(before).scenarios[1].likelihood > answer(clock.now).scenarios[1].likelihood


@pytest.mark.parametrize("of", [0, 1])
def test_a_retraction_withdraws_the_whole_chain_for_good(desk, of):
    names = [recorded(desk)]
    names.append(correct(desk, names[0], grade="C3").id)
    done = write(desk, prepare_retraction(desk, names[of], reason="hoax"), reason="hoax")
    assert (desk.log.entries()[-1].target, desk.log.entries()[-1].reason) == (names[1], "hoax")
    for name in (*names, done.id):
        with pytest.raises(QuestionError, match=r"IW538 entry is withdrawn \(.*since 2026-04-01T12:00:30"):
            prepare_retraction(desk, name, reason="again")
        with pytest.raises(QuestionError, match="IW538"):
            prepare_correction(desk, name, {"level": "absent"}, reason="again")


def test_who_is_not_there_or_not_alone_is_said(desk):
    with pytest.raises(QuestionError, match=r"IW530 no such entry \(nobody\)"):
        prepare_retraction(desk, "nobody", reason="x")
    for author in ("bob", "eve"):
        recorded(Desk(desk.log, desk.catalog, author), external_id="r-1")
    with pytest.raises(QuestionError, match=r"IW537 several entries \(r-1\); must name one. Give the id: "):
        prepare_retraction(desk, "r-1", reason="x")
    with pytest.raises(QuestionError, match=r"IW526 entry cannot be corrected \(.*: catalog\)"):
        prepare_correction(desk, desk.log.entries()[0].id, {"level": "absent"}, reason="x")


def outcome(desk, scenario="blockade", at="2026-03-31T00:00:00Z", **asked):
    prepared = prepare_outcome(desk, "port-closure", scenario, **{"subject": None, "at": parse_instant(at), **asked})
    return write(desk, prepared, reason="seen")


def test_an_outcome_is_kept_once_and_can_be_withdrawn(desk):
    done = outcome(desk)
    (held,) = desk.log.outcomes()
    assert (held.id, held.subject, held.observed_at) == (done.id, "harbour", micros("2026-03-31T00:00:00Z"))
    said = {"at": "2026-03-31T00:00:00Z", "problem": "port-closure", "scenario": "blockade"}
    assert json.loads(held.content) == said
    assert (outcome(desk).added, outcome(desk).repeated) == (0, 1)
    with pytest.raises(QuestionError, match=rf"IW539 another outcome stands \({done.id}: blockade\)"):
        outcome(desk, "accident")
    write(desk, prepare_retraction(desk, done.id, reason="wrong"), reason="wrong")
    assert desk.log.outcomes() == []
    with pytest.raises(QuestionError, match="IW538"):
        prepare_retraction(desk, done.id, reason="wrong")
    assert outcome(desk, "accident").added == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scenario": "blokade"}, r'IW527 unknown scenario \(blokade\); .* Did you mean "blockade"\?'),
        ({"at": "2026-04-02T00:00:00Z"}, r"IW528 outcome lies in the future \(2026-04-02T00:00:00Z\)"),
        ({"subject": "quay"}, r"IW503 unknown subject \(quay\)"),
    ],
)
def test_an_outcome_is_one_of_the_problems_and_has_come_about(desk, asked, said):
    with pytest.raises(QuestionError, match=said):
        outcome(desk, **asked)


def test_a_withdrawn_outcome_can_be_recorded_anew(desk):
    done = outcome(desk)
    write(desk, prepare_retraction(desk, done.id, reason="wrong"), reason="wrong")
    assert outcome(desk).added == 1


def test_what_the_log_would_refuse_is_refused_before_anything_is_shown_or_written(desk):
    name = recorded(desk, external_id="r-1")
    assert prepare_record(desk, sound(external_id="r-1")).again == name
    entries = desk.log.head().entries
    said = r"^{}:external_id: IW420 external_id is on file with other content \(r-1\); one author uses it once"
    with pytest.raises(DraftFaults, match=said.format("record")):
        prepare_record(desk, sound(external_id="r-1", note="x"))
    with pytest.raises(DraftFaults, match=said.format("correct")):
        prepare_correction(desk, name, {"external_id": "r-1"}, reason="why")
    with pytest.raises(DraftFaults, match=r"^record:reason: IW427 reason is blank"):
        write(desk, prepare_record(desk, sound()), reason=" ")
    assert desk.log.head().entries == entries


def test_what_is_not_unicode_is_a_fault_of_its_column(desk):
    with pytest.raises(RowFaults, match=r"^record:note: IW303 text is not UTF-8") as refused:
        prepare_record(desk, sound(note="\udcff", source="\udcfe"))
    assert [fault.field for fault in refused.value.faults] == ["note", "source"]
    with pytest.raises(QuestionError, match="IW530"):
        prepare_retraction(desk, "\udcff", reason="x")


def below(desk: Desk, ceiling: str) -> Desk:
    return replace(desk, ceiling=ceiling)


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(QuestionError) as refusal:
        ask()
    return str(refusal.value)


def test_what_is_above_the_writers_ceiling_cannot_be_written(desk: Desk) -> None:
    low, at = below(desk, "green"), parse_instant("2026-03-30T00:00:00Z")
    first = recorded(desk, marking="green")
    told = "IW543 marking is above the ceiling ({}); must be at most green. Mark it lower."
    for marking in ("amber", "red"):
        for ask in (
            partial(prepare_record, low, sound(marking=marking)),
            partial(prepare_correction, low, first, {"marking": marking}, reason="slip"),
            partial(prepare_retraction, low, first, reason="slip", marking=marking),
        ):
            assert refused(ask) == told.format(marking)
    assert refused(lambda: prepare_record(low, sound())) == told.format("amber")
    assert prepare_record(low, sound(marking="clear")).statement.text("marking") == "clear"
    for ceiling, marking in (("green", "green"), ("amber", ""), ("red", "")):
        one = below(desk, ceiling)
        retraction = prepare_retraction(one, first, reason="slip")
        outcome = prepare_outcome(one, "port-closure", "blockade", subject=None, at=at)
        assert [prepared.statement.text("marking") for prepared in (retraction, outcome)] == [marking] * 2


def test_an_entry_above_the_writers_ceiling_is_as_one_that_is_not_there(desk: Desk) -> None:
    low, hidden = below(desk, "green"), recorded(desk, external_id="r-1")
    for ask in (
        partial(prepare_correction, low, cells={"level": "absent"}, reason="slip"),
        partial(prepare_retraction, low, reason="hoax"),
    ):
        texts = {refused(partial(ask, name=name)).replace(name, "…") for name in (hidden, "r-1", "0" * 32)}
        assert len(texts) == 1
        assert texts.pop().startswith("IW530 no such entry")


def test_what_is_withdrawn_by_something_hidden_cannot_be_corrected(desk: Desk) -> None:
    first = recorded(desk, marking="green")
    write(
        desk, prepare_correction(desk, first, {"level": "absent", "marking": "red"}, reason="secret"), reason="secret"
    )
    told = refused(lambda: prepare_correction(below(desk, "green"), first, {"level": "absent"}, reason="slip"))
    assert told.startswith("IW538 entry is withdrawn")
    assert prepare_correction(desk, first, {"level": "present"}, reason="slip").target != first


def test_a_preview_hangs_on_nothing_hidden(desk: Desk) -> None:
    low = below(desk, "green")
    before = prepare_record(low, sound(marking="green")).preview
    recorded(desk, source="harbour-master", grade="A1")
    recorded(desk)
    assert prepare_record(low, sound(marking="green")).preview == before
    assert prepare_record(desk, sound(marking="green")).preview != before


def test_a_correction_by_who_sees_no_more_withdraws_for_all(desk: Desk) -> None:
    first = recorded(desk, marking="green")
    low = below(desk, "green")
    made = write(low, prepare_correction(low, first, {"level": "absent"}, reason="slip"), reason="slip")
    seen = desk.view.observations()
    assert seen.id[standing(seen)].tolist() == [made.id.encode()]
    assert low.view.entry(first, "ann").id == first
