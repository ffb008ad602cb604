"""Where everyone in the plant speaks: boards that are for an audience, threads in them, posts with a number in each thread.

A thread carries its board's audience, so lists need no second table. Posts are numbered without gap under the lock of their thread; a post that was
taken back or hidden keeps its number and its place, so that pages and counts are the same for all readers. Moderators act by a duty of the board,
or for all boards by a capability; nobody judges what concerns themselves.
"""
