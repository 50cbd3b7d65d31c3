"""libswitchboard.so through ctypes. Every call of ctypes.CDLL releases the interpreter lock; callbacks take it again."""

from __future__ import annotations

import ctypes as c
import os
from pathlib import Path
from typing import Any

from . import _json
from ._errors import error_from, wrong_argument

ClockFunction = c.CFUNCTYPE(c.c_int64, c.c_void_p)
TextFunction = c.CFUNCTYPE(None, c.c_void_p, c.c_char_p)  # sb_listener
WorkFunction = c.CFUNCTYPE(None, c.c_void_p, c.c_char_p, c.c_void_p)  # sb_worker, sb_adapter, sb_register_source
ProgressFunction = c.CFUNCTYPE(None, c.c_void_p, c.c_double)

_handle, _text, _size = c.c_void_p, c.c_char_p, c.c_size_t
_out = c.POINTER(c.c_void_p)

# Parameters before the last one, `char** answer`.
_calls: dict[str, list[Any]] = {
    "sb_open": [_text, ClockFunction, c.c_void_p, _out],
    "sb_close": [_handle],
    "sb_deploy": [_handle, _text, _text],
    "sb_deploy_process": [_handle, _text],
    "sb_deploy_together": [_handle, _text],
    "sb_add_resource": [_handle, _text, _text],
    "sb_change_calendar": [_handle, _text, _text, _text],
    "sb_deployments": [_handle],
    "sb_resources": [_handle],
    "sb_organisations": [_handle],
    "sb_start": [_handle, _text, _text, _text, _text],
    "sb_complete": [_handle, _text, _text, _text],
    "sb_claim": [_handle, _text, _text],
    "sb_assign": [_handle, _text, _text, _text, _text],
    "sb_receipt": [_handle, _text, _text, _text, _text, _text],
    "sb_move": [_handle, _text, _text, _text, _text],
    "sb_move_work": [_handle, _text, _text, _text, _text],
    "sb_extend": [_handle, _text, c.c_double, _text],
    "sb_release": [_handle, _text, _text],
    "sb_fail": [_handle, _text, _text, _text],
    "sb_message": [_handle, _text, _text, _text, _text],
    "sb_message_to_case": [_handle, _text, _text, _text, _text],
    "sb_signal": [_handle, _text, _text, _text],
    "sb_cancel": [_handle, _text, _text, _text],
    "sb_suspend": [_handle, _text, _text, _text],
    "sb_resume": [_handle, _text, _text],
    "sb_suspend_with_called": [_handle, _text, _text, _text],
    "sb_resume_with_called": [_handle, _text, _text],
    "sb_set_data": [_handle, _text, _text, _text],
    "sb_correct": [_handle, _text, _text, _text],
    "sb_reopen": [_handle, _text, _text, _text, _text],
    "sb_resolve": [_handle, _text, _text, _text],
    "sb_drop": [_handle, _text, _text, _text],
    "sb_change_clock": [_handle, _text, _text, _text, _text, _text, _text],
    "sb_begin_activity": [_handle, _text, _text, _text],
    "sb_rederive": [_handle, _text, _text, _text],
    "sb_tick": [_handle, _size],
    "sb_work_off": [_handle, _text, WorkFunction, c.c_void_p, _size],
    "sb_deliver": [_handle, _text, WorkFunction, c.c_void_p],
    "sb_put_row": [_handle, _text, _text, _text, _text],
    "sb_import_rows": [_handle, _text, _text, _text],
    "sb_row": [_handle, _text, _text],
    "sb_rows": [_handle, _text, _text, _size],
    "sb_row_history": [_handle, _text, _text, c.c_uint64, _size],
    "sb_set_register_source": [_handle, WorkFunction, c.c_void_p],
    "sb_backup": [_handle, _text],
    "sb_prune": [_handle, _text],
    "sb_fetch": [_handle, _text],
    "sb_wait": [_handle, _text, c.c_double],
    "sb_stop_waiting": [_handle],
    "sb_listen": [_handle, TextFunction, c.c_void_p],
    "sb_unlisten": [_handle, c.c_uint64],
    "sb_instance": [_handle, _text],
    "sb_data": [_handle, _text],
    "sb_instances": [_handle, _text],
    "sb_count": [_handle, _text, _text],
    "sb_work": [_handle, _text],
    "sb_form": [_handle, _text],
    "sb_clocks": [_handle, _text],
    "sb_outbox": [_handle, _text],
    "sb_messages": [_handle, _text],
    "sb_incidents": [_handle, _text],
    "sb_history": [_handle, _text, c.c_uint64, _size],
    "sb_work_of_request": [_handle, _text],
    "sb_zone": [_handle, _text],
    "sb_names": [_handle, _text],
    "sb_report": [_handle, _text],
    "sb_check": [_handle],
    "sb_check_files": [_text, _text],
    "sb_simulate": [_text, _text, ProgressFunction, c.c_void_p],
}


def _load() -> c.CDLL:
    """The library of the wheel, or the one that SWITCHBOARD_LIBRARY names (for trying another build)."""
    path = os.environ.get("SWITCHBOARD_LIBRARY") or str(Path(__file__).parent / "libswitchboard.so")
    try:
        library = c.CDLL(path)
    except OSError as e:
        raise ImportError(f"cannot load {path}: {e}. Install the wheel on the machine that built it, or its libraries (./run packages)") from e
    for name, parameters in _calls.items():
        function = getattr(library, name)
        function.argtypes = [*parameters, _out]
        function.restype = c.c_int
    library.sb_free.argtypes = [c.c_void_p]
    library.sb_free.restype = None
    library.sb_version.argtypes = []
    library.sb_version.restype = c.c_char_p
    library.sb_sqlite_version.argtypes = []
    library.sb_sqlite_version.restype = c.c_char_p
    library.sb_reply_ok.argtypes = [c.c_void_p, _text]
    library.sb_reply_fail.argtypes = [c.c_void_p, _text]
    library.sb_reply_error.argtypes = [c.c_void_p, _text, _text]
    return library


library = _load()


def version() -> str:
    return str(library.sb_version().decode())


def text(given: object, name: str) -> bytes:
    """The argument `name` as a text for C. A zero byte would cut it short silently."""
    if not isinstance(given, str):
        raise wrong_argument(name, "a text", given)
    if "\0" in given:
        raise wrong_argument(name, "a text without a zero byte", given)
    try:
        return given.encode()
    except UnicodeEncodeError:
        raise wrong_argument(name, "a text that has a form in UTF-8", given) from None


def whole(given: object, name: str) -> int:
    """The argument `name` as a number for C, where negative and huge ones would come out as others."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 2**63:
        raise wrong_argument(name, "a whole number from 0 to 9223372036854775807", given)
    return given


def call_text(name: str, *arguments: Any) -> str:
    """Runs sb_... and returns its answer; a refusal is raised."""
    answer = c.c_void_p()
    status = getattr(library, name)(*arguments, c.byref(answer))
    if not answer.value:
        raise MemoryError(f"{name}: no memory for the answer (status {status})")
    try:
        said = c.string_at(answer.value).decode()
    finally:
        library.sb_free(answer)
    if status != 0:
        raise error_from(_json.loads(said))
    return said


def call(name: str, *arguments: Any) -> Any:
    return _json.loads(call_text(name, *arguments))
