"""Following: a log's answers, kept up to date as it grows, without reading it again.

Here belongs what is read when, and which catalog answers. What is kept of one question belongs to
``services.dossiers``; the answers are those of ``services.scoring`` and ``services.trends`` on the same log at the
same head, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, RLock

from iwscore.core.bundles import NEVER, Times
from iwscore.core.hearings import Clocks
from iwscore.domain.assessments import Assessment, Trend
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.problems import Problem
from iwscore.services.dossiers import Dossier
from iwscore.services.keeping import Kept
from iwscore.services.ledgers import Ledger
from iwscore.services.questions import ask, known_micros
from iwscore.services.rungs import Climb
from iwscore.services.shelves import Shelves
from iwscore.services.trends import WHOLE, Answer, answered
from iwscore.services.vintages import InForce
from iwscore.store.entries import Head
from iwscore.store.logs import Log, tail_of
from iwscore.store.tails import Tail

__all__ = ["Grounds", "Live", "catalog_of", "climb_of", "ended", "grounds", "in_force_of"]

_QUESTIONS = 8


class Live:
    """A log as it stood when it was last followed, and answers from what of it is marked up to a ceiling.

    One thread may follow while others ask: each answer is from one head. With ``in_force`` a vintage asks the catalogs
    that the log has put in force, as soon as there are any; all else asks the one given. What is above the ceiling
    withdraws what it is about, and is otherwise as if it had never been recorded. ``shelves`` hold the reports that are
    seen, for whoever holds still.
    """

    def __init__(self, log: Log, catalog: Catalog, *, in_force: bool = False, ceiling: str = "red") -> None:
        self._log, self._given, self._by_log, self.ceiling = log, catalog, in_force, ceiling
        self._following, self._asking = Lock(), RLock()
        self._head = Head()
        self._forget()

    @property
    def head(self) -> Head:
        """The head that answers are from."""
        with self._asking:
            return self._head

    @property
    def seen(self) -> str:
        """The digest of what the ceiling may see of the log, as `services.ledgers` takes it."""
        with self._asking:
            return self._ledger.digest

    @property
    def newest(self) -> int | None:
        """The latest time from which a report that the ceiling may see counts as known, microseconds; None for none."""
        with self._asking:
            return self._ledger.newest

    def replace(self, catalog: Catalog) -> None:
        """Answer by another catalog from now on."""
        with self._asking:
            self._given = catalog

    def follow(self) -> Head:
        """Take in what the log has taken; return its head. Where nothing is new that is one short query."""
        with self._following:
            tail = tail_of(self._log, self._head)
            if tail is not None:
                digests = dict.fromkeys(digest for _, digest in tail.catalogs or () if self._by_log)
                texts = {digest: self._catalogs.get(digest) or self._log.catalog(digest) for digest in digests}
                with self._asking:
                    self._take_in(tail, texts)
            return self._head

    @contextmanager
    def still(self) -> Iterator[Head]:
        """Hold still while several questions are asked of one head, which is returned; whoever follows waits."""
        with self._asking:
            yield self._head

    def score(
        self,
        problem: str,
        subject: str | None = None,
        *,
        at: datetime,
        known_at: datetime | None = None,
        draws: int = 0,
        seed: int = 0,
    ) -> Assessment:
        """Return the assessment at ``at``, as known at ``known_at``: what `services.score` gives."""
        with self._asking:
            catalog = self._given
            found, watched = ask(catalog, self.shelves, problem, subject)
            return self._dossier(catalog, found, watched).score(at, known_at, draws=draws, seed=seed)

    def trend(
        self,
        problem: str,
        subject: str | None = None,
        *,
        start: datetime,
        end: datetime,
        step: str,
        known_at: datetime | None = None,
        vintage: bool = False,
        page: slice = WHOLE,
        marked: bool = True,
        draws: int = 0,
        seed: int = 0,
    ) -> Trend:
        """Return the answers from ``start`` to ``end``: what `services.trend` gives, or the page of it.

        With ``vintage`` each is as known then, by the catalog in force then where the log's catalogs answer. Events,
        which take looking at every report of the span, are told only where they are to be ``marked``.
        """
        known = known_micros(known_at)
        clocks = Clocks.known_at(known, vintage=vintage)

        def answer(one: Catalog, watched: str, times: Times, where: slice) -> Answer:
            dossier = self._dossier(one, one.problems[problem], watched)
            return dossier.answer(times, where, clocks, draws=draws, seed=seed, marked=marked)

        with self._asking:
            asked = in_force_of(self, known_at) if vintage else self._given
            return answered(
                asked, self.shelves, answer, problem=problem, start=start, end=end, step=step,
                subject=subject, known_at=known_at, vintage=vintage, banded=draws > 0, page=page,
            )  # fmt: skip

    def _dossier(self, catalog: Catalog, problem: Problem, subject: str) -> Dossier:
        key = (catalog.digest, problem.id, subject)
        dossier = self._dossiers.get(key, lambda: Dossier(catalog, self.shelves, problem, subject))
        dossier.catch_up()
        return dossier

    def _forget(self) -> None:
        self.shelves, self._ledger = Shelves(self.ceiling), Ledger(self.ceiling)
        self._dossiers: Kept[Dossier] = Kept(_QUESTIONS)
        self._catalogs: dict[str, Catalog] = {}
        self._since: tuple[tuple[int, str], ...] = ()

    def _take_in(self, tail: Tail, texts: dict[str, Catalog]) -> None:
        self._head = Head()  # whoever is interrupted here begins anew
        if tail.anew:
            self._forget()
        self._ledger.take_in(tail.rolls, tail.ids)
        for place, until in self.shelves.take_in(tail.pieces):
            self._ledger.end(place, until)
        if texts:
            self._catalogs, self._since = texts, tail.catalogs or ()
        self._head = tail.head


def climb_of(
    live: Live, problem: str, subject: str | None = None, *, at: datetime, known_at: datetime | None = None
) -> Climb:
    """Return the way to the rung that `Live.score` gives, as known at ``known_at``.

    Raises
    ------
    QuestionError
        Where the question cannot be asked so.
    """
    with live.still():
        found, watched = ask(live._given, live.shelves, problem, subject)
        return live._dossier(live._given, found, watched).climb(at, known_at)


def catalog_of(live: Live) -> Catalog:
    """Return the catalog that answers but where a vintage asks those in force."""
    with live.still():
        return live._given


def in_force_of(live: Live, known_at: datetime | None = None) -> InForce:
    """Return the catalogs that the log has put in force, else the one given; what comes later changes no answer."""
    known = known_micros(known_at)
    with live.still():
        since = [one for one in live._since if one[0] <= known] or live._since[:1]
        if not since:
            return InForce.of(live._given)
        return InForce(tuple(time for time, _ in since), tuple(live._catalogs[digest] for _, digest in since))


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What a question is answered from: the catalog, the subject that is meant, and the reports on it."""

    catalog: Catalog
    subject: str
    reports: Columns


def grounds(live: Live, problem: str, subject: str | None, known_at: datetime | None) -> Grounds:
    """Return what `Live.score` answers from; while it is used, the log must be held still.

    Raises
    ------
    QuestionError
        Where the question cannot be asked so.
    """
    catalog = live._given
    _, watched = ask(catalog, live.shelves, problem, subject)
    return Grounds(catalog, watched, live.shelves.of(watched).columns())


def ended(live: Live, place: int) -> int | None:
    """Return until when the entry at a place of the log, which is shown, stands by what is taken in; None for good."""
    until = live._ledger.until(place)
    return None if until == NEVER else until


def likelihoods_at(live: Live, problem: str, subject: str, at: datetime) -> dict[str, float]:
    """Return the likelihood of each scenario at ``at``, as all is known: those of `Live.score`, and sooner."""
    with live.still():
        found, watched = ask(live._given, live.shelves, problem, subject)
        return live._dossier(live._given, found, watched).likelihoods(at)
