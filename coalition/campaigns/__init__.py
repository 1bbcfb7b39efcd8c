"""What the public and the media can do: get help, support an appeal, follow a code, read the counters.

A capability is a package with the modules that docs/architecture.md names; its `capability` object is what
`registry.py` hands to the layers below.
"""
