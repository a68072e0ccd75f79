import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import rehab.keys
import rehab.sealed
from decimal import Decimal
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
            name="ConductMonth",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("mark", models.PositiveSmallIntegerField(verbose_name="得分")),
                ("marked_at", models.DateTimeField(verbose_name="评定时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="复核时间")),
            ],
            options={
                "verbose_name": "行为表现月考核",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "month"), name="one_conduct_mark_per_case_and_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="conduct_month_is_its_first_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mark__gte", 0), ("mark__lte", 100)),
                        name="conduct_mark_is_0_to_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True), ("confirmed_by__isnull", True)
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False), ("confirmed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="conduct_is_confirmed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_sign_a_conduct_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SocialForm",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("agreement", models.BooleanField(verbose_name="与家庭、社区或者单位签订帮教协议")),
                ("support", models.BooleanField(verbose_name="家庭或者社区支持配合")),
                ("accepts_help", models.BooleanField(verbose_name="本人愿意接受监督和帮助")),
                ("livelihood", models.BooleanField(verbose_name="有一定的谋生技能")),
                ("income_or_home", models.BooleanField(verbose_name="有稳定收入或者固定住所")),
                ("note", rehab.sealed.SealedField(kind="text", null=True, verbose_name="说明")),
                (
                    "result",
                    models.CharField(
                        choices=[("good", "良好"), ("fair", "一般")],
                        max_length=4,
                        verbose_name="结果",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="录入时间")),
            ],
            options={
                "verbose_name": "社会环境与适应能力",
            },
        ),
        migrations.CreateModel(
            name="AssessmentRule",
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
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("detox", "生理脱毒期评估"),
                            ("adaptation", "教育适应期评估"),
                            ("consolidation", "康复巩固期评估"),
                            ("one_year", "满一年综合诊断评估"),
                            ("pre_expiry", "期满前综合诊断评估"),
                        ],
                        max_length=15,
                        verbose_name="评估",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="施行日期")),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("medical", "戒毒医疗"),
                                ("education", "入所教育"),
                                ("training", "康复训练"),
                                ("screening", "心理测评"),
                                ("detox", "生理脱毒"),
                                ("recovery", "身心康复"),
                                ("conduct", "行为表现"),
                                ("social", "社会环境与适应能力"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="所需事项",
                    ),
                ),
                (
                    "conduct_pass_mark",
                    models.PositiveSmallIntegerField(default=60, verbose_name="行为表现合格分"),
                ),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="办理期限（日）"),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
            ],
            options={
                "verbose_name": "诊断评估规则",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("province", "kind", "effective_from"),
                        name="one_assessment_rule_per_province_kind_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("conduct_pass_mark__lte", 100)),
                        name="conduct_pass_mark_is_a_mark",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("detox", "生理脱毒期评估"),
                            ("adaptation", "教育适应期评估"),
                            ("consolidation", "康复巩固期评估"),
                            ("one_year", "满一年综合诊断评估"),
                            ("pre_expiry", "期满前综合诊断评估"),
                        ],
                        max_length=15,
                        verbose_name="评估",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafted", "拟定"),
                            ("concluded", "已结论"),
                            ("returned", "退回"),
                            ("superseded", "已被新结论替代"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("parts", models.JSONField(verbose_name="各项结果")),
                (
                    "result",
                    models.CharField(
                        choices=[("pass", "合格"), ("fail", "不合格")],
                        max_length=4,
                        verbose_name="结论",
                    ),
                ),
                ("reasons", rehab.sealed.SealedField(kind="text", null=True, verbose_name="理由")),
                ("drafted_at", models.DateTimeField(verbose_name="拟定时间")),
                (
                    "concluded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("concluded_at", models.DateTimeField(null=True, verbose_name="结论时间")),
                (
                    "returned_for",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="退回原因"),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="centers.assessment",
                    ),
                ),
                (
                    "corrects_for",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="更正原因"),
                ),
            ],
            options={
                "verbose_name": "诊断评估",
                "indexes": [
                    models.Index(fields=["case", "kind", "status"], name="assessment_by_case")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "drafted")),
                        fields=("case", "kind"),
                        name="one_assessment_draft_per_case_and_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "concluded")),
                        fields=("case", "kind"),
                        name="one_standing_assessment_per_case_and_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("concluded_at__isnull", False),
                                ("concluded_by__isnull", False),
                                ("status__in", ["concluded", "superseded"]),
                            ),
                            models.Q(
                                ("concluded_at__isnull", True),
                                ("concluded_by__isnull", True),
                                ("status__in", ["drafted", "returned"]),
                            ),
                            _connector="OR",
                        ),
                        name="concluded_assessment_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("concluded_by__isnull", True),
                            models.Q(("concluded_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_sign_an_assessment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result", "pass"), ("reasons__isnull", False), _connector="OR"
                        ),
                        name="failed_assessment_gives_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("returned_for__isnull", False), ("status", "returned")),
                            models.Q(
                                models.Q(("status", "returned"), _negated=True),
                                ("returned_for__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="returned_assessment_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryEducation",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_on", models.DateField(verbose_name="开始日期")),
                ("ended_on", models.DateField(verbose_name="结束日期")),
                (
                    "hours",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="课时",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("pass", "合格"), ("fail", "不合格")],
                        max_length=4,
                        verbose_name="结果",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="录入时间")),
            ],
            options={
                "verbose_name": "入所教育",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", "pass")),
                        fields=("case",),
                        name="entry_education_is_passed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__gt", models.F("started_on")), ("hours__gte", 1)
                        ),
                        name="entry_education_lasts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrugTest",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sample",
                    models.CharField(
                        choices=[("urine", "尿液"), ("blood", "血液"), ("hair", "毛发")],
                        max_length=10,
                        verbose_name="样本",
                    ),
                ),
                ("tested_at", models.DateTimeField(verbose_name="检测时间")),
                (
                    "result",
                    models.CharField(
                        choices=[("negative", "阴性"), ("positive", "阳性"), ("invalid", "无效")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("note", rehab.sealed.SealedField(kind="text", null=True, verbose_name="备注")),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "所内毒品检测",
                "indexes": [models.Index(fields=["case", "-tested_at"], name="drug_test_by_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second", models.F("by")), _negated=True),
                        name="two_people_take_a_drug_test",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DetoxConclusion",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("test_negative", models.BooleanField(verbose_name="毒品检测呈阴性")),
                (
                    "medicine_stopped",
                    models.BooleanField(verbose_name="停用控制或者缓解戒断症状的药物"),
                ),
                ("acute_gone", models.BooleanField(verbose_name="急性戒断症状完全消除")),
                ("no_protracted", models.BooleanField(verbose_name="无明显稽延性戒断症状")),
                (
                    "mind_stable",
                    models.BooleanField(verbose_name="无明显精神症状，或者原有精神障碍得到控制"),
                ),
                (
                    "notes",
                    rehab.sealed.SealedField(kind="json", null=True, verbose_name="各项说明"),
                ),
                ("passed", models.BooleanField(verbose_name="合格")),
                ("concluded_at", models.DateTimeField(verbose_name="结论时间")),
            ],
            options={
                "verbose_name": "生理脱毒结论",
                "indexes": [
                    models.Index(fields=["case", "-concluded_at"], name="detox_conclusion_by_case")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("acute_gone", True),
                                ("medicine_stopped", True),
                                ("mind_stable", True),
                                ("no_protracted", True),
                                ("passed", True),
                                ("test_negative", True),
                            ),
                            models.Q(
                                ("passed", False),
                                models.Q(
                                    ("acute_gone", True),
                                    ("medicine_stopped", True),
                                    ("mind_stable", True),
                                    ("no_protracted", True),
                                    ("test_negative", True),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="detox_is_passed_when_all_five_are_met",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("scale", rehab.sealed.SealedField(kind="text", verbose_name="量表")),
                ("sheet", rehab.sealed.SealedField(kind="json", verbose_name="答案与得分")),
                ("screened_at", models.DateTimeField(verbose_name="测评时间")),
            ],
            options={
                "verbose_name": "心理测评",
                "indexes": [
                    models.Index(fields=["case", "-screened_at"], name="screening_by_case")
                ],
            },
        ),
        migrations.CreateModel(
            name="FitnessTest",
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
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tested_on", models.DateField(verbose_name="测试日期")),
                ("cleared", models.BooleanField(verbose_name="医疗筛查合格")),
                (
                    "height_cm",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="身高"),
                ),
                (
                    "weight_kg",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="体重"),
                ),
                ("vital_capacity_ml", models.PositiveSmallIntegerField(verbose_name="肺活量")),
                (
                    "grip_kg",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="握力"),
                ),
                (
                    "sit_and_reach_cm",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="坐位体前屈"),
                ),
                (
                    "steps_two_minutes",
                    models.PositiveSmallIntegerField(verbose_name="二分钟原地高抬腿"),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("excellent", "优秀"),
                            ("good", "良好"),
                            ("pass", "合格"),
                            ("fail", "不合格"),
                        ],
                        max_length=10,
                        verbose_name="等级",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="录入时间")),
            ],
            options={
                "verbose_name": "体能测试",
                "indexes": [
                    models.Index(fields=["case", "-recorded_at"], name="fitness_test_by_case")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cleared", True)),
                        name="fitness_is_tested_after_medical_clearance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("height_cm__gte", Decimal("120")), ("height_cm__lte", Decimal("220"))
                        ),
                        name="height_cm_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weight_kg__gte", Decimal("30")), ("weight_kg__lte", Decimal("200"))
                        ),
                        name="weight_kg_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("vital_capacity_ml__gte", Decimal("500")),
                            ("vital_capacity_ml__lte", Decimal("9000")),
                        ),
                        name="vital_capacity_ml_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grip_kg__gte", Decimal("1")), ("grip_kg__lte", Decimal("100"))
                        ),
                        name="grip_kg_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sit_and_reach_cm__gte", Decimal("-30")),
                            ("sit_and_reach_cm__lte", Decimal("40")),
                        ),
                        name="sit_and_reach_cm_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("steps_two_minutes__gte", Decimal("0")),
                            ("steps_two_minutes__lte", Decimal("300")),
                        ),
                        name="steps_two_minutes_is_plausible",
                    ),
                ],
            },
        ),
    ]
