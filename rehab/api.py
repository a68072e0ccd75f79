"""What every machine operation shares: the permission it declares, and how a refusal is answered."""

from typing import Any

import rest_framework.views  # a module: it reads our permission class while it is being imported
from rest_framework import permissions
from rest_framework.response import Response

from rehab.refusal import Refused


class HoldsPermission(permissions.BasePermission):
    """A signed-in user whose role holds one of the view's `required_permission`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        wanted = getattr(view, "required_permission", None)
        if wanted is None:  # the schema views of drf-spectacular declare theirs in rehab.urls
            return False
        return any(request.user.may(permission) for permission in wanted)


def answer_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """`Refused` is 409 with every reason and its article; all else is DRF's own answer."""
    if isinstance(error, Refused):
        reasons = [
            {"message": one.message, "article": str(one.article) if one.article else None}
            for one in error.obstacles
        ]
        return Response(reasons, status=409)
    return rest_framework.views.exception_handler(error, context)
