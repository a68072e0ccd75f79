"""What every form carries: a key of its own, whose it is, and on which page it stands.

Signed by us, so that what a form sends can be recognised even when its session has ended.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.core import signing

from rehab.keys import new_key

FIELD = "form_key"
KEPT_FOR = timedelta(
    hours=72
)  # calendar hours: how long what was typed, and what was sent, is known
_SALT = "rehab.form_keys"


@dataclass(frozen=True)
class FormKey:
    """One form as it was shown once to one officer."""

    key: UUID
    user: UUID
    page: str  # the address at which it stands
    form: str | None  # its name on that page; None where nothing is typed that is worth keeping

    def __str__(self) -> str:
        return signing.dumps([self.key.hex, self.user.hex, self.page, self.form], salt=_SALT)

    def fresh(self) -> "FormKey":
        """The same form, to be sent once more on purpose."""
        return replace(self, key=new_key())


def read(text: str | None) -> FormKey | None:
    """The key that a form sent; None for one that is not ours, or older than three days."""
    try:
        key, user, page, form = signing.loads(text or "", salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return FormKey(UUID(key), UUID(user), page, form)
