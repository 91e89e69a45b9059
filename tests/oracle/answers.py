"""The questions that can be asked of a catalog and its rows, answered from the rows.

Only answers already given are remembered.
"""

import math
from datetime import UTC, datetime, time, timedelta
from typing import Any

from tests.oracle.catalogs import Document, Ladder, Question, Register, read_question, read_sign
from tests.oracle.ladders import Point, climb
from tests.oracle.reasons import explain
from tests.oracle.reports import Known, Report, Row, read_chains
from tests.oracle.standings import Standing, weigh
from tests.oracle.texts import term

EVERYTHING = datetime.max.replace(tzinfo=UTC)
STEPS = ["fading", "new", "withdrawn", "re-graded", "catalog"]


class Oracle:
    """Answers about one catalog and its rows.

    `catalog` holds the parsed documents: `indicators`, `problems`, `sources`, and if need be `trust`.
    `rows` are texts as they stand in a file, column by column. `known_at` None means everything.
    """

    def __init__(self, catalog: Document, rows: list[Row]) -> None:
        signs = {one["id"]: read_sign(one) for one in catalog["indicators"]}
        self.questions = {one["id"]: read_question(one, signs) for one in catalog["problems"]}
        self.register = Register(catalog["sources"], catalog.get("trust"))
        lists = [one["subjects"] for one in catalog["problems"]]
        named = {name for one in lists for name in ([one] if isinstance(one, str) else one)}
        self.chains = read_chains(rows, signs, self.register, named.pop() if len(named) == 1 else None)
        self.remembered: dict[tuple[str, str, datetime, Known], Standing] = {}

    def answer(self, problem: str, subject: str, at: datetime, known_at: datetime | None) -> dict[str, Any]:
        """The assessment of one problem and subject."""
        latest = known_at or EVERYTHING
        known = Known(latest, latest, latest)
        question, standing = self.questions[problem], self.standing(problem, subject, at, known)
        return {
            "problem": problem,
            "subject": subject,
            "at": at,
            "known_at": known_at,
            "observations": sum(one.evidence > 0 for voices in standing.voices.values() for one in voices),
            "unplaced": sum(not one.placed for one in self.by_the_clocks(subject, at, known)),
            "coverage": standing.coverage,
            "rung": self.rung(problem, subject, at, latest),
            "flags": standing.flags + self.blind(problem, subject, at, latest),
            "scenarios": [
                {
                    "id": name,
                    "prior": question.priors[s],
                    "likelihood": standing.likelihoods[s],
                    "term": term(standing.likelihoods[s], question.scale),
                    "score": standing.score(s),
                    "against": standing.against(s),
                }
                for s, name in enumerate(question.scenarios)
            ],
        }

    def trend(
        self, problem: str, subject: str, times: list[datetime], known_at: datetime | None, *, vintage: bool
    ) -> list[dict[str, Any]]:
        """The answers at some times; as vintage each as then known."""
        if not vintage:
            return [self.answer(problem, subject, at, known_at) for at in times]
        return [self.answer(problem, subject, at, min(at, known_at or at)) for at in times]

    def explanation(self, problem: str, subject: str, at: datetime, known_at: datetime | None) -> dict[str, Any]:
        """Why the likelihoods are what they are."""
        latest = known_at or EVERYTHING
        return explain(self.standing(problem, subject, at, Known(latest, latest, latest)))

    def change(
        self, problem: str, subject: str, at: datetime, known_at: datetime | None, since: datetime
    ) -> list[dict[str, Any]]:
        """How far fading, new, withdrawn and re-graded reports moved the likelihoods since then."""
        now = known_at or EVERYTHING
        knowledge = [
            Known(since, since, since),
            Known(now, since, since),
            Known(now, now, since),
            Known(now, now, now),
            Known(now, now, now),  # there is one catalog: its step is nothing
        ]
        standings = [self.standing(problem, subject, at, known) for known in knowledge]
        before = self.standing(problem, subject, since, knowledge[0])
        steps = []
        for name, after in zip(STEPS, standings, strict=True):
            pairs = list(zip(before.likelihoods, after.likelihoods, strict=True))
            scenarios = self.questions[problem].scenarios
            plain = [new - old for old, new in pairs]
            logs = [math.log(new) - math.log(old) for old, new in pairs]
            steps.append(
                {
                    "id": name,
                    "likelihood": dict(zip(scenarios, plain, strict=True)),
                    "ln_likelihood": dict(zip(scenarios, logs, strict=True)),
                }
            )
            before = after
        return steps

    def blind(self, problem: str, subject: str, at: datetime, latest: datetime) -> list[str]:
        """The state of the ladder at the time, by what was known then."""
        then = min(at, latest)
        standing = self.standing(problem, subject, at, Known(then, then, then))
        return ["blind"] if standing.thin and self.questions[problem].ladder else []

    def rung(self, problem: str, subject: str, at: datetime, latest: datetime) -> str | None:
        """The rung of the problem's ladder, each point of the past as then known."""
        question = self.questions[problem]
        if question.ladder is None:
            return None
        first = self.first_known(question, subject, latest)
        points: list[Point] = []
        for moment in moments(first, at, question.ladder):
            then = min(moment, latest)
            standing = self.standing(problem, subject, moment, Known(then, then, then))
            numbers = zip(question.scenarios, standing.likelihoods, strict=True)
            adverse = math.fsum(number for name, number in numbers if name in question.ladder.adverse)
            points.append((moment, adverse, standing.thin))
        return climb(question.ladder, points)

    def first_known(self, question: Question, subject: str, latest: datetime) -> datetime | None:
        """When the first report that bears on the question was known."""
        times = [
            member.known_from
            for chain in self.chains
            for member in chain.members
            if member.placed
            and member.subject == subject
            and member.indicator in question.expected
            and member.level != "unknown"
            and chain.ever_stands(member)
            and member.known_from <= latest
        ]
        return min(times, default=None)

    def by_the_clocks(self, subject: str, at: datetime, known: Known) -> list[Report]:
        """The reports on a subject that stand as known then and had been observed, placed or not."""
        standing = [chain.standing(known) for chain in self.chains]
        return [one for one in standing if one and one.subject == subject and one.observed_at <= at]

    def standing(self, problem: str, subject: str, at: datetime, known: Known) -> Standing:
        """How a problem stands, remembered."""
        key = problem, subject, at, known
        if key not in self.remembered:
            reports = self.by_the_clocks(subject, at, known)
            question = self.questions[problem]
            self.remembered[key] = weigh(question, self.register, reports, at, known.register)
        return self.remembered[key]


def moments(first: datetime | None, at: datetime, ladder: Ladder) -> list[datetime]:
    """The times at which a ladder is looked at: from the first midnight on, and the question's own."""
    passed: list[datetime] = []
    if first is not None:
        moment = datetime.combine(first.date(), time.min, tzinfo=UTC)
        if moment < first:
            moment += timedelta(days=1)
        while moment < at:
            passed.append(moment)
            moment += ladder.every
    return [*passed, at]
