"""What is owed after entry, what of it is done, and why one of it may not be done now."""

from dataclasses import dataclass
from datetime import datetime

from intake.models import Admission, CompletionItem
from intake.rules import completion
from intake.rules.completion import Duty
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.rules.days import moment_words


@dataclass(frozen=True)
class Owed:
    """One duty of one case: when it is due, and how it was done."""

    duty: Duty
    due_at: datetime
    item: CompletionItem | None


def owed_after_entry(case: Case) -> tuple[Owed, ...]:
    """The list of one case, in the order of the duties; empty for one that was not admitted here."""
    admission = Admission.objects.filter(case=case).first()
    if admission is None:
        return ()
    done = {
        item.duty: item
        for item in CompletionItem.objects.filter(case=case).select_related("done_by", "document")
    }
    return tuple(
        Owed(duty, duty.due_at(admission.entered_at), done.get(duty.code))
        for duty in completion.DUTIES
    )


def completion_obstacles(
    case: Case,
    duty: Duty,
    *,
    by: User,
    done_at: datetime,
    at: datetime,
    called: str = "办结时间",
) -> tuple[Obstacle, ...]:
    """Why a duty may not be recorded as done; `called` is how its page names the moment."""
    obstacles = []
    admission = Admission.objects.filter(case=case).first()
    if admission is None:
        return (Obstacle("此人不是经收治登记入所的，没有入所事项"),)
    done = (
        CompletionItem.objects.filter(case=case, duty=duty.code).select_related("done_by").first()
    )
    if done is not None:
        when = moment_words(done.done_at)
        obstacles.append(Obstacle(f"“{duty.label}”已由{done.done_by.display_name}于 {when} 办结"))
    if by.role != duty.role:
        obstacles.append(Obstacle(f"“{duty.label}”不由您的岗位办理", duty.article))
    if done_at > at:
        obstacles.append(Obstacle(f"“{called}”晚于现在，请改正"))
    if done_at < admission.entered_at.replace(second=0, microsecond=0):
        when = moment_words(admission.entered_at)
        obstacles.append(Obstacle(f"“{called}”早于入所时间 {when}，请改正"))
    return tuple(obstacles)
