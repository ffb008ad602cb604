"""The bulletin board: departments publish, the plant reads, and it is known who has read.

A *board* belongs to a department. On it stand *notices* of four kinds: notice, announcement, document (with a number), topic (a question
on which staff make suggestions). What was published is a *version*; a *confirmation* says that a person has read a version. A *correction* is
a later version, a *retraction* takes a notice down with a reason, *expiry* takes it down by itself.
"""
