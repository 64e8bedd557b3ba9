"""Short names for why a course has no partner, for counts and headings; the whole sentence is the matcher's."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

LEFT_OUT_LABELS: dict[str, LazyString] = {
    "left_out_no_other_side": _l("No course of the other region took part"),
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
}


def left_out_label(code: str) -> LazyString:
    """Name the reason of a left-out course; a code of former times gets a general name."""
    return LEFT_OUT_LABELS.get(code) or _l("Another reason")
