"""The form a text is pasted into."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired


class PasteForm(FlaskForm):  # type: ignore[misc]
    """A text, read once and kept nowhere."""

    text = TextAreaField(
        _l("Text of your syllabus or course page"),
        validators=[DataRequired(_l("Paste the text first: a syllabus, a course page or an entry of a catalogue."))],
        render_kw={"rows": 8, "autocomplete": "off", "spellcheck": "false"},
    )
