"""What a request must look like before any view sees it, and where links that leave the service lead."""

import re

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map, MapAdapter

HIGHEST_ID = 2**31 - 1
"""Largest number a primary key can have; databases answer larger ones with an error rather than with nothing."""
_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Service(Flask):
    """Flask, but links to ourselves come from the settings alone, whatever host and scheme a request claims.

    A reset link built from the Host header would hand its token to whoever sent that header.
    """

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match and build addresses for one request, or for work outside of any."""
        adapter = super().create_url_adapter(request)
        if adapter is not None:
            adapter.server_name = self.config["SERVER_NAME"]
            adapter.url_scheme = self.config["PREFERRED_URL_SCHEME"]
        return adapter


class IdConverter(IntegerConverter):
    """Numbers in addresses: those no row can have lead to no page."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, min=0, max=HIGHEST_ID)


def check() -> None:
    """Refuse what no browser sends for a page of ours, and drop what would only fail deeper in.

    Names of fields decide how many rows a form has, and their numbers are read. PostgreSQL takes no NUL in texts;
    one may slip in with what people paste.
    """
    if not all(_FIELD_NAME.fullmatch(name) for name in request.form):
        abort(400)
    request.args = _without_nul(request.args)
    request.form = _without_nul(request.form)


def _without_nul(sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(name, text.replace("\0", "")) for name, text in sent.items(multi=True)])


def init_app(app: Flask) -> None:
    """Check every request; call this before views are registered."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(check)
