from coalition.campaigns.helplines.models.entry import Helpline, HelplineCheck, HelplineEntry
from coalition.campaigns.helplines.models.figures import (
    FigureAgreement,
    FigureLine,
    FigureMonth,
    FigurePublication,
    HelpMonth,
)
from coalition.campaigns.helplines.models.operators import OperatorLink

__all__ = [
    "FigureAgreement",
    "FigureLine",
    "FigureMonth",
    "FigurePublication",
    "HelpMonth",
    "Helpline",
    "HelplineCheck",
    "HelplineEntry",
    "OperatorLink",
]
