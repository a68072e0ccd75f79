"""What every row has: a time-ordered key made in Python, and a say on who may read its fields."""

from django.db import models

from rehab.keys import new_key


class Keyed(models.Model):
    """A row with a time-ordered key. Each model says in `Privacy` which fields are sealed, which open.

    Between the two stand the masked, where there are any: readable in the database because it asks
    them (an index, a constraint), and shown to nobody without the permission that opens them.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)

    class Meta:
        abstract = True
