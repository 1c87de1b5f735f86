"""Which layer of the GeoPackage is drawn how."""

from __future__ import annotations

from planner.drawing import palette
from planner.export.qml import Rule, Shape, Style, Symbol, to_fill, to_line, to_marker

_REQUIRED = '"within_requirement" = true'


def to_styles(*, survives_column: str, region_shape: Shape) -> dict[str, Style]:
    """Layer name to style.

    Parameters
    ----------
    survives_column
        The column that colours the regions: ``survives_after``, or ``survives_before`` without a plan.
    region_shape
        ``"fill"`` for polygons, ``"marker"`` for regions that are drawn as their sites.
    """
    return {
        "regions": to_region_style(survives_column, region_shape),
        "risk_groups": Style(
            [Rule('"num_spans" > 1', "shared risk", to_marker(palette.RISK_GROUP, 1.8))],
        ),
        "rejected_routes": Style([Rule("", "rejected", to_line(palette.REJECTED, 0.3, is_dashed=True))]),
        "spans": Style(
            [
                Rule("\"status\" = 'existing'", "existing", to_line(palette.EXISTING, 0.5)),
                Rule("\"status\" = 'new'", "new", to_line(palette.NEW, 0.8)),
            ]
        ),
        "new_routes": Style(
            [Rule("", "new", to_line(palette.NEW, 0.9))], label_column="route_id", label_colour=palette.NEW
        ),
        "critical_stretches": Style(
            [
                Rule('"num_cuts" = 1', "isolates somebody alone", to_line(palette.STRETCH[1], 1.6)),
                Rule('"num_cuts" = 2', "does so with one more cut", to_line(palette.STRETCH[2], 1.0)),
            ],
        ),
        "critical_cuts": _to_cut_style(),
        "sites": Style(
            [
                Rule('"terminal" = true', "site", to_marker(palette.SITE, 2.2, outline=palette.EXISTING)),
                Rule('"terminal" = false', "junction", to_marker(palette.SITE, 1.2, outline=palette.REJECTED)),
            ],
            label_column="name",
        ),
    }


def to_region_style(column: str, shape: Shape) -> Style:
    """Regions coloured by what they survive; grey where that is not known."""

    def to_symbol(colour: str) -> Symbol:
        return to_fill(colour, opacity=0.6) if shape == "fill" else to_marker(colour, 4.5, opacity=0.8)

    rules = [Rule(f'"{column}" IS NULL', "not known", to_symbol(palette.UNKNOWN))]
    for survives, colour in sorted(palette.SURVIVES.items()):
        sign = ">=" if survives == palette.MAX_SURVIVES else "="
        label = palette.to_survival_label(survives)
        rules.append(Rule(f'"{column}" {sign} {survives}', label, to_symbol(colour)))
    return Style(rules)


def _to_cut_style() -> Style:
    """Only what the study asks to survive is shown at first: the others can be thousands."""
    strong = {when: to_marker(colour, 3.2) for when, colour in palette.CRITICAL.items()}
    faint = {when: to_marker(colour, 2.0, opacity=0.5) for when, colour in palette.CRITICAL.items()}
    return Style(
        [
            Rule("\"when\" = 'blocking'", "no plan survives this", to_marker(palette.CRITICAL["blocking"], 4.2)),
            Rule(f"\"when\" = 'before' AND {_REQUIRED}", "critical before, to be survived", strong["before"]),
            Rule(f"\"when\" = 'after' AND {_REQUIRED}", "critical after, to be survived", strong["after"]),
            Rule(
                f"\"when\" = 'before' AND NOT ({_REQUIRED})",
                "critical before, beyond what is asked",
                faint["before"],
                is_shown=False,
            ),
            Rule(
                f"\"when\" = 'after' AND NOT ({_REQUIRED})",
                "critical after, beyond what is asked",
                faint["after"],
                is_shown=False,
            ),
        ]
    )
