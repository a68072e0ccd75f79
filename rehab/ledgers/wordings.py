"""Which wording a 文书 gets: the province's in force, else the product's. A broken one stops no act."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import typst

from rehab.document_kinds import DocumentKind, kind
from rehab.models import Bureau, DocumentWording, Facility
from rehab.rules.wording import BadWording, Wording, wording_obstacles
from rehab.typeset import Translation, TypesetterBroken, typeset

CHINESE = "zh"
LANGUAGES = {  # of 戒毒人员; a text exists where a province has set one
    CHINESE: "汉语",
    "ug": "维吾尔语",
    "kk": "哈萨克语",
    "bo": "藏语",
    "mn": "蒙古语",
    "ii": "彝语",
    "ko": "朝鲜语",
    "za": "壮语",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """The wording of one document, the row it came from, and its translation where there is one."""

    kind: DocumentKind
    wording: Wording
    row: DocumentWording | None = None
    translation: Translation | None = None


def chosen(code: str, facility: Facility, *, on: date, language: str = CHINESE) -> Chosen:
    """What the province has set by a day for a kind of 文书, as far as it is sound."""
    one = kind(code)
    rows: dict[str, DocumentWording] = {}
    known = DocumentWording.objects.filter(
        province=facility.province_id, kind=code, language__in={CHINESE, language}
    )
    for row in known.in_force(on=on):
        rows.setdefault(row.language, row)
    own = rows.get(CHINESE)
    words = sound(one, own) if own else None
    foreign = rows.get(language) if language != CHINESE else None
    text = sound(one, foreign) if foreign else None
    return Chosen(
        kind=one,
        wording=words or one.wording,
        row=own if words else None,
        translation=Translation(language, text) if text else None,
    )


def sound(one: DocumentKind, row: DocumentWording) -> Wording | None:
    """The wording of a row; None, and a line in the log, for one that may not be used (any more)."""
    try:
        wording = Wording.read(row.parts)
    except BadWording as broken:
        _log.error("文书格式 %s（%s）不能用，改用产品格式：%s", row.pk, row, broken)
        return None
    if obstacles := wording_obstacles(wording, one.bounds):
        _log.error("文书格式 %s（%s）不能用，改用产品格式：%s", row.pk, row, obstacles[0])
        return None
    return wording


def set_in(choice: Chosen, facts: Mapping[str, Any]) -> tuple[bytes, DocumentWording | None]:
    """The typeset document, and the row whose wording it has; the product's where that one fails."""
    code = choice.kind.code
    if choice.row is not None or choice.translation is not None:
        try:
            return typeset(code, facts, choice.wording, choice.translation), choice.row
        except (typst.TypstError, TypesetterBroken, BadWording) as broken:
            _log.error("文书格式 %s 排不出，改用产品格式：%s", choice.row and choice.row.pk, broken)
    return typeset(code, facts), None


def previewed(
    one: DocumentKind, language: str, wording: Wording, facts: Mapping[str, Any]
) -> bytes:
    """The 文书 of an invented person in this wording. Raises TypstError, BadWording, MissingGlyph."""
    if language == CHINESE:
        return typeset(one.code, facts, wording)
    return typeset(one.code, facts, None, Translation(language, wording))


def versions(code: str, province: Bureau, *, language: str = CHINESE) -> list[DocumentWording]:
    """Every version a province has set, the newest first."""
    return list(
        DocumentWording.objects.filter(province=province, kind=code, language=language)
        .select_related("set_by", "confirmed_by")
        .order_by("-version")
    )


def all_in_force(province: Bureau, *, on: date) -> dict[str, DocumentWording]:
    """The Chinese version of each kind that is in force in a province on a day, by kind; one query."""
    found: dict[str, DocumentWording] = {}
    rows = DocumentWording.objects.filter(province=province, language=CHINESE).in_force(on=on)
    for row in rows.select_related("set_by", "confirmed_by"):
        found.setdefault(row.kind, row)
    return found
