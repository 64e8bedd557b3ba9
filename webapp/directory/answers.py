"""From a person and an address to what the pages show: the index asked, its answers kept, rows loaded and checked."""

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

import numpy as np
from flask import current_app

from matcher.profile import Region
from matcher.reasons import Reason
from matcher.rules import check
from webapp.access import Role
from webapp.accounts.models import User
from webapp.directory import queries
from webapp.directory.entries import read
from webapp.directory.filters import Wanted
from webapp.directory.fit import Fit, Mine, fit_of, with_history
from webapp.directory.index import DirectoryIndex
from webapp.directory.search import Found, Relevance, search
from webapp.directory.snapshot import Snapshot, encode_text, similarity_to, taken
from webapp.matches import queries as match_queries
from webapp.profiles import queries as profile_queries
from webapp.profiles.models import CourseProfile, CourseState

MOST_KEPT = 64
"""Answers kept of each kind; one takes some 300 kB with 20,000 courses."""

T = TypeVar("T")


class Kept:
    """The latest answers, for many threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the answer of a key, made if it is not kept."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                kept: T = self._answers[key]
                return kept
        answer = make()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        return answer


@dataclass(frozen=True)
class Row:
    """A course found.

    Parameters
    ----------
    course : CourseProfile
        With lecturer and institution loaded.
    score, confidence : float or None
        0..1; None without a course to compare with, where a rule is broken, or where it was not compared.
    broken : tuple of Reason
        Hard rules that keep it from the chosen course.
    """

    course: CourseProfile
    score: float | None
    confidence: float | None
    broken: tuple[Reason, ...]


@dataclass(frozen=True)
class Answer:
    """A search with the rows of its page."""

    found: Found
    rows: tuple[Row, ...]
    n_compared: int | None
    """Courses compared with the chosen one, where not all could be."""


class Desk:
    """Answers questions about the open courses from an index.

    Parameters
    ----------
    index : DirectoryIndex
    """

    def __init__(self, index: DirectoryIndex) -> None:
        self.index = index
        self._fits, self._relevance = Kept(), Kept()

    def mine(self, course: CourseProfile, snapshot: Snapshot, today: date) -> Mine | None:
        """Encode somebody's own course; None when the matcher cannot read it."""
        at = snapshot.position(course.id, course.version)
        if at is not None:
            return Mine(snapshot.entries[at], taken(snapshot.encoded, np.array([at])))
        entries = read([course], today)
        return Mine(entries[0], snapshot.encoder.transform([entries[0].profile])) if entries else None

    def fit(self, course: CourseProfile, snapshot: Snapshot, now: datetime) -> tuple[Mine, Fit] | None:
        """Compare somebody's own course with all open ones, history included; None when it cannot be read."""
        key = (snapshot.generation, snapshot.week, course.id, course.version)

        def compare() -> tuple[Mine, Fit] | None:
            mine = self.mine(course, snapshot, now.date())
            return None if mine is None else (mine, fit_of(mine, snapshot, self.index.rules))

        compared = self._fits.get(key, compare)
        if compared is None:
            return None
        tried = match_queries.partners_tried(course.id)
        return compared[0], with_history(compared[1], snapshot, tried, match_queries.open_counts())

    def relevance(self, text: str, snapshot: Snapshot) -> Relevance:
        """Tell how much all open courses have to do with some words."""

        def compare() -> Relevance:
            # What people look for is not kept in the file of vectors.
            encoder = copy.copy(snapshot.encoder)
            encoder.cache, encoder.done = {}, None
            deviations = similarity_to(encode_text(text, encoder), snapshot.encoded)
            return Relevance.of(deviations, *snapshot.words.find(text))

        return self._relevance.get((snapshot.generation, text), compare)

    def search(
        self, wanted: Wanted, snapshot: Snapshot, person: User, course: CourseProfile | None, now: datetime
    ) -> Answer:
        """Search, and load the page's rows; courses that are not listed any more are left out."""
        today = now.date()
        compared = None if course is None else self.fit(course, snapshot, now)
        fit = None if compared is None else compared[1]
        relevance = self.relevance(wanted.text, snapshot) if wanted.text else None
        found = search(wanted, snapshot, today, person.id, fit, relevance)
        ids = {at: snapshot.entries[at].course_id for at in found.positions.tolist()}
        cards = queries.cards(ids.values(), today)
        rows = tuple(
            self._row(cards[course_id], at, snapshot, compared) for at, course_id in ids.items() if course_id in cards
        )
        is_part = fit is not None and not fit.is_compared.all()
        return Answer(found, rows, int(fit.is_compared.sum()) if fit is not None and is_part else None)

    def _row(self, course: CourseProfile, at: int, snapshot: Snapshot, compared: tuple[Mine, Fit] | None) -> Row:
        if compared is None:
            return Row(course, None, None, ())
        mine, fit = compared
        if fit.is_possible[at]:
            return Row(course, float(fit.score[at]), float(fit.confidence[at]), ())
        return Row(course, None, None, self.broken(mine, at, snapshot, fit))

    def broken(self, mine: Mine, at: int, snapshot: Snapshot, fit: Fit) -> tuple[Reason, ...]:
        """Give the reasons of the hard rules that keep a course from one's own, the Asian course first."""
        own, other = mine.entry.profile, snapshot.entries[at].profile
        if fit.broken["no_capacity"][at]:
            other = replace(other, capacity=0)
        tried = [frozenset({own.id, other.id})] if fit.broken["already_tried"][at] and own.id != other.id else []
        first, second = (other, own) if own.region is Region.EUROPE else (own, other)
        return check(first, second, replace(self.index.rules, tried=frozenset(tried)))


def desk() -> Desk:
    """Give the desk of the app in force, made at first use."""
    app: Any = current_app
    found = app.extensions.get("directory")
    if found is None:
        found = app.extensions.setdefault("directory", Desk(DirectoryIndex(app.config["SETTINGS"])))
    made: Desk = found
    return made


def own_courses(person: User) -> list[CourseProfile]:
    """List the courses a person may compare with: a lecturer's own, the open ones first."""
    if person.role is not Role.LECTURER:
        return []
    kept = [course for course in profile_queries.of_lecturer(person) if course.state is not CourseState.WITHDRAWN]
    return sorted(kept, key=lambda course: course.state is not CourseState.OPEN)


def chosen_course(wanted: Wanted, own: Sequence[CourseProfile]) -> CourseProfile | None:
    """Find the course to compare with: the one the address names, else the first open one."""
    if wanted.course_id is not None:
        return next((course for course in own if course.id == wanted.course_id), None)
    return next((course for course in own if course.state is CourseState.OPEN), None)
