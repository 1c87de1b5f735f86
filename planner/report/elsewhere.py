"""What happened elsewhere: three nights on which cables were cut at several places, as the press told them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from planner.report.language import mark, say, to_date
from planner.report.model import Column, Section, Table


@dataclass(frozen=True, slots=True)
class _Event:
    day: datetime.date
    country: str
    num_cuts: str
    what: str
    source: str


_EVENTS = (
    _Event(
        datetime.date(2022, 4, 27),
        mark("France"),
        mark("3 or 4"),
        mark(
            "Between 03:20 and 05:30 long-haul cables from Paris towards Lyon, Strasbourg and Lille were cut, by way of"
            " hatches beside motorways, railways and waterways; the press named Souppes-sur-Loing, Le"
            " Coudray-Montceaux, Meaux and Fresnes-en-Woëvre. Three of the four arteries of one operator fell, and"
            " about 100,000 subscribers were without service for four to five hours."
        ),
        "TRT World (Reuters, AFP), L'Obs",
    ),
    _Event(
        datetime.date(2022, 10, 8),
        mark("Germany"),
        mark("2"),
        mark(
            "Cables of the railway's radio were cut at Herne at about 02:00 and in Berlin at about 06:00. The second"
            " was the backup of the first: for about three hours no train ran in the north of the country."
        ),
        "AFP, Der Spiegel",
    ),
    _Event(
        datetime.date(2024, 7, 29),
        mark("France"),
        mark("6"),
        mark(
            "In one night cables were cut in six departements (Bouches-du-Rhône, Aude, Oise, Hérault, Meuse, Drôme),"
            " five of them at Contrisson alone. Traffic that had another way kept running; the operators spoke of about"
            " 10,000 customers cut off."
        ),
        "RTS, France 3 Auvergne-Rhône-Alpes",
    ),
)


def to_elsewhere_section() -> Section:
    """Why simultaneous cuts are no theory."""
    said = say(
        "Several cuts in one night have happened. They hit places that are easy to reach and that carry much, and what"
        " had another way kept running. What follows is what the press reported; nobody has published where the cables"
        " run."
    )
    rate = say(
        "Attacks on single cables are common: the federation of French operators (FFT) counted about 30 a month on"
        " fixed networks from November 2021 to April 2022."
    )
    columns = (
        Column(say("Date")),
        Column(say("Country")),
        Column(say("Simultaneous cuts")),
        Column(say("What happened"), "prose"),
        Column(say("Reported by"), "prose"),
    )
    rows = tuple(
        (to_date(event.day), say(event.country), say(event.num_cuts), say(event.what), event.source)
        for event in _EVENTS
    )
    return Section(
        "elsewhere", say("What happened elsewhere"), (said, rate, Table(say("Known attacks"), columns, rows))
    )
