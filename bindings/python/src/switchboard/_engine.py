"""The engine. Every method is one function of the C binding; switchboard.h is the contract."""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import logging
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Optional, TypeVar, Union

from . import _json
from ._errors import BpmnError, Finding, NotFoundError, UsageError, wrong_argument
from ._library import ClockFunction, ProgressFunction, TextFunction, WorkFunction, call, call_text, library, text, whole
from ._records import (
    CaseInfo,
    CaseState,
    ClockInfo,
    CalendarChange,
    ClockChange,
    ClockState,
    CountInfo,
    DeploymentInfo,
    HistoryInfo,
    FieldInfo,
    ImportReport,
    IncidentInfo,
    Job,
    MessageInfo,
    MessageState,
    NameKind,
    OrganisationInfo,
    OutboxInfo,
    OutboxState,
    ReceiptKind,
    PruneReport,
    ResourceInfo,
    RowInfo,
    TickReport,
    WorkInfo,
    WorkState,
)

Data = Mapping[str, Any]
Groups = Optional[Iterable[str]]
Clock = Callable[[], dt.datetime]
"""Tells the time as an aware datetime."""
Worker = Callable[[Job], Optional[Data]]
"""Does a job and returns what its task takes. An exception is a failure of the job; BpmnError is an error that the process models."""
Adapter = Callable[[OutboxInfo], None]
"""Tells one outbox record to the world. An exception means that it did not work and is to be tried again."""
Listener = Callable[[CaseInfo, list[HistoryInfo]], None]
"""Told after every durable command, in commit order. It may look and command; what it raises is logged."""

RegisterSource = Callable[[str, str], Any]
"""Gives the row of a register (first its id, then the key) as a mapping; None: it has no such row; NotImplemented: it does not have this register."""

_AnyWorker = TypeVar("_AnyWorker", bound=Worker)
_AnyListener = TypeVar("_AnyListener", bound=Listener)
_PathLike = Union[str, "os.PathLike[str]"]

_log = logging.getLogger("switchboard")
_epoch = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_cannot_tell = -(2**63)


def open(
    path: _PathLike | None = None,
    *,
    processes: _PathLike | None = None,
    clock: Clock | None = None,
    language: str = "",
    zone: str = "UTC",
    create: bool = True,
    full_sync: bool = True,
    read_only: bool = False,
    busy_timeout: dt.timedelta = dt.timedelta(seconds=10),
    force_clock: bool = False,
    accept_loss: bool = False,
) -> Engine:
    """Opens an engine on the SQLite file `path`, or in memory without one.

    `processes` is the folder of processes, calendars and tables, which must be there; `clock` replaces the system's; `language` is that of names
    shown, "zh" or "en"; `zone` is the IANA zone of the datetimes in answers; `create` makes a missing file; `full_sync` survives loss of power, not
    only a crash; `busy_timeout` is how long a command waits for another process that writes to the same file; `force_clock` takes what the clock says
    also when that is more than 366 days after the latest instant recorded (else SB0559); `accept_loss` opens a database whose log is damaged, without
    the transactions behind the damage (else SB0618).
    """
    options = {
        "language": language,
        "zone": zone,
        "create": create,
        "full_sync": full_sync,
        "read_only": read_only,
        "busy_timeout_seconds": busy_timeout.total_seconds(),
        "force_clock": force_clock,
        "accept_loss": accept_loss,
    }
    if path is not None:
        options["database"] = _path(path, "path")
    if processes is not None:
        options["processes"] = _path(processes, "processes")
    return Engine(options, clock)


def _close(handle: int, keep_alive: object) -> None:
    """Not a method: must not keep the engine alive. `keep_alive` is what C still points to until here."""
    call_text("sb_close", handle)


def _moment(moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone: use an aware datetime")
    return moment.isoformat()


def _id(thing: object, name: str) -> bytes:
    if isinstance(thing, CaseInfo):
        return text(thing.instance, name)
    if isinstance(thing, WorkInfo):
        return text(thing.work, name)
    return text(thing.incident if isinstance(thing, IncidentInfo) else thing, name)


def _path(given: object, name: str) -> str:
    """A path as a text; that there is something under it is seen by whoever opens it."""
    if not isinstance(given, (str, os.PathLike)):
        raise wrong_argument(name, "a path", given)
    return os.fsdecode(given)


def _names_a_file(given: str) -> bool:
    """Whether a text of one line is the path of a YAML file rather than YAML: by its ending, or because the file is there."""
    if not given or "\n" in given or "\0" in given:
        return False
    return given.endswith((".yaml", ".yml")) or os.path.isfile(given)


def _existing(path: str) -> str:
    if os.path.exists(path):
        return path
    raise NotFoundError(f"{path}: there is no such file [SB0100] - check the path", id="SB0100", message="there is no such file", place=path,
                        hint="check the path")  # fmt: skip


def _object(data: Data | None) -> bytes | None:
    return None if data is None else _json.dumps(data).encode()


def _find(**filters: Any) -> bytes:
    given = {key: value for key, value in filters.items() if value is not None and value is not False and value != ""}
    return _json.dumps(given).encode()


_States = Optional[Union[CaseState, Iterable[CaseState]]]


def _states(given: _States) -> str:
    if given is None:
        return ""
    return given if isinstance(given, str) else ",".join(given)


def _key(by: str) -> bytes:
    return text(by, "by")


def _seconds(given: object, name: str) -> float:
    seconds = given.total_seconds() if isinstance(given, dt.timedelta) else given
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise wrong_argument(name, "a number of seconds or a timedelta", given)
    return float(seconds)


def _caller(by: str, groups: Groups, organisation: str, request_id: str, token: int = 0, reason: str = "") -> bytes:
    for name, value in (("by", by), ("organisation", organisation), ("request_id", request_id), ("reason", reason)):
        text(value, name)
    if isinstance(groups, str):
        raise wrong_argument("groups", "a list of texts", groups)
    caller: dict[str, object] = {"by": by, "groups": None if groups is None else list(groups), "organisation": organisation, "request_id": request_id}
    if token != 0:
        caller["token"] = whole(token, "token")
    if reason:
        caller["reason"] = reason
    return _json.dumps(caller).encode()


class _Callbacks:
    """What C calls back. An exception that may not be swallowed waits here until the call into C has returned."""

    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock
        self._local = threading.local()
        self._c_listener: object = None
        self.c_clock = ClockFunction(self._tell) if clock else ClockFunction()

    def _tell(self, _user: object) -> int:
        try:
            assert self._clock is not None
            now = self._clock()
            if now.tzinfo is None:
                raise ValueError(f"the clock gave {now!r} without a time zone: use an aware datetime")
            return (now - _epoch) // dt.timedelta(microseconds=1)
        except BaseException as e:
            self._local.raised = e
            return _cannot_tell

    def worker(self, handler: Worker) -> Any:
        def run(_user: object, job: bytes, reply: int) -> None:
            try:
                result = handler(Job.of(_json.loads(job.decode())))
                library.sb_reply_ok(reply, _object(result))
            except BpmnError as e:
                self._models_error(e, reply)
            except BaseException as e:
                self._failed(e, reply, "a worker failed")

        return WorkFunction(run)

    def adapter(self, adapter: Adapter) -> Any:
        def run(_user: object, record: bytes, reply: int) -> None:
            if getattr(self._local, "raised", None) is not None:
                library.sb_reply_fail(reply, b"not tried: the delivery was interrupted")
                return
            try:
                adapter(OutboxInfo.of(_json.loads(record.decode())))
                library.sb_reply_ok(reply, None)
            except BaseException as e:
                self._failed(e, reply, "an outbox adapter failed")

        return WorkFunction(run)

    def source(self, source: RegisterSource) -> Any:
        def run(_user: object, question: bytes, reply: int) -> None:
            try:
                asked = _json.loads(question.decode())
                row = source(asked["register_id"], asked["key"])
                if row is NotImplemented:
                    library.sb_reply_error(reply, b"not-mine", b"")
                elif row is None:
                    library.sb_reply_error(reply, b"no-row", b"")
                else:
                    library.sb_reply_ok(reply, _object(row))
            except BaseException as e:
                self._failed(e, reply, "a source of registers failed")

        return WorkFunction(run)

    def listener(self, listener: Listener) -> Any:
        def run(_user: object, change: bytes) -> None:
            try:
                told = _json.loads(change.decode())
                listener(CaseInfo.of(told["case"]), [HistoryInfo.of(entry) for entry in told["history"]])
            except Exception:
                _log.exception("a listener failed")
            except BaseException as e:
                self._local.raised = e

        return TextFunction(run)

    def _models_error(self, e: BpmnError, reply: int) -> None:
        try:
            code, message = text(e.code, "code"), text(e.message, "message")
        except Exception as unfit:  # no text, or one with a zero byte
            self._failed(unfit, reply, f"a worker raised a BpmnError that cannot be told: code {e.code!r}, message {e.message!r}")
        else:
            library.sb_reply_error(reply, code, message)

    def _failed(self, e: BaseException, reply: int, what: str) -> None:
        why = f"{type(e).__name__}: {e}".encode(errors="replace").replace(b"\0", b" ")
        library.sb_reply_fail(reply, why)
        if isinstance(e, Exception):
            _log.error(what, exc_info=e)
        else:  # KeyboardInterrupt, SystemExit
            self._local.raised = e

    def raise_waiting(self) -> None:
        raised: BaseException | None = getattr(self._local, "raised", None)
        if raised is not None:
            self._local.raised = None
            raise raised


class Engine:
    """An open engine; made by `switchboard.open`. A context manager. Usable from several threads."""

    def __init__(self, options: Data, clock: Clock | None) -> None:
        self._callbacks = _Callbacks(clock)
        self._workers: dict[str, Worker] = {}
        self._listeners: dict[Listener, list[int]] = {}
        self._keep_alive: list[object] = [self._callbacks]
        handle = ctypes.c_void_p()
        try:
            call_text("sb_open", _object(options), self._callbacks.c_clock, None, ctypes.byref(handle))
            self._handle = handle.value
            self._finalizer = weakref.finalize(self, _close, handle.value or 0, self._keep_alive)
        finally:
            self._callbacks.raise_waiting()  # of the clock

    def close(self) -> None:
        """Closes the engine; closing twice is harmless. Waits for calls on other threads, unless called in a callback of this engine."""
        self._finalizer()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _call(self, name: str, *arguments: Any) -> Any:
        try:
            return call(name, self._handle, *arguments)
        finally:
            self._callbacks.raise_waiting()

    # ---- deploying

    def deploy(self, yaml: _PathLike, file: str = "") -> DeploymentInfo:
        """Compiles and stores one process: its text, or the path of its file. One line that ends in .yaml or .yml is a path."""
        source, name = self._source(yaml, file)
        return DeploymentInfo.of(self._call("sb_deploy", source, name))

    def deploy_together(self, processes: Iterable[_PathLike]) -> list[DeploymentInfo]:
        """The same for several that belong together, which may call each other in a ring: all of them or none."""
        sources = [self._source(one, "") for one in processes]
        texts = [{"yaml": yaml.decode(), "file": file.decode()} for yaml, file in sources]
        return [DeploymentInfo.of(d) for d in self._call("sb_deploy_together", _json.dumps(texts).encode())]

    def deploy_process(self, process: str) -> DeploymentInfo:
        """Deploys a process of the processes folder, and those it calls."""
        return DeploymentInfo.of(self._call("sb_deploy_process", text(process, "process")))

    def add_resource(self, yaml: _PathLike, file: str = "", change: CalendarChange = "as_changed") -> None:
        """A calendar or decision table, which no folder takes the place of: its text, or the path of its file, as in `deploy`. `change`: how open
        cases follow a calendar that was another before; `tick` carries it out, some cases with each call."""
        source, name = self._source(yaml, file)
        if change == "as_changed":
            self._call("sb_add_resource", source, name)
        else:
            self._call("sb_change_calendar", source, name, text(change, "change"))

    def deployments(self) -> list[DeploymentInfo]:
        return [DeploymentInfo.of(d) for d in self._call("sb_deployments")]

    def resources(self) -> list[ResourceInfo]:
        """Calendars and decision tables, and which of the latest deployments use them."""
        return [ResourceInfo.of(r) for r in self._call("sb_resources")]

    def organisations(self) -> list[OrganisationInfo]:
        """The units of the company, each after the one above it; none when no tree is deployed."""
        return [OrganisationInfo.of(o) for o in self._call("sb_organisations")]

    @staticmethod
    def _source(yaml: object, file: str) -> tuple[bytes, bytes]:
        if isinstance(yaml, os.PathLike) or isinstance(yaml, str) and _names_a_file(yaml):
            path = _existing(_path(yaml, "yaml"))
            return text(Path(path).read_text(encoding="utf-8"), "yaml"), text(file or path, "file")
        return text(yaml, "yaml"), text(file, "file")

    # ---- commands. Of the caller: `by` is who does it, as it stands in the history; `groups` are those that `by` is in: one of them must be among the
    # work's to claim it, and to complete or fail it while nobody has it (None: the program has seen to it); `request_id` makes a repeated call
    # harmless; `organisation` is kept for later.

    def start(
        self, process: str, data: Data | None = None, *, case: str = "", start_event: str = "", version: str = "",
        by: str = "", groups: Groups = None, organisation: str = "", request_id: str = "",
    ) -> CaseInfo:  # fmt: skip
        """Starts a case. `request_id`, here and below, makes a repeated call harmless."""
        options = _find(case=case, start_event=start_event, version=version)
        caller = _caller(by, groups, organisation, request_id)
        return CaseInfo.of(self._call("sb_start", text(process, "process"), _object(data), options, caller))

    def complete(
        self, work: str | WorkInfo, result: Data | None = None, *, by: str = "", groups: Groups = None, organisation: str = "",
        request_id: str = "", token: int = 0, reason: str = "",
    ) -> CaseInfo:  # fmt: skip
        """Completes work with what its task takes. `token`: of the claim under which it is held, as `fetch` answered."""
        caller = _caller(by, groups, organisation, request_id, token, reason)
        return CaseInfo.of(self._call("sb_complete", _id(work, "work"), _object(result), caller))

    def claim(
        self, work: str | WorkInfo, by: str, *, groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> WorkInfo:
        """Takes work for `by`. With `groups`, one of them must be among the work's."""
        return WorkInfo.of(self._call("sb_claim", _id(work, "work"), _caller(by, groups, organisation, request_id)))

    def extend(
        self, work: str | WorkInfo, lease: float | dt.timedelta, *, token: int, by: str = "", groups: Groups = None, organisation: str = "",
        request_id: str = "",
    ) -> WorkInfo:  # fmt: skip
        """The claim of that token lasts until `lease` (seconds, or a timedelta) from now, by the engine's clock."""
        caller = _caller(by, groups, organisation, request_id, token)
        return WorkInfo.of(self._call("sb_extend", _id(work, "work"), _seconds(lease, "lease"), caller))

    def release(
        self, work: str | WorkInfo, by: str, *, reason: str = "", groups: Groups = None, organisation: str = "", request_id: str = "", token: int = 0
    ) -> WorkInfo:
        """Gives claimed work back. Who takes it away from somebody else gives a `reason`."""
        return WorkInfo.of(self._call("sb_release", _id(work, "work"), _caller(by, groups, organisation, request_id, token, reason)))

    def assign(
        self, work: str | WorkInfo, person: str, *, reason: str, by: str, groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> WorkInfo:
        """A supervisor (`by`) gives the work to a person, whoever had it, for a `reason` that stands in the history."""
        words = (text(person, "person"), text(reason, "reason"))
        return WorkInfo.of(self._call("sb_assign", _id(work, "work"), *words, _caller(by, groups, organisation, request_id)))

    def move(
        self, instance: str | CaseInfo, to: str, *, reason: str, by: str, groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """A case comes to another unit of the company, `to`, for a `reason` that stands in the history. `organisation`: that `by` acts for."""
        words = (text(to, "to"), text(reason, "reason"))
        return CaseInfo.of(self._call("sb_move", _id(instance, "instance"), *words, _caller(by, groups, organisation, request_id)))

    def move_work(
        self, work: str | WorkInfo, to: str, *, reason: str, by: str, groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> WorkInfo:
        """The same for one work of a person, whose case stays where it is."""
        words = (text(to, "to"), text(reason, "reason"))
        return WorkInfo.of(self._call("sb_move_work", _id(work, "work"), *words, _caller(by, groups, organisation, request_id)))

    def fail(
        self, work: str | WorkInfo, message: str, *, error: str = "", retries: int | None = None, retry_at: dt.datetime | None = None,
        by: str = "", groups: Groups = None, organisation: str = "", request_id: str = "", token: int = 0,
    ) -> CaseInfo:  # fmt: skip
        """Work that failed; `error` is the code of a BPMN error, without it the work is tried again while it has retries.

        `retries`: how many are left, `retry_at`: when it is tried again; left out: one less than before, after the task's back-off.
        """
        failure: dict[str, Any] = {"message": message, "error": error}
        for name, value in failure.items():
            text(value, name)
        if retries is not None:
            failure["retries"] = retries
        if retry_at is not None:
            failure["retry_at"] = _moment(retry_at)
        caller = _caller(by, groups, organisation, request_id, token)
        return CaseInfo.of(self._call("sb_fail", _id(work, "work"), _json.dumps(failure).encode(), caller))

    def message(
        self, name: str, correlation: str, payload: Data | None = None, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """A message for the case that waits for it; `correlation` is usually the case number. It may start a case.

        Where nobody waits yet and the process keeps such messages, `kept_until` of the answer says until when.
        """
        return CaseInfo.of(self._send("sb_message", name, text(correlation, "correlation"), payload, _caller(by, groups, organisation, request_id)))

    def message_to_case(
        self, name: str, case: str, payload: Data | None = None, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """A message for the case of that number, whatever key it waits with; where no case of that number waits, the number is the key."""
        return CaseInfo.of(self._send("sb_message_to_case", name, text(case, "case"), payload, _caller(by, groups, organisation, request_id)))

    def signal(
        self, name: str, payload: Data | None = None, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> int:
        """A signal for everybody who waits for it; returns how many cases got it."""
        return int(self._call("sb_signal", text(name, "name"), _object(payload), _caller(by, groups, organisation, request_id))["count"])

    def cancel(
        self, instance: str | CaseInfo, reason: str, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Ends a case before its time."""
        return CaseInfo.of(self._call("sb_cancel", _id(instance, "instance"), text(reason, "reason"), _caller(by, groups, organisation, request_id)))

    def suspend(
        self, instance: str | CaseInfo, reason: str, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Holds a case: it takes only data, resume and cancel. Its clocks run on."""
        return CaseInfo.of(self._call("sb_suspend", _id(instance, "instance"), text(reason, "reason"), _caller(by, groups, organisation, request_id)))

    def resume(
        self, instance: str | CaseInfo, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Lets a suspended case go on."""
        return CaseInfo.of(self._call("sb_resume", _id(instance, "instance"), _caller(by, groups, organisation, request_id)))

    def suspend_with_called(
        self, instance: str | CaseInfo, reason: str, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> list[CaseInfo]:
        """Holds a case with the open cases that it called, and those that these called; all of them, as they stand then. Repeated, it does what is left."""
        caller = _caller(by, groups, organisation, request_id)
        return [CaseInfo.of(one) for one in self._call("sb_suspend_with_called", _id(instance, "instance"), text(reason, "reason"), caller)]

    def resume_with_called(
        self, instance: str | CaseInfo, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> list[CaseInfo]:
        """Lets a case go on with the suspended cases that it called, and those that these called."""
        caller = _caller(by, groups, organisation, request_id)
        return [CaseInfo.of(one) for one in self._call("sb_resume_with_called", _id(instance, "instance"), caller)]

    def set_data(
        self, instance: str | CaseInfo, data: Data, *, by: str = "", reason: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Corrects case data; what `data` does not name stays. Data that only the process sets need `by` and `reason` (SB0533)."""
        caller = _caller(by, groups, organisation, request_id, reason=reason)
        return CaseInfo.of(self._call("sb_set_data", _id(instance, "instance"), _object(data), caller))

    def correct(
        self, instance: str | CaseInfo, data: Data, *, by: str, reason: str, groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Corrects what was recorded of a case that has ended: each value stands in its history with the one before, and nothing follows from it."""
        caller = _caller(by, groups, organisation, request_id, reason=reason)
        return CaseInfo.of(self._call("sb_correct", _id(instance, "instance"), _object(data), caller))

    def reopen(
        self, instance: str | CaseInfo, data: Data | None = None, *, by: str, reason: str, case: str = "", start_event: str = "", version: str = "",
        groups: Groups = None, organisation: str = "", request_id: str = "",
    ) -> CaseInfo:  # fmt: skip
        """Takes a case that has ended up again: a new one of its process with its data, and `data` in their place, that `reopens` it."""
        options = _find(case=case, start_event=start_event, version=version)
        caller = _caller(by, groups, organisation, request_id, reason=reason)
        return CaseInfo.of(self._call("sb_reopen", _id(instance, "instance"), _object(data), options, caller))

    def resolve(
        self, incident: str | IncidentInfo, data: Data | None = None, *, by: str = "", reason: str = "", groups: Groups = None, organisation: str = "",
        request_id: str = "",
    ) -> CaseInfo:  # fmt: skip
        """Repairs an incident: sets `data` first, then goes on where the case stopped. A record that could not be told ("o-5") is tried again at once.

        A message that nobody took in time ("m-5") is kept once more.
        """
        caller = _caller(by, groups, organisation, request_id, reason=reason)
        return CaseInfo.of(self._call("sb_resolve", _id(incident, "incident"), _object(data), caller))

    def receipt(
        self, record: str | int | OutboxInfo, kind: ReceiptKind, at: dt.datetime | str | None = None, note: str = "", *, by: str = "",
        groups: Groups = None, organisation: str = "", request_id: str = "",
    ) -> OutboxInfo:  # fmt: skip
        """What the adapter hears of a record that it has told: "delivered", "failed", "read" or "signed". Each kind counts once, with any request id.

        `record` is the OutboxInfo, its number or "o-5". When the feedback names a message for its receipts, that goes to the case.
        """
        number = record.id if isinstance(record, OutboxInfo) else record
        name = f"o-{number}" if isinstance(number, int) else text(number, "record")
        moment = "" if at is None else at if isinstance(at, str) else _moment(at)
        words = (text(kind, "kind"), text(moment, "at"), text(note, "note"))
        return OutboxInfo.of(self._call("sb_receipt", name, *words, _caller(by, groups, organisation, request_id)))

    def drop(
        self, incident: str | IncidentInfo, reason: str = "", *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Gives up what an incident keeps aside (a message, a signal, a call, the answer to a caller); a caller that waits hears that its call failed.

        A record that could not be told ("o-5") never will be, and nobody gets a message that is kept, or was ("m-5").
        """
        return CaseInfo.of(self._call("sb_drop", _id(incident, "incident"), text(reason, "reason"), _caller(by, groups, organisation, request_id)))

    def change_clock(
        self, instance: str | CaseInfo, clock: str, change: ClockChange, amount: str = "", *, reason: str, by: str, groups: Groups = None,
        organisation: str = "", request_id: str = "",
    ) -> CaseInfo:  # fmt: skip
        """An operator changes the open round of a clock: "extend" (by `amount`, e.g. "2 bd"), "void", "pause" or "resume".

        `reason` and `by` stay visible in `changes` of the clock and in the history. SB0513 when the clock cannot be changed so.
        """
        words = (text(clock, "clock"), text(change, "change"), text(amount, "amount"), text(reason, "reason"))
        return CaseInfo.of(self._call("sb_change_clock", _id(instance, "instance"), *words, _caller(by, groups, organisation, request_id)))

    def begin_activity(
        self, instance: str | CaseInfo, activity: str, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """Somebody begins an activity of an open ad-hoc sub-process once more. SB0516 when it cannot begin now, or in several places.

        `activity` is its id or path; in a repeated one the path with the numbers of the instances that it stands in (`review[2]/look`).
        """
        caller = _caller(by, groups, organisation, request_id)
        return CaseInfo.of(self._call("sb_begin_activity", _id(instance, "instance"), text(activity, "activity"), caller))

    def rederive(
        self, instance: str | CaseInfo, reason: str, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> CaseInfo:
        """A calendar changed: derives the open due instants of the case again."""
        return CaseInfo.of(self._call("sb_rederive", _id(instance, "instance"), text(reason, "reason"), _caller(by, groups, organisation, request_id)))

    def _send(self, function: str, name: str, key: bytes, payload: Data | None, caller: bytes) -> Any:
        return self._call(function, text(name, "name"), key, _object(payload), caller)

    # ---- time, work, outbox

    def tick(self, limit: int = 1000) -> TickReport:
        """Fires what is due now, at most `limit` things, in order of due."""
        return TickReport.of(self._call("sb_tick", whole(limit, "limit")))

    def fetch(
        self, worker: str, topics: Iterable[str], most: int = 1, *, lease: float | dt.timedelta | None = None, wait: float | dt.timedelta = 0
    ) -> list[Job]:
        """Jobs of `topics` for `worker`, at most `most`, claimed for it in one transaction: the more urgent first, then the older.

        `lease`: how long it may have them, by the engine's clock; left out: the task's timeout, or five minutes. `wait`: how long to wait for a job
        when there is none, in real time. Show the `token` of a job when it is completed, failed, extended or released.
        """
        if isinstance(topics, str):
            raise wrong_argument("topics", "a list of texts", topics)
        request: dict[str, Any] = {"worker": worker, "topics": list(topics), "most": whole(most, "most")}
        if lease is not None:
            request["lease_seconds"] = _seconds(lease, "lease")
        request["wait_seconds"] = _seconds(wait, "wait")
        return [Job.of(one) for one in self._call("sb_fetch", _json.dumps(request).encode())]

    def jobs(
        self, worker: str, topics: Iterable[str], *, lease: float | dt.timedelta | None = None, wait: float | dt.timedelta = 1
    ) -> Iterator[Job]:
        """Fetches jobs one by one, for ever: the loop of a worker. Ends when the engine is closed, in another thread or in the loop."""
        wanted = [topics] if isinstance(topics, str) else list(topics)
        while True:
            try:
                found = self.fetch(worker, wanted, 1, lease=lease, wait=wait)
            except UsageError as e:
                if e.id == "SB1101":
                    return
                raise
            yield from found

    def wait(
        self, most: float | dt.timedelta, *, topics: Iterable[str] = (), instance: str | CaseInfo = "", after: int = 0, outbox: bool = False,
        outbox_after: int = 0,
    ) -> bool:  # fmt: skip
        """Waits, in real time, until there is a job of `topics`, an entry of the case behind `after`, or a record in the outbox; whether there is."""
        interest: dict[str, Any] = {"topics": list(topics), "after": after, "outbox": outbox, "outbox_after": outbox_after}
        if instance:
            interest["instance"] = _id(instance, "instance").decode()
        return bool(self._call("sb_wait", _json.dumps(interest).encode(), _seconds(most, "most"))["there"])

    def stop_waiting(self) -> None:
        """Wakes all who wait in `fetch`, `jobs` or `wait`; from now on these look once and do not wait."""
        self._call("sb_stop_waiting")

    def worker(self, topic: str) -> Callable[[_AnyWorker], _AnyWorker]:
        """Decorator: this function does the jobs of `topic` when `work_off` is called."""

        def register(handler: _AnyWorker) -> _AnyWorker:
            self._workers[topic] = handler
            return handler

        return register

    def work_off(self, topic: str = "", limit: int = 1000) -> int:
        """Runs open jobs of `topic`, or of every registered topic, at most `limit` of each; returns how many.

        An exception in a worker is a failure of its job, logged to the logger "switchboard"; only KeyboardInterrupt and the like come out here.
        """
        if topic and topic not in self._workers:
            raise LookupError(f"no worker for topic {topic!r}: register one with @engine.worker({topic!r})")
        whole(limit, "limit")
        topics = [topic] if topic else list(self._workers)
        return sum(self._work_off(one, self._workers[one], limit) for one in topics)

    def _work_off(self, topic: str, handler: Worker, limit: int) -> int:
        # One job per call into C, so that an interrupt stops the rest.
        done = 0
        run = self._callbacks.worker(handler)
        while done < limit and self._call("sb_work_off", text(topic, "topic"), run, None, 1)["count"] > 0:
            done += 1
        return done

    def deliver(
        self, adapter: Adapter, limit: int = 1000, *, case: str = "", process: str = "", instance: str = "", customer: str = "",
        attempts: int = 10, back_off: float | dt.timedelta = 60, longest_back_off: float | dt.timedelta = 3600,
        lease: float | dt.timedelta = 300, organisation: str = "",
    ) -> int:  # fmt: skip
        """Hands waiting outbox records to `adapter`, at most `limit`, only those of the filters given; returns how many it delivered.

        An exception of the adapter means that its record was not delivered; KeyboardInterrupt and the like stop the rest and come out here.
        What was tried in vain is tried again after `back_off` (seconds, or a timedelta), after that twice as long each time, at most after
        `longest_back_off`; after so many `attempts` it has failed and is an incident. Those of its kind for the same customer wait behind it,
        nobody else does. Several may deliver at once: each has its record for `lease`, by the engine's clock.
        """
        whole(limit, "limit")
        find = _find(
            case=case, process=process, instance=instance, customer=customer, organisation=organisation, limit=1, attempts=whole(attempts, "attempts"),
            back_off_seconds=_seconds(back_off, "back_off"), longest_back_off_seconds=_seconds(longest_back_off, "longest_back_off"),
            lease_seconds=_seconds(lease, "lease"),
        )  # fmt: skip
        tried = 0

        def counted(record: OutboxInfo) -> None:
            nonlocal tried
            tried += 1
            adapter(record)

        # One record per call into C, so that an interrupt stops the rest.
        run = self._callbacks.adapter(counted)
        delivered = 0
        for before in range(limit):
            delivered += int(self._call("sb_deliver", find, run, None)["count"])
            if tried == before:
                break
        return delivered

    def put_row(
        self, register_id: str, key: str, fields: Data, *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> RowInfo:
        """Makes a row of a register, or changes the fields that are given; of a counter it is said what it stands at."""
        caller = _caller(by, groups, organisation, request_id)
        return RowInfo.of(self._call("sb_put_row", text(register_id, "register_id"), text(key, "key"), _object(fields), caller))

    def import_rows(
        self, register_id: str, rows: Iterable[Data], *, by: str = "", groups: Groups = None, organisation: str = "", request_id: str = ""
    ) -> ImportReport:
        """Many rows, each with its key among its fields. A row that does not fit stops no other. Harmless to repeat: what is so already stays."""
        caller = _caller(by, groups, organisation, request_id)
        given = _json.dumps([dict(row) for row in rows]).encode()
        return ImportReport.of(self._call("sb_import_rows", text(register_id, "register_id"), given, caller))

    def set_register_source(self, source: RegisterSource | None) -> None:
        """From now on `source` is asked before the engine's own rows; None: nobody is."""
        function = self._callbacks.source(source) if source is not None else WorkFunction()
        self._keep_alive.append(function)  # one that is replaced may still run
        self._call("sb_set_register_source", function, None)

    def backup(self, path: _PathLike) -> None:
        """Writes everything that is committed now to a new file, durably, while others go on."""
        self._call("sb_backup", text(_path(path, "path"), "path"))

    def prune(self, before: dt.datetime) -> PruneReport:
        """Forgets, of cases that ended before `before`: answers kept for repeated requests, and outbox records delivered or dropped.

        A request repeated after that is a new one. Cases, their histories and clocks stay.
        """
        return PruneReport.of(self._call("sb_prune", text(_moment(before), "before")))

    def listen(self, listener: _AnyListener) -> _AnyListener:
        """Tells `listener` of every command from now on; also as a decorator. Several are told one after the other, on the threads of callers."""
        function = self._callbacks.listener(listener)
        self._keep_alive.append(function)  # one that ends itself still runs
        number = self._call("sb_listen", function, None)["listener"]
        self._listeners.setdefault(listener, []).append(number)
        return listener

    def unlisten(self, listener: Listener) -> None:
        """Ends what `listen` began. When this returns, the listener is not running; unless it ends itself."""
        for number in self._listeners.pop(listener, []):
            self._call("sb_unlisten", number)

    # ---- queries: always what is on disk. Filters that are left out do not filter.

    def instance(self, instance: str | CaseInfo) -> CaseInfo:
        return CaseInfo.of(self._call("sb_instance", _id(instance, "instance")))

    def data(self, instance: str | CaseInfo) -> dict[str, Any]:
        """The data of a case. Numbers are int or Decimal; dates, times and durations are their ISO 8601 texts."""
        data: dict[str, Any] = self._call("sb_data", _id(instance, "instance"))
        return data

    def instances(
        self, *, case: str = "", process: str = "", instance: str = "", customer: str = "", state: _States = None, open_only: bool = False,
        roots_only: bool = False, parent: str = "", where: Iterable[str] = (), text: str = "", node: str = "",
        started_from: dt.datetime | None = None, started_before: dt.datetime | None = None, ended_from: dt.datetime | None = None,
        ended_before: dt.datetime | None = None, after: int = 0, limit: int = 1000, organisation: str = "",
    ) -> list[CaseInfo]:  # fmt: skip
        """Cases, in the order in which they began. `where`: each "NAME=TEXT", or "NAME=TEXT*" for what begins so, of data that are declared
        `search: true`; `text`: found by any of these, or by case or customer number. The next page: `after`, the number of the last instance."""
        find = _find(case=case, process=process, instance=instance, customer=customer, state=_states(state), open_only=open_only, roots_only=roots_only,
                     parent=parent, where=list(where), text=text, node=node, started_from=started_from and _moment(started_from),
                     started_before=started_before and _moment(started_before), ended_from=ended_from and _moment(ended_from),
                     ended_before=ended_before and _moment(ended_before), after=after, limit=limit, organisation=organisation)  # fmt: skip
        return [CaseInfo.of(one) for one in self._call("sb_instances", find)]

    def count(
        self, by: str = "", *, case: str = "", process: str = "", customer: str = "", state: _States = None, open_only: bool = False,
        roots_only: bool = False, where: Iterable[str] = (), text: str = "", node: str = "", started_from: dt.datetime | None = None,
        started_before: dt.datetime | None = None, ended_from: dt.datetime | None = None, ended_before: dt.datetime | None = None, organisation: str = "",
    ) -> list[CountInfo]:  # fmt: skip
        """How many cases there are, `by` "state", "process" or "node"; without it all in one. The filters are those of `instances`."""
        find = _find(case=case, process=process, customer=customer, state=_states(state), open_only=open_only, roots_only=roots_only,
                     where=list(where), text=text, node=node, started_from=started_from and _moment(started_from),
                     started_before=started_before and _moment(started_before), ended_from=ended_from and _moment(ended_from),
                     ended_before=ended_before and _moment(ended_before), organisation=organisation)  # fmt: skip
        return [CountInfo.of(one) for one in self._call("sb_count", find, _key(by))]

    def work(
        self, *, case: str = "", process: str = "", instance: str = "", customer: str = "", group: str = "", assignee: str = "",
        state: WorkState | None = None, topic: str = "", due_before: dt.datetime | None = None, open_only: bool = False, by_promise: bool = False,
        cursor: str = "", after: int = 0, limit: int = 1000, organisation: str = "",
    ) -> list[WorkInfo]:  # fmt: skip
        """Open work. `by_promise`: in the order in which promises break, with what its case is known by; the next page then is `cursor` of the last."""
        find = _find(case=case, process=process, instance=instance, customer=customer, group=group, assignee=assignee, state=state, topic=topic,
                     due_before=due_before and _moment(due_before), open_only=open_only, by_promise=by_promise, cursor=cursor, after=after,
                     limit=limit, organisation=organisation)  # fmt: skip
        return [WorkInfo.of(one) for one in self._call("sb_work", find)]

    def form(self, work: str | WorkInfo) -> list[FieldInfo]:
        """The form of open work, with what it asks computed over the data as they are now: what a user interface needs to draw it."""
        return [FieldInfo.of(one) for one in self._call("sb_form", _id(work, "work"))]

    def work_of_request(self, request_id: str) -> WorkInfo | None:
        """The work that a command under `request_id` was about, open or not: its work, instance, case, process and node. None: no such command."""
        found = self._call("sb_work_of_request", text(request_id, "request_id"))
        return None if found is None else WorkInfo.of(found)

    def clocks(
        self, *, case: str = "", process: str = "", instance: str = "", customer: str = "", clock: str = "", state: ClockState | None = None,
        due_before: dt.datetime | None = None, due_after: dt.datetime | None = None, open_only: bool = False, after: int = 0, limit: int = 1000,
        organisation: str = "",
    ) -> list[ClockInfo]:  # fmt: skip
        find = _find(case=case, process=process, instance=instance, customer=customer, clock=clock, state=state,
                     due_before=due_before and _moment(due_before), due_after=due_after and _moment(due_after), open_only=open_only, after=after,
                     limit=limit, organisation=organisation)  # fmt: skip
        return [ClockInfo.of(one) for one in self._call("sb_clocks", find)]

    def outbox(
        self, *, case: str = "", process: str = "", instance: str = "", customer: str = "", state: OutboxState | None = None,
        open_only: bool = False, after: int = 0, limit: int = 1000, organisation: str = "",
    ) -> list[OutboxInfo]:  # fmt: skip
        find = _find(case=case, process=process, instance=instance, customer=customer, state=state, open_only=open_only, after=after,
                     limit=limit, organisation=organisation)  # fmt: skip
        return [OutboxInfo.of(one) for one in self._call("sb_outbox", find)]

    def messages(
        self, *, key: str = "", instance: str = "", state: MessageState | None = None, open_only: bool = False, after: int = 0, limit: int = 1000,
    ) -> list[MessageInfo]:  # fmt: skip
        """Messages that came before anybody waited for them, in the order in which they came: those that are kept, that wait for an operator, or were
        dropped by one."""
        find = _find(case=key, instance=instance, state=state, open_only=open_only, after=after, limit=limit)
        return [MessageInfo.of(one) for one in self._call("sb_messages", find)]

    def incidents(self, *, case: str = "", process: str = "", instance: str = "", limit: int = 1000, organisation: str = "") -> list[IncidentInfo]:
        find = _find(case=case, process=process, instance=instance, limit=limit, organisation=organisation)
        return [IncidentInfo.of(one) for one in self._call("sb_incidents", find)]

    def history(self, instance: str | CaseInfo, *, after: int = 0, limit: int = 1000) -> list[HistoryInfo]:
        return [HistoryInfo.of(one) for one in self._call("sb_history", _id(instance, "instance"), whole(after, "after"), whole(limit, "limit"))]

    def row(self, register_id: str, key: str) -> RowInfo:
        """The row of a register as it is now. NotFoundError when there is none."""
        return RowInfo.of(self._call("sb_row", text(register_id, "register_id"), text(key, "key")))

    def rows(self, register_id: str, *, after: str = "", limit: int = 1000) -> list[RowInfo]:
        """The engine's own rows of a register as they are now, by key, behind key `after`."""
        return [RowInfo.of(one) for one in self._call("sb_rows", text(register_id, "register_id"), text(after, "after"), whole(limit, "limit"))]

    def row_history(self, register_id: str, key: str, *, after: int = 0, limit: int = 1000) -> list[RowInfo]:
        """Every version of a row behind version `after`, ascending, each with the case that made it."""
        return [
            RowInfo.of(one)
            for one in self._call("sb_row_history", text(register_id, "register_id"), text(key, "key"), whole(after, "after"), whole(limit, "limit"))
        ]

    def zone(self, process: str) -> str:
        """IANA zone of the default calendar of the latest deployment of `process`: in which its people read times."""
        return str(self._call("sb_zone", text(process, "process")))

    def names(self, kind: NameKind) -> list[str]:
        """Every clock, message, signal or searched data that a deployed process knows; or every calendar that was changed and that open cases have still to follow."""
        names: list[str] = self._call("sb_names", text(kind, "kind"))
        return names

    def report(
        self, *, by: Iterable[str] = (), process: str = "", clock: str = "", audience: str = "", since: dt.datetime | None = None,
        until: dt.datetime | None = None, page: int = 1000, organisation: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """Kept and broken promises, grouped `by` keys such as "process", "month" or "data.area": {"by", "rows", "total"}, as docs/cli.md explains.

        Promises count from `since` (included; `from` is a word of Python) to `until` (not included). Shares and means are Decimal or int.
        """
        query = _find(by=list(by), process=process, clock=clock, audience=audience, until=until and _moment(until), page=page,
                      organisation=organisation)  # fmt: skip
        if since is not None:
            query = _json.dumps({**json.loads(query), "from": _moment(since)}).encode()
        report: dict[str, Any] = self._call("sb_report", query)
        return report

    def check(self) -> list[str]:
        """Checks the invariants of the whole store; every violation is one line. Empty: all hold."""
        violations: list[str] = self._call("sb_check")
        return violations


def check_files(*paths: _PathLike, processes: _PathLike | None = None) -> list[Finding]:
    """What `switchboard check` finds in files and folders; empty when there is nothing to say.

    What they refer to is found beside them and in the folder `processes`; what is given hides what has the same name there.
    """
    if not paths:
        raise wrong_argument("paths", "at least one path", paths)
    given = json.dumps([_path(p, "paths") for p in paths])
    options = {} if processes is None else {"processes": _path(processes, "processes")}
    return [Finding.of(f) for f in json.loads(call_text("sb_check_files", text(given, "paths"), _object(options)))]


def simulate(
    scenario: _PathLike,
    *,
    processes: _PathLike | None = None,
    seed: int | None = None,
    replications: int | None = None,
    cases: int | None = None,
    until: str = "",
    warm_up: str = "",
    threads: int = 0,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Plays a scenario, given as the path of its file or as its text (one line that ends in .yaml or .yml is a path).

    docs/simulation.md explains the result. The same seed gives the same result.

    `progress` is told the share done (0 to 1), from one thread at a time; what it raises is logged. KeyboardInterrupt and the like come out here when
    the simulation has ended.
    """
    raised: list[BaseException] = []

    def tell(_user: object, share: float) -> None:
        try:
            if progress and not raised:
                progress(share)
        except Exception:
            _log.exception("a progress function failed")
        except BaseException as e:
            raised.append(e)

    is_text = isinstance(scenario, str) and not _names_a_file(scenario)
    given = scenario if is_text else _existing(_path(scenario, "scenario"))
    options = {"seed": seed, "replications": replications, "cases": cases, "until": until, "warm_up": warm_up, "threads": threads, "text": is_text}
    if processes is not None:
        options["processes"] = _path(processes, "processes")
    function = ProgressFunction(tell) if progress else ProgressFunction()
    try:
        result: dict[str, Any] = json.loads(call_text("sb_simulate", text(given, "scenario"), _object(options), function, None))
    finally:
        if raised:
            raise raised[0]
    return result
