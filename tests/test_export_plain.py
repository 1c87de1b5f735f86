"""Values as JSON, XML and SQLite know them."""

from __future__ import annotations

import datetime
import json
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.export.plain import to_json, to_plain, to_sql_value, to_xml_text
from planner.result.frames.columns import to_frame, to_unique_names


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (float("nan"), None),
        (float("-inf"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.float64("nan"), None),
        (np.True_, True),
        (True, True),
        (np.int32(3), 3),
        (np.float32(0.5), 0.5),
        ("L'Isle <b>", "L'Isle <b>"),
        ("half \ud83d", "half \ufffd"),
        (pd.Timestamp("2022-04-27T03:00"), "2022-04-27T03:00:00"),
        (datetime.date(2022, 4, 27), "2022-04-27"),
        ((1, np.nan), [1, None]),
        (np.array([1.5, 2.0]), [1.5, 2.0]),
        ({"a": np.int64(1), 2: None}, {"a": 1, "2": None}),
        (b"x", "b'x'"),
    ],
)
def test_plain_values(value: object, plain: object) -> None:
    found = to_plain(value)
    assert found == plain
    assert type(found) is type(plain)


def test_json_refuses_what_no_reader_knows() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(float("nan"))


def test_sql_cells() -> None:
    assert to_sql_value(["a", "é"]) == '["a","é"]'
    assert to_sql_value("a\0b") == "a\ufffdb"
    assert to_sql_value(2.5) == 2.5


@given(st.text())
def test_any_text_survives_xml_and_json(text: str) -> None:
    element = ET.Element("a")
    element.text = to_xml_text(text)
    back = ET.fromstring(ET.tostring(element)).text or ""
    assert back == to_xml_text(text).replace("\r\n", "\n").replace("\r", "\n")
    assert json.loads(to_json(to_plain(text)).encode()) == to_plain(text)


def test_names_differ_even_without_case() -> None:
    assert to_unique_names(["Cost", "note", "NOTE"], {"cost"}) == ["input_Cost", "note", "input_NOTE"]


def test_frame_keeps_whole_numbers_beside_missing_ones() -> None:
    frame = to_frame({"n": [1, None], "mixed": [1, "x"], "flag": [True, None], "x": [1.5, None]}, 2)
    assert [str(kind) for kind in frame.dtypes] == ["Int64", "object", "boolean", "float64"]
