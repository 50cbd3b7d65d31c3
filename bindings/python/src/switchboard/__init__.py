"""Switchboard: an embeddable workflow engine for utility customer service.

    with switchboard.open("cases.db", processes="processes") as engine:
        engine.deploy_process("repair")
        case = engine.start("repair", {"area": "urban"}, case="R-1")

Every refusal of the engine is a `SwitchboardError` with `kind`, `id` (listed in docs/rules.md), `message`, `place`, `hint` and `findings`. Engines may be used from
several threads; the interpreter lock is released while the engine works.
"""

from ._engine import Adapter, Clock, Engine, Listener, RegisterSource, Worker, check_files, open, simulate
from ._errors import (
    BpmnError,
    ConflictError,
    DefectError,
    Finding,
    InvalidError,
    LimitError,
    NotFoundError,
    RejectedError,
    StorageError,
    Subject,
    SwitchboardError,
    UsageError,
)
from ._library import version as _version
from ._records import (
    BusinessUnit,
    CaseInfo,
    CaseState,
    ClockInfo,
    CalendarChange,
    ClockChange,
    ClockState,
    DeploymentInfo,
    HistoryInfo,
    FieldInfo,
    ImportReport,
    IncidentInfo,
    Job,
    MessageEnd,
    MessageInfo,
    MessageState,
    NameKind,
    OutboxInfo,
    OutboxKind,
    OutboxState,
    PruneReport,
    ResourceInfo,
    RowInfo,
    TickReport,
    WorkInfo,
    WorkKind,
    WorkState,
)

__version__ = _version()

__all__ = [
    "Adapter",
    "BpmnError",
    "BusinessUnit",
    "CaseInfo",
    "CaseState",
    "Clock",
    "ClockInfo",
    "CalendarChange",
    "ClockChange",
    "ClockState",
    "ConflictError",
    "DefectError",
    "DeploymentInfo",
    "Engine",
    "Finding",
    "HistoryInfo",
    "FieldInfo",
    "ImportReport",
    "IncidentInfo",
    "InvalidError",
    "Job",
    "LimitError",
    "Listener",
    "MessageEnd",
    "MessageInfo",
    "MessageState",
    "NameKind",
    "NotFoundError",
    "OutboxInfo",
    "OutboxKind",
    "OutboxState",
    "PruneReport",
    "RejectedError",
    "RegisterSource",
    "ResourceInfo",
    "RowInfo",
    "StorageError",
    "Subject",
    "SwitchboardError",
    "TickReport",
    "UsageError",
    "Worker",
    "WorkInfo",
    "WorkKind",
    "WorkState",
    "check_files",
    "open",
    "simulate",
]
