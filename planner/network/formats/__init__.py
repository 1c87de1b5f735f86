"""Reads one layer of a file of any format, or of a database: a module per format, and one that tells them apart."""

from planner.network.formats.limits import check_places
from planner.network.formats.read import read_database_table, read_source
from planner.network.formats.source import FormatError, Part, Raw, Source

__all__ = ["FormatError", "Part", "Raw", "Source", "check_places", "read_database_table", "read_source"]
