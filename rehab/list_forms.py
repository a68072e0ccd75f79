"""What an officer says of a list that he keeps."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import Resolver404, resolve

from rehab.forms import HouseForm
from rehab.lists import PAGE, WAY

NO_LIST = "“名单”不是本系统的名单，请从名单页面打开“常用名单”。"
PATH_LENGTH = 200
QUERY_LENGTH = 800


class ListAddressForm(HouseForm):
    """Which list is meant: an address of ours, of which the page and the way out are no part."""

    list = forms.CharField(
        label="名单", max_length=PATH_LENGTH + QUERY_LENGTH, widget=forms.HiddenInput
    )

    def clean_list(self) -> dict[str, str]:
        try:
            found = urlsplit(self.cleaned_data["list"])
            resolve(found.path)
        except (ValueError, Resolver404):
            raise ValidationError(NO_LIST) from None
        if found.netloc or found.scheme:
            raise ValidationError(NO_LIST)
        kept = QueryDict(found.query, mutable=True)
        for name in (PAGE, WAY):
            kept.pop(name, None)
        place = {"path": found.path, "query": kept.urlencode()}
        if len(place["path"]) > PATH_LENGTH or len(place["query"]) > QUERY_LENGTH:
            raise ValidationError("“名单”的筛选太长，不能保存，请减少筛选条件。")
        return place


class SavedListForm(ListAddressForm):
    """A name for the list, and whether colleagues in the same place use it too."""

    name = forms.CharField(label="名称", max_length=30)
    shared = forms.BooleanField(label="本单位共用", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="saved_%s", **kwargs)  # it opens on pages with other forms
