"""The form of lecturers."""

from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.profiles import checks, choices, labels, rows
from webapp.profiles.fields import LineField, PickField, TextField
from webapp.profiles.forms import ProfileForm
from webapp.profiles.models import LecturerProfile


class LecturerForm(ProfileForm):
    """What a lecturer says about themselves."""

    biography = TextField(
        _l("About you"),
        most=3000,
        description=_l("What you teach and what brings you here: a few sentences a partner would like to read."),
        render_kw={"rows": 6},
    )
    web_page = LineField(
        _l("Web page"),
        description=_l("Your page at your institution, if you have one."),
        render_kw={"inputmode": "url", "autocomplete": "url", "type": "url"},
    )
    languages = rows.language_rows(
        _l("Languages you work in"),
        description=_l("With your level on the CEFR scale: A1 first words, B2 discusses most topics, C2 native."),
    )
    experience = PickField(
        _l("Experience with virtual exchange"), choices=choices.experiences, name_of=labels.experience_label
    )
    looking_for = TextField(
        _l("What you are looking for"),
        most=2000,
        description=_l("A kind of partner, a topic, a way of working."),
        render_kw={"rows": 4},
    )

    def check_together(self) -> None:
        """Check the rows of languages and the address."""
        checks.check_lecturer(self)

    def values(self) -> dict[str, Any]:
        """Give the values of a lecturer profile's columns."""
        return {
            "biography": self.biography.data,
            "web_page": checks.full_address(self.web_page.data),
            "languages": rows.language_values(self.languages),
            "experience": self.experience.data,
            "looking_for": self.looking_for.data,
        }


def lecturer_data(profile: LecturerProfile | None) -> dict[str, Any]:
    """Turn a lecturer profile into what `LecturerForm` is filled with; None gives an empty form."""
    if profile is None:
        return {}
    return {
        "biography": profile.biography,
        "web_page": profile.web_page,
        "languages": [{"language": code, "level": level or ""} for code, level in profile.languages.items()],
        "experience": profile.experience,
        "looking_for": profile.looking_for,
    }
