"""Routes of this room."""

from typing import Any

from django.urls import path

from reporting.api import DeadlineList, TermExplain, TermExplainFacts
from reporting.views import casefile, cases, dashboard, notices, persons, ui, worklist

app_name = "reporting"
urlpatterns: list[Any] = [
    path("", worklist.worklist_list, name="worklist-list"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notice_read_all, name="notice-read-all"),
    path("notices/read-chosen/", notices.notice_read_chosen, name="notice-read-chosen"),
    path("notices/<uuid:pk>/read/", notices.notice_read, name="notice-read"),
    path("search/", cases.search, name="search"),
    path("cases/", cases.case_list, name="case-list"),
    path("cases/<str:number>/", casefile.case_detail, name="case-detail"),
    path("cases/<str:number>/access/", casefile.access_create, name="access-create"),
    path("cases/<str:number>/correction/", persons.correction_create, name="correction-create"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/<slug:code>/", dashboard.metric_detail, name="metric-detail"),
    path("api/v1/deadlines/", DeadlineList.as_view(), name="api-deadline-list"),
    path("api/v1/term/explain/", TermExplain.as_view(), name="api-term-explain"),
    path("api/v1/term/explain/facts/", TermExplainFacts.as_view(), name="api-term-explain-facts"),
    path("ui/", ui.ui, name="ui"),
]
