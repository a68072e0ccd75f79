"""What is owed after entry, what of it is done, and why one of it may not be done now."""

from dataclasses import dataclass
from datetime import datetime

from intake.models import Admission, CompletionItem
from intake.rules import completion
from intake.rules.completion import Duty
from rehab import statutes
from rehab.clock import day_of
from rehab.ledgers import documents, wordings
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
        for item in CompletionItem.objects.filter(case=case).select_related(
            "done_by", "confirmed_by", "document"
        )
    }
    return tuple(
        Owed(duty, duty.due_at(admission.entered_at), done.get(duty.code))
        for duty in completion.DUTIES
    )


@dataclass(frozen=True)
class Safeguard:
    """权利保障: what he was told, and who was told of him."""

    label: str
    words: str
    kept: bool


def safeguards(case: Case) -> tuple[Safeguard, ...]:
    """Whether his rights were read to him, in which language, and whether his family knows.

    Nothing for somebody who was not admitted here.
    """
    of = {one.duty.code: one for one in owed_after_entry(case)}
    if not of:
        return ()
    rights, family = of["rights_notice"], of["family_notice"]
    language = wordings.LANGUAGES[language_read(case)] if rights.item else ""
    return (
        _safeguard("权利义务告知", rights, language),
        _safeguard("通知家属", family, family.item.manner if family.item else ""),
    )


def _safeguard(label: str, one: Owed, how: str) -> Safeguard:
    if one.item is None:
        return Safeguard(label, f"尚未办理，应于 {moment_words(one.due_at)} 前办结", kept=False)
    words = f"{moment_words(one.item.done_at)} {one.item.done_by.display_name} · {how}"
    return Safeguard(label, words, kept=True)


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


def language_read(case: Case) -> str:
    """In which language the rights that stand were printed, to be read out; Chinese where none were."""
    return documents.languages_read([case])[case.pk]


def interpreter_obstacles(
    case: Case, language: str, interpreter: str, *, at: datetime
) -> tuple[Obstacle, ...]:
    """Why the rights may not be told in a language: there is no text in it, and nobody says it aloud."""
    if language == wordings.CHINESE or interpreter.strip():
        return ()
    choice = wordings.chosen("rights", case.facility, on=day_of(at), language=language)
    if choice.translation is not None:
        return ()
    spoken = wordings.LANGUAGES[language]
    message = f"告知书没有{spoken}文本，须口头翻译，请填写“翻译人员”"
    return (Obstacle(message, statutes.RIGHTS_NOTICE),)
