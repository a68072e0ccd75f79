"""Signing in: Django's own check, fetching the account with its posting in one query; then the second factor."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from rehab import clock
from rehab.actions import factors
from rehab.db.prepared import Among, Prepared, TheDay
from rehab.models import User
from rehab.refusal import Refused


class PostingBackend(ModelBackend):
    """Passwords only; permissions are words of a role, not rows of `auth`.

    The demo's accounts, whose passwords were printed, open nothing outside the demo: neither a sign-in
    nor a session begun before.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active) and (settings.DEMO or not user.is_demo)

    def get_user(self, user_id: Any) -> User | None:
        key: Any = User._meta.pk.to_python(user_id)
        for user in _on_duty([key], on=clock.today()):
            return user if self.user_can_authenticate(user) else None
        return None


@Prepared
def _on_duty() -> Any:
    return User.objects.on_duty(on=TheDay()).filter(Among("pk"))


class CodeBackend(PostingBackend):
    """The code, for whoever has given his password: what is wrong here counts where wrong passwords do."""

    def authenticate(  # type: ignore[override]  # asked for a code, never for a password
        self, request: Any, username: str, one_time_password: str
    ) -> User | None:
        user = User.objects.get_by_natural_key(username)
        if not self.user_can_authenticate(user):
            return None
        try:
            factors.use_code(user=user, code=one_time_password, really_at=clock.real_now())
        except Refused:
            return None
        return user
