from coalition.campaigns.helplines.models.entry import Helpline, HelplineCheck, HelplineEntry
from coalition.campaigns.helplines.models.operators import OperatorLink

__all__ = ["Helpline", "HelplineCheck", "HelplineEntry", "OperatorLink"]
