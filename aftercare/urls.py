"""Routes of the back door."""

from django.urls import path

from aftercare.views import (
    agreements,
    conversions,
    deaths,
    decision_corrections,
    preparations,
    releases,
    revocations,
    stations,
    term_decisions,
)

app_name = "aftercare"
urlpatterns = [
    path("stations/", stations.station_list, name="station-list"),
    path("stations/new/", stations.station_create, name="station-create"),
    path("stations/<uuid:pk>/closing/", stations.station_close, name="station-close"),
    path("releases/", releases.release_list, name="release-list"),
    path("releases/<str:case_number>/", releases.release_detail, name="release-detail"),
    path(
        "releases/<str:case_number>/preparation/",
        preparations.release_prepare,
        name="release-prepare",
    ),
    path("releases/<str:case_number>/notice/", releases.release_notify, name="release-notify"),
    path("releases/<str:case_number>/gate/", releases.release_create, name="release-create"),
    path("releases/<str:case_number>/inquiry/", releases.inquiry_create, name="inquiry-create"),
    path(
        "releases/<str:case_number>/certificate/",
        releases.certificate_print,
        name="certificate-print",
    ),
    path("deaths/<str:case_number>/", deaths.death_detail, name="death-detail"),
    path("deaths/<str:case_number>/record/", deaths.death_create, name="death-create"),
    path("deaths/<str:case_number>/notices/", deaths.death_tell, name="death-tell"),
    path("deaths/<str:case_number>/confirmation/", deaths.death_confirm, name="death-confirm"),
    path("deaths/<str:case_number>/withdrawal/", deaths.death_withdraw, name="death-withdraw"),
    path("term-decisions/", term_decisions.term_decision_list, name="term-decision-list"),
    path(
        "term-decisions/<uuid:pk>/",
        term_decisions.term_decision_detail,
        name="term-decision-detail",
    ),
    path(
        "term-decisions/<uuid:pk>/confirmation/",
        term_decisions.term_decision_confirm,
        name="term-decision-confirm",
    ),
    path(
        "term-decisions/<uuid:pk>/return/",
        term_decisions.term_decision_return,
        name="term-decision-return",
    ),
    path(
        "term-decisions/<uuid:pk>/withdrawal/",
        term_decisions.term_decision_withdraw,
        name="term-decision-withdraw",
    ),
    path(
        "term-decisions/<uuid:pk>/undoing/",
        term_decisions.term_decision_undo,
        name="term-decision-undo",
    ),
    path(
        "cases/<str:case_number>/term-decisions/new/",
        term_decisions.term_decision_create,
        name="term-decision-create",
    ),
    path(
        "decision-corrections/",
        decision_corrections.decision_correction_list,
        name="decision-correction-list",
    ),
    path(
        "decision-corrections/<uuid:pk>/",
        decision_corrections.decision_correction_detail,
        name="decision-correction-detail",
    ),
    path(
        "decision-corrections/<uuid:pk>/confirmation/",
        decision_corrections.decision_correction_confirm,
        name="decision-correction-confirm",
    ),
    path(
        "decision-corrections/<uuid:pk>/return/",
        decision_corrections.decision_correction_return,
        name="decision-correction-return",
    ),
    path(
        "cases/<str:case_number>/decision-corrections/new/",
        decision_corrections.decision_correction_create,
        name="decision-correction-create",
    ),
    path(
        "conversions/<str:case_number>/",
        conversions.conversion_detail,
        name="conversion-detail",
    ),
    path(
        "conversions/<str:case_number>/proposal/",
        conversions.conversion_create,
        name="conversion-create",
    ),
    path(
        "conversions/<str:case_number>/sending/",
        conversions.conversion_send,
        name="conversion-send",
    ),
    path(
        "conversions/<str:case_number>/decision/",
        conversions.conversion_answer,
        name="conversion-answer",
    ),
    path(
        "conversions/<str:case_number>/withdrawal/",
        conversions.conversion_withdraw,
        name="conversion-withdraw",
    ),
    path(
        "revocations/<str:case_number>/",
        revocations.revocation_detail,
        name="revocation-detail",
    ),
    path(
        "revocations/<str:case_number>/record/",
        revocations.revocation_create,
        name="revocation-create",
    ),
    path(
        "revocations/<str:case_number>/departure/",
        revocations.revocation_leave,
        name="revocation-leave",
    ),
    path(
        "revocations/<str:case_number>/withdrawal/",
        revocations.revocation_withdraw,
        name="revocation-withdraw",
    ),
    path("agreements/", agreements.agreement_list, name="agreement-list"),
    path("agreements/<uuid:pk>/", agreements.agreement_detail, name="agreement-detail"),
    path("agreements/<uuid:pk>/paper/", agreements.agreement_paper, name="agreement-paper"),
    path("agreements/<uuid:pk>/signing/", agreements.agreement_sign, name="agreement-sign"),
    path("agreements/<uuid:pk>/decline/", agreements.agreement_decline, name="agreement-decline"),
    path("agreements/<uuid:pk>/renewal/", agreements.agreement_renew, name="agreement-renew"),
    path(
        "agreements/<uuid:pk>/withdrawal/",
        agreements.agreement_withdraw,
        name="agreement-withdraw",
    ),
    path(
        "cases/<str:case_number>/agreements/",
        agreements.agreement_create,
        name="agreement-create",
    ),
    path("cases/<str:case_number>/contacts/", agreements.contact_create, name="contact-create"),
]
