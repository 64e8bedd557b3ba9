"""Compile every catalogue under translations/ into the form that is read at run time."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

for po in sorted(Path("translations").glob("*/LC_MESSAGES/messages.po")):
    with po.open("rb") as source:
        catalog = read_po(source, locale=po.parts[-3])
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalog)
