"""Who works here: accounts, roles as data, postings with history, and what goes beyond a posting."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Value

from rehab import scope
from rehab.clock import day_of
from rehab.db.prepared import Among, Prepared, TheDay
from rehab.models.base import Keyed
from rehab.models.grants import grants_in_force
from rehab.models.organisation import Bureau, Facility, Station, Unit
from rehab.permissions import Permission
from rehab.rules.accounts import DELEGABLE
from rehab.states import Reach, Sex


class Role(models.Model):
    """岗位角色：a row, so that a bureau can shape it; `permissions` are words of `Permission`."""

    code = models.CharField("代码", max_length=30, primary_key=True)
    display_name = models.CharField("名称", max_length=30)
    description = models.CharField("谁可以担任", max_length=200)
    reach = models.CharField("可见范围", max_length=10, choices=Reach)
    permissions = ArrayField(models.CharField(max_length=40), verbose_name="权限")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"code", "display_name", "description", "reach", "permissions"})

    class Meta:
        verbose_name = "角色"

    def __str__(self) -> str:
        return self.display_name


class Posting(Keyed):
    """任职：one user in one place under one role, from a day on. At most one is open per user."""

    user = models.ForeignKey("rehab.User", models.PROTECT, related_name="postings")
    role = models.ForeignKey(Role, models.PROTECT)
    bureau = models.ForeignKey(Bureau, models.PROTECT, null=True)
    facility = models.ForeignKey(Facility, models.PROTECT, null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    station = models.ForeignKey(Station, models.PROTECT, null=True)
    started_at = models.DateTimeField("到任")
    ended_at = models.DateTimeField("离任", null=True)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id",
                "user",
                "role",
                "bureau",
                "facility",
                "unit",
                "station",
                "started_at",
                "ended_at",
            }
        )

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True),
                name="one_open_posting_per_user",
            ),
            models.CheckConstraint(
                condition=Q(bureau__isnull=False, facility__isnull=True, station__isnull=True)
                | Q(bureau__isnull=True, facility__isnull=False, station__isnull=True)
                | Q(bureau__isnull=True, facility__isnull=True, station__isnull=False),
                name="posting_is_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(facility__isnull=False),
                name="posting_in_a_unit_is_in_its_facility",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.role}"

    @property
    def place(self) -> str:
        return str(self.unit or self.facility or self.station or self.bureau)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, *, on: date | TheDay) -> "DelegationQuerySet":
        """Those of a day: begun, not over, not ended early, and both still where they were posted."""
        return self.filter(
            begins_on__lte=on,
            ends_on__gte=on,
            ended_at__isnull=True,
            giver__ended_at__isnull=True,
            giver__user__is_active=True,
            taker__ended_at__isnull=True,
        )


class Delegation(Keyed):
    """值班委托：a leader's deciding permissions, with an officer of his own place, until the end of a day."""

    giver = models.ForeignKey(Posting, models.PROTECT, related_name="given")
    taker = models.ForeignKey(Posting, models.PROTECT, related_name="taken")
    begins_on = models.DateField("自")
    ends_on = models.DateField("至")
    given_at = models.DateTimeField("委托时间")
    ended_at = models.DateTimeField("提前结束", null=True)

    objects = DelegationQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "giver", "taker", "begins_on", "ends_on", "given_at", "ended_at"})

    class Meta:
        verbose_name = "值班委托"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("taker")), name="nobody_delegates_to_himself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} {self.begins_on} {self.ends_on}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with its posting and everything the chrome of a page needs, in one query."""
        return self.with_posting().get(username=username)

    def with_posting(self) -> models.QuerySet["User"]:
        return self.select_related(
            "posting__role",
            "posting__bureau",
            "posting__facility__province",
            "posting__unit__zone",
            "posting__unit__parent__zone",
            "posting__station",
        )

    def by_key(self, key: Any) -> "User":
        """The same of one account, whose key is known."""
        (found,) = _posted([key])
        return found

    def on_duty(self, *, on: date | TheDay) -> models.QuerySet["User"]:
        """The same, with what leaders have delegated to the account's post for a day."""
        words = Func(
            F("giver__role__permissions"),
            Value(" "),
            function="array_to_string",
            output_field=models.TextField(),
        )
        taken = Delegation.objects.in_force(on=on).filter(taker=OuterRef("posting"))
        return self.with_posting().annotate(
            lent=ArraySubquery(taken.order_by("pk").values_list(words, flat=True))
        )


class User(AbstractBaseUser, PermissionsMixin, Keyed):
    """民警、医务人员、工作人员的账号。There are no superusers."""

    username = models.CharField("用户名", max_length=40, unique=True)
    display_name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    police_number = models.CharField("警号", max_length=20, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)  # of no use without DEMO=1
    secret_until = models.DateTimeField(
        "一次性密码有效至", null=True
    )  # null: the password is his own
    second_factor_at = models.DateTimeField(
        "动态口令设置或重置时间", null=True
    )  # null: he carries none
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Privacy:
        sealed: frozenset[str] = frozenset()
        masked = frozenset({"password"})
        open = frozenset(
            {
                "id", "last_login", "is_superuser", "groups", "user_permissions", "username",
                "display_name", "sex", "police_number", "email", "is_active", "is_demo",
                "secret_until", "second_factor_at", "posting",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "账号"
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="there_are_no_superusers"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def may(self, permission: Permission | str) -> bool:
        """Does this user's role hold the permission?"""
        return str(permission) in self._held

    @cached_property
    def _held(self) -> frozenset[str]:
        if self.posting is None:
            return frozenset()
        return frozenset(self.posting.role.permissions) | self.delegated

    @cached_property
    def delegated(self) -> frozenset[str]:
        """What leaders have lent this account for the day of `on_duty`; nothing where it was not asked."""
        lent: Sequence[str] = getattr(self, "lent", ())
        return frozenset(word for words in lent for word in words.split()) & DELEGABLE

    @property
    def reach(self) -> str:
        return self.posting.role.reach if self.posting else Reach.NONE

    @property
    def role(self) -> str:
        return self.posting.role_id if self.posting else ""

    @property
    def facility(self) -> Facility | None:
        return self.posting.facility if self.posting else None

    @property
    def unit(self) -> Unit | None:
        """The 大队 of his posting; posted to a 中队 he works for the 大队 it belongs to."""
        return self.posting.unit.brigade if self.posting and self.posting.unit else None

    @property
    def station(self) -> Station | None:
        return self.posting.station if self.posting else None

    @property
    def bureau(self) -> Bureau | None:
        return self.posting.bureau if self.posting else None

    def scope_at(self, moment: datetime, *, on: date | None = None) -> scope.Scope:
        """What this user's posting and the grants in force at `moment` let the database show.

        `moment` is real; `on` is the business day, where the demo has moved it away from that.
        """
        if self.posting is None or not self.is_active:
            return scope.NOBODY
        if self.reach == Reach.NONE:
            return scope.Scope(actor=str(self.pk), houses=houses_of(self))
        if self.reach == Reach.NATION:
            return scope.Scope(actor=str(self.pk), everything=True)
        with scope.within(
            scope.Scope(actor=str(self.pk))
        ):  # grants are read by name, before all else
            granted = grants_in_force(self.pk, moment)
        return scope.Scope(
            actor=str(self.pk),
            facilities=(*facilities_in_reach(self), *granted["facility"]),
            stations=(
                *((self.posting.station_id,) if self.posting.station_id else ()),
                *granted["station"],
            ),
            cases=tuple(granted["case"]),
            today=on or day_of(moment),
        )


@Prepared
def _posted() -> models.QuerySet[User]:
    return User.objects.with_posting().filter(Among("pk"))


def facilities_in_reach(user: User) -> tuple[Any, ...]:
    """Keys of the facilities whose rows the posting shows."""
    if user.reach == Reach.PROVINCE and user.bureau is not None:
        under = Q(province=user.bureau) | Q(bureau=user.bureau)
        return tuple(Facility.objects.filter(under).values_list("pk", flat=True))
    if user.reach in (Reach.UNIT, Reach.FACILITY) and user.facility is not None:
        return (user.facility.pk,)
    return ()


def houses_of(user: User) -> tuple[Any, ...]:
    """Keys of the facilities whose house-keeping an administrator looks after; never their people."""
    return tuple(Facility.objects.looked_after_by(user).values_list("pk", flat=True))


class AccessRecord(Keyed):
    """查阅留痕：who opened a sealed fact of whom, for what purpose. Keeps real time. Append-only."""

    user = models.ForeignKey(User, models.PROTECT)
    case = models.ForeignKey("rehab.Case", models.PROTECT)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    field = models.CharField("内容", max_length=40)
    purpose = models.CharField("用途", max_length=100)
    at = models.DateTimeField("时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "user", "case", "facility", "field", "purpose", "at"})

    class Meta:
        verbose_name = "查阅留痕"
        indexes = [models.Index(fields=["facility", "-at"], name="access_by_facility")]

    def __str__(self) -> str:
        return f"{self.user} {self.field}"
