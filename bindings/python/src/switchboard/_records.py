"""What the engine answers, as plain records. Instants are aware datetimes, spans of time timedeltas."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ._json import instant, instant_or_none, span

Json = dict[str, Any]


@dataclass(frozen=True)
class CaseInfo:
    instance: str
    """Key of the instance, "i-17"."""
    case: str
    """Case number."""
    process: str
    definition: str
    """Hash of the definition the case runs on."""
    customer: str
    state: str
    """active, suspended, completed or cancelled."""
    at: list[str]
    """Paths of the elements with a token."""
    started: dt.datetime
    last: dt.datetime
    ended: dt.datetime | None
    parent: str | None
    """Instance of the caller."""

    @classmethod
    def of(cls, j: Json) -> CaseInfo:
        return cls(j["instance"], j["case"], j["process"], j["definition"], j["customer"], j["state"], j["at"], instant(j["started"]),
                   instant(j["last"]), instant_or_none(j["ended"]), j["parent"])


@dataclass(frozen=True)
class WorkInfo:
    id: str
    """Key of the work, "i-17/5"."""
    instance: str
    case: str
    process: str
    node: str
    name: str
    kind: str
    """user, service or send."""
    state: str
    topic: str
    assignee: str | None
    groups: list[str]
    form: list[str]
    inputs: Json
    priority: int
    retries: int
    due: dt.datetime | None
    offered: dt.datetime

    @classmethod
    def of(cls, j: Json) -> WorkInfo:
        return cls(j["work"], j["instance"], j["case"], j["process"], j["node"], j["name"], j["kind"], j["state"], j["topic"], j["assignee"],
                   j["groups"], j["form"], j["inputs"] or {}, j["priority"], j["retries"], instant_or_none(j["due"]), instant(j["offered"]))


@dataclass(frozen=True)
class Job:
    """Work for a worker."""

    work: WorkInfo
    attempt: int
    """1 for the first try."""

    @property
    def inputs(self) -> Json:
        return self.work.inputs

    @classmethod
    def of(cls, j: Json) -> Job:
        return cls(WorkInfo.of(j), j["attempt"])


@dataclass(frozen=True)
class ClockInfo:
    instance: str
    case: str
    process: str
    clock: str
    name: str
    customer: str
    state: str
    """running, paused, met or cancelled; a clock that was stopped late is met and breached."""
    round: int
    breached: bool
    mean: bool
    internal: bool
    provisional: bool
    budget: str
    started: dt.datetime
    due: dt.datetime
    original_due: dt.datetime
    ended: dt.datetime | None
    elapsed_wall: dt.timedelta
    elapsed_working: dt.timedelta
    elapsed_working_days: float
    elapsed_business: float
    """Business time consumed, in `elapsed_unit`: bd (working days), bh (open hours) or h (hours of real time without pauses)."""
    elapsed_unit: str
    paused: dt.timedelta
    left: dt.timedelta
    percent: float
    stage: str | None
    """Path of the node whose end or entry stops the clock."""
    lane: str | None
    """Its lane."""
    holders: list[str]
    """Groups or people who have the work now."""
    source: str
    unverified: str | None

    @classmethod
    def of(cls, j: Json) -> ClockInfo:
        return cls(j["instance"], j["case"], j["process"], j["clock"], j["name"], j["customer"], j["state"], j["round"], j["breached"], j["mean"],
                   j["internal"], j["provisional"], j["budget"], instant(j["started"]), instant(j["due"]), instant(j["original_due"]),
                   instant_or_none(j["ended"]), span(j["elapsed_wall_seconds"]), span(j["elapsed_working_seconds"]),
                   float(j["elapsed_working_days"]), float(j["elapsed_business"]), j["elapsed_unit"], span(j["paused_seconds"]),
                   span(j["left_seconds"]), float(j["percent"]), j["stage"], j["lane"], j["holders"], j["source"], j["unverified"])


@dataclass(frozen=True)
class OutboxInfo:
    id: int
    key: str
    """The same record always comes with the same key: repeat it harmlessly."""
    kind: str
    """feedback, escalation, message or incident."""
    name: str
    state: str
    instance: str
    case: str
    process: str
    customer: str
    body: Any
    created: dt.datetime
    delivered: dt.datetime | None
    attempts: int
    error: str | None

    @classmethod
    def of(cls, j: Json) -> OutboxInfo:
        return cls(j["id"], j["key"], j["kind"], j["name"], j["state"], j["instance"], j["case"], j["process"], j["customer"], j["body"],
                   instant(j["created"]), instant_or_none(j["delivered"]), j["attempts"], j["error"])


@dataclass(frozen=True)
class HistoryInfo:
    sequence: int
    at: dt.datetime
    event: str
    """What happened: "element-entered", ..."""
    details: Json

    @classmethod
    def of(cls, j: Json) -> HistoryInfo:
        return cls(j["sequence"], instant(j["at"]), j["event"], j["details"] or {})


@dataclass(frozen=True)
class DeploymentInfo:
    process: str
    number: int
    version: str
    definition: str
    deployed: dt.datetime

    @classmethod
    def of(cls, j: Json) -> DeploymentInfo:
        return cls(j["process"], j["number"], j["version"], j["definition"], instant(j["deployed"]))


@dataclass(frozen=True)
class IncidentInfo:
    id: str
    """Key of the incident, "i-17/9"."""
    instance: str
    case: str
    process: str
    node: str
    rule: str
    message: str
    raised: dt.datetime

    @classmethod
    def of(cls, j: Json) -> IncidentInfo:
        return cls(j["incident"], j["instance"], j["case"], j["process"], j["node"], j["rule"], j["message"], instant(j["raised"]))


@dataclass(frozen=True)
class TickReport:
    timers: int
    marks: int
    retries: int
    stale: int
    damaged: int
    """Things that could not be carried out because a row is damaged; each is an incident in the outbox."""
    worst_lateness: dt.timedelta
    next_due: dt.datetime | None
    put_off: int
    """Cases that have more due than one tick fires for one of them; the next tick goes on."""

    @classmethod
    def of(cls, j: Json) -> TickReport:
        late = span(j["worst_lateness_seconds"])
        return cls(j["timers"], j["marks"], j["retries"], j["stale"], j["damaged"], late, instant_or_none(j["next_due"]), j["put_off"])
