from coalition.accounts.models.freeze import Freeze
from coalition.accounts.models.invitation import Invitation
from coalition.accounts.models.membership import Mandate, Membership, Office
from coalition.accounts.models.membership_request import MembershipRequest, Vouch
from coalition.accounts.models.organisation import Organisation
from coalition.accounts.models.user import User

__all__ = [
    "Freeze",
    "Invitation",
    "Mandate",
    "Membership",
    "MembershipRequest",
    "Office",
    "Organisation",
    "User",
    "Vouch",
]
