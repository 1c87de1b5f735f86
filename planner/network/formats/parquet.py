"""Reads GeoParquet."""

from __future__ import annotations

from planner.network.formats.limits import check_table
from planner.network.formats.source import FormatError, Raw, Source


def read_geoparquet(source: Source) -> Raw:
    """Read a GeoParquet file.

    Raises
    ------
    FormatError
        Where pyarrow is not installed, the file holds no map, or more than fits.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        remedy = "install it with pip install 'fibre-resilience-planner[parquet]'"
        raise FormatError("is GeoParquet, which needs pyarrow", remedy) from error
    import geopandas as gpd

    try:
        metadata = pq.read_metadata(source.path)
        size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
        if size > source.max_bytes:
            raise FormatError(f"holds {size / 1e6:,.0f} MB, more than are read", "raise network.max_file_mb")
        check_table(metadata.num_rows, metadata.num_columns, source.max_bytes)
        return Raw(gpd.read_parquet(source.path))
    except (pa.ArrowException, ValueError, OSError, LookupError, TypeError, AttributeError) as error:
        what = str(error).split("\n", maxsplit=1)[0].rstrip(". ")[:200]
        raise FormatError(f"cannot be read: {what}", "write it anew with its geometry") from error
