"""What the engine answers, as plain records. Instants are aware datetimes, spans of time timedeltas.

Written from engine/include/switchboard/records.hpp: change it there (HACKING.md says how).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from ._json import instant, instant_or_none, known, span

Json = dict[str, Any]

CaseState = Literal["active", "suspended", "completed", "cancelled"]
WorkKind = Literal["user", "service", "send"]
WorkState = Literal["offered", "claimed", "waiting_retry", "failed", "completed", "withdrawn", "suspended"]
ClockState = Literal["running", "paused", "met", "cancelled"]
BusinessUnit = Literal["bd", "bh", "h"]
OutboxKind = Literal["feedback", "escalation", "message", "incident"]
OutboxState = Literal["waiting", "delivered", "failed", "dropped"]
MessageState = Literal["waiting", "incident", "dropped"]
MessageEnd = Literal["incident", "discard"]
NameKind = Literal["clock", "message", "signal", "pending_calendar", "search"]
CalendarChange = Literal["as_changed", "recount", "from_now"]
ClockChange = Literal["extend", "void", "pause", "resume"]
ReceiptKind = Literal["delivered", "failed", "read", "signed"]


@dataclass(frozen=True)
class CaseInfo:
    """One case: an instance of a process."""

    instance: str
    """Id of the instance: `i-17`."""
    case: str
    """Case number."""
    process: str
    """Id of the process."""
    definition: str
    """Hash of the definition that it runs on."""
    customer: str
    """Customer number; empty when the process names none."""
    state: CaseState
    """Where it is in its life."""
    at: list[str]
    """Paths of the nodes with a token."""
    started: dt.datetime
    """When it began."""
    last: dt.datetime
    """When something happened last."""
    ended: dt.datetime | None
    """When it was completed or cancelled."""
    parent: str | None
    """Instance that called it."""
    kept_until: dt.datetime | None
    """Answer to a message for which nobody waits yet: it is kept until then, and all the rest is empty unless a case listened; null: of everything else."""
    receivers: int
    """Answer to a message that is for all who wait for it: how many cases and branches had it, of which this case is one; 0: of everything else."""
    organisation: str | None
    """Unit of the company that it belongs to; null: to the whole."""
    reopens: str | None
    """Instance of the case, ended before, that this one takes up again."""

    @classmethod
    def of(cls, j: Json) -> CaseInfo:
        return cls(
            instance=j["instance"],
            case=j["case"],
            process=j["process"],
            definition=j["definition"],
            customer=j["customer"],
            state=j["state"],
            at=j["at"],
            started=instant(j["started"]),
            last=instant(j["last"]),
            ended=instant_or_none(j["ended"]),
            parent=j["parent"],
            kept_until=instant_or_none(j["kept_until"]),
            receivers=j["receivers"],
            organisation=j["organisation"],
            reopens=j["reopens"],
        )


@dataclass(frozen=True)
class WorkInfo:
    """One piece of work, for people or for programs."""

    work: str
    """Id of the work: `i-17.5`."""
    instance: str
    """Instance that it belongs to."""
    case: str
    """Case number."""
    process: str
    """Id of the process."""
    node: str
    """Path of the node in its process."""
    name: str
    """Name of the node in the language of the engine."""
    kind: WorkKind
    """For people (user), or a job for programs."""
    state: WorkState
    """Where it is in its life; suspended while its case is."""
    topic: str
    """What a job is about; empty for work of people."""
    assignee: str | None
    """Who has claimed it."""
    groups: list[str]
    """Groups that may claim it."""
    form: list[str]
    """Case data to be filled in."""
    inputs: Json
    """What the task hands in; null when it hands in nothing."""
    priority: int
    """More is more urgent."""
    retries: int
    """How often it may still fail."""
    due: dt.datetime | None
    """When it should be done."""
    offered: dt.datetime
    """When it came up."""
    token: int
    """Number of the claim under which it is, or was last, held: what its holder shows; 0: never claimed."""
    lease_until: dt.datetime | None
    """From then on anybody may have the job; null: it is not held, or without an end."""
    damaged: str | None
    """What is wrong with its row in the database (SB0603): the fields besides ids, case and node are null then; null: nothing."""
    place: str
    """The node with the numbers of the repeated activities that it stands in: `house[2]/room[1]`; without any as `node`."""
    number: int
    """Number of the instance of the innermost of these, from 1; 0: nothing around it is repeated."""
    organisation: str | None
    """Unit of the company that it is offered to: its own, else that of the case; null: the whole."""
    documentation: str | None
    """What the process says about the task, in the language of the engine; null: nothing."""
    customer: str
    """Customer number of its case, in a list by promise; empty: the process names none."""
    about: str | None
    """In a list by promise: the first data of its case that its process declares `search: true`, as they are; null: there are none."""
    promise: str | None
    """In a list by promise: name of the clock of its case that breaks next, or is broken and open; null: there is none."""
    promise_due: dt.datetime | None
    """When that clock breaks; of one on hold: when it would if it went on now."""
    promise_left: dt.timedelta | None
    """Real time until then; negative when it is broken."""
    promise_on_hold: bool
    """That clock stands still and is not broken."""
    cursor: str | None
    """In a list by promise: as `cursor` of the question, the list goes on behind this work; null otherwise."""

    @classmethod
    def of(cls, j: Json) -> WorkInfo:
        return cls(
            work=j["work"],
            instance=j["instance"],
            case=j["case"],
            process=j["process"],
            node=j["node"],
            name=j["name"],
            kind=j["kind"],
            state=j["state"],
            topic=j["topic"],
            assignee=j["assignee"],
            groups=j["groups"],
            form=j["form"],
            inputs=j["inputs"] or {},
            priority=j["priority"],
            retries=j["retries"],
            due=instant_or_none(j["due"]),
            offered=known(instant, j["offered"]),
            token=j["token"],
            lease_until=instant_or_none(j["lease_until"]),
            damaged=j["damaged"],
            place=j["place"],
            number=j["number"],
            organisation=j["organisation"],
            documentation=j["documentation"],
            customer=j["customer"],
            about=j["about"],
            promise=j["promise"],
            promise_due=instant_or_none(j["promise_due"]),
            promise_left=known(span, j["promise_left_seconds"]),
            promise_on_hold=j["promise_on_hold"],
            cursor=j["cursor"],
        )


@dataclass(frozen=True)
class CountInfo:
    """How many cases a question finds, of one state, process or node."""

    key: str
    """The state, the process, or the path of the node; empty: all are counted as one, or the case stands nowhere (it is over)."""
    cases: int
    """How many."""

    @classmethod
    def of(cls, j: Json) -> CountInfo:
        return cls(
            key=j["key"],
            cases=j["cases"],
        )


@dataclass(frozen=True)
class FieldInfo:
    """One entry of the form of a work, as things stand: what a user interface needs to draw it."""

    name: str
    """Name of the data, and of the field in the result."""
    label: str
    """What people call it, in the language of the engine."""
    type: str
    """Type as the process language writes it: `string`, `date-time`, `document`, `list<number>`."""
    required: bool
    """Whether a result without it is refused (SB0534), as the data are now."""
    required_if: str | None
    """FEEL over data and the answers of this form that decides `required`; null: it does not change."""
    choices: Any
    """List of the values to choose from; null: any."""
    min: Any
    """Least value, or least length of a text or list; null: none."""
    max: Any
    """Greatest value, or greatest length; null: none."""
    value: Any
    """What the data are now."""
    hint: str | None
    """Help for who fills it in."""

    @classmethod
    def of(cls, j: Json) -> FieldInfo:
        return cls(
            name=j["name"],
            label=j["label"],
            type=j["type"],
            required=j["required"],
            required_if=j["required_if"],
            choices=j["choices"],
            min=j["min"],
            max=j["max"],
            value=j["value"],
            hint=j["hint"],
        )


@dataclass(frozen=True)
class Job(WorkInfo):
    """Work for a worker."""

    attempt: int
    """1 for the first try."""

    @classmethod
    def of(cls, j: Json) -> Job:
        return cls(
            work=j["work"],
            instance=j["instance"],
            case=j["case"],
            process=j["process"],
            node=j["node"],
            name=j["name"],
            kind=j["kind"],
            state=j["state"],
            topic=j["topic"],
            assignee=j["assignee"],
            groups=j["groups"],
            form=j["form"],
            inputs=j["inputs"] or {},
            priority=j["priority"],
            retries=j["retries"],
            due=instant_or_none(j["due"]),
            offered=known(instant, j["offered"]),
            token=j["token"],
            lease_until=instant_or_none(j["lease_until"]),
            damaged=j["damaged"],
            place=j["place"],
            number=j["number"],
            organisation=j["organisation"],
            documentation=j["documentation"],
            customer=j["customer"],
            about=j["about"],
            promise=j["promise"],
            promise_due=instant_or_none(j["promise_due"]),
            promise_left=known(span, j["promise_left_seconds"]),
            promise_on_hold=j["promise_on_hold"],
            cursor=j["cursor"],
            attempt=j["attempt"],
        )


@dataclass(frozen=True)
class ClockInfo:
    """One round of a promise clock."""

    case: str
    """Case number."""
    clock: str
    """Id of the clock in its process."""
    name: str
    """Name of the clock in the language of the engine."""
    process: str
    """Id of the process."""
    instance: str
    """Instance that it belongs to."""
    customer: str
    """Customer number; empty when the process names none."""
    state: ClockState
    """A clock that was stopped late is met and breached."""
    round: int
    """1 for the first; a clock that starts again begins another."""
    breached: bool
    """Its due instant has passed."""
    mean: bool
    """It promises an average, so no single case breaks it."""
    internal: bool
    """A target of the company, not promised to the customer."""
    provisional: bool
    """It is due beyond the published years of its calendar."""
    budget: str
    """How much time is promised, as written: `5 bd`."""
    started: dt.datetime
    """When the round began."""
    due: dt.datetime
    """When it breaks, pauses up to now counted in; of one on hold: when it would if it went on now."""
    original_due: dt.datetime
    """When it would have broken without pauses."""
    ended: dt.datetime | None
    """When it was met or cancelled."""
    elapsed_business: float
    """Time consumed, in `elapsed_unit`."""
    elapsed_unit: BusinessUnit
    """Working days or open hours of a promise in these alone; of all others hours of real time without pauses."""
    elapsed_working_days: float
    """Working days consumed; of a promise not in working days alone those since the start, pauses included (working days)."""
    elapsed_working: dt.timedelta
    """Open time consumed; of a promise not in working hours alone that since the start, pauses included."""
    elapsed_wall: dt.timedelta
    """Real time since the start, with pauses."""
    paused: dt.timedelta
    """Real time spent in pauses."""
    left: dt.timedelta
    """Real time until it is due; negative when it is overdue."""
    business_left: str | None
    """What is left of the promise in its own unit: `2.5 bd`, `-1.0 bh`; null where that says no more than `left`: real time, or a mixture of units."""
    percent: float
    """Share of the promise consumed (%)."""
    stage: str | None
    """Path of the node whose end or entry stops the clock."""
    lane: str | None
    """Lane of that node."""
    holders: list[str]
    """People or groups who have the work now."""
    source: str
    """Rule that the promise comes from: of the table's row that gave it, else of the clock."""
    unverified: str | None
    """What of the source nobody has checked."""
    table: str | None
    """Decision table that the promise was taken from when the round began."""
    row: int
    """Its row, from 1 in the order of the file; 0 when no row gave the promise."""
    edition: str | None
    """Edition of the source."""
    damaged: str | None
    """What is wrong with its row in the database (SB0603): the fields besides ids and case are null then; null: nothing."""
    changes: Any
    """What operators did to this round, in order: a list of `at`, `change` (extend, void, pause, resume), `amount` of an extension, `by`, `reason`, `due_before` and `due_after`; null when they did nothing."""
    on_hold: bool
    """It stands still and is not broken: it is not due before it goes on, and `due` moves with the pause."""
    organisation: str | None
    """Unit of the company that its case belongs to; null: to the whole."""

    @classmethod
    def of(cls, j: Json) -> ClockInfo:
        return cls(
            case=j["case"],
            clock=j["clock"],
            name=j["name"],
            process=j["process"],
            instance=j["instance"],
            customer=j["customer"],
            state=j["state"],
            round=j["round"],
            breached=j["breached"],
            mean=j["mean"],
            internal=j["internal"],
            provisional=j["provisional"],
            budget=j["budget"],
            started=known(instant, j["started"]),
            due=known(instant, j["due"]),
            original_due=known(instant, j["original_due"]),
            ended=instant_or_none(j["ended"]),
            elapsed_business=known(float, j["elapsed_business"]),
            elapsed_unit=j["elapsed_unit"],
            elapsed_working_days=known(float, j["elapsed_working_days"]),
            elapsed_working=known(span, j["elapsed_working_seconds"]),
            elapsed_wall=known(span, j["elapsed_wall_seconds"]),
            paused=known(span, j["paused_seconds"]),
            left=known(span, j["left_seconds"]),
            business_left=j["business_left"],
            percent=known(float, j["percent"]),
            stage=j["stage"],
            lane=j["lane"],
            holders=j["holders"],
            source=j["source"],
            unverified=j["unverified"],
            table=j["table"],
            row=j["row"],
            edition=j["edition"],
            damaged=j["damaged"],
            changes=j["changes"],
            on_hold=j["on_hold"],
            organisation=j["organisation"],
        )


@dataclass(frozen=True)
class OutboxInfo:
    """One record of the outbox: something that a customer or the company is to be told."""

    id: int
    """Number of the record in the database."""
    key: str
    """The same record always comes with the same key: whoever delivers it twice can tell."""
    kind: OutboxKind
    """What made it."""
    name: str
    """Name of the feedback, escalation or message."""
    state: OutboxState
    """Waiting until it is told; failed: tried in vain so often that an operator must decide (an incident); dropped: he gave it up."""
    instance: str
    """Instance that it comes from."""
    case: str
    """Case number."""
    process: str
    """Id of the process."""
    customer: str
    """Customer number; empty when the process names none."""
    body: Any
    """What is to be told."""
    created: dt.datetime
    """When it came up."""
    delivered: dt.datetime | None
    """When it was told."""
    attempts: int
    """How often it was tried, since it came up or an operator had it tried again."""
    error: str | None
    """Why the last attempt did not work; who dropped it, and why."""
    next_try: dt.datetime | None
    """From then on it may be tried, when those of its kind for this customer before it are through; null: it is over."""
    lease_until: dt.datetime | None
    """An adapter is telling it, and has it until then at most; null: nobody."""
    given_up: dt.datetime | None
    """When it failed for good, or was dropped."""
    damaged: str | None
    """What is wrong with its row in the database (SB0603): it cannot be told; null: nothing."""
    behind: int
    """Of one that waits: the record of its kind for this customer that goes out before it; 0: none."""
    receipts: Any
    """What the adapter heard since, in the order in which it came: a list of `kind` (delivered, failed, read, signed), `at`, `note`, `by`; null: nothing."""

    @classmethod
    def of(cls, j: Json) -> OutboxInfo:
        return cls(
            id=j["id"],
            key=j["key"],
            kind=j["kind"],
            name=j["name"],
            state=j["state"],
            instance=j["instance"],
            case=j["case"],
            process=j["process"],
            customer=j["customer"],
            body=j["body"],
            created=instant(j["created"]),
            delivered=instant_or_none(j["delivered"]),
            attempts=j["attempts"],
            error=j["error"],
            next_try=instant_or_none(j["next_try"]),
            lease_until=instant_or_none(j["lease_until"]),
            given_up=instant_or_none(j["given_up"]),
            damaged=j["damaged"],
            behind=j["behind"],
            receipts=j["receipts"],
        )


@dataclass(frozen=True)
class MessageInfo:
    """One message that came before anybody waited for it, and is kept."""

    message: str
    """Id of the message: `m-5`; its incident has the same."""
    name: str
    """Name of the message."""
    key: str
    """With which it finds who waits."""
    to_case: bool
    """It was sent to the case of a number, and the key is that number."""
    state: MessageState
    """Waiting until somebody waits for it; incident: its time was over, or who waited refused it, and an operator must decide; dropped: he gave it up."""
    instance: str | None
    """Instance that threw it; null: it came from outside."""
    arrived: dt.datetime
    """When it came."""
    until: dt.datetime
    """How long it is kept."""
    ends: MessageEnd
    """What becomes of it then: an incident, or nothing that anybody is told of."""
    payload: Any
    """What it carries."""
    request_id: str | None
    """Request id of whoever sent it."""
    rule: str | None
    """Of an incident: id of the rule, explained in docs/rules.md."""
    error: str | None
    """Of an incident: why; who dropped it, and why."""
    decided: dt.datetime | None
    """When it became an incident, or was dropped."""
    damaged: str | None
    """What is wrong with its row in the database (SB0603): nobody gets it; null: nothing."""

    @classmethod
    def of(cls, j: Json) -> MessageInfo:
        return cls(
            message=j["message"],
            name=j["name"],
            key=j["key"],
            to_case=j["to_case"],
            state=j["state"],
            instance=j["instance"],
            arrived=known(instant, j["arrived"]),
            until=known(instant, j["until"]),
            ends=j["ends"],
            payload=j["payload"],
            request_id=j["request_id"],
            rule=j["rule"],
            error=j["error"],
            decided=instant_or_none(j["decided"]),
            damaged=j["damaged"],
        )


@dataclass(frozen=True)
class RowInfo:
    """One version of a row of a register."""

    register_id: str
    """Id of the register."""
    key: str
    """Key of the row."""
    version: int
    """1 for the first version of this row; 0: another system has it."""
    fields: Json
    """Every field with its value, null when nothing is known; a counter as it stood at `at`, or stands now."""
    at: dt.datetime
    """When it became so; of another system: now."""
    instance: str | None
    """Instance of the case that made it so; null: it came from outside."""
    by: str | None
    """Who gave it, from outside."""
    damaged: str | None
    """What is wrong with its row in the database (SB0603): its fields are not known; null: nothing."""

    @classmethod
    def of(cls, j: Json) -> RowInfo:
        return cls(
            register_id=j["register_id"],
            key=j["key"],
            version=j["version"],
            fields=j["fields"] or {},
            at=known(instant, j["at"]),
            instance=j["instance"],
            by=j["by"],
            damaged=j["damaged"],
        )


@dataclass(frozen=True)
class HistoryInfo:
    """One entry of a case's history."""

    sequence: int
    """Its number in the case, from 1."""
    at: dt.datetime
    """When it happened."""
    event: str
    """What happened: `element-entered`."""
    details: Json
    """Ids and values of what happened."""
    text: str | None
    """The same as a sentence in the language of the engine, with the names that the process declares, in an answer of `history`; what was before is known when it begins with the first entry; null: nothing that a reader needs."""

    @classmethod
    def of(cls, j: Json) -> HistoryInfo:
        return cls(
            sequence=j["sequence"],
            at=instant(j["at"]),
            event=j["event"],
            details=j["details"] or {},
            text=j["text"],
        )


@dataclass(frozen=True)
class IncidentInfo:
    """One incident: what failed while a case ran, and waits for an operator."""

    incident: str
    """Id of the incident: `i-17.9`; `o-5` is about record 5 of the outbox, which could not be told; `m-5` about message 5, which nobody took."""
    instance: str
    """Instance that it belongs to."""
    case: str
    """Case number."""
    process: str
    """Id of the process."""
    node: str
    """Path of the node where the token rests; empty when it is about a record of the outbox."""
    rule: str
    """Id of the rule that was broken, explained in docs/rules.md."""
    message: str
    """What went wrong."""
    raised: dt.datetime
    """When it was raised."""
    damaged: str | None
    """What is wrong with the case in the database (SB0603): its incidents are not known, and the fields besides ids and case are null; null: nothing."""
    place: str
    """The node with the numbers of the repeated activities that it stands in: `house[2]/room[1]`; without any as `node`."""
    number: int
    """Number of the instance of the innermost of these, from 1; 0: nothing around it is repeated."""
    organisation: str | None
    """Unit of the company that its case belongs to; null: to the whole."""

    @classmethod
    def of(cls, j: Json) -> IncidentInfo:
        return cls(
            incident=j["incident"],
            instance=j["instance"],
            case=j["case"],
            process=j["process"],
            node=j["node"],
            rule=j["rule"],
            message=j["message"],
            raised=known(instant, j["raised"]),
            damaged=j["damaged"],
            place=j["place"],
            number=j["number"],
            organisation=j["organisation"],
        )


@dataclass(frozen=True)
class DeploymentInfo:
    """One deployed version of a process."""

    process: str
    """Id of the process."""
    number: int
    """1 for the first deployment of this process."""
    version: str
    """The designer's tag; may be empty."""
    definition: str
    """Hash of its content: the same content is the same definition."""
    deployed: dt.datetime
    """When it was deployed."""
    base: str | None
    """Of an overlay, as `deployments` answers: the process that lies at the bottom of it, as which its cases count; null: it is none."""

    @classmethod
    def of(cls, j: Json) -> DeploymentInfo:
        return cls(
            process=j["process"],
            number=j["number"],
            version=j["version"],
            definition=j["definition"],
            deployed=instant(j["deployed"]),
            base=j["base"],
        )


@dataclass(frozen=True)
class ResourceInfo:
    """A calendar, a decision table, a register or the tree of organisations of the database."""

    kind: str
    """Calendar, decision, register or organisations."""
    id: str
    """Its id."""
    file: str
    """The file that it was stored from."""
    stored: dt.datetime
    """When this text of it was stored."""
    by_hand: bool
    """Somebody gave this very text: a folder of processes does not take its place."""
    used_by: list[str]
    """Processes whose latest deployment uses this text."""
    older_in: list[str]
    """Processes whose latest deployment still has an older text of the table or register, until they are deployed again."""

    @classmethod
    def of(cls, j: Json) -> ResourceInfo:
        return cls(
            kind=j["kind"],
            id=j["id"],
            file=j["file"],
            stored=instant(j["stored"]),
            by_hand=j["by_hand"],
            used_by=j["used_by"],
            older_in=j["older_in"],
        )


@dataclass(frozen=True)
class OrganisationInfo:
    """One unit of the company."""

    organisation: str
    """Its id."""
    parent: str | None
    """The unit above it; null: it is the root."""
    name: str
    """What people call it, in the language of the engine."""
    level: str | None
    """What such a unit is: `county`; null: the tree does not say."""
    calendar: str | None
    """The calendar that it works by: its own, else that of the nearest unit above; null: none is named."""
    path: list[str]
    """Units from the root down to this one."""

    @classmethod
    def of(cls, j: Json) -> OrganisationInfo:
        return cls(
            organisation=j["organisation"],
            parent=j["parent"],
            name=j["name"],
            level=j["level"],
            calendar=j["calendar"],
            path=j["path"],
        )


@dataclass(frozen=True)
class TickReport:
    """What one tick did."""

    timers: int
    """Timers fired."""
    marks: int
    """Marks of clocks that fired."""
    retries: int
    """Failed jobs that are offered again."""
    stale: int
    """Things that were over before they were due."""
    damaged: int
    """Things that could not be carried out because a row is damaged; each is an incident in the outbox."""
    put_off: int
    """Cases and timer start events that have more due than one tick fires for one of them; the next tick goes on."""
    rederived: int
    """Cases that a calendar moved which became another; the next tick goes on with those that are left."""
    kept: int
    """Messages that were kept until their time was over."""
    worst_lateness: dt.timedelta
    """How long the latest of them had been due."""
    next_due: dt.datetime | None
    """When the next thing is due."""
    listener_threw: int
    """Exceptions of listeners since the last tick."""

    @classmethod
    def of(cls, j: Json) -> TickReport:
        return cls(
            timers=j["timers"],
            marks=j["marks"],
            retries=j["retries"],
            stale=j["stale"],
            damaged=j["damaged"],
            put_off=j["put_off"],
            rederived=j["rederived"],
            kept=j["kept"],
            worst_lateness=span(j["worst_lateness_seconds"]),
            next_due=instant_or_none(j["next_due"]),
            listener_threw=j["listener_threw"],
        )


@dataclass(frozen=True)
class PruneReport:
    """What `prune` took away."""

    requests: int
    """Answers kept for repeated requests."""
    outbox: int
    """Records of the outbox that were delivered or dropped."""

    @classmethod
    def of(cls, j: Json) -> PruneReport:
        return cls(
            requests=j["requests"],
            outbox=j["outbox"],
        )


@dataclass(frozen=True)
class ImportReport:
    """What an import of rows of a register did."""

    written: int
    """Rows that are new or became others."""
    unchanged: int
    """Rows that were so already: no new version of them."""
    refused: int
    """Rows that do not fit the register; the others are written all the same."""
    errors: list[str]
    """Why, each with the number of its row, from 1: `row 17: ...`; the first 1,000."""

    @classmethod
    def of(cls, j: Json) -> ImportReport:
        return cls(
            written=j["written"],
            unchanged=j["unchanged"],
            refused=j["refused"],
            errors=j["errors"],
        )
