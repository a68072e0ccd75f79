import django.db.models.deletion
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
            name="Roster",
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
                        related_name="rosters",
                        to="rehab.facility",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="名册日期")),
                ("file", rehab.sealed.SealedField(kind="bytes", verbose_name="文件")),
                ("file_name", rehab.sealed.SealedField(kind="text", verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                ("sent_by", models.CharField(blank=True, max_length=100, verbose_name="移交单位")),
                ("sent_to", models.CharField(blank=True, max_length=100, verbose_name="接收单位")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "receipt",
                    models.CharField(max_length=40, null=True, unique=True, verbose_name="回执号"),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("imported_at", models.DateTimeField(null=True, verbose_name="导入时间")),
                ("accepted", models.PositiveIntegerField(default=0, verbose_name="可接收")),
                ("warned", models.PositiveIntegerField(default=0, verbose_name="须核对")),
                ("refusable", models.PositiveIntegerField(default=0, verbose_name="只能不予接收")),
                ("returned", models.PositiveIntegerField(default=0, verbose_name="退回更正")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                (
                    "why_withdrawn",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="撤回理由"),
                ),
            ],
            options={
                "verbose_name": "移送名册",
                "indexes": [
                    models.Index(fields=["facility", "-uploaded_at"], name="roster_by_facility")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("facility", "sha256"),
                        name="one_standing_roster_per_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("imported_at__isnull", True),
                                ("imported_by__isnull", True),
                                ("receipt__isnull", True),
                            ),
                            models.Q(
                                ("imported_at__isnull", False),
                                ("imported_by__isnull", False),
                                ("receipt__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="imported_roster_has_receipt_officer_and_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("why_withdrawn__isnull", True),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("imported_at__isnull", False),
                                ("why_withdrawn__isnull", False),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawn_roster_has_officer_moment_and_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterRow",
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
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="intake.roster",
                    ),
                ),
                ("line", models.PositiveIntegerField(verbose_name="行")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accept", "可接收"), ("warn", "须核对"), ("reject", "退回")],
                        max_length=6,
                        verbose_name="判定",
                    ),
                ),
                ("cells", rehab.sealed.SealedField(kind="json", verbose_name="原文")),
                ("problems", rehab.sealed.SealedField(kind="json", verbose_name="问题")),
            ],
            options={
                "verbose_name": "名册行",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("roster", "line"), name="one_row_per_line_of_a_roster"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
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
                        related_name="arrivals",
                        to="rehab.facility",
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival",
                        to="intake.rosterrow",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("expected", "待收"),
                            ("deferred", "暂不接收"),
                            ("admitted", "同意接收"),
                            ("refused", "不予接收"),
                            ("withdrawn", "撤销"),
                        ],
                        default="expected",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("name_pinyin", models.CharField(max_length=200, verbose_name="拼音")),
                (
                    "sex",
                    models.CharField(
                        choices=[("1", "男"), ("2", "女")], max_length=1, verbose_name="性别"
                    ),
                ),
                ("birth_date", models.DateField(null=True, verbose_name="出生日期")),
                ("person_index", models.CharField(max_length=64, null=True)),
                ("decision_index", models.CharField(blank=True, max_length=64)),
                ("transferred_on", models.DateField(verbose_name="移交日期")),
                ("only_refusable", models.BooleanField(default=False, verbose_name="只能不予接收")),
                ("invented", models.BooleanField(default=False, verbose_name="示例人员")),
                ("details", rehab.sealed.SealedField(kind="json", verbose_name="材料所载")),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("registered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("reason", rehab.sealed.SealedField(kind="text", null=True, verbose_name="理由")),
            ],
            options={
                "verbose_name": "待收人员",
                "indexes": [
                    models.Index(
                        fields=["facility", "transferred_on", "registered_at"],
                        name="arrival_by_age",
                    ),
                    models.Index(fields=["facility", "decision_index"], name="arrival_by_decision"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["deferred", "expected"])),
                        fields=("facility", "person_index"),
                        name="one_undecided_arrival_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("status", "expected"),
                            ),
                            models.Q(
                                models.Q(("status", "expected"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decided_arrival_has_officer_and_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["expected", "admitted"]),
                            ("reason__isnull", False),
                            _connector="OR",
                        ),
                        name="arrival_not_received_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("only_refusable", True), ("status", "admitted"), _negated=True
                        ),
                        name="only_refusable_is_never_admitted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArrivalOpening",
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
                    "arrival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="intake.arrival",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="打开时间")),
            ],
            options={
                "verbose_name": "打开收治登记",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("arrival", "officer"), name="one_opening_per_arrival_and_officer"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Admission",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="admission",
                        to="rehab.case",
                    ),
                ),
                (
                    "arrival",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="admission",
                        to="intake.arrival",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="入所时间")),
                (
                    "admitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "searched_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "searched_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("returning", models.BooleanField(default=False, verbose_name="再次收治")),
                ("checks", rehab.sealed.SealedField(kind="json", verbose_name="接收检查")),
            ],
            options={
                "verbose_name": "收治入所",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("searched_with__isnull", True),
                            models.Q(
                                ("searched_by__isnull", False),
                                models.Q(("searched_with", models.F("searched_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="second_searcher_is_another_officer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompletionItem",
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
                        related_name="completion_items",
                        to="rehab.case",
                    ),
                ),
                ("duty", models.CharField(max_length=30, verbose_name="事项")),
                ("done_at", models.DateTimeField(verbose_name="办结时间")),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("manner", models.CharField(blank=True, max_length=20, verbose_name="方式")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("note", rehab.sealed.SealedField(kind="text", null=True, verbose_name="说明")),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "入所事项",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "duty"), name="one_completion_per_duty_and_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by", models.F("done_by")), _negated=True),
                        name="completion_is_confirmed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HealthSheet",
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
                        related_name="health_sheets",
                        to="rehab.case",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="intake.healthsheet",
                        verbose_name="更正",
                    ),
                ),
                (
                    "why_corrected",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="更正理由"),
                ),
                ("checked_at", models.DateTimeField(verbose_name="检查时间")),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("findings", rehab.sealed.SealedField(kind="json", verbose_name="检查项目")),
                ("injuries", rehab.sealed.SealedField(kind="json", verbose_name="体表伤情")),
                ("conclusion", rehab.sealed.SealedField(kind="text", verbose_name="检查结论")),
                (
                    "escort",
                    rehab.sealed.SealedField(
                        kind="json", null=True, verbose_name="移送民警姓名、警号"
                    ),
                ),
                (
                    "escort_signed_at",
                    models.DateTimeField(null=True, verbose_name="移送民警签名时间"),
                ),
                ("signed_by_person", models.BooleanField(default=False, verbose_name="本人签名")),
                (
                    "why_unsigned",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="未签名的原因"),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "入所健康状况检查表",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "version"), name="one_health_sheet_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("corrects__isnull", True),
                                ("version", 1),
                                ("why_corrected__isnull", True),
                            ),
                            models.Q(
                                ("corrects__isnull", False),
                                ("version__gt", 1),
                                ("why_corrected__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="corrected_health_sheet_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("escort__isnull", True), ("escort_signed_at__isnull", True)),
                            models.Q(
                                ("escort__isnull", False), ("escort_signed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="escort_signs_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InjuryPhoto",
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
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="intake.healthsheet",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="编号")),
                ("photo", rehab.sealed.SealedField(kind="bytes", verbose_name="照片")),
            ],
            options={
                "verbose_name": "伤情照片",
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "number"), name="one_photo_per_injury")
                ],
            },
        ),
        migrations.CreateModel(
            name="BelongingsRegister",
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
                        related_name="belongings_registers",
                        to="rehab.case",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="intake.belongingsregister",
                        verbose_name="更正",
                    ),
                ),
                (
                    "why_corrected",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="更正理由"),
                ),
                (
                    "corrected_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("registered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cash",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="现金（元）"),
                ),
                (
                    "collector",
                    rehab.sealed.SealedField(kind="json", null=True, verbose_name="领取人"),
                ),
                ("handed_back_at", models.DateTimeField(null=True, verbose_name="发还时间")),
                (
                    "handed_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("keeps", models.BooleanField(default=False, verbose_name="有代管物品")),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "物品登记",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "version"), name="one_belongings_register_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("corrects__isnull", True),
                                ("version", 1),
                                ("why_corrected__isnull", True),
                            ),
                            models.Q(
                                ("corrects__isnull", False),
                                ("version__gt", 1),
                                ("why_corrected__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="corrected_belongings_say_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrected_with__isnull", True), ("corrects__isnull", True)),
                            models.Q(
                                ("corrected_with__isnull", False),
                                ("corrects__isnull", False),
                                models.Q(
                                    ("corrected_with", models.F("registered_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="belongings_are_corrected_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("handed_back_at__isnull", True), ("handed_back_by__isnull", True)
                            ),
                            models.Q(
                                ("handed_back_at__isnull", False),
                                ("handed_back_by__isnull", False),
                                ("keeps", True),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_kept_is_handed_back_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Belonging",
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
                        related_name="belongings",
                        to="rehab.case",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "disposal",
                    models.CharField(
                        choices=[
                            ("kept", "代管"),
                            ("collected", "交家属"),
                            ("returned", "留本人使用"),
                            ("confiscated", "依法收缴"),
                            ("destroyed", "登记销毁"),
                        ],
                        max_length=11,
                        verbose_name="处理",
                    ),
                ),
                ("item", rehab.sealed.SealedField(kind="json", verbose_name="物品")),
                ("photo", rehab.sealed.SealedField(kind="bytes", null=True, verbose_name="照片")),
            ],
            options={
                "verbose_name": "随身物品",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "version", "number"), name="one_belonging_per_number"
                    )
                ],
            },
        ),
    ]
