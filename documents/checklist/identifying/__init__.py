"""Whether a passage tells who a survivor is, by what it says in combination.

One detail rarely gives a person away; a name with an employer, a village with an age and a post, do. The
rule looks for such combinations near words about violence, and leaves out those who speak in their own
name: officials, lawyers, heads of organisations. It is measured: docs/kinds.md has the figures.

Pure: text in, details out. The words are data, one file a language.
"""
