"""The menu shows what exists and what this officer may open."""

from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch

from rehab.permissions import Permission
from reporting import menu


@pytest.fixture
def built(monkeypatch):
    """Two pages exist; the others are still to be built."""
    addresses = {"reporting:worklist-list": "/", "zones:move-list": "/zones/moves/"}

    def reverse(name):
        if name not in addresses:
            raise NoReverseMatch(name)
        return addresses[name]

    monkeypatch.setattr(menu, "reverse", reverse)


def holder(*permissions):
    return SimpleNamespace(may=lambda permission: permission in permissions)


def test_menu(built):
    user = holder(Permission.WORKLIST_VIEW, Permission.ZONE_MOVE_VIEW, Permission.MEDICAL_VIEW)

    home, business = menu.sections(user, "/zones/moves/01/")

    assert [(line.label, line.url, line.here) for line in home.lines] == [("工作台", "/", False)]
    assert [(line.label, line.here) for line in business.lines] == [("分区流转", True)]


def test_menu_without_permission(built):
    assert menu.sections(holder(), "/") == ()


def test_home_is_here_only_on_itself(built):
    (home,) = menu.sections(holder(Permission.WORKLIST_VIEW), "/")

    assert home.lines[0].here
