"""The files of every module: stored once by content, under opaque addresses, with the right of the thing that they hang on.

A file hangs on a thing (a notice, a topic, …) as an `Attachment`; until then it is loose and its uploader's alone. Nothing is copied,
so that every address answers by the right as it is now.
"""
