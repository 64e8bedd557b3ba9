"""Whatever the form takes, the matcher reads."""

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from matcher.profile import CourseProfile as MatcherProfile
from matcher.vocabulary.asem import REGIONS
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.languages import LANGUAGES
from matcher.vocabulary.tools import TOOLS
from tests import factories
from tests.conftest import NOW
from tests.webapp.profiles.filling import FULL
from webapp.profiles import rules
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.forms import CourseForm, course_data
from webapp.profiles.vocabulary_texts import FIELDS, SKILLS

TEXT = st.text(max_size=220)
OFTEN_EMPTY = st.just("")
DAYS = st.dates().map(str) | st.sampled_from(["2027-02-15", "2027-03-01", "2027-06-04", "2027-02-30"]) | OFTEN_EMPTY
TIMES = st.times().map(lambda at: f"{at:%H:%M}") | st.sampled_from(["09:00", "10:30", "9:00"]) | OFTEN_EMPTY
NUMBERS = st.integers(-5, 120_000).map(str) | OFTEN_EMPTY


def one(values: Any) -> Any:
    """One of these, or nothing."""
    return st.sampled_from(sorted(values)) | OFTEN_EMPTY


def several(values: Any) -> Any:
    """Some of these."""
    return st.lists(st.sampled_from(sorted(values)), max_size=4)


LANGUAGE = one(LANGUAGES)
FIELD_VALUES: dict[str, Any] = {
    **dict.fromkeys(("title", "discipline", "description", "outcomes", "keywords", "term_name"), TEXT),
    **dict.fromkeys(("tools_other", "blocked_other", "themes", "wish_disciplines", "must_have_topic"), TEXT),
    **dict.fromkeys(("starts_on", "ends_on", "breaks-0-first", "breaks-0-last", "breaks-1-first"), DAYS),
    **dict.fromkeys(("slots-0-start", "slots-0-end", "slots-1-start", "slots-1-end"), TIMES),
    **dict.fromkeys(("students", "students_most", "capacity", "weeks_wanted"), NUMBERS),
    **dict.fromkeys(("exchange_languages-0-language", "exchange_languages-1-language"), LANGUAGE),
    **dict.fromkeys(("exchange_languages-0-level", "exchange_languages-1-level"), one(CEFR_LEVELS)),
    **dict.fromkeys(("native_languages-0", "native_languages-1", "learning_languages-0"), LANGUAGE),
    **dict.fromkeys(("slots-0-weekday", "slots-1-weekday"), one(["mon", "sun", "Funday"])),
    **dict.fromkeys(("tools", "blocked_tools"), several(TOOLS)),
    "isced_f": one(FIELDS),
    "level": one(["secondary", "tvet", "bachelor", "master", "doctoral", "lifelong", "other"]),
    "eqf": one("0123456789"),
    "time_zone": one(["Asia/Ho_Chi_Minh", "Asia/Tokyo", "Europe/Kyiv", "Europe/Lisbon", "UTC"]),
    "mode": one(["synchronous", "asynchronous", "mixed"]),
    "bandwidth": one(["low", "medium", "high"]),
    "wish_field": one(["same", "adjacent", "complementary", "any"]),
    "sdgs": several([str(goal) for goal in range(19)]),
    "skills": several(SKILLS),
    "wish_regions": several(["asia", "europe"]),
    "wish_countries": several(REGIONS),
}


@given(changes=st.dictionaries(st.sampled_from(sorted(FIELD_VALUES)), st.none(), max_size=8), data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_form_takes_the_matcher_reads_and_the_form_shows_again(
    app: Flask, changes: dict[str, None], data: st.DataObject
) -> None:
    typed = FULL | {name: data.draw(FIELD_VALUES[name], label=name) for name in changes}
    sent = MultiDict(
        [(name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])]
    )
    with app.test_request_context(method="POST", data=sent):
        form = CourseForm(data=course_data(rules.no_values()))
        if not form.validate():
            assert all(problem.message and problem.label for problem in form.problems())
            return
        values = form.values()
    with app.app_context():
        mai = factories.user(at=factories.institution())
        course = rules.new_course(mai, values, NOW)
        profile = to_matcher(course, course.capacity, NOW.date())
        assert isinstance(profile, MatcherProfile)
        assert profile.title == values["title"]
        assert dict(profile.exchange_languages) == values["exchange_languages"]
        assert len(profile.slots) == len(values["slots"])
        assert list(profile.tools) == values["tools"]
        assert list(profile.blocked_tools) == values["blocked_tools"]
        assert list(profile.native_languages) == values["native_languages"]
        assert list(profile.keywords) == list(dict.fromkeys([*values["keywords"], *values["themes"]]))
        assert profile.wishes.field == values["wish_field"]
        assert (profile.students is None) == (values["students"] is None)
    with app.test_request_context():
        again = CourseForm(data=course_data(values))
        assert again.values() == values
