"""Why an act may not run, and what must be answered before it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Self, TypeVar
from uuid import UUID

from rehab.statutes import Article

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Obstacle:
    """A reason that refuses the act: 不予办理的原因."""

    message: str  # worded for the officer who must act on it
    article: Article | None = None  # None: our own housekeeping, not the law's

    def __str__(self) -> str:
        return f"{self.message}（{self.article}）" if self.article else self.message


@dataclass(frozen=True)
class Caution:
    """A reason that does not refuse: 提示（须答复）. The event keeps the answer, by `code`."""

    code: str  # stable key of the answer, unique among the cautions of one act
    message: str
    article: Article | None = None

    def __str__(self) -> str:
        return f"{self.message}（{self.article}）" if self.article else self.message


class Refused(Exception):
    """A use case declined to run, and changed nothing."""

    def __init__(self, obstacles: Iterable[Obstacle]):
        self.obstacles = tuple(obstacles)
        super().__init__("；".join(map(str, self.obstacles)))

    @classmethod
    def if_any(cls: type[Self], obstacles: Iterable[Obstacle]) -> None:
        """Raise with all the reasons at once; say nothing when there is none."""
        if obstacles := tuple(obstacles):
            raise cls(obstacles)


@dataclass(frozen=True)
class Outcome(Generic[Thing]):
    """What came of an act on several: what was done, and why not of the others, by the key of what was given."""

    done: tuple[Thing, ...]
    refused: Mapping[UUID, tuple[Obstacle, ...]]

    def only(self) -> Thing:
        """What was done for the one it was asked for; raises `Refused` when it was not."""
        Refused.if_any(reason for reasons in self.refused.values() for reason in reasons)
        (one,) = self.done
        return one
