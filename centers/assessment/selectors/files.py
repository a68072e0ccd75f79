"""What the five centres have on file about a case."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from centers.assessment import rules
from centers.assessment.rules import Stay
from centers.models import (
    Assessment,
    ConductMonth,
    DetoxConclusion,
    EntryEducation,
    FitnessTest,
    Opinion,
    Screening,
    SocialForm,
    Telling,
)
from centers.records import latest
from centers.states import AssessmentStatus
from rehab import readings
from rehab.db.prepared import Among, Prepared
from rehab.models import Case, Placement
from rehab.states import Stage


@dataclass(frozen=True)
class Mark:
    """The mark of one month."""

    mark: int
    marked_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """One assessment of a kind that was written and not returned."""

    kind: str
    status: str
    result: str
    concluded_at: datetime | None


@dataclass(frozen=True)
class Reading:
    """A telling that stands: when, and from a sheet of when."""

    told_at: datetime
    made_at: datetime


@dataclass(frozen=True)
class File:
    """What the five centres have on file about one case. Marks and days only, no content."""

    province: UUID
    stage: str
    status: str
    decided_on: date
    ends_on: date
    entered_at: datetime
    ended_at: datetime | None
    opined: bool = False  # whether an opinion on his term was ever proposed
    detox_passed: bool | None = None
    detox_at: datetime | None = None
    education: str | None = None
    educated_until: date | None = None
    fitness_on: date | None = None
    screened_at: datetime | None = None
    social: str | None = None
    social_at: datetime | None = None
    marks: Mapping[date, Mark] = field(default_factory=dict)
    stays: tuple[Stay, ...] = ()
    assessments: tuple[Standing, ...] = ()
    moves: tuple[tuple[str, datetime], ...] = ()  # to which stage after 生理脱毒, and when
    tellings: tuple[Reading, ...] = ()

    def passed(self, kind: str) -> bool:
        return any(
            one.kind == kind
            and one.status == AssessmentStatus.CONCLUDED
            and one.result == rules.PASS
            for one in self.assessments
        )

    def concluded(self, kind: str) -> bool:
        """Whether there is a standing conclusion of this kind, whatever it says."""
        return any(
            one.kind == kind and one.status == AssessmentStatus.CONCLUDED
            for one in self.assessments
        )

    def drafted(self, kind: str) -> bool:
        return any(
            one.kind == kind and one.status == AssessmentStatus.DRAFTED for one in self.assessments
        )


def _array(rows: QuerySet[Any], **columns: Any) -> ArraySubquery:
    return ArraySubquery(rows.filter(case=OuterRef("pk")).values(one=JSONObject(**columns)))


def files(cases: Iterable[Any]) -> dict[UUID, File]:
    """The files of these cases (or of these keys), in one query."""
    keys = [getattr(case, "pk", case) for case in cases]
    found: Any = readings.rows("assessment files", keys, _read_files)
    return dict(found)


def _read_files(keys: Sequence[UUID]) -> dict[UUID, Any]:
    return {row.pop("pk"): _file(row) for row in _columns(keys)}


@Prepared
def _columns() -> Any:
    stays = (
        Placement.objects.filter(held=False)
        .exclude(bed__room__unit__zone__stage=Stage.DETOX)
        .order_by("period")
    )
    return Case.objects.filter(Among("pk")).values(
        "pk",
        "ends_on",
        "entered_at",
        "ended_at",
        "status",
        province=F("facility__province"),
        stage=F("zone__stage"),
        decided_on=F("decision__decided_on"),
        opined=Exists(Opinion.objects.filter(case=OuterRef("pk"))),
        detox_passed=latest(DetoxConclusion, "passed"),
        detox_at=latest(DetoxConclusion, "concluded_at"),
        education=latest(EntryEducation, "result"),
        educated_until=latest(EntryEducation, "ended_on"),
        fitness_on=latest(FitnessTest, "tested_on"),
        screened_at=latest(Screening, "screened_at"),
        social=latest(SocialForm, "result"),
        social_at=latest(SocialForm, "recorded_at"),
        marks=_array(
            ConductMonth.objects.order_by("month"),
            month="month",
            mark="mark",
            marked_at="marked_at",
            confirmed_at="confirmed_at",
        ),
        stays=_array(
            stays,
            begin="period__startswith",
            end="period__endswith",
            stage="bed__room__unit__zone__stage",
        ),
        assessed=_array(
            Assessment.objects.exclude(status=AssessmentStatus.RETURNED).order_by("drafted_at"),
            kind="kind",
            status="status",
            result="result",
            concluded_at="concluded_at",
        ),
        told=_array(
            Telling.objects.standing().order_by("told_at"),
            told_at="told_at",
            made_at="sheet__made_at",
        ),
    )


def _file(row: dict[str, Any]) -> File:
    marks = {
        date.fromisoformat(one["month"]): Mark(
            one["mark"], _read(one["marked_at"]), _read_or_none(one["confirmed_at"])
        )
        for one in row.pop("marks")
    }
    lain_in = row.pop("stays")
    stays = tuple((_read(one["begin"]), _read_or_none(one["end"])) for one in lain_in)
    tellings = tuple(
        Reading(_read(one["told_at"]), _read(one["made_at"])) for one in row.pop("told")
    )
    assessments = tuple(
        Standing(one["kind"], one["status"], one["result"], _read_or_none(one["concluded_at"]))
        for one in row.pop("assessed")
    )
    return File(
        **row,
        marks=marks,
        stays=stays,
        assessments=assessments,
        moves=tuple(_moves(lain_in)),
        tellings=tellings,
    )


def _moves(lain_in: Sequence[dict[str, Any]]) -> Iterator[tuple[str, datetime]]:
    """The first bed of each stage; another bed of the same stage is no move."""
    stage = None
    for one in lain_in:
        if one["stage"] != stage:
            stage = one["stage"]
            yield stage, _read(one["begin"])


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _read_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
