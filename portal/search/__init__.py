"""Search: what one may see, nothing else, in an instant.

Modules register a *source* (`sources.py`): which things are to be found, and each thing as *entries* (itself, and one for each of its files). The feed
(`Entry`, `Passage`) holds them as they read; an engine (`engines/`) holds their terms (`analysis/`) and follows the feed. Whoever changes a thing calls
`services.touch`; until the engine has followed, the thing is left out of every answer, so an index may be late, never wrong.
"""
