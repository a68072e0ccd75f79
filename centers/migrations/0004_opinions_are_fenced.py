"""Row-level security on opinions and on what people say against them."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("centers", "0003_opinions_and_objections"),)

    operations = (fence("centers_opinion", BY_CASE), fence("centers_objection", BY_CASE))
