"""The door for those who still import it from here: `coalition.refused` holds the class."""

from coalition.refused import Refused

__all__ = ["Refused"]
