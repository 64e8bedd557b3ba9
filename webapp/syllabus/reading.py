"""Reads a pasted syllabus or course page and suggests what a course profile could say.

Nothing is suggested without a reason in the text, and the same text always gives the same suggestions. Only
the field of education, the goals and the keywords need the sentence model; the rest are words of the text.
"""

from matcher.course_texts import count_words
from matcher.text_languages import language_of
from webapp.syllabus import class_size, keywords, level, skills, spoken, topic, when
from webapp.syllabus.about import description_of, outcomes_of, title_of
from webapp.syllabus.meaning import Meaning
from webapp.syllabus.page_text import Page, lines_of, parts_of, plain_text
from webapp.syllabus.suggestion import PERHAPS, Suggestion

LEAST_WORDS = 12
"""Fewer words are no syllabus."""
_LANGUAGE_SIGNS = 4000
_LEAST_DIFFERENT = 8
_ENOUGH_WORDS = 30
ORDER = (
    *("title", "isced_f", "description", "outcomes", "keywords", "level", "eqf", "students", "exchange_languages"),
    *("learning_languages", "starts_on", "slots", "sdgs", "skills"),
)
"""Parts of the form in its own order."""


def read(pasted: str, meaning: Meaning) -> list[Suggestion]:
    """Return what a text suggests, in the order of the form.

    Parameters
    ----------
    pasted
        As it came from the page; markup is taken off, and more than 60,000 characters are not read.
    meaning
        The sentence model with its vocabularies.
    """
    page = page_of(pasted)
    if not _is_text(page):
        return []
    title, description, outcomes = title_of(page), description_of(page), outcomes_of(page)
    heading = title.values["title"] if title else ""
    found = [it for it in (title, description, outcomes) if it is not None]
    for suggest in (level.suggest_level, class_size.suggest_students, when.suggest_dates, when.suggest_slots):
        found += suggest(page)
    found += spoken.suggest_languages(page, heading)
    found += skills.suggest_skills(page)
    found += _about_meaning(page, heading, found, meaning)
    return sorted((it for it in found if it.chance >= PERHAPS), key=lambda it: ORDER.index(it.part))


def _is_text(page: Page) -> bool:
    """Tell a text from a few words, or one word all over."""
    if count_words(page.text) < LEAST_WORDS or not page.language:
        return False
    return len(set(page.text.casefold().split())) >= _LEAST_DIFFERENT or len(set(page.text)) >= 3 * _LEAST_DIFFERENT


def page_of(pasted: str) -> Page:
    """Cut a pasted text up."""
    text = plain_text(pasted)
    lines = lines_of(text)
    return Page(text, tuple(lines), tuple(parts_of(lines)), language_of(text[:_LANGUAGE_SIGNS]) if lines else "")


def _about_meaning(page: Page, title: str, found: list[Suggestion], meaning: Meaning) -> list[Suggestion]:
    """What the sentence model tells of title and description, or of the beginning where nothing describes."""
    if meaning.is_blind:
        return topic.suggest_goals(page, None, meaning)
    described = next((it.values["description"] for it in found if it.part == "description"), "")
    outcomes: list[str] = next((it.values["outcomes"] for it in found if it.part == "outcomes"), [])
    told = "\n".join((described, *outcomes))
    body = described or " ".join(outcomes) or page.text
    vector = meaning.of_course(title, body)
    return [
        *topic.suggest_field(vector, title, meaning),
        *topic.suggest_goals(page, vector, meaning),
        *keywords.suggest_keywords(
            told if count_words(told) >= _ENOUGH_WORDS else page.text, title, page.language, vector, meaning
        ),
    ]
