"""Hard rules: pairs that may never be made, each with its reason.

A rule is never traded against a score, and what is unknown never forbids: each rule says which facts it needs
from both sides. `check` explains one pair, `prepare_rules` judges any pairs of two lists and `permitted` and
`forbidden_by` all of them; the order of the two sides makes no difference to what is forbidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher import rule_matrices
from matcher.calendar_tables import SharedWeeks
from matcher.calendars import shared_weeks
from matcher.languages import shared_languages, tandem_languages
from matcher.pairs import Bools, Pairs
from matcher.profile import CourseProfile
from matcher.reasons import RULE_TEXTS, Reason, make_reason
from matcher.rule_matrices import PairRule
from matcher.vocabulary.cefr import cefr_steps
from matcher.vocabulary.tools import tool_id
from matcher.words import CourseText, same_name_key, stems


@dataclass(frozen=True)
class RuleSettings:
    """What the rules ask for.

    Parameters
    ----------
    opposite_regions : bool, default True
        Pair only Asia with Europe; a country outside ASEM is then never paired.
    min_shared_weeks : int, default 4
        Teaching weeks a pair must have in common; four is the field's common rule.
    tried : frozenset of frozenset of str
        Pairs of profile ids that have been proposed before.

    Raises
    ------
    ValueError
        If an entry of `tried` is not a pair of two ids.
    """

    opposite_regions: bool = True
    min_shared_weeks: int = 4
    tried: frozenset[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        wrong = [sorted(pair) for pair in self.tried if len(pair) != 2]
        if wrong:
            raise ValueError(f"tried must hold pairs of two ids, not {wrong[0]}")


def check(a: CourseProfile, b: CourseProfile, settings: RuleSettings | None = None) -> tuple[Reason, ...]:
    """Return every reason why two courses may not be paired; empty when they may.

    Parameters
    ----------
    a, b : CourseProfile
        Asian (or first) and European (or second) side.
    settings : RuleSettings, optional
        By default `RuleSettings()`.
    """
    settings = settings or RuleSettings()
    return (
        *_institution(a, b),
        *(_region(a, b) if settings.opposite_regions else ()),
        *_calendar(a, b, settings.min_shared_weeks),
        *_language(a, b),
        *_capacity(a, b),
        *((make_reason("already_tried"),) if frozenset((a.id, b.id)) in settings.tried else ()),
        *_must_have_topic(a, b),
        *_must_have_topic(b, a),
        *_tools(a, b),
    )


@dataclass(frozen=True)
class PairRules:
    """The rules prepared for two lists of courses: judges any of their pairs as `check` does.

    Parameters
    ----------
    rules : tuple of PairRule
    """

    rules: tuple[PairRule, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the reasons the rules can give, in the order of `reasons.RULE_TEXTS`."""
        given = {code for rule in self.rules for code in rule.codes}
        return tuple(code for code in RULE_TEXTS if code in given)

    def permitted(self, pairs: Pairs) -> Bools:
        """Return which pairs no rule forbids, of the shape of the pairs."""
        forbidden = np.zeros(pairs.shape, dtype=bool)
        for rule in self.rules:
            forbidden |= rule.forbids(pairs)
        return np.logical_not(forbidden, out=forbidden)

    def forbidden(self, pairs: Pairs) -> dict[str, Bools]:
        """Return which pairs each rule forbids, by code of the reason, each of the shape of the pairs."""
        found = {code: by_it for rule in self.rules for code, by_it in rule.by_code(pairs).items()}
        return {code: found[code] for code in self.codes}


def prepare_rules(
    left: Sequence[CourseProfile], right: Sequence[CourseProfile], settings: RuleSettings | None = None
) -> PairRules:
    """Prepare the rules for two lists of courses; `settings` is by default `RuleSettings()`."""
    settings = settings or RuleSettings()
    return PairRules(
        (
            rule_matrices.SameInstitution.of(left, right),
            *((rule_matrices.OppositeRegions.of(left, right),) if settings.opposite_regions else ()),
            rule_matrices.TooFewSharedWeeks(SharedWeeks.of(left, right), settings.min_shared_weeks),
            rule_matrices.CommonLanguage.of(left, right),
            rule_matrices.NoCapacity.of(left, right),
            rule_matrices.AlreadyTried.of(left, right, settings.tried),
            rule_matrices.MustHaveTopic.of(left, right),
            rule_matrices.NoCommonTool.of(left, right),
        )
    )


def permitted(
    left: Sequence[CourseProfile], right: Sequence[CourseProfile], settings: RuleSettings | None = None
) -> Bools:
    """Return which pairs no rule forbids, shape (n_left, n_right): true where `check` returns nothing."""
    return prepare_rules(left, right, settings).permitted(Pairs.every(len(left), len(right)))


def forbidden_by(
    left: Sequence[CourseProfile], right: Sequence[CourseProfile], settings: RuleSettings | None = None
) -> dict[str, Bools]:
    """Return which pairs each rule forbids, by code of the reason, each of shape (n_left, n_right)."""
    return prepare_rules(left, right, settings).forbidden(Pairs.every(len(left), len(right)))


def _institution(a: CourseProfile, b: CourseProfile) -> tuple[Reason, ...]:
    if same_name_key(a.institution) != same_name_key(b.institution):
        return ()
    return (make_reason("same_institution", institution=a.institution),)


def _region(a: CourseProfile, b: CourseProfile) -> tuple[Reason, ...]:
    outside = {profile.country: None for profile in (a, b) if profile.region is None}
    if outside:
        return tuple(make_reason("no_region", country=country) for country in outside)
    if a.region == b.region:
        return (make_reason("same_region", region=a.region),)
    return ()


def _calendar(a: CourseProfile, b: CourseProfile, minimum: int) -> tuple[Reason, ...]:
    if None in (a.starts_on, a.ends_on, b.starts_on, b.ends_on):
        return ()
    n_weeks = len(shared_weeks(a, b))
    if n_weeks >= minimum:
        return ()
    return (make_reason("too_few_shared_weeks", n_weeks=n_weeks, n_minimum=minimum),)


def _language(a: CourseProfile, b: CourseProfile) -> tuple[Reason, ...]:
    levels_a, levels_b = a.exchange_languages, b.exchange_languages
    if not levels_a or not levels_b or shared_languages(a, b) or all(tandem_languages(a, b)):
        return ()
    apart = sorted(
        (cefr_steps(level_a, level_b), tag, level_a, level_b)
        for tag, level_a in levels_a.items()
        if level_a is not None and (level_b := levels_b.get(tag)) is not None
    )
    if apart:
        _, tag, level_a, level_b = apart[0]
        return (make_reason("language_levels_apart", language=tag, cefr_a=level_a, cefr_b=level_b),)
    return (make_reason("no_common_language", languages_a=sorted(levels_a), languages_b=sorted(levels_b)),)


def _capacity(a: CourseProfile, b: CourseProfile) -> tuple[Reason, ...]:
    return tuple(
        make_reason("no_capacity", title=profile.title, institution=profile.institution)
        for profile in (a, b)
        if profile.capacity < 1
    )


def _must_have_topic(wanting: CourseProfile, other: CourseProfile) -> tuple[Reason, ...]:
    """A topic is missing when a word of it occurs nowhere in a text that tells what the course is about.

    A title and a discipline alone are too little to say what a course does not treat.
    """
    topic = wanting.wishes.must_have_topic
    text = CourseText.of(other)
    if not topic or not text.is_known or all(text.has(word) for word in stems(topic)):
        return ()
    return (make_reason("must_have_topic_missing", title=wanting.title, topic=topic, partner_title=other.title),)


def _tools(a: CourseProfile, b: CourseProfile) -> tuple[Reason, ...]:
    """No tool is left when both list theirs and each tool either lists is blocked on at least one side.

    A tool that only one side lists counts as long as nobody blocks it: the other side can take it up.
    """
    if not a.tools or not b.tools:
        return ()
    named = {tool_id(tool) for tool in (*a.tools, *b.tools)}
    if named - {tool_id(tool) for tool in (*a.blocked_tools, *b.blocked_tools)}:
        return ()
    return (make_reason("no_common_tool", tools=sorted(named)),)
