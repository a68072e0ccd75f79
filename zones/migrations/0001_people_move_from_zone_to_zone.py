import django.db.models.deletion
import django.db.models.expressions
import rehab.keys
import rehab.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("rehab", "0001_the_ground_floor"),
        ("rehab", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="StageRule",
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
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.bureau",
                        verbose_name="省级局",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("01", "生理脱毒"),
                            ("02", "教育适应"),
                            ("03", "康复巩固"),
                            ("04", "回归指导"),
                        ],
                        max_length=2,
                        verbose_name="期",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="施行日期")),
                ("minimum_days", models.PositiveSmallIntegerField(verbose_name="最短天数")),
                ("target_days", models.PositiveSmallIntegerField(verbose_name="应转天数")),
                ("maximum_days", models.PositiveSmallIntegerField(verbose_name="最长天数")),
                (
                    "needs_assessment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("detox", "生理脱毒期评估"),
                            ("adaptation", "教育适应期评估"),
                            ("consolidation", "康复巩固期评估"),
                            ("one_year", "满一年综合诊断评估"),
                            ("pre_expiry", "期满前综合诊断评估"),
                        ],
                        max_length=20,
                        verbose_name="转出所需评估",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
            ],
            options={
                "verbose_name": "分期规则",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("province", "stage", "effective_from"),
                        name="one_stage_rule_per_province_stage_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("maximum_days__gte", models.F("target_days")),
                            ("target_days__gte", models.F("minimum_days")),
                        ),
                        name="stage_days_stand_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ZoneMove",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zone_moves",
                        to="rehab.case",
                    ),
                ),
                ("batch", models.CharField(max_length=20, verbose_name="批次")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("01", "生理脱毒"),
                            ("02", "教育适应"),
                            ("03", "康复巩固"),
                            ("04", "回归指导"),
                        ],
                        max_length=2,
                        verbose_name="转出的期",
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.unit",
                        verbose_name="转出大队",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.unit",
                        verbose_name="接收大队",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="入区时间")),
                ("due_on", models.DateField(verbose_name="应转日")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "拟转区"),
                            ("in_transit", "待交接"),
                            ("received", "已接收"),
                            ("returned", "退回"),
                            ("withdrawn", "撤回"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提请人",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="提请时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                ("approved_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
                ("received_at", models.DateTimeField(null=True, verbose_name="接收时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="退回或撤回人",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="退回或撤回时间")),
                ("reason", rehab.sealed.SealedField(kind="text", null=True, verbose_name="理由")),
            ],
            options={
                "verbose_name": "转区",
                "indexes": [
                    models.Index(fields=["case", "status"], name="zone_move_by_case"),
                    models.Index(
                        fields=["proposed_by", "-proposed_at"], name="zone_move_by_proposer"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["in_transit", "proposed"])),
                        fields=("case",),
                        name="one_open_zone_move_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_unit", models.F("to_unit")), _negated=True),
                        name="zone_move_leaves_its_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="zone_move_is_not_approved_by_its_proposer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_by__isnull", True),
                            models.Q(
                                models.Q(("received_by", models.F("proposed_by")), _negated=True),
                                models.Q(("received_by", models.F("approved_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="zone_move_is_received_by_a_third",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="zone_move_approval_is_signed_and_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", False),
                                ("received_at__isnull", False),
                                ("received_by__isnull", False),
                                ("status", "received"),
                            ),
                            models.Q(
                                models.Q(("status", "received"), _negated=True),
                                ("received_at__isnull", True),
                                ("received_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="zone_move_is_received_under_a_signature",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("status__in", ["returned", "withdrawn"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["returned", "withdrawn"]), _negated=True),
                                ("ended_at__isnull", True),
                                ("ended_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="zone_move_that_failed_says_who_ended_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", False),
                                ("status", "proposed"),
                                _negated=True,
                            ),
                            models.Q(
                                ("approved_at__isnull", True),
                                ("status", "in_transit"),
                                _negated=True,
                            ),
                        ),
                        name="zone_move_in_transit_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            ("reason__isnull", False),
                            _connector="OR",
                        ),
                        name="returned_zone_move_says_why",
                    ),
                ],
            },
        ),
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                ("expected", models.PositiveSmallIntegerField(verbose_name="应到")),
                ("present", models.PositiveSmallIntegerField(verbose_name="在场")),
                ("out", models.PositiveSmallIntegerField(verbose_name="离所")),
                ("in_transit", models.PositiveSmallIntegerField(verbose_name="在途")),
                ("absent", models.PositiveSmallIntegerField(verbose_name="不在场")),
                ("reason", rehab.sealed.SealedField(kind="text", null=True, verbose_name="理由")),
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
            ],
            options={
                "verbose_name": "点名",
                "indexes": [
                    models.Index(fields=["unit", "-called_at"], name="muster_by_unit"),
                    models.Index(fields=["facility", "-called_at"], name="muster_by_facility"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reason__isnull", True)),
                        fields=("unit", "kind", "on"),
                        name="another_muster_of_a_kind_and_day_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True), ("reason__isnull", False), _connector="OR"
                        ),
                        name="correction_of_a_muster_says_why",
                    ),
                    models.CheckConstraint(
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
                ],
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
                    "muster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="zones.muster",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.case",
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
                (
                    "away",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hospital", "离所就医"),
                            ("court", "出庭"),
                            ("medical_leave", "所外就医"),
                            ("held", "被拘留、逮捕、收监"),
                            ("escape", "脱逃"),
                        ],
                        max_length=15,
                        verbose_name="离所事由",
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
                            ("hospital", "离所就医，尚未登记"),
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
            ],
            options={
                "verbose_name": "点名名单",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("muster", "case"), name="one_line_per_muster_and_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("standing", "out"), _negated=True),
                            ("absence", ""),
                            _connector="OR",
                        ),
                        name="who_is_out_is_not_absent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing", "out"), ("away", ""), _connector="OR"),
                        name="only_who_is_out_is_away",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("absence", "other"), _negated=True),
                            ("note__isnull", False),
                            _connector="OR",
                        ),
                        name="other_absence_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("absence", ""), _negated=True),
                            ("note__isnull", True),
                            _connector="OR",
                        ),
                        name="note_is_of_an_absence",
                    ),
                ],
            },
        ),
    ]
