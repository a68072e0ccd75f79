import pytest
from cryptography.exceptions import InvalidTag
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection

from rehab import sealed
from rehab.models import Person


def test_seal_and_unseal():
    value = sealed.seal("示例".encode(), place="a.b")

    assert "示例".encode() not in value
    assert sealed.unseal(value, place="a.b") == "示例".encode()


def test_seal_twice_gives_two_values():
    assert sealed.seal(b"x", place="a.b") != sealed.seal(b"x", place="a.b")


def test_unseal_elsewhere_is_refused():
    value = sealed.seal(b"x", place="a.b")

    with pytest.raises(InvalidTag):
        sealed.unseal(value, place="a.c")


def test_unseal_altered_is_refused():
    value = bytearray(sealed.seal(b"x", place="a.b"))
    value[-1] ^= 1

    with pytest.raises(InvalidTag):
        sealed.unseal(bytes(value), place="a.b")


def test_unseal_after_a_new_key_came(settings):
    old = sealed.seal(b"x", place="a.b")
    settings.SEAL_KEYS = {"k2": b"2" * 32, **settings.SEAL_KEYS}

    new = sealed.seal(b"x", place="a.b")

    assert new[1:3] == b"k2"
    assert sealed.unseal(old, place="a.b") == b"x"


def test_keyed_index_depends_on_its_purpose():
    assert sealed.keyed_index("1", purpose="a") != sealed.keyed_index("1", purpose="b")
    assert sealed.keyed_index("1", purpose="a") == sealed.keyed_index("1", purpose="a")


def test_sealed_field_stores_nothing_readable(case):
    Person.objects.filter(pk=case.person_id).update(
        address="示例路一号", relatives=[{"name": "示例亲"}]
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address, relatives FROM rehab_person WHERE id = %s", [case.person_id]
        )
        address, relatives = map(bytes, cursor.fetchone())
    person = Person.objects.get(pk=case.person_id)

    assert "示例".encode() not in address + relatives
    assert (person.address, person.relatives) == ("示例路一号", [{"name": "示例亲"}])


def test_sealed_field_is_not_searched(case):
    with pytest.raises(FieldError, match="封存"):
        Person.objects.filter(address="示例路一号").count()

    assert Person.objects.filter(address__isnull=True).count() == 1


def test_sealed_field_is_not_serialized(case):
    with pytest.raises(FieldError, match="封存"):
        serializers.serialize("json", [case.person])


def test_sealed_field_of_an_unknown_kind():
    with pytest.raises(FieldError, match="kind"):
        sealed.SealedField(kind="xml")
