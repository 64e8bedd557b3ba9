"""In which language a text is written, as far as the text alone tells."""

from __future__ import annotations

from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Below this probability a language is not believed: one-word titles such as "Nursing" get a wrong language
# with up to 0.18, two words of French the right one with 0.29.
LANGUAGE_CHANCE = 0.25
# Labels of the language detector that the statistics join.
_ONE_LANGUAGE = {"wuu": "zh", "yue": "zh", "pcm": "en", "no": "nb", "nn": "nb"}


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=1 << 18)
def language_of(text: str) -> str:
    """Return the primary language tag of a text, empty where it cannot be told, as with a title of one word."""
    language, chance = _identifier().classify(text)
    return _ONE_LANGUAGE.get(language, str(language)) if chance >= LANGUAGE_CHANCE else ""
