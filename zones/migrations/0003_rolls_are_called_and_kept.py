"""Roll-calls as they were taken, and who stood on their lists."""

import django.db.models.deletion
import django.db.models.expressions
import rehab.keys
import rehab.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rehab", "0040_who_calls_the_roll"),
        ("zones", "0002_zones_is_fenced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Muster",
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
                    "kind",
                    models.CharField(
                        choices=[("morning", "早点名"), ("evening", "晚点名")],
                        max_length=10,
                        verbose_name="点名",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("called_at", models.DateTimeField(verbose_name="点名时间")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("expected", models.PositiveSmallIntegerField(verbose_name="应到")),
                ("present", models.PositiveSmallIntegerField(verbose_name="在场")),
                ("out", models.PositiveSmallIntegerField(verbose_name="离所")),
                ("in_transit", models.PositiveSmallIntegerField(verbose_name="在途")),
                ("absent", models.PositiveSmallIntegerField(verbose_name="不在场")),
                ("reason", rehab.sealed.SealedField(kind="text", null=True, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="zones.muster",
                        verbose_name="更正",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.facility",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.unit",
                        verbose_name="大队",
                    ),
                ),
            ],
            options={
                "verbose_name": "点名",
            },
        ),
        migrations.CreateModel(
            name="MusterLine",
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
                    "standing",
                    models.CharField(
                        choices=[("present", "在区"), ("in_transit", "在途"), ("out", "离所")],
                        max_length=10,
                        verbose_name="应在",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_facility", "在所"),
                            ("medical_leave", "所外就医"),
                            ("held_elsewhere", "被拘留、逮捕、收监"),
                            ("escaped", "脱逃"),
                            ("released", "解除"),
                            ("converted", "变更为社区戒毒"),
                            ("revoked", "决定撤销"),
                            ("died", "死亡"),
                        ],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("room", models.CharField(blank=True, max_length=20, verbose_name="房间")),
                ("bed", models.CharField(blank=True, max_length=10, verbose_name="床号")),
                (
                    "today",
                    models.CharField(
                        blank=True,
                        choices=[("moving", "拟转区"), ("leaving", "今日解除")],
                        max_length=10,
                        verbose_name="今日",
                    ),
                ),
                (
                    "absence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("clinic", "所内就诊、住院"),
                            ("hospital", "离所就医"),
                            ("interview", "会见、谈话、提讯"),
                            ("task", "习艺、上课、训练未归"),
                            ("single", "单独管理"),
                            ("other", "其他"),
                            ("unknown", "原因不明"),
                        ],
                        max_length=10,
                        verbose_name="不在场原因",
                    ),
                ),
                ("note", rehab.sealed.SealedField(kind="text", null=True, verbose_name="说明")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.case",
                    ),
                ),
                (
                    "muster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="zones.muster",
                    ),
                ),
            ],
            options={
                "verbose_name": "点名名单",
            },
        ),
        migrations.AddIndex(
            model_name="muster",
            index=models.Index(fields=["unit", "-called_at"], name="muster_by_unit"),
        ),
        migrations.AddIndex(
            model_name="muster",
            index=models.Index(fields=["facility", "-called_at"], name="muster_by_facility"),
        ),
        migrations.AddConstraint(
            model_name="muster",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reason__isnull", True)),
                fields=("unit", "kind", "on"),
                name="another_muster_of_a_kind_and_day_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="muster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects__isnull", True), ("reason__isnull", False), _connector="OR"
                ),
                name="correction_of_a_muster_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="muster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "expected",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("present"), "+", models.F("out")
                                ),
                                "+",
                                models.F("in_transit"),
                            ),
                            "+",
                            models.F("absent"),
                        ),
                    )
                ),
                name="muster_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="musterline",
            constraint=models.UniqueConstraint(
                fields=("muster", "case"), name="one_line_per_muster_and_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="musterline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("standing", "out"), _negated=True), ("absence", ""), _connector="OR"
                ),
                name="who_is_out_is_not_absent",
            ),
        ),
        migrations.AddConstraint(
            model_name="musterline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("absence", "other"), _negated=True),
                    ("note__isnull", False),
                    _connector="OR",
                ),
                name="other_absence_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="musterline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("absence", ""), _negated=True),
                    ("note__isnull", True),
                    _connector="OR",
                ),
                name="note_is_of_an_absence",
            ),
        ),
    ]
