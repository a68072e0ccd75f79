"""What is done with a 文书 once it is made."""

from datetime import datetime

from django.db import transaction

from rehab.actions import cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Case, Document, Event, ServiceOfDocument, User
from rehab.refusal import Refused
from rehab.rules.serving import service_obstacles


@transaction.atomic
def serve_document(
    *,
    case: Case,
    document: Document,
    recipient: ServiceOfDocument.Recipient,
    received_by: str,
    manner: ServiceOfDocument.Manner,
    served_at: datetime,
    by: User,
    at: datetime,
) -> ServiceOfDocument:
    """登记送达: to whom, how and when a document of this case was served. A slip is made good by another row.

    `received_by` is the name of whoever signed for it; it may be left out.
    """
    case = cases.lock(case)
    document = Document.objects.filter(case=case).defer("body", "facts").get(pk=document.pk)

    Refused.if_any(
        service_obstacles(
            typeset=document.is_typeset, made_at=document.made_at, served_at=served_at, at=at
        )
    )

    service = ServiceOfDocument.objects.create(
        document=document,
        recipient=recipient,
        received_by=received_by.strip() or None,
        manner=manner,
        served_at=served_at,
        by=by,
    )

    events.record(
        case, Event.Kind.DOCUMENT_SERVED, by=by, at=served_at, document=str(document.pk),
        template=document.template, recipient=recipient, manner=manner,
    )  # fmt: skip
    deadlines.refresh([case])

    outbox.poke()
    return service
