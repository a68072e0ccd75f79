"""Who proposed of an escape, or recorded a served decision, may take it back."""

import rehab.sealed
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rehab", "0014_decision_corrections_are_fenced"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="escapeproposal",
            name="decided_escape_proposal_is_signed",
        ),
        migrations.RemoveConstraint(
            model_name="escapeproposal",
            name="returned_escape_proposal_says_why",
        ),
        migrations.RemoveConstraint(
            model_name="termdecision",
            name="a_decided_term_decision_is_signed",
        ),
        migrations.RemoveConstraint(
            model_name="termdecision",
            name="a_returned_term_decision_says_why",
        ),
        migrations.AlterField(
            model_name="escapeproposal",
            name="return_reason",
            field=rehab.sealed.SealedField(
                kind="text", null=True, verbose_name="退回或者撤回的理由"
            ),
        ),
        migrations.AlterField(
            model_name="termdecision",
            name="return_reason",
            field=rehab.sealed.SealedField(
                kind="text", null=True, verbose_name="退回或者撤回的理由"
            ),
        ),
        migrations.AddConstraint(
            model_name="escapeproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("status", "proposed"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status__in", ["confirmed", "returned"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", True),
                        ("status", "withdrawn"),
                    ),
                    _connector="OR",
                ),
                name="decided_escape_proposal_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="escapeproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["returned", "withdrawn"]), _negated=True),
                    ("return_reason__isnull", False),
                    _connector="OR",
                ),
                name="returned_escape_proposal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="termdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("status", "proposed"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status__in", ["confirmed", "returned"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", True),
                        ("status", "withdrawn"),
                    ),
                    _connector="OR",
                ),
                name="a_decided_term_decision_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="termdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["returned", "withdrawn"]), _negated=True),
                    ("return_reason__isnull", False),
                    _connector="OR",
                ),
                name="a_returned_term_decision_says_why",
            ),
        ),
    ]
