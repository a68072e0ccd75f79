"""What the tests did not run: `python -m tests.cover FILE…`, of the files that slipcover wrote.

Exit 1 while the whole stands below 95 %, or a room of the law below 100 %, branches included.
"""

import json
import sys
from pathlib import Path, PurePath

from slipcover import merge_coverage

WHOLE = 95
LAW = {"rules", "states", "actions", "selectors", "clocks"}


def merged(files: list[str]) -> dict:
    """One reading of several runs."""
    first, *others = (json.loads(Path(file).read_text()) for file in files)
    for other in others:
        merge_coverage(first, other)
    return first


def of_the_law(file: str) -> bool:
    """Whether every line and branch must be run: rules, states, actions, selectors, clocks."""
    return not LAW.isdisjoint((*PurePath(file).parts[:-1], PurePath(file).stem))


def missing(found: dict) -> str:
    """Lines and branches, as `12 15 17→20`; 0 is the way out."""
    branches = (f"{here}→{there}" for here, there in found["missing_branches"])
    return " ".join([*map(str, found["missing_lines"]), *branches])


def main(files: list[str]) -> int:
    """Prints every file with a gap, says what is too low."""
    cover = merged(files)
    gaps = {name: one for name, one in sorted(cover["files"].items()) if missing(one)}
    for name, one in gaps.items():
        print(f"{one['summary']['percent_covered']:6.1f} %  {name}  {missing(one)}")

    whole = cover["summary"]["percent_covered"]
    print(f"{whole:6.1f} %  of {len(cover['files'])} files")
    law = [name for name in gaps if of_the_law(name)]
    for name in law:
        print(f"{name}: every line and branch of it must be run", file=sys.stderr)
    if whole < WHOLE:
        print(f"The whole must reach {WHOLE} %", file=sys.stderr)
    return int(bool(law) or whole < WHOLE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
