"""Mail addresses and telephone numbers in what people write: these are exchanged once both have accepted."""

import re
import unicodedata

_AT = r"(?:@|\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*)"
_DOT = r"(?:\.|\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*)"
_MAIL = re.compile(rf"(?<![\w.+'-])[\w.+'-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[^\W\d_][\w-]+", re.IGNORECASE)
_MAIL_IN_WORDS = re.compile(r"(?<![\w.+-])[\w.+-]+ at [\w-]+(?: dot [\w-]+)+\b", re.IGNORECASE)

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_LINK_TO_PERSON = re.compile(
    r"(?:mailto:|tel:|wa\.me/|api\.whatsapp\.com/|signal\.me/|line\.me/|t\.me/|zalo\.me/)\S+", re.I
)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d"
    r"|(?<![./])\d{1,2}[./]\d{1,2}[./]\d\d(?![./]?\d))(?!\d)"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?:\s*[-–]\s*\d{1,2}[:.]\d\d)(?!\d)|(?<!\d)\d{1,2}:\d\d(?!\d)")
_BETWEEN = r"[\s().\-/]{0,3}"
_WITH_COUNTRY = re.compile(rf"(?:\+|(?<!\d)00)[\s(]{{0,2}}[1-9](?:{_BETWEEN}\d){{7,13}}(?!\d)")
_NATIONAL = re.compile(r"(?<![\d.,/-])\(?0\d{1,4}\)?(?:[\s.\-/]?\d){5,10}(?!\d)")
_NAMED = re.compile(
    r"\b(?:tel|telephone|phone|mobile|cell|whatsapp|viber|zalo|fax|t[ée]l|t[ée]l[ée]phone|portable|telefono?|handy"
    rf"|電話|携帯)\W{{0,3}}(?:\w{{1,8}}\W{{1,3}})?\+?\d(?:{_BETWEEN}\d){{5,13}}",
    re.IGNORECASE,
)


def names_contact(text: str) -> bool:
    """Tell whether a text gives a mail address or a telephone number away.

    Dates, times and numbers in web addresses are none. Invisible characters and full-width forms hide nothing.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    if any(pattern.search(plain) for pattern in (_LINK_TO_PERSON, _MAIL_IN_WORDS)):
        return True
    for nothing in (_LINK, _DATE, _TIME):
        plain = nothing.sub(" … ", plain)
    return any(pattern.search(plain) for pattern in (_MAIL, _WITH_COUNTRY, _NATIONAL, _NAMED))
