"""The screens of the organization: who works here and how to reach them, the tree and its chart, and keeping the roster."""
