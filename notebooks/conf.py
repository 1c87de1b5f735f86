"""Settings of the guide for Sphinx; python notebooks/build.py uses them."""

from __future__ import annotations

from planner import __version__

project = "Fibre resilience planner"
author = "the authors"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autosummary_generate = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 100
default_role = "literal"
napoleon_use_rtype = False
napoleon_google_docstring = False
smartquotes = False  # words of study.toml are quoted as they are
# notebooks begin their headings where they like
suppress_warnings = ["misc.highlighting_failure", "myst.header"]
html_theme = "furo"
html_title = f"Fibre resilience planner {version}"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
