"""The JSON Schema of study.toml, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any

from planner.study.model import Study

SCHEMA_FILE = "study.schema.json"

# what the file may say where it is turned into something stricter before pydantic looks
_WORDS: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_WHERE: dict[str, Any] = {"anyOf": [_WORDS, {"type": "array", "items": _WORDS, "minItems": 1}]}


def to_json_schema() -> dict[str, Any]:
    """The JSON Schema of study.toml: what the models say, without what only the program sets."""
    schema = Study.model_json_schema()
    schema["title"] = "study.toml"
    schema["required"].remove("path")
    del schema["properties"]["path"]
    definitions = schema["$defs"]
    definitions["StudySection"]["required"].remove("name")  # the folder's name stands in
    for section in definitions.values():
        for key, node in section.get("properties", {}).items():
            if key == "where" or key.endswith("_where"):
                node["additionalProperties"] = _WHERE
    definitions["CutsSection"]["properties"]["sites_fail"]["enum"].insert(1, True)
    definitions["InvestSection"]["properties"]["budgets"]["anyOf"].insert(1, {"type": "number", "minimum": 0})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
