"""What an import of courses of many lecturers did, and what undoing it would do, in words."""

from flask_babel import ngettext

from webapp.offices.bulk import Outcome
from webapp.offices.undoing import Undoing


def done(outcome: Outcome) -> str:
    """Say what an import has done."""
    found = []
    if outcome.made:
        found.append(ngettext("%(num)d draft was made.", "%(num)d drafts were made.", len(outcome.made)))
        n = len(outcome.of_lecturers)
        found.append(ngettext("%(num)d lecturer is written to.", "%(num)d lecturers are written to.", n))
    if outcome.n_changed:
        found.append(ngettext("%(num)d course was changed.", "%(num)d courses were changed.", outcome.n_changed))
    if outcome.n_same:
        text = ngettext(
            "%(num)d course is the same as before.", "%(num)d courses are the same as before.", outcome.n_same
        )
        found.append(text)
    return " ".join(map(str, found))


def undone(what: Undoing) -> str:
    """Say what undoing an import has done."""
    found = [ngettext("%(num)d draft was removed.", "%(num)d drafts were removed.", len(what.removed))]
    if what.restored:
        n = len(what.restored)
        found.append(ngettext("%(num)d draft is as it was before.", "%(num)d drafts are as they were before.", n))
    if what.accounts:
        n = len(what.accounts)
        text = ngettext(
            "%(num)d account nobody had used was removed.", "%(num)d accounts nobody had used were removed.", n
        )
        found.append(text)
    return " ".join(map(str, found))


def stays(what: Undoing) -> str:
    """Name what undoing an import has left as it is."""
    names = ", ".join(f"“{one.course.title}”" for one in what.kept[:5]) + ("…" if len(what.kept) > 5 else "")
    text = ngettext("%(num)d course stays: %(names)s.", "%(num)d courses stay: %(names)s.", len(what.kept), names=names)
    return str(text)
