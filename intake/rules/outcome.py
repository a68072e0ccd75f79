"""The three answers to an arrival."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ReceptionOutcome(StrEnum):
    """What was decided about an arrival."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"


OUTCOME_LABELS: Mapping[ReceptionOutcome, str] = MappingProxyType(
    {
        ReceptionOutcome.ACCEPTED: "同意接收",
        ReceptionOutcome.DEFERRED: "暂不接收",
        ReceptionOutcome.REFUSED: "不予接收",
    }
)
