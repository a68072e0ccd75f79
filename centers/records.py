"""What was recorded of a case before: reads that all five centres share."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from rehab.models import Case

SHOWN = 5  # earlier records beside a form


def latest(model: Any, column: str) -> Subquery:
    """A column of the latest record of each case."""
    rows = model.objects.filter(case=OuterRef("pk")).order_by(f"-{model.moment}", "-id")
    return Subquery(rows.values(column)[:1])


def earlier(model: Any, case: Case) -> QuerySet[Any]:
    """The last few records of a case, the newest first."""
    rows: QuerySet[Any] = model.objects.filter(case=case).select_related("by")
    return rows.order_by(f"-{model.moment}", "-id")[:SHOWN]
