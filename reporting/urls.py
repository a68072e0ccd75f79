"""Routes of this room."""

from typing import Any

app_name = "reporting"
urlpatterns: list[Any] = []
