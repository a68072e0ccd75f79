import django.db.models.deletion
import rehab.keys
import rehab.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centers", "0004_opinions_are_fenced"),
        ("rehab", "0010_people_move_between_facilities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Telling",
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
                ("told_at", models.DateTimeField(verbose_name="告知时间")),
                ("recorded_at", models.DateTimeField(verbose_name="录入时间")),
                ("language", models.CharField(max_length=10, verbose_name="告知语言")),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("alone", "本人自行阅读"),
                            ("officer", "民警宣读"),
                            ("interpreter", "翻译人员宣读"),
                        ],
                        max_length=15,
                        verbose_name="告知方式",
                    ),
                ),
                (
                    "interpreter",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="翻译人员"),
                ),
                ("signed", models.BooleanField(verbose_name="本人已签名")),
                (
                    "refusal",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="拒绝签名的情况"),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                (
                    "why_withdrawn",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="撤回理由"),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="rehab.case",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tellings",
                        to="rehab.document",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "告知本人",
            },
        ),
        migrations.CreateModel(
            name="TellingScan",
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
                ("scan", rehab.sealed.SealedField(kind="bytes", verbose_name="扫描件")),
                ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "telling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="centers.telling",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "告知单签名扫描件",
            },
        ),
        migrations.AddIndex(
            model_name="telling",
            index=models.Index(fields=["case", "-told_at"], name="telling_by_case"),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("sheet", "told_at"),
                name="one_telling_of_a_sheet_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("refusal__isnull", True), ("signed", True), ("witness__isnull", True)
                    ),
                    models.Q(
                        ("refusal__isnull", False), ("signed", False), ("witness__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="unsigned_telling_has_its_witness",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("witness__isnull", True),
                    models.Q(("witness", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="another_witnesses_the_telling",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interpreter__isnull", False), ("manner", "interpreter")),
                    models.Q(
                        models.Q(("manner", "interpreter"), _negated=True),
                        ("interpreter__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="interpreted_telling_names_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(("recorded_at__gte", models.F("told_at"))),
                name="telling_is_recorded_afterwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("why_withdrawn__isnull", True),
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by__isnull", True),
                    ),
                    models.Q(
                        ("why_withdrawn__isnull", False),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="withdrawn_telling_says_by_whom_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="tellingscan",
            constraint=models.UniqueConstraint(
                fields=("telling", "sha256"), name="one_scan_once_per_telling"
            ),
        ),
    ]
