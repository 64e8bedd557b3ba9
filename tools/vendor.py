"""Copy the pages' style sheet and script from an installed ``node_modules`` into ``webapp/static/vendor``.

The copies are committed, so nobody who runs the service needs npm, and no page needs another host. To renew them::

    mkdir /tmp/front && cd /tmp/front && npm install --save-exact @picocss/pico@2.1.1 htmx.org@4.0.1
    python -m tools.vendor /tmp/front/node_modules          # copy, and write the list of checksums
    python -m tools.vendor --check                          # compare the copies with the list
"""

import argparse
import gzip
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

VENDOR = Path(__file__).resolve().parent.parent / "webapp" / "static" / "vendor"
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Package:
    """What we take from one npm package.

    Parameters
    ----------
    name
        Its name.
    version
        The only version taken; another one in ``node_modules`` is refused.
    files
        Path inside the package to file name here.
    """

    name: str
    version: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "@picocss/pico",
        "2.1.1",
        {"css/pico.min.css": "pico-2.1.1.min.css", "LICENSE.md": "pico-LICENSE.md"},
    ),
    Package(
        "htmx.org",
        "4.0.1",
        {"dist/htmx.min.js": "htmx-4.0.1.min.js", "LICENSE": "htmx-LICENSE.txt"},
    ),
)


def copy(modules: Path, vendor: Path = VENDOR) -> None:
    """Copy every file of `PACKAGES`, pack those that pages load, and write the checksums beside them.

    WhiteNoise sends the packed copy to every browser that can read it: a third of the size.

    Parameters
    ----------
    modules
        The ``node_modules`` folder.
    vendor
        Where the copies go; files that no package names any more are removed.

    Raises
    ------
    ValueError
        When a package is there in another version.
    FileNotFoundError
        When a package or a file of it is missing.
    """
    vendor.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        found = json.loads((modules / package.name / "package.json").read_text())["version"]
        if found != package.version:
            raise ValueError(f"{package.name} is there as {found}; {package.version} is wanted")
        for source, target in package.files.items():
            copyfile(modules / package.name / source, vendor / target)
    wanted = {target for package in PACKAGES for target in package.files.values()}
    for name in sorted(wanted):
        if name.endswith((".css", ".js")):
            # Without a time of making, so that the same file always gives the same checksum.
            (vendor / f"{name}.gz").write_bytes(gzip.compress((vendor / name).read_bytes(), mtime=0))
            wanted.add(f"{name}.gz")
    for path in vendor.iterdir():
        if path.name not in wanted:
            path.unlink()
    lines = [f"{sha256((vendor / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(wanted)]
    (vendor / CHECKSUMS).write_text("".join(lines))


def changed(vendor: Path = VENDOR) -> list[str]:
    """Name the copies that are missing or differ from their checksum, in order."""
    listed = dict(reversed(line.split()) for line in (vendor / CHECKSUMS).read_text().splitlines())
    wrong = []
    for name, checksum in listed.items():
        path = vendor / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != checksum:
            wrong.append(name)
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Copy or check, as the command line says; 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", type=Path, nargs="?", help="the node_modules folder")
    parser.add_argument("--check", action="store_true", help="compare the copies with their checksums")
    options = parser.parse_args(arguments)
    if options.check:
        wrong = changed()
        for name in wrong:
            print(f"{name} is missing or is not the file that was copied", file=sys.stderr)
        return 1 if wrong else 0
    if options.modules is None:
        parser.error("name the node_modules folder, or --check")
    copy(options.modules)
    return 0


if __name__ == "__main__":
    sys.exit(main())
