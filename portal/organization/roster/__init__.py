"""The roster import: reading a file that people made, planning what it would change, and changing it wholly or not at all."""
