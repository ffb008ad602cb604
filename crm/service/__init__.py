"""Service: one desk for what customers ask, complaints and objections to quality, warnings, and what is reported in confidence."""
