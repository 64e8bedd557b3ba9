"""Short names for why a course has no partner, for counts and headings; the whole sentence is the matcher's."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.rounds.models import DecisionKind, RoundState

COURSE_CHANGED = "left_out_course_changed"
PARTNER_CHANGED = "left_out_partner_changed"
PARTNER_GONE = "left_out_partner_gone"
LECTURER_FULL = "left_out_lecturer_full"
MET_MEANWHILE = "left_out_met_meanwhile"
KEPT_APART = "left_out_kept_apart"
HOUSE_FULL = "left_out_house_full"

PUBLICATION_SENTENCES: dict[str, LazyString] = {
    COURSE_CHANGED: _l("The course was changed while the round was prepared, so its pair no longer holds."),
    PARTNER_CHANGED: _l("The partner chosen for it was changed while the round was prepared."),
    PARTNER_GONE: _l("The partner chosen for it had no place left when the round was published."),
    LECTURER_FULL: _l("Its places, or those of its lecturer, were taken by the time the round was published."),
    MET_MEANWHILE: _l("It met the partner chosen for it by an invitation while the round was prepared."),
    KEPT_APART: _l("A coordinator keeps it apart from the partner the round had chosen."),
    HOUSE_FULL: _l("By the time the round was published, an institution had as many matches as it allows there."),
}
"""Why a pair of a draft was not published, in whole sentences; the matcher knows nothing of these reasons."""

LEFT_OUT_LABELS: dict[str, LazyString] = {
    "left_out_no_other_side": _l("No course of the other region had a free place"),
    "left_out_own_capacity": _l("No place offered"),
    "left_out_same_institution": _l("Possible partners only at the same institution"),
    "left_out_too_few_shared_weeks": _l("Too few shared teaching weeks"),
    "left_out_no_common_language": _l("No shared language"),
    "left_out_language_levels_apart": _l("Language levels too far apart"),
    "left_out_no_capacity": _l("No free place on the other side"),
    "left_out_already_tried": _l("All possible partners were proposed before"),
    "left_out_must_have_topic_missing": _l("A topic one side must have is missing"),
    "left_out_no_common_tool": _l("No tool that works for both"),
    "left_out_low_scores": _l("Nobody fits well enough"),
    "left_out_places_taken": _l("Places went to other courses"),
    "left_out_for_balance": _l("Left free for balance"),
    "left_out_house_cap": _l("An institution allows no more exchanges there"),
    "no_region": _l("Country outside the ASEM regions"),
    COURSE_CHANGED: _l("Changed while the round was prepared"),
    PARTNER_CHANGED: _l("Its partner was changed while the round was prepared"),
    PARTNER_GONE: _l("Its partner had no place left"),
    LECTURER_FULL: _l("Its places were taken meanwhile"),
    MET_MEANWHILE: _l("Met its partner by an invitation"),
    KEPT_APART: _l("Kept apart by a coordinator"),
    HOUSE_FULL: _l("An institution reached its limit meanwhile"),
}


def left_out_label(code: str) -> LazyString:
    """Name the reason of a left-out course; a code of former times gets a general name."""
    return LEFT_OUT_LABELS.get(code) or _l("Another reason")


def reason_at_publication(code: str) -> dict[str, Any]:
    """Give a reason of `PUBLICATION_SENTENCES` in the form of the matcher's own."""
    return {"kind": "not", "criterion": "round", "code": code, "params": {}}


STATE_LABELS: dict[RoundState, LazyString] = {
    RoundState.WAITING: _l("Waiting to begin"),
    RoundState.COMPUTING: _l("Being computed"),
    RoundState.DRAFT: _l("Draft"),
    RoundState.PUBLISHED: _l("Published"),
    RoundState.TAKEN_BACK: _l("Taken back"),
    RoundState.DISCARDED: _l("Discarded"),
    RoundState.FAILED: _l("Failed"),
}

STATE_TONES: dict[RoundState, str] = {
    RoundState.WAITING: "talk",
    RoundState.COMPUTING: "talk",
    RoundState.DRAFT: "talk",
    RoundState.PUBLISHED: "fits",
    RoundState.TAKEN_BACK: "not",
    RoundState.DISCARDED: "plain",
    RoundState.FAILED: "not",
}
"""How a state looks: ``fits``, ``talk``, ``not`` or ``plain``."""

KIND_LABELS: dict[DecisionKind, LazyString] = {
    DecisionKind.LOCK: _l("Kept together"),
    DecisionKind.FORBID: _l("Kept apart"),
}

PROGRESS_LABELS: dict[str, LazyString] = {
    "embedding": _l("Reading texts seen for the first time"),
    "reading": _l("Reading courses"),
    "comparing": _l("Comparing all pairs"),
    "proving": _l("Looking for better pairs"),
    "explaining": _l("Explaining proposals"),
    "tracing": _l("Trying other positions of the dial"),
    "changing": _l("Looking for small changes that would help"),
}

WARNING_LABELS: dict[str, LazyString] = {
    "low_confidence": _l("Much about this pair is unknown"),
    "thin_profile": _l("A profile says little"),
    "sizes_apart": _l("Class sizes far apart"),
    "few_live_hours": _l("Less than one live hour a week"),
    "same_two": _l("More than two exchanges of the same two institutions"),
}
