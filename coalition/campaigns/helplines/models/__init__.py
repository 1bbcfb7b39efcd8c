from coalition.campaigns.helplines.models.entry import Helpline, HelplineEntry
from coalition.campaigns.helplines.models.operators import OperatorLink

__all__ = ["Helpline", "HelplineEntry", "OperatorLink"]
