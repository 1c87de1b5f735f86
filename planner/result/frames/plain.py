"""Values of any column as plain ones: text, numbers, lists."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

import numpy as np
import pandas as pd

_SURROGATE = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"


@singledispatch
def to_plain(value: object) -> Any:
    """Turn a value into what JSON knows; not-a-number and infinity become null.

    Parameters
    ----------
    value
        Anything that a column of a file may hold.
    """
    return None if value is pd.NA else to_plain(str(value))


@to_plain.register
def _(value: None) -> None:
    return value


@to_plain.register
def _(value: str) -> str:
    return _SURROGATE.sub(REPLACEMENT, value)


@to_plain.register(bool)
@to_plain.register(np.bool_)
def _(value: bool | np.bool_) -> bool:
    return bool(value)


@to_plain.register(int)
@to_plain.register(np.integer)
def _(value: int) -> int:
    return int(value)


@to_plain.register(float)
@to_plain.register(np.floating)
def _(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


@to_plain.register(datetime.date)
@to_plain.register(datetime.datetime)
def _(value: datetime.date) -> str | None:
    return None if pd.isna(value) else value.isoformat()


@to_plain.register(Mapping)
def _(value: Mapping[object, object]) -> dict[str, Any]:
    return {to_plain(str(key)): to_plain(item) for key, item in value.items()}


@to_plain.register(list)
@to_plain.register(tuple)
@to_plain.register(np.ndarray)
def _(value: Iterable[object]) -> list[Any]:
    return [to_plain(item) for item in value]
