"""Signing in: Django's own check, fetching the account with its posting in one query."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from rehab.models import User


class PostingBackend(ModelBackend):
    """Passwords only; permissions are words of a role, not rows of `auth`."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.with_posting().filter(pk=user_id, is_active=True).first()
