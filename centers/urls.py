"""Routes of this room."""

from typing import Any

app_name = "centers"
urlpatterns: list[Any] = []
