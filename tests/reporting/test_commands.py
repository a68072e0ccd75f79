"""The demo's commands refuse where there is no demo."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", ["seed", "logins"])
def test_only_in_a_demo(command, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command(command)


def test_logins_before_the_seed(settings):
    settings.DEMO = True

    with pytest.raises(CommandError, match=r"manage\.py seed"):
        call_command("logins")
