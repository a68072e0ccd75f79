#!/usr/bin/env python
"""The project's commands; the services they need are started when nobody named others."""

import os
import sys

from rehab import services


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
    try:
        if sys.argv[1:2] in (["explain_term"], ["check_dates"]):
            services.without()
        else:
            services.ensure(as_owner=sys.argv[1:2] == ["migrate"])
    except services.ServiceError as error:
        sys.exit(str(error))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
