"""Authors under seal: who wrote an anonymous post is known to nobody, until two officers of different roles open its seal together.

What is protected, and against whom:

- Readers, moderators, administrators, and every query that the application can make find no link between a person and an anonymous post. An anonymous
  posting writes one row, in a transaction of its own, without a person and without a time (`Waiting`), and nothing else in that request: no record with an
  actor, no effect, no reading, no following, no draft, no answer kept for a second sending. The beat turns what waits into posts, a round of ten minutes
  later, in random order, so that neither time, `xmin`, nor a sequence pairs a post with what its author did besides.
- Whoever has the database or a backup of it, but not `DATA_DIR/keys`, cannot compute whose mask it is: a mask's tag is a keyed hash under the key of its
  month. With that key, trying all people takes a tenth of a second; so it is outside the database, in no backup, and destroyed 90 days after its month.
- The seal of a post (`Seal`) is a record of constant size under a random key, of which one half is encrypted for each of two roles. The halves are opened
  with passphrases that only officers know. The application may add seals; it reads one only for a ceremony that both roles have agreed to.
- A mask is muted without anybody learning whose it is: at posting the tag of the person who posts is compared.

What stays possible: whoever runs the server can change the program and see who posts from then on, read memory, or watch the network inside TLS. The log
of the database's transactions (WAL, where it is archived) tells when a row came; a proxy's access log tells who sent something. Two officers may agree to
break the rule that needs both. A style of writing, or what only one person knows, gives its author away. A seal is evidence, no proof: the public keys
allow whoever may write the database to forge one. The digest of seal and text, on record from the moment of release on, shows where one was changed later.
"""
