"""意见的文书: the notice on the wall, the opinion to the deciding organ, the answer to the person."""

from datetime import date, datetime
from typing import Any

from centers.assessment.selectors.under_way import REPLY
from centers.models import Objection, Opinion
from rehab import statutes
from rehab.clock import day_of
from rehab.ledgers import documents
from rehab.models import Document, User
from rehab.rules.identity import mask_name
from rehab.states import TermDecisionKind

ARTICLES = {
    TermDecisionKind.EARLY_RELEASE: statutes.EARLY_RELEASE,
    TermDecisionKind.EXTENSION: statutes.EXTENSION,
}
NOTICE = "opinion_notice"
TEMPLATES = {
    TermDecisionKind.EARLY_RELEASE: ("early_release_opinion", "提前解除意见书"),
    TermDecisionKind.EXTENSION: ("extension_opinion", "延长期限意见书"),
}


def notice(opinion: Opinion, *, by: User, at: datetime) -> Document:
    """公示: no more of him than the wall needs: neither his whole name nor any number of his."""
    case = opinion.case
    facts = {
        "name": mask_name(case.person.name),
        "what": words(opinion),
        "notice_from": opinion.notice_from,
        "notice_until": opinion.notice_until,
        "basis": [_article(opinion)],
        **_place(opinion),
    }
    return documents.make(case, NOTICE, "意见公示", facts, by=by, at=at)


def letter(opinion: Opinion, *, by: User, at: datetime) -> Document:
    """提前解除意见书, 延长期限意见书."""
    case = opinion.case
    template, title = TEMPLATES[TermDecisionKind(opinion.kind)]
    assert opinion.discussed_on is not None
    assert opinion.assessment.concluded_at is not None
    facts = {
        "recipient": case.decision.authority,
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "decision_number": case.decision.number,
        "decided_on": case.decision.decided_on,
        "ends_on": case.ends_on,
        "assessment": opinion.assessment.get_kind_display(),
        "assessed_on": day_of(opinion.assessment.concluded_at),
        "discussed_on": opinion.discussed_on,
        "notice_from": opinion.notice_from,
        "notice_until": opinion.notice_until,
        "grounds": _sentence(opinion.grounds),
        "objected": _objected(opinion),
        "months": f"{opinion.months}个月",
        "basis": [_article(opinion)],
        **_place(opinion),
    }
    return documents.make(case, template, title, facts, by=by, at=at)


def reply(opinion: Opinion, objection: Objection, *, by: User, at: datetime) -> Document:
    """异议复核的书面答复."""
    subject = f"你于{_day(objection.lodged_at)}对{words(opinion)}提出的异议"
    outcome = f"经复核，异议{objection.get_status_display()}"
    if opinion.sent_on is not None:
        outcome += (
            f"；意见已于{_on(opinion.sent_on)}报送，本答复同时送{opinion.case.decision.authority}"
        )
    return _answer(opinion, subject, outcome, str(objection.findings), by=by, at=at)


def refusal(opinion: Opinion, reason: str, *, by: User, at: datetime) -> Document:
    """决定机关不批准的书面告知."""
    subject = f"我所报送的{words(opinion)}"
    outcome = f"{opinion.case.decision.authority}决定不予批准"
    return _answer(opinion, subject, outcome, reason.strip(), by=by, at=at)


def unsent(opinion: Opinion, reason: str, *, by: User, at: datetime) -> Document:
    """本所没有报送的书面告知: it ended in the house."""
    return _answer(opinion, f"{words(opinion)}", "本所没有报送", reason, by=by, at=at)


def taken_back(opinion: Opinion, reason: str, *, by: User, at: datetime) -> Document:
    """不批准登记有误的书面告知: it stands in the place of the paper that said so."""
    former = opinion.reply
    assert former is not None  # a refusal was told
    subject = f"{former.number}告知你的决定"
    outcome = "登记有误，该告知书作废；决定机关作出决定以后另行告知"
    return _answer(opinion, subject, outcome, reason.strip(), supersedes=former, by=by, at=at)


def _answer(
    opinion: Opinion,
    subject: str,
    outcome: str,
    reasons: str,
    *,
    supersedes: Document | None = None,
    by: User,
    at: datetime,
) -> Document:
    facts = {
        "name": opinion.case.person.name,
        "subject": subject,
        "outcome": outcome,
        "reasons": _sentence(reasons),
        "ends_on": opinion.case.ends_on,
        "basis": [_article(opinion)],
        **_place(opinion),
    }
    title = "意见办理结果告知书"
    return documents.make(opinion.case, REPLY, title, facts, by=by, at=at, supersedes=supersedes)


def words(opinion: Opinion) -> str:
    """提前3个月解除的意见, 延长期限3个月的意见: as a paper names it."""
    if opinion.kind == TermDecisionKind.EARLY_RELEASE:
        return f"提前{opinion.months}个月解除强制隔离戒毒的意见"
    return f"延长强制隔离戒毒期限{opinion.months}个月的意见"


def _objected(opinion: Opinion) -> str:
    """What became of the person's objections; who signs has seen that none is open."""
    number = len(opinion.objections.all())
    if not number:
        return "公示期间和审批以前，本人没有提出异议"
    return f"本人提出异议{number}件，经复核不成立，已书面答复本人"


def _sentence(words: str) -> str:
    """Without its own full stop: the paper sets one."""
    return words.strip().rstrip("。")


def _article(opinion: Opinion) -> statutes.Article:
    return ARTICLES[TermDecisionKind(opinion.kind)]


def _day(moment: datetime) -> str:
    return _on(day_of(moment))


def _on(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _place(opinion: Opinion) -> dict[str, Any]:
    facility = opinion.case.facility
    return {"facility": facility.name, "phone": facility.duty_phone or "见所外公示"}
