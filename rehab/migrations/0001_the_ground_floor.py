import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import rehab.keys
import rehab.models.events
import rehab.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.BtreeGinExtension(),
        migrations.CreateModel(
            name="Division",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=6, primary_key=True, serialize=False, verbose_name="代码"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省级"), ("prefecture", "地级"), ("county", "县级")],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="rehab.division",
                    ),
                ),
            ],
            options={
                "verbose_name": "行政区划",
            },
        ),
        migrations.CreateModel(
            name="Bureau",
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
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("ministry", "部"), ("province", "省级"), ("city", "市级")],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="rehab.bureau",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.division"
                    ),
                ),
            ],
            options={
                "verbose_name": "戒毒管理局",
            },
        ),
        migrations.CreateModel(
            name="Facility",
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
                ("code", models.CharField(max_length=8, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("short_name", models.CharField(max_length=20, verbose_name="简称")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facilities",
                        to="rehab.bureau",
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
                    "division",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.division"
                    ),
                ),
                (
                    "duty_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="值班电话"),
                ),
            ],
            options={
                "verbose_name": "强制隔离戒毒所",
            },
        ),
        migrations.CreateModel(
            name="Zone",
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
                        related_name="zones",
                        to="rehab.facility",
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
                ("name", models.CharField(max_length=30, verbose_name="名称")),
            ],
            options={
                "verbose_name": "区",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "stage"), name="one_zone_per_stage_per_facility"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
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
                        related_name="units",
                        to="rehab.facility",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="squads",
                        to="rehab.unit",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="rehab.zone",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "大队、中队",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("facility", "name"),
                        name="open_unit_name_once_per_facility",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("parent__isnull", True), ("zone__isnull", False)),
                            models.Q(("parent__isnull", False), ("zone__isnull", True)),
                            _connector="OR",
                        ),
                        name="brigade_has_a_zone_and_squad_a_brigade",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="rehab.unit",
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="房号")),
                (
                    "sex",
                    models.CharField(
                        choices=[("1", "男"), ("2", "女")], max_length=1, verbose_name="性别"
                    ),
                ),
                ("for_minors", models.BooleanField(default=False, verbose_name="未成年人")),
                ("isolation", models.BooleanField(default=False, verbose_name="隔离")),
            ],
            options={
                "verbose_name": "房间",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "name"), name="room_name_once_per_unit")
                ],
            },
        ),
        migrations.CreateModel(
            name="Bed",
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
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="beds",
                        to="rehab.room",
                    ),
                ),
                ("label", models.CharField(max_length=10, verbose_name="床号")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                (
                    "closed_for",
                    models.CharField(blank=True, max_length=60, verbose_name="停用原因"),
                ),
                ("extra", models.BooleanField(default=False, verbose_name="加床")),
            ],
            options={
                "verbose_name": "床位",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("room", "label"), name="bed_label_once_per_room"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_for", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="bed_out_of_use_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Station",
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
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("guidance", "指导站"), ("work", "工作站"), ("service", "服务站")],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="rehab.division",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="rehab.station",
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
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="电话")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "后续照管站",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division", "name"), name="station_name_once_per_division"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "guidance"), ("parent__isnull", True)),
                            models.Q(
                                models.Q(("level", "guidance"), _negated=True),
                                models.Q(("parent", models.F("id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="guidance_station_stands_at_the_top",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sequence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "kind", "year"),
                        name="one_sequence_per_facility_kind_year",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("username", models.CharField(max_length=40, unique=True, verbose_name="用户名")),
                ("display_name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        choices=[("1", "男"), ("2", "女")], max_length=1, verbose_name="性别"
                    ),
                ),
                ("police_number", models.CharField(blank=True, max_length=20, verbose_name="警号")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="电子邮箱")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示账号")),
                ("secret_until", models.DateTimeField(null=True, verbose_name="一次性密码有效至")),
                (
                    "second_factor_at",
                    models.DateTimeField(null=True, verbose_name="动态口令设置或重置时间"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "账号",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_superuser", False)), name="there_are_no_superusers"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FacilityGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="截止")),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="rehab.facility",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="StationGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="截止")),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="rehab.station",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Person",
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
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "name_pinyin",
                    models.CharField(db_index=True, max_length=200, verbose_name="拼音"),
                ),
                (
                    "name_initials",
                    models.CharField(db_index=True, max_length=50, verbose_name="拼音首字母"),
                ),
                (
                    "name_spellings",
                    models.CharField(blank=True, max_length=1000, verbose_name="检索拼写"),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[("1", "男"), ("2", "女")], max_length=1, verbose_name="性别"
                    ),
                ),
                ("birth_date", models.DateField(null=True, verbose_name="出生日期")),
                (
                    "id_number",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="公民身份号码"),
                ),
                ("id_index", models.CharField(max_length=64, null=True)),
                (
                    "other_document",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="其他证件"),
                ),
                ("ethnicity", models.CharField(blank=True, max_length=20, verbose_name="民族")),
                ("education", models.CharField(blank=True, max_length=20, verbose_name="文化程度")),
                (
                    "household",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="户籍所在地"),
                ),
                (
                    "address",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="现住址"),
                ),
                (
                    "relatives",
                    rehab.sealed.SealedField(kind="json", null=True, verbose_name="亲属"),
                ),
                ("invented", models.BooleanField(default=False, verbose_name="示例人员")),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="rehab.person",
                        verbose_name="并入",
                    ),
                ),
            ],
            options={
                "verbose_name": "戒毒人员",
                "indexes": [
                    models.Index(fields=["name", "birth_date"], name="person_by_name_and_birth"),
                    models.Index(fields=["id_index"], name="person_by_identity_number"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("id_index__isnull", True), ("id_number__isnull", True)),
                            models.Q(("id_index__isnull", False), ("id_number__isnull", False)),
                            _connector="OR",
                        ),
                        name="identity_number_has_its_index",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("merged_into__isnull", True)),
                        fields=("id_index",),
                        name="one_person_per_identity_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="nobody_is_merged_into_himself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
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
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="rehab.person",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="rehab.facility",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="rehab.unit",
                    ),
                ),
                (
                    "receiving_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.unit",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="rehab.zone",
                    ),
                ),
                ("zone_entered_at", models.DateTimeField(null=True, verbose_name="入区时间")),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="rehab.station",
                    ),
                ),
                (
                    "station_reads_until",
                    models.DateField(null=True, verbose_name="照管站查阅档案至"),
                ),
                ("station_sees_until", models.DateField(null=True, verbose_name="照管站补记至")),
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
                ("entered_at", models.DateTimeField(verbose_name="入所时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终结时间")),
                ("ends_on", models.DateField(verbose_name="期满日")),
                ("needs_isolation", models.BooleanField(default=False, verbose_name="需隔离")),
                (
                    "precautions",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="注意事项"),
                ),
            ],
            options={
                "verbose_name": "戒治档案",
                "indexes": [
                    models.Index(
                        fields=["facility", "status", "ends_on"], name="case_by_facility_and_end"
                    ),
                    models.Index(fields=["unit", "status"], name="case_by_unit"),
                    models.Index(fields=["station"], name="case_by_station"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["converted", "died", "released", "revoked"]),
                            _negated=True,
                        ),
                        fields=("person",),
                        name="one_open_case_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["converted", "died", "released", "revoked"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ["converted", "died", "released", "revoked"]),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="finished_case_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("station_reads_until__isnull", True),
                                ("station_sees_until__isnull", True),
                            ),
                            models.Q(
                                ("station__isnull", False),
                                ("station_reads_until__isnull", False),
                                ("station_sees_until__gte", models.F("station_reads_until")),
                                ("station_sees_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="station_sees_as_long_as_it_reads",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="截止")),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="rehab.case",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=30, primary_key=True, serialize=False, verbose_name="代码"
                    ),
                ),
                ("display_name", models.CharField(max_length=30, verbose_name="名称")),
                ("description", models.CharField(max_length=200, verbose_name="谁可以担任")),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("none", "不涉案件"),
                            ("unit", "本大队"),
                            ("facility", "本所"),
                            ("station", "本站"),
                            ("province", "本省"),
                            ("nation", "全国"),
                        ],
                        max_length=10,
                        verbose_name="可见范围",
                    ),
                ),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None, verbose_name="权限"
                    ),
                ),
            ],
            options={
                "verbose_name": "角色",
            },
        ),
        migrations.CreateModel(
            name="Posting",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="rehab.role"),
                ),
                (
                    "bureau",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.bureau"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.unit"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.station"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="到任")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="离任")),
            ],
            options={
                "verbose_name": "任职",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user",),
                        name="one_open_posting_per_user",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("bureau__isnull", False),
                                ("facility__isnull", True),
                                ("station__isnull", True),
                            ),
                            models.Q(
                                ("bureau__isnull", True),
                                ("facility__isnull", False),
                                ("station__isnull", True),
                            ),
                            models.Q(
                                ("bureau__isnull", True),
                                ("facility__isnull", True),
                                ("station__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="posting_is_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__isnull", True), ("facility__isnull", False), _connector="OR"
                        ),
                        name="posting_in_a_unit_is_in_its_facility",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
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
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given",
                        to="rehab.posting",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="rehab.posting",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="自")),
                ("ends_on", models.DateField(verbose_name="至")),
                ("given_at", models.DateTimeField(verbose_name="委托时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="提前结束")),
            ],
            options={
                "verbose_name": "值班委托",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("begins_on"))),
                        name="delegation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True),
                        name="nobody_delegates_to_himself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessRecord",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="rehab.case"),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.facility",
                    ),
                ),
                ("field", models.CharField(max_length=40, verbose_name="内容")),
                ("purpose", models.CharField(max_length=100, verbose_name="用途")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "查阅留痕",
                "indexes": [models.Index(fields=["facility", "-at"], name="access_by_facility")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                        related_name="decision",
                        to="rehab.case",
                    ),
                ),
                ("number", rehab.sealed.SealedField(kind="text", verbose_name="决定书文号")),
                ("number_index", models.CharField(max_length=64, unique=True)),
                ("authority", models.CharField(max_length=60, verbose_name="决定机关")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                ("printed_starts_on", models.DateField(null=True, verbose_name="载明起日")),
                ("printed_ends_on", models.DateField(verbose_name="载明止日")),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "拒绝接受社区戒毒"),
                            ("2", "在社区戒毒期间吸食、注射毒品"),
                            ("3", "严重违反社区戒毒协议"),
                            ("4", "经社区戒毒、强制隔离戒毒后再次吸食、注射毒品"),
                            ("5", "吸毒成瘾严重，难以通过社区戒毒戒除"),
                            ("6", "自愿接受强制隔离戒毒"),
                        ],
                        max_length=1,
                        verbose_name="决定依据",
                    ),
                ),
                (
                    "drug",
                    models.CharField(blank=True, max_length=30, verbose_name="主要吸食毒品种类"),
                ),
                ("addiction", models.CharField(blank=True, max_length=20, verbose_name="成瘾认定")),
            ],
            options={
                "verbose_name": "强制隔离戒毒决定",
            },
        ),
        migrations.CreateModel(
            name="Placement",
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
                        related_name="placements",
                        to="rehab.case",
                    ),
                ),
                (
                    "bed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="rehab.bed",
                    ),
                ),
                ("held", models.BooleanField(default=False, verbose_name="预留")),
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="期间"),
                ),
            ],
            options={
                "verbose_name": "在床记录",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("bed", "="), ("period", "&&")], name="one_person_per_bed"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("held", False)),
                        expressions=[("case", "="), ("period", "&&")],
                        name="one_bed_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("held", True), ("period__endswith__isnull", True)),
                        fields=("case",),
                        name="one_held_bed_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                        related_name="absences",
                        to="rehab.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hospital", "离所就医"),
                            ("court", "出庭"),
                            ("medical_leave", "所外就医"),
                            ("held", "被拘留、逮捕、收监"),
                            ("escape", "脱逃"),
                        ],
                        max_length=15,
                        verbose_name="事由",
                    ),
                ),
                ("left_at", models.DateTimeField(verbose_name="离所时间")),
                ("expected_on", models.DateField(null=True, verbose_name="预计返回日")),
                (
                    "leaving",
                    rehab.sealed.SealedField(
                        kind="json", null=True, verbose_name="去向、押送、文书"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("returned_at", models.DateTimeField(null=True, verbose_name="回所时间")),
                (
                    "coming",
                    rehab.sealed.SealedField(
                        kind="json", null=True, verbose_name="送回、检查、物品"
                    ),
                ),
                ("ran", models.BooleanField(default=False, verbose_name="在外脱逃")),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("check_owed", models.BooleanField(default=False, verbose_name="待回所体检")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="回所体检时间")),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "findings",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="回所体检结果"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uncounted_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="不计入期限的天数"),
                ),
                ("reversed_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "离所",
                "indexes": [models.Index(fields=["case", "-left_at"], name="absence_by_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("returned_at__isnull", True)),
                        fields=("case",),
                        name="one_open_absence_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ran", False),
                                ("received_by__isnull", True),
                                ("returned_at__isnull", True),
                            ),
                            models.Q(
                                ("ran", False),
                                ("received_by__isnull", False),
                                ("returned_at__gte", models.F("left_at")),
                                ("returned_at__isnull", False),
                            ),
                            models.Q(
                                ("ran", True),
                                ("received_by__isnull", True),
                                ("returned_at__gte", models.F("left_at")),
                                ("returned_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="who_came_back_was_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", True),
                                ("checked_by__isnull", True),
                                ("findings__isnull", True),
                            ),
                            models.Q(
                                ("check_owed", True),
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                                ("findings__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_check_on_return_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ran", False),
                            models.Q(("kind", "escape"), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_runs_from_an_escape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("uncounted_days", 0),
                            models.Q(
                                ("confirmed_by__isnull", False),
                                ("kind", "escape"),
                                ("returned_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_proved_escape_is_not_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("received_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="an_escape_is_proved_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reversed_at__isnull", True),
                            models.Q(("kind", "escape"), ("returned_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_an_escape_that_is_over_is_reversed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepApart",
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
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.case",
                        verbose_name="一方",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.case",
                        verbose_name="另一方",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("co_offender", "同案"),
                            ("conflict", "有矛盾纠纷"),
                            ("relative", "亲属"),
                            ("gang", "同伙、同籍抱团"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="关系",
                    ),
                ),
                (
                    "distance",
                    models.CharField(
                        choices=[("room", "不同房间"), ("unit", "不同大队")],
                        max_length=10,
                        verbose_name="分开到",
                    ),
                ),
                ("reason", rehab.sealed.SealedField(kind="text", verbose_name="理由")),
                ("until", models.DateField(null=True, verbose_name="至")),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="终止人",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                (
                    "end_reason",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="终止理由"),
                ),
            ],
            options={
                "verbose_name": "分开管理",
                "indexes": [
                    models.Index(fields=["first"], name="keep_apart_by_first"),
                    models.Index(fields=["second"], name="keep_apart_by_second"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("first", "second"),
                        name="one_unended_keep_apart_per_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="keep_apart_names_two_in_one_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_reason__isnull", True),
                                ("ended_at__isnull", True),
                                ("ended_by__isnull", True),
                            ),
                            models.Q(
                                ("end_reason__isnull", False),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="keep_apart_ends_under_a_signature_and_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
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
                        related_name="deadlines",
                        to="rehab.case",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                ("clock", models.CharField(max_length=40, verbose_name="时钟")),
                ("cycle", models.CharField(blank=True, max_length=40, verbose_name="轮次")),
                ("opened_at", models.DateTimeField(verbose_name="起算")),
                ("due_at", models.DateTimeField(verbose_name="应办结时间")),
                (
                    "day_unit",
                    models.CharField(
                        choices=[("calendar", "日"), ("working", "工作日")],
                        default="calendar",
                        max_length=10,
                        verbose_name="日的种类",
                    ),
                ),
                ("article", models.CharField(blank=True, max_length=40, verbose_name="依据")),
                ("owed_by", models.CharField(max_length=30, verbose_name="责任岗位")),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.unit",
                        verbose_name="责任大队",
                    ),
                ),
                ("satisfied_at", models.DateTimeField(null=True, verbose_name="办结时间")),
            ],
            options={
                "verbose_name": "时限",
                "indexes": [
                    models.Index(
                        condition=models.Q(("satisfied_at__isnull", True)),
                        fields=["facility", "owed_by", "due_at"],
                        name="deadline_open_by_post",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "clock", "cycle"), name="one_deadline_per_cycle"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                    "subject_type",
                    models.CharField(
                        choices=[
                            ("case", "戒治档案"),
                            ("arrival", "待收人员"),
                            ("roster", "移交名册"),
                            ("facility", "场所"),
                            ("station", "后续照管站"),
                            ("account", "账号"),
                            ("bureau", "戒毒管理局"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="rehab.case",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=rehab.models.events.kinds_of_event,
                        max_length=30,
                        verbose_name="事项",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                ("time_known", models.BooleanField(default=True, verbose_name="知道时刻")),
                ("recorded_at", models.DateTimeField(verbose_name="录入时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="事实")),
                ("words", rehab.sealed.SealedField(kind="json", null=True, verbose_name="原话")),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.event"
                    ),
                ),
            ],
            options={
                "verbose_name": "执法记录",
                "indexes": [
                    models.Index(fields=["case", "-happened_at"], name="event_by_case"),
                    models.Index(fields=["facility", "kind", "happened_at"], name="event_by_kind"),
                    models.Index(fields=["subject_id"], name="event_by_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject_type", "case"), _negated=True),
                            models.Q(("case__isnull", False), ("facility__isnull", False)),
                            _connector="OR",
                        ),
                        name="event_of_a_case_names_it",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentWording",
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
                ("kind", models.CharField(max_length=40, verbose_name="文书种类")),
                ("language", models.CharField(default="zh", max_length=8, verbose_name="语言")),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("effective_from", models.DateField(verbose_name="施行日期")),
                ("parts", models.JSONField(verbose_name="用语")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟定人",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="拟定时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="确认时间")),
            ],
            options={
                "verbose_name": "文书格式",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("province", "kind", "language", "version"),
                        name="document_wording_has_one_row_per_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True), ("confirmed_by__isnull", True)
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(("confirmed_by", models.F("set_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="two_people_set_a_wording",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                    "subject_type",
                    models.CharField(
                        choices=[
                            ("case", "戒治档案"),
                            ("arrival", "待收人员"),
                            ("roster", "移交名册"),
                            ("facility", "场所"),
                            ("station", "后续照管站"),
                            ("account", "账号"),
                            ("bureau", "戒毒管理局"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="rehab.case",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                ("template", models.CharField(max_length=40, verbose_name="文书种类")),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("number", models.CharField(max_length=60, verbose_name="文号")),
                ("facts", rehab.sealed.SealedField(kind="json", verbose_name="依据的事实")),
                ("body", rehab.sealed.SealedField(kind="bytes", null=True, verbose_name="内容")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="摘要")),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="制作时间")),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="rehab.document",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.unit",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.documentwording",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书",
                "indexes": [models.Index(fields=["subject_id"], name="document_by_subject")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "number"), name="document_number_once_per_facility"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", True), ("sha256", "")),
                            models.Q(
                                ("body__isnull", False), models.Q(("sha256", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="document_has_its_hash_with_its_bytes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentMention",
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="rehab.document",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="rehab.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书所列人员",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "case"), name="document_mentions_a_case_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentPrint",
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="rehab.document",
                    ),
                ),
                ("copy", models.PositiveSmallIntegerField(verbose_name="份次")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "打印留痕",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "copy"), name="each_copy_of_a_document_is_printed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceOfDocument",
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="rehab.document",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("person", "本人"),
                            ("family", "家属"),
                            ("deciding_authority", "决定机关"),
                            ("employer", "所在单位"),
                            ("police_station", "公安派出所"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="受送达人",
                    ),
                ),
                (
                    "received_by",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="签收人"),
                ),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("in_person", "直接送达"),
                            ("post", "邮寄"),
                            ("online", "平台送达"),
                            ("left", "留置"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("served_at", models.DateTimeField(verbose_name="送达时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "送达",
            },
        ),
        migrations.CreateModel(
            name="EscapeProposal",
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
                        related_name="escape_proposals",
                        to="rehab.case",
                    ),
                ),
                (
                    "absence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="rehab.absence",
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[("uncounted", "脱逃期间不计入期限"), ("reversal", "撤销脱逃登记")],
                        max_length=10,
                        verbose_name="事项",
                    ),
                ),
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
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="天数")),
                ("grounds", rehab.sealed.SealedField(kind="json", verbose_name="依据")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="提请时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "return_reason",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="退回理由"),
                ),
            ],
            options={
                "verbose_name": "脱逃事项",
                "indexes": [
                    models.Index(fields=["case", "-proposed_at"], name="escape_proposal_by_case"),
                    models.Index(
                        fields=["status", "-proposed_at"], name="escape_proposal_by_status"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "proposed")),
                        fields=("absence",),
                        name="one_open_proposal_per_escape",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "confirmed")),
                        fields=("absence", "question"),
                        name="an_escape_is_answered_once",
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
                        name="decided_escape_proposal_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_judge_an_escape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            ("return_reason__isnull", False),
                            _connector="OR",
                        ),
                        name="returned_escape_proposal_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days__gt", 0), ("question", "uncounted")),
                            models.Q(("days", 0), ("question", "reversal")),
                            _connector="OR",
                        ),
                        name="days_are_of_what_is_not_counted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
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
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", rehab.sealed.SealedField(kind="bytes", null=True, verbose_name="密钥")),
                ("used_step", models.BigIntegerField(default=-1, verbose_name="最后用过的时间步")),
                ("secret", models.CharField(blank=True, max_length=128, verbose_name="一次性口令")),
                ("secret_until", models.DateTimeField(null=True, verbose_name="一次性口令有效至")),
            ],
            options={
                "verbose_name": "动态口令",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__isnull", True), ("secret", ""), _connector="OR"),
                        name="second_factor_is_a_key_or_a_secret",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("secret", ""), ("secret_until__isnull", True)),
                            models.Q(
                                models.Q(("secret", ""), _negated=True),
                                ("secret_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="secret_of_a_second_factor_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedList",
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
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_lists",
                        to="rehab.posting",
                    ),
                ),
                ("path", models.CharField(max_length=200, verbose_name="页面")),
                ("query", models.CharField(blank=True, max_length=800, verbose_name="筛选和排序")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("shared", models.BooleanField(default=False, verbose_name="本单位共用")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
            ],
            options={
                "verbose_name": "常用名单",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("posting", "name"), name="one_saved_list_of_a_name_per_post"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListTaking",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名单")),
                ("address", models.TextField(verbose_name="地址")),
                (
                    "way",
                    models.CharField(
                        choices=[("xlsx", "导出"), ("print", "打印")],
                        max_length=5,
                        verbose_name="方式",
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="行数")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "名单取走留痕",
            },
        ),
        migrations.CreateModel(
            name="CaseWords",
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
                        related_name="+",
                        to="rehab.case",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.facility",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.station",
                    ),
                ),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="检索词"
                    ),
                ),
            ],
            options={
                "verbose_name": "检索词",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False,
                        fields=["facility", "pieces"],
                        name="case_words_of_a_facility",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMerge",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="rehab.case",
                        verbose_name="据以提请的档案",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.person",
                        verbose_name="保留",
                    ),
                ),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.person",
                        verbose_name="并入",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "待确认"),
                            ("merged", "已合并"),
                            ("returned", "退回"),
                            ("withdrawn", "撤回"),
                            ("undone", "已撤销"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("chosen", models.JSONField(default=list, verbose_name="按另一份登记的项目")),
                ("stood", rehab.sealed.SealedField(kind="json", verbose_name="合并前的登记")),
                (
                    "written",
                    rehab.sealed.SealedField(kind="json", null=True, verbose_name="合并写入的内容"),
                ),
                ("reason", rehab.sealed.SealedField(kind="text", verbose_name="提请理由")),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "return_reason",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="退回理由"),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                (
                    "undo_reason",
                    rehab.sealed.SealedField(kind="text", null=True, verbose_name="撤销理由"),
                ),
            ],
            options={
                "verbose_name": "人员合并",
                "indexes": [
                    models.Index(
                        fields=["facility", "status", "-proposed_at"], name="merge_by_facility"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("absorbed")), _negated=True),
                        name="merge_names_two_records",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["merged", "returned", "undone"]), _negated=True
                            ),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_merge_records",
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
                                ("status__in", ["merged", "returned", "withdrawn", "undone"]),
                            ),
                            _connector="OR",
                        ),
                        name="decided_merge_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            ("return_reason__isnull", False),
                            _connector="OR",
                        ),
                        name="returned_merge_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "undone"),
                                ("undo_reason__isnull", False),
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                            ),
                            models.Q(
                                models.Q(("status", "undone"), _negated=True),
                                ("undo_reason__isnull", True),
                                ("undone_at__isnull", True),
                                ("undone_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="undone_merge_is_signed_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["merged", "undone"]), _negated=True),
                            ("written__isnull", False),
                            _connector="OR",
                        ),
                        name="merge_keeps_what_it_wrote",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "merged")),
                        fields=("absorbed",),
                        name="one_standing_merge_per_absorbed_record",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "proposed")),
                        fields=("kept", "absorbed"),
                        name="one_open_merge_per_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                    "subject_type",
                    models.CharField(
                        choices=[
                            ("case", "戒治档案"),
                            ("arrival", "待收人员"),
                            ("roster", "移交名册"),
                            ("facility", "场所"),
                            ("station", "后续照管站"),
                            ("account", "账号"),
                            ("bureau", "戒毒管理局"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="rehab.case",
                    ),
                ),
                ("clock", models.CharField(max_length=40, verbose_name="时钟")),
                ("cycle", models.CharField(blank=True, max_length=40, verbose_name="轮次")),
                ("due_at", models.DateTimeField(null=True, verbose_name="应办结时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("coming", "将到期"),
                            ("due", "今日到期"),
                            ("overdue", "已逾期"),
                            ("escalated-1", "逾期上报"),
                            ("escalated-2", "逾期报省局"),
                            ("changed", "期限变更"),
                            ("told", "告知"),
                        ],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="rehab.role"),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.unit"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="rehab.station"
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="写下时间")),
                ("outage_from", models.DateField(null=True, verbose_name="停用自")),
                ("outage_to", models.DateField(null=True, verbose_name="停用至")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="送出时间")),
            ],
            options={
                "verbose_name": "提醒",
                "indexes": [
                    models.Index(fields=["facility", "role", "-written_at"], name="notice_by_post"),
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["facility"],
                        name="notice_undelivered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "subject_id",
                            "clock",
                            "cycle",
                            "due_at",
                            "kind",
                            "role",
                            "facility",
                            "unit",
                            "station",
                        ),
                        name="one_notice_per_thing_said",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountNotice",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=rehab.models.events.kinds_of_event,
                        max_length=30,
                        verbose_name="事项",
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="写下时间")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="送出时间")),
            ],
            options={
                "verbose_name": "账号告知",
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["written_at"],
                        name="account_notice_undelivered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to="rehab.notice",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="阅读时间")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "user"), name="notice_read_once_per_user"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleProposal",
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
                ("code", models.CharField(max_length=40, verbose_name="规则")),
                ("effective_from", models.DateField(verbose_name="施行日期")),
                ("values", models.JSONField(verbose_name="内容")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="依据文号"),
                ),
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
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟定人",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="拟定时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="退回理由")),
            ],
            options={
                "verbose_name": "省级规则拟定稿",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "proposed")),
                        fields=("province", "code"),
                        name="one_open_proposal_per_province_and_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["confirmed", "returned"]), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_set_a_rule",
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
                                ("status__in", ["confirmed", "returned", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="decided_proposal_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="returned_proposal_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchCall",
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
                ("actor", models.CharField(max_length=60)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("person", "核对既往"),
                            ("decision", "核对决定书文号"),
                            ("number", "核对是否同一人"),
                            ("roster", "核对名册"),
                            ("history", "查阅既往"),
                            ("merge", "核对合并"),
                        ],
                        max_length=10,
                        verbose_name="用途",
                    ),
                ),
                ("by_number", models.BooleanField()),
                ("asked", models.PositiveIntegerField(verbose_name="问了几项")),
                ("found", models.PositiveSmallIntegerField(verbose_name="答了几项")),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SweepRun",
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
                        on_delete=django.db.models.deletion.PROTECT, to="rehab.facility"
                    ),
                ),
                ("on", models.DateField()),
                ("finished_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "on"), name="one_sweep_per_facility_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DemoClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seconds", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("body", rehab.sealed.SealedField(kind="json")),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "key"), name="one_draft_per_user_and_form"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("key", models.UUIDField()),
                ("digest", models.CharField(max_length=64)),
                ("answer", rehab.sealed.SealedField(kind="json", null=True)),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "key"), name="one_submission_per_form_key"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="posting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rehab.posting",
            ),
        ),
    ]
