"""Macros that pages are made of, and the copies of other people's work they load."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField, validators, widgets

from tests import factories
from tools import vendor
from webapp.profiles.models import CourseProfile


class Example(Form):
    """A form with one field of each kind."""

    title = StringField(
        "Title", [validators.InputRequired("Give the course a title.")], description="As students know it."
    )
    mode = RadioField(
        "Mode", [validators.InputRequired("Choose one.")], choices=[("live", "Live"), ("own", "Own time")]
    )
    digest = BooleanField("Send me the digest")
    skills = SelectMultipleField(
        "Skills",
        choices=[("a", "Teamwork"), ("b", "Empathy")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


def render(app: Flask, source: str, address: str = "/", **context: Any) -> str:
    """Render a template inside a stranger's request."""
    with app.test_request_context(address):
        return " ".join(render_template_string(source, **context).split())


def form(app: Flask, source: str, filled: Example) -> str:
    """Render something of `components/forms.html`."""
    return render(
        app, '{% from "components/forms.html" import field, error_summary, submit, csrf %}' + source, form=filled
    )


def test_a_field_ties_label_help_and_error_to_its_input(app: Flask) -> None:
    filled = Example(data={"title": ""})
    filled.validate()
    html = form(app, "{{ field(form.title, autocomplete='off') }}", filled)
    assert '<label for="title">Title <span class="required">required</span></label>' in html
    assert 'aria-describedby="title-help title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="off"' in html
    assert '<small class="help" id="title-help">As students know it.</small>' in html
    assert '<small class="error" id="title-error">Give the course a title.</small>' in html


def test_a_field_without_help_or_error_describes_nothing(app: Flask) -> None:
    assert "aria-" not in form(app, "{{ field(form.digest) }}", Example())


def test_what_was_typed_is_kept_and_cannot_carry_markup(app: Flask) -> None:
    html = form(app, "{{ field(form.title) }}", Example(data={"title": '"><b>'}))
    assert 'value="&#34;&gt;&lt;b&gt;"' in html


@pytest.mark.parametrize(("name", "kind"), [("mode", "radio"), ("skills", "checkbox")])
def test_choices_stand_in_a_fieldset_with_a_legend(app: Flask, name: str, kind: str) -> None:
    html = form(app, "{{ field(form[name], help='Choose.') }}".replace("name", repr(name)), Example())
    assert f'<fieldset class="field choices" id="{name}" aria-describedby="{name}-help">' in html
    assert html.count(f'type="{kind}"') == 2
    assert f'<label for="{name}-0">' in html


def test_the_summary_counts_the_errors_and_leads_to_each_field(app: Flask) -> None:
    filled = Example(data={"title": ""})
    filled.validate()
    html = form(app, "{{ error_summary(form) }}", filled)
    assert "2 things need your attention. Nothing you typed is lost." in html
    assert '<a href="#title">Title</a>: Give the course a title.' in html
    assert '<a href="#mode-0">Mode</a>: Choose one.' in html


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    assert form(app, "{{ error_summary(form) }}", Example()) == ""


def test_a_button_says_what_it_does_and_of_which_kind_it_is(app: Flask) -> None:
    html = form(app, "{{ submit('Save', 'danger', name='do', value='save') }}", Example())
    assert html == '<button type="submit" class="button button-danger" name="do" value="save">Save</button>'


CARD = '{% from "components/course.html" import course_card %}'


def course(app: Flask, country: str = "VN", **fields: Any) -> CourseProfile:
    """A course of a lecturer in a country, as a page would have loaded it."""
    with app.app_context():
        at = factories.institution("Example University", country, city="Hanoi")
        return factories.course(factories.user(at=at), **fields)


@pytest.mark.parametrize(("country", "side", "word"), [("VN", "asia", "Asia"), ("PT", "europe", "Europe")])
def test_a_course_card_names_its_side_in_a_word_as_well_as_by_colour(
    app: Flask, country: str, side: str, word: str
) -> None:
    html = render(app, CARD + "{{ course_card(course) }}", course=course(app, country))
    assert f'class="course-card side-{side}"' in html
    assert f'<p class="course-side">{word}</p>' in html


def test_a_course_card_says_what_when_where_how_many_and_in_which_language(app: Flask) -> None:
    shown = course(
        app, students=24, keywords=["rivers", "cities", "maps", "floods"], exchange_languages={"en": "B2", "fr": None}
    )
    html = render(app, CARD + "{{ course_card(course, href='/x') }}", course=shown)
    for text in (
        '<a href="/x">Urban water</a>',
        "Example University, Hanoi, Vietnam",
        "Mon, 15 Feb 2027 to Fri, 4 Jun 2027",
        "24 students",
        "English from level B2 (upper intermediate)",
        "French",
        "<li>maps</li>",
    ):
        assert text in html
    assert "floods" not in html


def test_a_course_card_hides_the_lecturer_until_contact_may_be_shown(app: Flask) -> None:
    shown = course(app)
    assert "mai@hanu.example" not in render(app, CARD + "{{ course_card(course) }}", course=shown)
    assert "mailto:mai@hanu.example" in render(app, CARD + "{{ course_card(course, show_contact=True) }}", course=shown)


def test_a_course_card_says_so_when_dates_are_missing_or_details_were_filled_in(app: Flask) -> None:
    shown = course(app, starts_on=None, ends_on=None, filled_in=["students"])
    html = render(app, CARD + "{{ course_card(course) }}", course=shown)
    assert "Dates not given yet" in html
    assert "some details were filled in plausibly" in html


def test_an_empty_state_offers_one_next_step(app: Flask) -> None:
    source = '{% from "components/empty.html" import empty %}{{ empty("Nothing yet", "Because.", "/next", "Go on") }}'
    assert '<a class="button button-secondary" href="/next">Go on</a>' in render(app, source)


@pytest.mark.parametrize("tone", ["fits", "talk", "not", "plain"])
def test_a_state_has_a_word_and_a_shape(app: Flask, tone: str) -> None:
    html = render(
        app, '{% from "components/state.html" import state_badge %}{{ state_badge("Proposed", tone) }}', tone=tone
    )
    assert f'class="state state-{tone}"' in html
    assert "<path" in html or "<circle" in html
    assert "Proposed" in html


PAGER = '{% from "components/pager.html" import pager %}{{ pager(page) }}'


def page_of(n: int, pages: int) -> SimpleNamespace:
    """Page `n` of a list, with what a pager reads of it."""
    return SimpleNamespace(
        page=n, pages=pages, has_prev=n > 1, has_next=n < pages, prev_num=n - 1 or None, next_num=n + 1
    )


def test_a_pager_keeps_the_filters_and_can_only_lead_to_its_own_page(app: Flask) -> None:
    html = render(app, PAGER, "/?q=a%26b&state=x&state=y&page=2&_scheme=javascript", page=page_of(2, 3))
    assert 'href="/?q=a%26b&amp;state=x&amp;state=y&amp;_scheme=javascript&amp;page=1"' in html
    assert "page=3" in html
    assert "Page 2 of 3" in html


def test_a_list_of_one_page_has_no_pager(app: Flask) -> None:
    assert render(app, PAGER, page=page_of(1, 1)) == ""


def test_a_step_to_think_about_opens_before_it_is_sent(app: Flask) -> None:
    source = '{% from "components/confirm.html" import confirm_form %}{{ confirm_form("/go", "Withdraw", "Sure?") }}'
    html = render(app, source)
    assert '<details class="confirm">' in html
    assert '<form method="post" action="/go">' in html
    assert 'name="csrf_token"' in html


def test_the_copies_of_other_peoples_work_are_what_was_copied() -> None:
    assert vendor.changed() == []
    assert {"pico-LICENSE.md", "htmx-LICENSE.txt"} <= {path.name for path in vendor.VENDOR.iterdir()}


def test_a_copy_that_was_changed_is_noticed(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    for package in vendor.PACKAGES:
        for name in package.files:
            (modules / package.name / name).parent.mkdir(parents=True, exist_ok=True)
            (modules / package.name / name).write_text(name)
        (modules / package.name / "package.json").write_text(json.dumps({"version": package.version}))
    copies = tmp_path / "vendor"
    vendor.copy(modules, copies)
    assert vendor.changed(copies) == []
    (copies / "htmx-4.0.1.min.js").write_text("something else")
    assert vendor.changed(copies) == ["htmx-4.0.1.min.js"]
    (modules / "htmx.org" / "package.json").write_text('{"version": "4.0.2"}')
    with pytest.raises(ValueError, match=r"htmx\.org is there as 4\.0\.2"):
        vendor.copy(modules, copies)
