"""The web, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from rehab import pinyin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
application = get_wsgi_application()
pinyin.dictionaries()  # before anybody waits for them
