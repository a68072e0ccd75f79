"""What is on file of a decision is written anew, or the deciding organ says that it is right."""

import django.db.models.deletion
import rehab.keys
import rehab.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("rehab", "0012_end_inquiries_are_fenced"),)

    operations = (
        migrations.CreateModel(
            name="DecisionCorrection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("entry", "登记有误"),
                            ("organ", "决定机关更正"),
                            ("upheld", "决定机关答复载明无误"),
                        ],
                        max_length=6,
                        verbose_name="原因",
                    ),
                ),
                ("number", rehab.sealed.SealedField(kind="text", verbose_name="决定书文号")),
                ("authority", models.CharField(max_length=60, verbose_name="决定机关")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                ("printed_starts_on", models.DateField(null=True, verbose_name="载明起日")),
                ("printed_ends_on", models.DateField(verbose_name="载明止日")),
                ("was", rehab.sealed.SealedField(kind="json", verbose_name="更正前")),
                (
                    "letter",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="决定机关的函"),
                ),
                ("written_on", models.DateField(null=True, verbose_name="函的日期")),
                ("received_on", models.DateField(null=True, verbose_name="收到日期")),
                ("reason", rehab.sealed.SealedField(kind="text", verbose_name="依据")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "待确认"),
                            ("confirmed", "已确认"),
                            ("returned", "退回"),
                            ("withdrawn", "撤回"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="登记时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "return_reason",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="退回理由"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision_corrections",
                        to="rehab.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "决定书更正",
                "indexes": [
                    models.Index(
                        fields=["case", "-proposed_at"], name="decision_correction_by_case"
                    ),
                    models.Index(
                        fields=["status", "-proposed_at"], name="decision_correction_by_status"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "proposed")),
                        fields=("case",),
                        name="one_decision_correction_waits_in_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cause", "entry"),
                                ("letter__isnull", True),
                                ("received_on__isnull", True),
                                ("written_on__isnull", True),
                            ),
                            models.Q(
                                ("cause__in", ["organ", "upheld"]),
                                ("letter__isnull", False),
                                ("received_on__gte", models.F("written_on")),
                                ("written_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="the_word_of_an_organ_is_a_letter",
                    ),
                    models.CheckConstraint(
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
                            _connector="OR",
                        ),
                        name="a_decided_decision_correction_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_correct_a_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            ("return_reason__isnull", False),
                            _connector="OR",
                        ),
                        name="a_returned_decision_correction_says_why",
                    ),
                ],
            },
        ),
    )
