"""What is on file of a decision, written anew: as somebody typed it wrongly, or as the deciding organ answered."""

from dataclasses import replace
from datetime import date, timedelta

from rehab.models import Case
from rehab.rules.decision_corrections import Correction, Letter
from rehab.selectors.decision_corrections import paper_of
from rehab.states import CorrectionCause


def entry(case: Case, **changed: object) -> Correction:
    """登记有误: the paper says otherwise than what was typed."""
    becomes = replace(paper_of(case.decision), **changed)
    return Correction(cause=CorrectionCause.ENTRY, becomes=becomes, reason="核对决定书原件")


def answered(case: Case, *, on: date, **changed: object) -> Correction:
    """决定机关更正; without a change its answer that the printed day is right."""
    return Correction(
        cause=CorrectionCause.ORGAN if changed else CorrectionCause.UPHELD,
        becomes=replace(paper_of(case.decision), **changed),
        reason="决定机关复函",
        letter=Letter(
            number="示公复〔2028〕1号", written_on=on - timedelta(days=1), received_on=on
        ),
    )
