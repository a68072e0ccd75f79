"""哪些操作会改变期满日: the acts that may move the last day of a case, each on whose word. Nothing else does.

A test tries every act of the house and holds this list against what moved (`tests/flows/test_end_moves.py`).
"""

from dataclasses import dataclass

from rehab import statutes
from rehab.permissions import Permission
from rehab.statutes import Article


@dataclass(frozen=True)
class EndMove:
    """Of two officers one proposes and another one confirms; the day moves with the second."""

    label: str
    articles: tuple[Article, ...]
    proposed_under: Permission
    confirmed_under: tuple[Permission, ...]
    note: str = ""


_TERM = (Permission.TERM_CONFIRM, Permission.TERM_REVIEW)
_ORGANS = "须有决定机关已经送达的决定书；期满后登记的延长由省级戒毒管理局复核"

END_MOVES: dict[str, EndMove] = {  # by the function that moves it
    "rehab.actions.escapes.confirm_uncounted": EndMove(
        "确认脱逃期间不计入期限", (statutes.ESCAPE,), Permission.ABSENCE_RECORD, (Permission.ESCAPE_CONFIRM,),
        "须有追回时间、公安机关接报回执、本人陈述",
    ),
    "rehab.actions.escapes.confirm_reversal": EndMove(
        "确认撤销脱逃登记", (statutes.ESCAPE,), Permission.ABSENCE_RECORD, (Permission.ESCAPE_CONFIRM,),
        "不计入的日数重新计入",
    ),
    "rehab.actions.term_decisions.confirm_term_decision": EndMove(
        "确认期限决定", (statutes.EARLY_RELEASE, statutes.EXTENSION), Permission.TERM_RECORD, _TERM, _ORGANS,
    ),
    "rehab.actions.decision_corrections.confirm_decision_correction": EndMove(
        "确认更正决定书信息", (statutes.DECISION_SERVED, statutes.INFORMATION_CORRECTED), Permission.TERM_RECORD,
        _TERM, "须与决定书或者决定机关的函一致；期满后使期满日推后的由省级戒毒管理局复核",
    ),
    "rehab.actions.term_decisions.confirm_term_undoing": EndMove(
        "确认撤销期限决定登记", (statutes.EARLY_RELEASE, statutes.EXTENSION), Permission.TERM_RECORD, _TERM,
        "登记有误的，恢复没有此件决定时的期满日",
    ),
}  # fmt: skip
