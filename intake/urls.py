"""Routes of the front door."""

from django.urls import path

from intake.views import (
    admission,
    arrivals,
    belongings,
    checks,
    checkups,
    completion,
    corrections,
    escapes,
    papers,
    returns,
    rosters,
    sheets,
    withdrawals,
)

app_name = "intake"
urlpatterns = [
    path("rosters/", rosters.roster_list, name="roster-list"),
    path("rosters/new/", rosters.roster_create, name="roster-create"),
    path("rosters/<uuid:pk>/", rosters.roster_detail, name="roster-detail"),
    path("rosters/<uuid:pk>/import/", rosters.roster_commit, name="roster-commit"),
    path("rosters/<uuid:pk>/corrections/", rosters.roster_corrections, name="roster-corrections"),
    path("rosters/<uuid:pk>/withdrawal/", withdrawals.roster_withdraw, name="roster-withdraw"),
    path("checkups/new/", checkups.checkup_create, name="checkup-create"),
    path("checkups/sheet/", checkups.checkup_sheet, name="checkup-sheet"),
    path("arrivals/", arrivals.arrival_list, name="arrival-list"),
    path("arrivals/new/", arrivals.arrival_create, name="arrival-create"),
    path("arrivals/<uuid:pk>/", arrivals.arrival_detail, name="arrival-detail"),
    path("arrivals/<uuid:pk>/admission/", admission.arrival_admit, name="arrival-admit"),
    path("arrivals/<uuid:pk>/deferral/", arrivals.arrival_defer, name="arrival-defer"),
    path("arrivals/<uuid:pk>/refusal/", arrivals.arrival_refuse, name="arrival-refuse"),
    path(
        "cases/<str:case_number>/completion/",
        completion.completion_record,
        name="completion-record",
    ),
    path(
        "cases/<str:case_number>/health-sheet/",
        sheets.health_sheet_create,
        name="health-sheet-create",
    ),
    path(
        "cases/<str:case_number>/health-sheets/",
        corrections.health_sheet_detail,
        name="health-sheet-detail",
    ),
    path(
        "cases/<str:case_number>/health-sheet/correction/",
        corrections.health_sheet_correct,
        name="health-sheet-correct",
    ),
    path(
        "cases/<str:case_number>/belongings/correction/",
        corrections.belongings_correct,
        name="belongings-correct",
    ),
    path("injury-photos/<uuid:pk>/", corrections.injury_photo_detail, name="injury-photo-detail"),
    path(
        "cases/<str:case_number>/belongings/new/",
        belongings.belongings_create,
        name="belongings-create",
    ),
    path(
        "cases/<str:case_number>/belongings/",
        belongings.belongings_detail,
        name="belongings-detail",
    ),
    path(
        "cases/<str:case_number>/belongings/return/",
        belongings.belongings_return,
        name="belongings-return",
    ),
    path("returns/", returns.absence_list, name="absence-list"),
    path("returns/search/", returns.absence_search, name="absence-search"),
    path("cases/<str:case_number>/departure/", returns.departure_create, name="departure-create"),
    path("cases/<str:case_number>/return/", returns.return_create, name="return-create"),
    path("cases/<str:case_number>/return/check/", checks.return_check, name="return-check"),
    path("escapes/", escapes.escape_list, name="escape-list"),
    path("escapes/<uuid:pk>/", escapes.escape_detail, name="escape-detail"),
    path("escapes/<uuid:pk>/confirmation/", escapes.escape_confirm, name="escape-confirm"),
    path("escapes/<uuid:pk>/return/", escapes.escape_return, name="escape-return"),
    path("escapes/<uuid:pk>/withdrawal/", escapes.escape_withdraw, name="escape-withdraw"),
    path("absences/<uuid:pk>/uncounted/", escapes.escape_propose, name="escape-propose"),
    path("absences/<uuid:pk>/reversal/", escapes.escape_reverse, name="escape-reverse"),
    path("photos/<uuid:pk>/", belongings.photo_detail, name="photo-detail"),
    path("cases/<str:case_number>/papers/", papers.papers_print, name="papers-print"),
]
