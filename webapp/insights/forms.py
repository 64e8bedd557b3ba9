"""Forms of insights."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from webapp.i18n import country_name, join
from webapp.insights.facts import Rows, Wanted, half_year
from webapp.insights.labels import term_label


class FilterForm(FlaskForm):  # type: ignore[misc]
    """What to narrow the figures to; sent with GET, so that what is seen has an address of its own."""

    class Meta:
        """A form that changes nothing needs no token, and a token has no place in an address."""

        csrf = False

    term = SelectField(_l("Half-year"))
    country = SelectField(_l("Country"))
    network = SelectField(_l("Network"))

    def offer(self, rows: Rows) -> None:
        """Fill the choices with what the rows hold, and forget choices that are not offered."""
        spots = {course.spot for course in rows.courses}
        spots |= {course.spot for pair in rows.pairs for course in (pair.a, pair.b)}
        days = {course.day for course in rows.courses if course.day} | {pair.day for pair in rows.pairs}
        countries = sorted({spot.country for spot in spots}, key=country_name)
        networks = sorted({network for spot in spots for network in spot.networks})
        terms = sorted({half_year(day) for day in days}, reverse=True)
        everything = ("", _("All"))
        self.term.choices = [everything, *((term, term_label(term)) for term in terms)]
        self.country.choices = [everything, *((code, country_name(code)) for code in countries)]
        self.network.choices = [everything, *((network, network) for network in networks)]
        for field in (self.term, self.country, self.network):
            if field.data not in [choice[0] for choice in field.choices or ()]:
                field.data = ""

    @property
    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(self.term.data or "", self.country.data or "", self.network.data or "")

    @property
    def arguments(self) -> dict[str, str]:
        """The filters that are set, for addresses."""
        return {name: value for name, value in self.wanted._asdict().items() if value}

    @property
    def words(self) -> str:
        """What is asked for, in words; empty when nothing is narrowed."""
        wanted = self.wanted
        said = [
            term_label(wanted.term) if wanted.term else "",
            country_name(wanted.country) if wanted.country else "",
            wanted.network,
        ]
        return join([one for one in said if one])
