from coalition.partners.models.freeze import Freeze
from coalition.partners.models.invitation import Invitation
from coalition.partners.models.membership import Mandate, Membership, Office
from coalition.partners.models.membership_request import MembershipRequest, Vouch
from coalition.partners.models.organisation import Organisation
from coalition.partners.models.user import User

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
