"""Routes of this room."""

from typing import Any

app_name = "zones"
urlpatterns: list[Any] = []
