"""The form with which the two lecturers change their plan."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from matcher.vocabulary.tools import TOOLS, tool_id
from webapp.i18n import day
from webapp.matches import plan_words
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.profiles import choices, labels
from webapp.profiles.fields import (
    ChecksField,
    Choices,
    DayField,
    LineField,
    PickField,
    TextField,
    WholeNumberField,
    WordsField,
    complain,
    once,
)
from webapp.profiles.forms import FormProblem, ProfileForm

DAYS_A_WEEK = 7
WITHOUT_CREDIT = frozenset({"certificate", "none"})
"""Ways of recognition that carry no credit points."""


class CreditField(LineField):
    """A number of credit points, whole or with a decimal comma or point; kept as text, as it is written in papers."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, most=20, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no number, and write all numbers alike."""
        text = (self.data or "").replace(",", ".")
        if text and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text):
            raise ValidationError(_("Write a number of credit points up to 999, such as 2 or 1.5."))
        if text:
            whole, _point, rest = text.partition(".")
            self.data = ".".join(part for part in (str(int(whole)), rest.rstrip("0")) if part)


def _number(label: LazyString) -> WholeNumberField:
    return WholeNumberField(label, low=1, high=100_000)


def _recognition(label: LazyString) -> PickField:
    return PickField(label, choices=_recognised, name_of=plan_words.recognised_label)


def _recognised() -> Choices:
    return {None: [(code, plan_words.recognised_label(code)) for code in plan_words.RECOGNISED]}


def _sharing() -> Choices:
    return {None: [(code, plan_words.sharing_label(code)) for code in plan_words.SHARING]}


class PlanForm(ProfileForm):
    """What lecturers may change; everything else in a plan comes from the courses and the institutions."""

    version = HiddenField()
    leader = PickField(
        _l("Who leads"),
        choices=lambda: {None: [("", _("Not yet said"))]},
        description=_l("Leading means to call the first meeting and to keep the plan; the work is shared."),
    )
    first = DayField(_l("First day of the exchange"))
    last = DayField(_l("Last day of the exchange"))
    count = WholeNumberField(
        _l("Weeks of working together"),
        low=1,
        high=52,
        description=_l("Without breaks: fewer than lie between the two days when a holiday falls into them."),
    )
    mode = PickField(_l("Way of working"), choices=choices.modes, name_of=labels.mode_label)
    tools = ChecksField(_l("Tools both can use"), groups=choices.tools, name_of=labels.tool_label)
    tools_other = WordsField(_l("Other tools"), n=20, most=80, description=_l("With commas between them."))

    a_from = _number(_l("Students, from"))
    a_to = _number(_l("Students, to"))
    a_number = CreditField(_l("Credit points"))
    a_recognised = _recognition(_l("How it is recognised"))
    a_words = LineField(_l("More about it"), description=_l("Such as the name of the module it counts for."))
    b_from = _number(_l("Students, from"))
    b_to = _number(_l("Students, to"))
    b_number = CreditField(_l("Credit points"))
    b_recognised = _recognition(_l("How it is recognised"))
    b_words = LineField(_l("More about it"), description=_l("Such as the name of the module it counts for."))

    sharing = PickField(_l("Data shared about students"), choices=_sharing, name_of=plan_words.sharing_label)
    sharing_words = TextField(
        _l("More about shared data"),
        most=1000,
        description=_l("What for, who sees it, and when it is deleted."),
        render_kw={"rows": 3},
    )
    contingency = TextField(
        _l("If one side falls away"),
        most=2000,
        description=_l("What happens to the students when a lecturer falls ill, a class is cancelled, or tools fail."),
        render_kw={"rows": 4},
    )

    def __init__(self, match: Match, standing: Mapping[str, Any], number: int) -> None:
        self.match = match
        super().__init__(data=form_data(standing) | {"version": str(number)})
        leaders = [("", _("Not yet said")), *((it, plan_words.leader_label(it, standing)) for it in _LEADERS)]
        self.leader.offered = {None: leaders}
        self.leader.choices = cast(Any, self.leader.offered)

    def of_side(self, side: Side) -> list[Field]:
        """Give the fields of one side in the order of the page."""
        return [self[f"{side}_{name}"] for name in ("from", "to", "number", "recognised", "words")]

    def _problems(self) -> Iterator[FormProblem]:
        """Name the side in the list of problems; on the page the heading of the part does."""
        for it in super()._problems():
            of_side, _line, _name = it.field_id.partition("_")
            if of_side not in list(Side):
                yield it
                continue
            name = self.match.course(Side(of_side)).institution.name
            label = _("%(field)s, %(institution)s", field=it.label, institution=name)
            yield FormProblem(it.field_id, label, it.message)

    def check_together(self) -> None:
        """Check what concerns several fields: weeks, sizes from and to, points without credit."""
        self._check_weeks()
        for side in Side:
            fewest, most = self[f"{side}_from"], self[f"{side}_to"]
            if fewest.data is None and most.data is not None:
                complain(fewest, _("Give the smallest number too, or leave both empty."))
            elif most.data is not None and most.data < fewest.data:
                complain(most, _("This is smaller than the number before it."))
            if self[f"{side}_number"].data and self[f"{side}_recognised"].data in WITHOUT_CREDIT:
                complain(self[f"{side}_number"], _("Leave the points empty, or choose a way that gives credit."))

    def _check_weeks(self) -> None:
        fields = (self.first, self.last, self.count)
        if any(field.errors for field in fields):
            return
        stated = [field for field in fields if field.data is not None]
        if len(stated) in (0, len(fields)):
            if stated:
                self._check_days(self.first.data, self.last.data)
            return
        for field in fields:
            if field.data is None:
                complain(field, _("Give both days and the number of weeks, or leave all three empty."))

    def _check_days(self, first: date, last: date) -> None:
        if last < first:
            complain(self.last, _("The last day comes before the first one."))
            return
        between = -(-((last - first).days + 1) // DAYS_A_WEEK)
        if self.count.data > between:
            complain(
                self.count,
                ngettext("The two days span one week only.", "The two days span %(num)d weeks only.", between),
            )
        for side in Side:
            course = self.match.course(side)
            if course.starts_on is not None and first < course.starts_on:
                complain(self.first, _too_early(course.institution.name, course.starts_on))
            if course.ends_on is not None and last > course.ends_on:
                complain(self.last, _too_late(course.institution.name, course.ends_on))

    def values(self) -> dict[str, Any]:
        """Give what the form says, part by part of the plan."""
        weeks = None
        if self.first.data and self.last.data and self.count.data:
            weeks = {"first": self.first.data.isoformat(), "last": self.last.data.isoformat(), "count": self.count.data}
        of_sides: dict[str, Any] = {}
        for side in Side:
            fewest, most = self[f"{side}_from"].data, self[f"{side}_to"].data
            of_sides[f"students.{side}"] = {"from": fewest, "to": most or fewest}
            of_sides[f"credit.{side}"] = {
                "number": self[f"{side}_number"].data or "",
                "recognised": self[f"{side}_recognised"].data or "not_said",
                "words": self[f"{side}_words"].data or "",
            }
        return of_sides | {
            "leader": self.leader.data or None,
            "weeks": weeks,
            "mode": self.mode.data or None,
            "tools": sorted(once([*(self.tools.data or []), *map(tool_id, self.tools_other.data or [])])),
            "sharing": {"what": self.sharing.data or "counts", "words": self.sharing_words.data or ""},
            "contingency": self.contingency.data or "",
        }


_LEADERS = ("a", "b", "both")


def _too_early(institution: str, starts_on: date) -> str:
    return str(_("At %(institution)s teaching begins on %(day)s.", institution=institution, day=day(starts_on)))


def _too_late(institution: str, ends_on: date) -> str:
    return str(_("At %(institution)s teaching ends on %(day)s.", institution=institution, day=day(ends_on)))


def form_data(document: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a plan's document into what `PlanForm` is filled with."""
    weeks, tools = document["weeks"], document["tools"]
    data: dict[str, Any] = {
        "leader": document["leader"] or "",
        "first": date.fromisoformat(weeks["first"]) if weeks else None,
        "last": date.fromisoformat(weeks["last"]) if weeks else None,
        "count": weeks["count"] if weeks else None,
        "mode": document["mode"],
        "tools": [tool for tool in tools if tool in TOOLS],
        "tools_other": [tool for tool in tools if tool not in TOOLS],
        "sharing": document["sharing"]["what"],
        "sharing_words": document["sharing"]["words"],
        "contingency": document["contingency"],
    }
    for side in Side:
        students, credit = document["students"][side], document["credit"][side]
        data |= {
            f"{side}_from": students["from"],
            f"{side}_to": students["to"] if students["to"] != students["from"] else None,
            f"{side}_number": credit["number"],
            f"{side}_recognised": credit["recognised"],
            f"{side}_words": credit["words"],
        }
    return data
