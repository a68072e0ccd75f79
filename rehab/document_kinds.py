"""文书种类: what each 文书 is, how the product words it, which facts it may name, and an invented example.

One kind is two files in `templates/typst`: the layout `<code>.typ` and what stands here, `<code>.toml`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rehab import statutes
from rehab.permissions import Permission
from rehab.rules.wording import Bounds, Wording

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "typst"
_CODE = re.compile(r"\{([A-Z_]+)\}")


@dataclass(frozen=True)
class DocumentKind:
    """One kind of 文书, as the product knows it."""

    code: str
    title: str
    about: str  # for whom and when, in one sentence
    wording: Wording
    words: Mapping[str, str]  # what a paragraph may name → the fact behind it
    bounds: Bounds
    sample: Mapping[str, Any]  # invented facts, for previews and for proving a wording
    bare: Mapping[str, Any]  # the same with nothing that may be left out
    translatable: bool
    opened_by: frozenset[Permission]


def citation(article: statutes.Article) -> str:
    """How a paragraph names an article, confirmed or not: 《禁毒法》第四十条."""
    return f"《{article.law}》{article.number}"


CITATIONS: Mapping[str, statutes.Article] = MappingProxyType(
    {citation(article): article for article in statutes.ALL}
)


@cache
def kinds() -> Mapping[str, DocumentKind]:
    """Every kind by its code, in the order of the codes."""
    return MappingProxyType({path.stem: _read(path) for path in sorted(TEMPLATES.glob("*.toml"))})


def kind(code: str) -> DocumentKind:
    """Raises KeyError."""
    return kinds()[code]


def _read(path: Path) -> DocumentKind:
    values = tomllib.loads(_CODE.sub(_cited, path.read_text(encoding="utf-8")))
    words: Mapping[str, str] = values["words"]
    sample: Mapping[str, Any] = values["sample"]
    optional = values.get("optional", [])
    return DocumentKind(
        code=path.stem,
        title=values["title"],
        about=values["about"],
        wording=Wording.read({"sections": {}, "copies": [], "signers": []} | values["wording"]),
        words=MappingProxyType(words),
        bounds=Bounds(
            labels=values.get("labels", {}),
            words=frozenset(words) | CITATIONS.keys(),
            must_say={key: _bare_names(of) for key, of in values.get("must_say", {}).items()},
            only={key: tuple(of) for key, of in values.get("only", {}).items()},
        ),
        sample=MappingProxyType(sample),
        bare=MappingProxyType({key: of for key, of in sample.items() if key not in optional}),
        translatable=values.get("translatable", False),
        opened_by=frozenset(Permission(one) for one in values.get("opened_by", ["document.view"])),
    )


def _cited(code: re.Match[str]) -> str:
    return f"{{{citation(statutes.by_code(code[1]))}}}"


def _bare_names(names: list[str]) -> tuple[str, ...]:
    return tuple(name.strip("{}") for name in names)
