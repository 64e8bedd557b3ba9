"""What is written to somebody who keeps a search."""

from typing import Any

from flask import url_for

from webapp.directory import saved
from webapp.directory.models import SavedSearch
from webapp.directory.saved import New
from webapp.mail.render import Mail, render
from webapp.matches import wording


def something_new(search: SavedSearch, new: New) -> Mail:
    """Tell the owner of a search what is new to it.

    The headers let mail programs offer turning it off with one click (RFC 8058).
    """
    owner = search.user
    stop = saved.stop_url(search)
    query: dict[str, Any] = {**saved.query_of(saved.wanted_of(search))}
    headers: dict[str, str | None] = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return render(
        "saved_search",
        owner.email,
        owner.language_of_mail,
        headers=headers,
        search=search,
        owner=owner,
        new=new,
        points=wording.score_points,
        fit_words=wording.fit_words,
        link=url_for("directory.index", _external=True, **query),
        all_searches=url_for("directory.saved", _external=True),
        stop=stop,
    )
