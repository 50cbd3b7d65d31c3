"""Python values to the JSON that the engine reads, and back. Decimals keep all their digits in both directions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

_T = TypeVar("_T")

_microsecond = dt.timedelta(microseconds=1)


class _HasDecimal(Exception):
    pass


def _plain(value: object) -> Any:
    """What json cannot write itself."""
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration(value)
    if isinstance(value, Decimal):
        raise _HasDecimal
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    raise TypeError(f"a value of type {type(value).__name__} has no JSON form: {value!r}")


def duration(span: dt.timedelta) -> str:
    """ISO 8601: P1DT2H is written as PT93600S."""
    whole, fraction = divmod(abs(span) // _microsecond, 1_000_000)
    seconds = f"{whole}.{fraction:06}".rstrip("0") if fraction else str(whole)
    return f"{'-' if span < dt.timedelta(0) else ''}PT{seconds}S"


def _write(value: object) -> str:
    """The slow way, for values with decimals in them."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not JSON compliant")
        return str(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"names must be str, not {type(key).__name__}")
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_write(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def dumps(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except _HasDecimal:
        return _write(value)


def loads(text: str) -> Any:
    """Whole numbers are int, others Decimal."""
    return json.loads(text, parse_float=Decimal)


def instant(text: str) -> dt.datetime:
    """An instant of the engine: always with its offset. Python 3.10 reads neither Z nor short fractions."""
    text = text.replace("Z", "+00:00")
    if text[19:20] == ".":
        end = next(i for i in range(20, len(text)) if not text[i].isdigit())
        text = f"{text[:20]}{text[20:end]:0<6.6}{text[end:]}"
    return dt.datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> dt.datetime | None:
    return None if text is None else instant(text)


def span(seconds: int | Decimal) -> dt.timedelta:
    return dt.timedelta(microseconds=int(seconds * 1_000_000))


def known(read: Callable[[Any], _T], value: Any) -> _T:
    """A field that is None in a record whose row is damaged, whatever its type says (docs/answers.md, `damaged`)."""
    return cast(_T, None) if value is None else read(value)
