"""Lists: filters and order in the address, pages, and the same rows on paper and in a workbook.

A `Listing` says what a list is; a view gives it the rows in scope and answers with `answer`. Nothing of
a list is kept anywhere but in its address, so a list can be sent, saved and returned to.
"""

from rehab.lists.address import PAGE, SORT, WAY, ordered
from rehab.lists.answers import answer, context_of, listed, stay, taken_out
from rehab.lists.listing import Bulk, Head, Listed, Listing

__all__ = [
    "PAGE", "SORT", "WAY", "Bulk", "Head", "Listed", "Listing", "answer", "context_of", "listed",
    "ordered", "stay", "taken_out",
]  # fmt: skip
