"""The engine's refusals as exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Subject:
    """What a finding is about."""

    kind: str
    """Such as "process", "calendar", "decision", "data"; empty when it is not said."""
    name: str
    missing: bool
    """The finding says that there is nothing of that kind and name."""


@dataclass(frozen=True)
class Finding:
    """One thing said about a file. `str()` is all of it on one line."""

    rule: str
    """Stable, such as "SB0107"; listed in docs/rules.md."""
    severity: str
    """"error", "warning" or "advice"."""
    file: str
    line: int
    """From 1; 0: not known. So is `column`, counted in characters."""
    column: int
    element: str
    """Id of the element (`sub/inner` when nested); may be empty."""
    message: str
    hint: str
    """What to do about it; may be empty."""
    subject: Subject
    related: tuple[str, ...]
    """Further elements involved, such as the way of a witness."""
    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, json: Mapping[str, Any]) -> Finding:
        values = dict(json, subject=Subject(**json["subject"]), related=tuple(json["related"]))
        return cls(**values)


class SwitchboardError(Exception):
    """A refusal of the engine; nothing changed. `str()` is all of it on one line."""

    kind: str = "defect"

    def __init__(self, text: str, *, id: str = "", message: str = "", place: str = "", hint: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(text)
        self.id = id
        """Stable, such as "SB0503"; listed in docs/rules.md."""
        self.message = message or text
        self.place = place
        """file:line:column, an element, a parameter; may be empty."""
        self.hint = hint
        """What to do about it; may be empty."""
        self.findings = list(findings)
        """Every mistake of a file; the error is about the first. Empty for any other error."""


class UsageError(SwitchboardError):
    """The call itself is wrong: a closed engine, an unknown option."""

    kind = "usage"


class InvalidError(SwitchboardError):
    """The input does not follow its rules: a process with mistakes, data of another type."""

    kind = "invalid"


class NotFoundError(SwitchboardError):
    """The named thing does not exist."""

    kind = "not_found"


class ConflictError(SwitchboardError):
    """It exists already, or somebody else changed it."""

    kind = "conflict"


class RejectedError(SwitchboardError):
    """The command does not fit the present state of the case."""

    kind = "rejected"


class LimitError(SwitchboardError):
    """A stated bound of size, depth or time was reached."""

    kind = "limit"


class StorageError(SwitchboardError):
    """The store failed: disk full, damaged file, file of a newer version."""

    kind = "storage"


class DefectError(SwitchboardError):
    """A mistake of Switchboard itself; please report it."""

    kind = "defect"


class BpmnError(Exception):
    """Raised by a worker: the job did not work in a way that the process models. Caught by the task's error boundary event."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


_kinds: dict[str, type[SwitchboardError]] = {
    kind.kind: kind
    for kind in (UsageError, InvalidError, NotFoundError, ConflictError, RejectedError, LimitError, StorageError, DefectError)
}


def error_from(json: Mapping[str, Any]) -> SwitchboardError:
    kind = _kinds.get(json["kind"], DefectError)
    findings = [Finding.of(f) for f in json["findings"]]
    return kind(json["text"], id=json["id"], message=json["message"], place=json["place"], hint=json["hint"], findings=findings)


def wrong_argument(name: str, expected: str, given: object) -> UsageError:
    """An argument that C could not be given without changing it."""
    message = f"'{name}' must be {expected}, not {given!r}"
    return UsageError(f"{name}: {message} [SB1104]", id="SB1104", message=message, place=name)
