"""Names made comparable: small letters, without accents and punctuation."""

import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_WHOLE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(text: str) -> str:
    """Fold a name: "Universität für Bodenkultur" becomes "universitat fur bodenkultur".

    Letters and digits of every script stay; everything else becomes a single space.
    """
    small = unicodedata.normalize("NFKD", text.casefold()).translate(_WHOLE_LETTERS)
    plain = "".join(sign for sign in small if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain).split())


def trigrams(folded: str) -> frozenset[str]:
    """Cut a folded name into all its runs of three signs, its ends marked by spaces."""
    padded = f"  {folded} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Tell how alike two names are from their trigrams: 0 nothing in common, 1 the same.

    The share of the shorter name found in the longer counts too, because people type part of a long name.
    """
    shared = len(a & b)
    if not shared:
        return 0.0
    return (shared / len(a | b) + shared / min(len(a), len(b))) / 2
