"""Puts into reasons what each criterion found for one pair, and what was missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matcher.calendars import LiveWeek, shared_weeks
from matcher.complementarity import broad_field, partner_fields
from matcher.criteria_language import learnt_languages
from matcher.criteria_means import usable_tools
from matcher.criteria_time import ENOUGH_HOURS, weeks_wanted
from matcher.criteria_wishes import field_wish_met, wishes_met
from matcher.explanation import Share
from matcher.languages import shared_languages, tandem_languages
from matcher.profile import Bandwidth, CourseProfile, Mode
from matcher.reasons import JsonValue, Reason, make_reason
from matcher.text import NARROW_FIELDS, EncodedProfiles, TextEncoder
from matcher.vocabulary.tools import tool_id

# Values from which a criterion speaks for a pair, and below which topics are far apart.
GOOD, POOR = 0.5, 0.3
# Fewer words than these leave a topic open.
FEW_WORDS = 12
_LAST = 1.0
_EVERYDAY = frozenset({"language_shared", "language_shared_at_levels", "level_same", "level_near"})


def reasons_of(
    a: EncodedProfiles, b: EncodedProfiles, encoder: TextEncoder, shares: Sequence[Share], live: Sequence[LiveWeek]
) -> tuple[Reason, ...]:
    """Return what fits and what to talk about, the weightiest first; what is missing comes last.

    What holds of most pairs, such as English as a common language, follows what is told of few, however much it
    weighs: nobody chooses a partner for it.

    Parameters
    ----------
    a, b : EncodedProfiles
        One profile each, Asian (or first) side first.
    shares : sequence of Share
        The criteria's values for this pair.
    live : sequence of LiveWeek
        Its live hours, week by week.
    """
    first, second = a.profiles[0], b.profiles[0]
    tellers: dict[str, Callable[[float | None], Iterable[Reason]]] = {
        "topic": lambda value: _topic(value, a, b, encoder),
        "field": lambda value: _field(value, a, b),
        "complementarity": lambda _: _complementarity(a, b),
        "level": lambda value: _level(value, first, second),
        "language": lambda _: _language(first, second),
        "calendar": lambda value: _calendar(value, first, second),
        "live_hours": lambda _: _live_hours(first, second, live),
        "class_size": lambda value: _class_size(value, first, second),
        "technology": lambda _: _technology(first, second),
        "goals": lambda _: _goals(first, second),
        "wishes": lambda value: _wishes(value, first, second),
    }
    ranked: list[tuple[str, bool, float, int, Reason]] = []
    for share in shares:
        for reason in tellers[share.criterion](share.value):
            ranked.append((reason.kind, reason.code in _EVERYDAY, _weight(reason, share), len(ranked), reason))
    return tuple(reason for *_, reason in sorted(ranked, key=lambda entry: entry[:4]))


def _weight(reason: Reason, share: Share) -> float:
    """Return a key that sorts weighty reasons first: what fits by its gain, what to discuss by its loss."""
    if share.value is None or reason.code.endswith("_missing"):
        return _LAST
    gain = share.weight * share.confidence * share.value
    return -gain if reason.kind == "fits" else gain - share.weight * share.confidence


def _topic(value: float | None, a: EncodedProfiles, b: EncodedProfiles, encoder: TextEncoder) -> Iterable[Reason]:
    terms: list[JsonValue] = list(encoder.shared_terms(a, b))
    closeness = value or 0.0
    if closeness >= POOR and terms and closeness < GOOD:
        yield make_reason("topic_related", terms=terms)
    elif closeness >= POOR:
        yield make_reason("topic_shared_terms", terms=terms) if terms else make_reason("topic_close")
    else:
        yield make_reason("topic_distant")
    short = [side.profiles[0] for side in (a, b) if side.n_words[0] < FEW_WORDS]
    if short:
        yield make_reason("topic_few_words", titles=_titles(short))


def _field(value: float | None, a: EncodedProfiles, b: EncodedProfiles) -> Iterable[Reason]:
    declared = [side.profiles[0].isced_f for side in (a, b)]
    # Without a value there is neither a declared field on both sides nor a guess.
    if value is None:
        return
    guess = "" if all(declared) else "guessed_"
    code_a, code_b = (
        field or NARROW_FIELDS[int(np.argmax(side.fields[0]))] for field, side in zip(declared, (a, b), strict=True)
    )
    if code_a == code_b:
        yield make_reason(f"field_{guess}same", field=code_a)
    else:
        nearness = "near" if value >= GOOD else "far"
        yield make_reason(f"field_{guess}{nearness}", field_a=code_a, field_b=code_b)


def _complementarity(a: EncodedProfiles, b: EncodedProfiles) -> Iterable[Reason]:
    fields = partner_fields(a, b)
    if fields is not None:
        guess = "" if all(broad_field(side.profiles[0].isced_f) for side in (a, b)) else "guessed_"
        yield make_reason(f"complementarity_{guess}partners", field_a=fields[0], field_b=fields[1])


def _level(value: float | None, a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    if value is None or a.level is None or b.level is None:
        yield _missing("level_missing", [p for p in (a, b) if p.level is None])
    elif a.level == b.level:
        yield make_reason("level_same", level=a.level.value)
    else:
        code = "level_near" if value >= GOOD else "level_far"
        yield make_reason(code, level_a=a.level.value, level_b=b.level.value)


def _language(a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    learns_a, learns_b = set(learnt_languages(a)), set(learnt_languages(b))
    speaks_a, speaks_b = set(a.native_languages), set(b.native_languages)
    gains_a, gains_b = sorted(learns_a & speaks_b - learns_b), sorted(learns_b & speaks_a - learns_a)
    same = sorted(learns_a & learns_b)
    if gains_a and gains_b:
        yield make_reason("language_tandem", language_a=gains_a[0], language_b=gains_b[0])
    elif same:
        with_speakers = [language for language in same if language in speaks_a | speaks_b]
        code = "language_same_with_speakers" if with_speakers else "language_same"
        yield make_reason(code, language=(with_speakers or same)[0])
    elif learns_a and learns_b:
        yield make_reason("language_apart", languages_a=sorted(learns_a), languages_b=sorted(learns_b))
    elif gains_a or gains_b:
        yield make_reason("language_with_speakers", language=(gains_a or gains_b)[0])
    elif (learns_a and speaks_b) or (learns_b and speaks_a):
        yield make_reason("language_with_others", language=sorted(learns_a | learns_b)[0])
    if not a.exchange_languages or not b.exchange_languages:
        if not any(tandem_languages(a, b)):
            yield _missing("language_missing", [p for p in (a, b) if not p.exchange_languages])
        return
    plain: list[JsonValue] = []
    for language in shared_languages(a, b):
        level_a, level_b = a.exchange_languages[language], b.exchange_languages[language]
        if level_a is None or level_b is None:
            plain.append(language)
        else:
            code = "language_shared_at_levels" if level_a == level_b else "language_levels_differ"
            yield make_reason(code, language=language, cefr_a=level_a, cefr_b=level_b)
    if plain:
        yield make_reason("language_shared", languages=plain)


def _calendar(value: float | None, a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    weeks = shared_weeks(a, b)
    if value is None:
        yield _missing("calendar_missing", _without_dates(a, b))
    elif weeks and value >= GOOD:
        yield make_reason(
            "calendar_weeks",
            n_weeks=len(weeks),
            date_from=weeks[0].isoformat(),
            date_to=weeks[-1].isoformat(),
        )
    else:
        yield make_reason("calendar_tight", n_weeks=len(weeks), n_wanted=weeks_wanted(a, b))


def _live_hours(a: CourseProfile, b: CourseProfile, weeks: Sequence[LiveWeek]) -> Iterable[Reason]:
    if a.mode is Mode.ASYNCHRONOUS and b.mode is Mode.ASYNCHRONOUS:
        yield make_reason("live_hours_moot")
        return
    if not weeks:
        unknown = [p for p in (a, b) if p.time_zone is None or p in _without_dates(a, b)]
        if unknown:
            yield _missing("live_hours_missing", unknown)
        return
    hours = [week.hours for week in weeks]
    if not any(hours):
        yield make_reason("live_hours_none")
    else:
        mean, least = round(sum(hours) / len(hours), 1), round(min(hours), 1)
        code = "live_hours_enough" if mean >= ENOUGH_HOURS / 2 else "live_hours_few"
        yield make_reason(code, hours=mean, hours_least=least)
    if weeks[0].assumed:
        yield make_reason("live_hours_assumed", titles=_titles(p for p in (a, b) if not p.slots))


def _class_size(value: float | None, a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    if value is None or a.students is None or b.students is None:
        yield _missing("class_size_missing", [p for p in (a, b) if not p.students])
    else:
        code = "class_size_close" if value >= GOOD else "class_size_apart"
        yield make_reason(code, size_a=a.students, size_b=b.students)


def _technology(a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    tools_a, tools_b = set(usable_tools(a)), set(usable_tools(b))
    blocked = sorted(
        tools_a & {tool_id(tool) for tool in b.blocked_tools} | tools_b & {tool_id(tool) for tool in a.blocked_tools}
    )
    if tools_a & tools_b:
        yield make_reason("technology_tools", tools=sorted(tools_a & tools_b))
    elif a.tools and b.tools:
        yield make_reason("technology_no_tool")
    if blocked:
        yield make_reason("technology_blocked", tools=list(blocked))
    if {a.mode, b.mode} == {Mode.SYNCHRONOUS, Mode.ASYNCHRONOUS} and a.mode and b.mode:
        yield make_reason("technology_modes_apart", mode_a=a.mode.value, mode_b=b.mode.value)
    if Bandwidth.LOW in (a.bandwidth, b.bandwidth) and Mode.SYNCHRONOUS in (a.mode, b.mode):
        yield make_reason("technology_thin")
    unknown = [p for p in (a, b) if not p.tools and p.mode is None]
    if unknown:
        yield _missing("technology_missing", unknown)


def _goals(a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    goals, skills = sorted(set(a.sdgs) & set(b.sdgs)), sorted(set(a.skills) & set(b.skills))
    if goals:
        yield make_reason("goals_shared", goals=list(goals))
    if skills:
        yield make_reason("goals_skills", skills=list(skills))
    if not goals and not skills and ((a.sdgs and b.sdgs) or (a.skills and b.skills)):
        yield make_reason("goals_apart")


def _wishes(value: float | None, a: CourseProfile, b: CourseProfile) -> Iterable[Reason]:
    if value is None:
        return
    met, unmet = [], []
    for wishing, other in ((a, b), (b, a)):
        judged = wishes_met(wishing, other)
        if False in judged:
            unmet.append(wishing)
        elif True in judged:
            met.append(wishing)
    if met:
        yield make_reason("wishes_met", titles=_titles(met))
    if unmet:
        yield make_reason("wishes_unmet", titles=_titles(unmet))
    by_code: dict[str, list[CourseProfile]] = {}
    for wishing, other in ((a, b), (b, a)):
        is_met = field_wish_met(wishing, other)
        if is_met is not None:
            code = f"wishes_field_{wishing.wishes.field}" if is_met else "wishes_field_unmet"
            by_code.setdefault(code, []).append(wishing)
    for code, wishers in by_code.items():
        yield make_reason(code, titles=_titles(wishers))


def _without_dates(a: CourseProfile, b: CourseProfile) -> list[CourseProfile]:
    return [p for p in (a, b) if p.starts_on is None or p.ends_on is None]


def _missing(code: str, profiles: Iterable[CourseProfile]) -> Reason:
    return make_reason(code, titles=_titles(profiles))


def _titles(profiles: Iterable[CourseProfile]) -> list[JsonValue]:
    return [f"{profile.title} ({profile.institution})" for profile in profiles]
