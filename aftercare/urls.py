"""Routes of this room."""

from typing import Any

app_name = "aftercare"
urlpatterns: list[Any] = []
