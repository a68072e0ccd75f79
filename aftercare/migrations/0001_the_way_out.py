import aftercare.models
import django.contrib.postgres.constraints
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
            name="ReleaseNotice",
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
                        related_name="release_notices",
                        to="rehab.case",
                    ),
                ),
                ("release_on", models.DateField(verbose_name="解除日期")),
                ("given_at", models.DateTimeField(verbose_name="发出时间")),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "解除通知",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "release_on"), name="one_release_notice_per_last_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseNoticeCopy",
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
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="aftercare.releasenotice",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("deciding_authority", "决定机关"),
                            ("family", "家属"),
                            ("employer", "所在单位"),
                            ("police_station", "户籍所在地派出所"),
                        ],
                        max_length=20,
                        verbose_name="收件人",
                    ),
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
                "verbose_name": "解除通知书",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "audience"), name="one_release_letter_per_recipient"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
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
                        related_name="release",
                        to="rehab.case",
                    ),
                ),
                ("released_at", models.DateTimeField(verbose_name="解除时间")),
                ("last_lawful_day", models.DateField(verbose_name="期限最后一日")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision_mark",
                    models.CharField(
                        choices=[("matched", "相符"), ("missing", "未核验")],
                        max_length=10,
                        verbose_name="决定书文号",
                    ),
                ),
                (
                    "identity_mark",
                    models.CharField(
                        choices=[("matched", "相符"), ("missing", "未核验")],
                        max_length=10,
                        verbose_name="身份证件号码",
                    ),
                ),
                (
                    "face_mark",
                    models.CharField(
                        choices=[("matched", "相符"), ("missing", "未核验")],
                        max_length=10,
                        verbose_name="人像",
                    ),
                ),
                ("answers", rehab.sealed.SealedField(kind="json", verbose_name="说明")),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "解除",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_officer__isnull", True),
                            models.Q(("second_officer", models.F("officer")), _negated=True),
                            _connector="OR",
                        ),
                        name="second_officer_at_the_gate_is_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
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
                        related_name="agreements",
                        to="rehab.case",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="rehab.station",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "征询中"),
                            ("signed", "已签订"),
                            ("declined", "不签"),
                            ("renewed", "已续签"),
                            ("withdrawn", "退出"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("offered_at", models.DateTimeField(verbose_name="征询时间")),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签订时间")),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts_on", models.DateField(null=True, verbose_name="起")),
                ("ends_on", models.DateField(null=True, verbose_name="止")),
                (
                    "consent_version",
                    models.CharField(blank=True, max_length=20, verbose_name="同意书版本"),
                ),
                (
                    "phone",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="联系电话"),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="aftercare.agreement",
                        verbose_name="续签自",
                    ),
                ),
                ("applied_on", models.DateField(null=True, verbose_name="续签申请日期")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="不签或者退出时间")),
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
                "verbose_name": "后续照管协议",
                "indexes": [
                    models.Index(fields=["station", "status", "ends_on"], name="agreement_by_end")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "offered")),
                        fields=("case",),
                        name="one_open_offer_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("document__isnull", True),
                                ("ends_on__isnull", True),
                                ("signed_at__isnull", True),
                                ("starts_on__isnull", True),
                                ("status__in", ["offered", "declined"]),
                            ),
                            models.Q(
                                ("document__isnull", False),
                                ("ends_on__gt", models.F("starts_on")),
                                ("signed_at__isnull", False),
                                ("starts_on__isnull", False),
                                ("status__in", ["signed", "renewed", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="signed_agreement_has_its_year_and_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("status__in", ["declined", "withdrawn"]),
                            ),
                            models.Q(
                                ("closed_at__isnull", True),
                                ("status__in", ["offered", "signed", "renewed"]),
                            ),
                            _connector="OR",
                        ),
                        name="agreement_is_closed_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_on__isnull", True), ("renews__isnull", True)),
                            models.Q(("applied_on__isnull", False), ("renews__isnull", False)),
                            _connector="OR",
                        ),
                        name="renewal_rests_on_an_application",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status__in", ["signed", "renewed"])),
                        expressions=[
                            ("case", "="),
                            (
                                aftercare.models.Period("starts_on", "ends_on", models.Value("[]")),
                                "&&",
                            ),
                        ],
                        name="agreements_of_a_case_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="aftercare.agreement",
                    ),
                ),
                ("contacted_at", models.DateTimeField(verbose_name="联系时间")),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("phone", "电话"),
                            ("visit", "走访"),
                            ("at_station", "来站"),
                            ("online", "视频、网络"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("reached", models.BooleanField(verbose_name="联系上")),
                ("renewal_discussed", models.BooleanField(default=False, verbose_name="已谈续签")),
                (
                    "note",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="困难与需要"),
                ),
                ("next_on", models.DateField(verbose_name="下次联系")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "照管联系",
                "indexes": [
                    models.Index(fields=["agreement", "contacted_at"], name="contact_in_order")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("renewal_discussed", False), ("reached", True), _connector="OR"
                        ),
                        name="renewal_is_discussed_with_somebody_reached",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactRule",
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
                ("effective_from", models.DateField(verbose_name="生效日")),
                ("interval_days", models.PositiveSmallIntegerField(verbose_name="间隔日数")),
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
                "verbose_name": "联系间隔",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("province", "effective_from"),
                        name="one_contact_rule_per_province_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval_days__gte", 1)),
                        name="contact_interval_is_a_day_or_more",
                    ),
                ],
            },
        ),
    ]
