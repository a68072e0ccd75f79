"""入所文书: everything that is printed when somebody comes in, made at one stroke."""

from datetime import datetime

from django.db import transaction

from intake.models import Admission, CompletionItem
from intake.selectors.papers import entry_register_facts, family_notice_facts, rights_facts
from rehab.actions import cases
from rehab.ledgers import documents
from rehab.models import Case, Document, User
from rehab.refusal import Obstacle, Refused

ORDER = (  # as they lie in the folder
    "admission_receipt", "entry_register", "health_check", "belongings", "rights", "family_notice",
)  # fmt: skip


@transaction.atomic
def prepare_admission_papers(
    *, case: Case, language: str, by: User, at: datetime
) -> list[Document]:
    """制作入所文书: those that follow from what is known are made, where they are not yet; the acts that
    complete each duty name them afterwards. All of this admission, in the order of the folder.
    """
    case = cases.lock(case, "decision")

    if not Admission.objects.filter(case=case).exists():
        raise Refused([Obstacle("此人不是经收治登记入所的，没有入所文书")])

    done = set(CompletionItem.objects.filter(case=case).values_list("duty", flat=True))
    if "entry_register" not in done:
        documents.make_or_keep(
            case, "entry_register", "入所登记表", entry_register_facts(case), by=by, at=at
        )
    if "rights_notice" not in done:
        documents.make_or_keep(
            case, "rights", "权利义务告知书", rights_facts(case, language),
            by=by, at=at, language=language,
        )  # fmt: skip
    if "family_notice" not in done and (recipient := _first_relative(case)):
        documents.make_or_keep(
            case, "family_notice", "入所通知书", family_notice_facts(case, recipient),
            by=by, at=at,
        )  # fmt: skip

    return _of_admission(case)


def _first_relative(case: Case) -> str:
    relatives = case.person.relatives or [{}]
    return str(relatives[0].get("name", ""))


def _of_admission(case: Case) -> list[Document]:
    standing = Document.objects.filter(
        case=case, template__in=ORDER, superseded_by__isnull=True
    ).order_by("made_at", "number")
    return sorted(standing, key=lambda one: ORDER.index(one.template))
