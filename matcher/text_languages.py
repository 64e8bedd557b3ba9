"""In which language a text is written, as far as the text alone tells."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Below this probability a language is not believed: one-word titles such as "Nursing" get a wrong language
# with up to 0.18, two words of French the right one with 0.29.
LANGUAGE_CHANCE = 0.25
# Up to so many words, or signs of Chinese or Japanese, a text is a title, by which near languages are not told apart.
TITLE_WORDS, TITLE_SIGNS = 12, 30
# Labels of the language detector that the statistics join. Malay and Indonesian are nearly alike in spelling.
_ONE_LANGUAGE = {"wuu": "zh", "yue": "zh", "pcm": "en", "no": "nb", "nn": "nb", "ms": "id"}
# Of Hindi titles, every other one is taken for one of its sisters, which courses are hardly ever described in.
_ONE_BY_TITLE = {"jv": "id", "gom": "hi", "mr": "hi", "ne": "hi", "sa": "hi"}
_KANA = re.compile("[\u3041-\u30fa]")
_HAN_OR_KANA = re.compile("[\u3041-\u30fa\u3400-\u9fff]")


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=1 << 18)
def language_of(text: str) -> str:
    """Return the primary language tag of a text, empty where it cannot be told, as with a title of one word."""
    language, chance = _identifier().classify(text)
    if chance < LANGUAGE_CHANCE:
        return ""
    language = _ONE_LANGUAGE.get(language, str(language))
    if language == "zh":
        return "ja" if _is_japanese_title(text) else "zh"
    return _ONE_BY_TITLE.get(language, language) if len(text.split()) <= TITLE_WORDS else language


def _is_japanese_title(text: str) -> bool:
    """Tell a Japanese title from a Chinese one by its signs.

    Japan simplified other signs than China did, and Taiwan none: a title that the standard character set of
    Japan holds and those of mainland China and Taiwan do not is Japanese without any kana.
    """
    signs = "".join(_HAN_OR_KANA.findall(text))
    if len(signs) > TITLE_SIGNS or not _holds("shift_jis", signs):
        return False
    return _KANA.search(signs) is not None or not (_holds("gb2312", signs) or _holds("big5", signs))


def _holds(character_set: str, signs: str) -> bool:
    try:
        signs.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True
