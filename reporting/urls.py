"""Routes of this room."""

from typing import Any

from django.urls import path

from reporting.views import ui

app_name = "reporting"
urlpatterns: list[Any] = [
    path("ui/", ui.ui, name="ui"),
]
